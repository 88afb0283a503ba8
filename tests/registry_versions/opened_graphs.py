"""Graphs of any version, opened, and what stands in them."""

from typing import Any

from hyperparameter_tuning.registry.migrations.graph_migration import MigratedGraph, migrate_graph
from hyperparameter_tuning.registry.node_kinds import node_kinds


def opened(document: Any) -> MigratedGraph:
    return migrate_graph(document, node_kinds())


def node(document: Any, node_id: str) -> dict[str, Any]:
    return next(item for item in document["nodes"] if item["id"] == node_id)


def edge(document: Any, edge_id: str) -> tuple[Any, ...]:
    found = next(item for item in document["edges"] if item["id"] == edge_id)
    return found["source"], found.get("sourceHandle"), found["target"], found.get("targetHandle")
