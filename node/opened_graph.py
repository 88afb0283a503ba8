"""Opening a graph: migrated in memory, parsed, and checked as the canvas checks it.

Nothing is stored here: an editor writes the present version when it saves what it opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.node.services import Services
from hyperparameter_tuning.registry.migrations.graph_migration import migrate_graph
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.graph import Graph, check_graph, parse_graph
from hyperparameter_tuning.shared.migrated_node import MigratedNode


@dataclass(frozen=True, slots=True)
class OpenedGraph:
    """A graph of the present version.

    Attributes:
        graph: The graph.
        findings: Versions that this server does not know, and what the canvas's checks say.
        migrated: What became of nodes of earlier versions.
    """

    graph: Graph
    findings: tuple[Finding, ...]
    migrated: tuple[MigratedNode, ...] = ()


def open_graph(services: Services, document: Mapping[str, Any]) -> OpenedGraph:
    """Open a graph of any version.

    Raises:
        InvalidDocumentError: it is no graph at all.
        TooLargeError: it is longer than the settings allow.
    """
    present = migrate_graph(document, services.kinds)
    graph = parse_graph(present.document, services.settings.max_graph_bytes)
    findings = (*present.findings, *check_graph(graph, services.kinds))
    return OpenedGraph(graph, findings, present.migrated)
