"""What became of a node that was saved in an earlier version.

Migrating does not belong here (`registry.migrations`).
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MigratedNode:
    """What became of one node.

    Attributes:
        node_id: The node; None for a configuration that came without one.
        type: Its kind now.
        from_version: The version it was saved in.
        to_version: The version it has now; None where it stays as it was, since there is no such kind here.
        notes: Sentences for the person at the canvas.
    """

    node_id: str | None
    type: str
    from_version: int
    to_version: int | None
    notes: tuple[str, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """Return the JSON form that editors receive."""
        return {
            "node_id": self.node_id,
            "type": self.type,
            "from_version": self.from_version,
            "to_version": self.to_version,
            "notes": list(self.notes),
        }
