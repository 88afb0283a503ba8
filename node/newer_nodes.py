"""Nodes of a version that this server does not know yet: they open, and what they hold is not changed here.

Which nodes these are is in `registry.migrations.node_versions`.
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.migrations.node_versions import is_newer
from hyperparameter_tuning.shared.errors import InvalidDocumentError
from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.node_kinds import NodeKinds


def refuse_changed_newer(before: Mapping[str, Any], after: Mapping[str, Any], kinds: NodeKinds) -> None:
    """Refuse a save that changes what a newer node holds: an older editor would spoil it.

    Args:
        before: The stored graph.
        after: The graph to save; its nodes may have moved, and nodes may be missing.
        kinds: Node kinds of the host.

    Raises:
        InvalidDocumentError: with a pointer into the request per changed node.
    """
    newer = {node.get("id"): node for node in before["nodes"] if is_newer(node, kinds)}
    findings = [
        Finding(
            json_pointer("graph", "nodes", index, "data"),
            "newer_version_changed",
            "error",
            f"Node '{node['id']}' was saved by a newer release and is read-only here: keep its type and "
            "data as they were, or update the server.",
        )
        for index, node in enumerate(after["nodes"])
        if (held := newer.get(node.get("id"))) is not None and _held(node) != _held(held)
    ]
    if findings:
        raise InvalidDocumentError(findings)


def _held(node: Mapping[str, Any]) -> tuple[Any, Any]:
    return node.get("type"), node.get("data")
