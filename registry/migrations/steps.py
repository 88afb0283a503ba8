"""One step of the chain: a kind of node, from one version to the next.

The steps there are do not belong here (`registry.migrations.chain`), nor how a graph is taken along them
(`registry.migrations.graph_migration`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hyperparameter_tuning.registry.migrations.migrated import Migrated

NodeData = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """Takes the ``data`` of a node from one version to the next, and its edges with it.

    Attributes:
        node_type: Kind of the node afterwards.
        from_version: Version before; afterwards it is one more.
        migrate: Pure function from the old ``data`` to the new; None where it cannot be said in the new
            version, and then the node stays as it is.
        inputs: Old handle to new one, for edges that end at the node.
        outputs: Old handle to new one, for edges that start at the node.
        origin_type: For version 0: what the origin called this kind.
    """

    node_type: str
    from_version: int
    migrate: Callable[[NodeData], Migrated | None]
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    origin_type: str = ""
