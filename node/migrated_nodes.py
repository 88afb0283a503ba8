"""What became of nodes of earlier versions, as editors receive it."""

from collections.abc import Iterable

from pydantic import BaseModel

from hyperparameter_tuning.shared.migrated_node import MigratedNode


class MigratedNodeDocument(BaseModel):
    """One node of an earlier version.

    Attributes:
        node_id: The node; null: the configuration that the request itself carries.
        type: Its kind now.
        from_version: The ``type_version`` it was saved in; 0 for the origin's nodes.
        to_version: The one it has now; null where it stays as it was, since there is no such kind here.
        notes: Sentences for the person at the canvas: what means something else now, or was left out.
    """

    node_id: str | None
    type: str
    from_version: int
    to_version: int | None
    notes: list[str]


def migrated_documents(nodes: Iterable[MigratedNode]) -> list[MigratedNodeDocument]:
    """Return them as documents, in their order."""
    return [MigratedNodeDocument(**node.as_document()) for node in nodes]
