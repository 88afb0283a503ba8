"""Which version a saved node has, and what is to be said of one that this server does not know.

Taking a node to another version is in `registry.migrations.graph_migration`.
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.migrations.origin_kinds import origin_type
from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.node_kinds import NodeKinds

ORIGIN_VERSION = 0
FIRST_VERSION = 1


def stated_version(node: Mapping[str, Any]) -> Any:
    """Return what ``data.type_version`` says, whatever it is; None where it says nothing."""
    data = node.get("data")
    return data.get("type_version") if isinstance(data, Mapping) else None


def version_of(node: Mapping[str, Any]) -> int | None:
    """Return a node's version: stated, 0 for the origin's nodes, else 1; None where it states no number."""
    stated = stated_version(node)
    if stated is None:
        return ORIGIN_VERSION if origin_type(node) else FIRST_VERSION
    if isinstance(stated, bool) or not isinstance(stated, int | float):
        return None
    return int(stated) if stated == int(stated) and stated >= ORIGIN_VERSION else None


def is_newer(node: Mapping[str, Any], kinds: NodeKinds) -> bool:
    """Say whether a node was written by a later release: it opens, but must not be changed here."""
    kind, version = kinds.get(str(node.get("type"))), version_of(node)
    return kind is not None and version is not None and version > kind.type_version


def version_findings(nodes: list[Any], kinds: NodeKinds) -> list[Finding]:
    """Return a finding per node of a known kind whose version this server cannot run.

    Args:
        nodes: After migration.
        kinds: Node kinds by type.
    """
    findings = []
    for index, node in enumerate(nodes):
        kind = kinds.get(str(node.get("type"))) if isinstance(node, Mapping) else None
        if kind is None:
            continue
        said = _said(node, kind.type_version)
        if said is not None:
            pointer = json_pointer("nodes", index, "data", "type_version")
            findings.append(Finding(pointer, said[0], "error", said[1]))
    return findings


def _said(node: Mapping[str, Any], known: int) -> tuple[str, str] | None:
    version, name = version_of(node), f"'{node.get('id')}'"
    if version is None:
        return "invalid_type_version", f"The type_version of node {name} is no whole number above 0."
    if version > known:
        return "newer_version", (
            f"Node {name} has version {version} of its kind, and this server knows up to {known}: it opens "
            "read-only. Update the server to change or run it."
        )
    if version < known:
        return "older_version", (
            f"Node {name} has version {version} of its kind, which can no longer be brought to {known}: "
            "put a new node in its place."
        )
    return None
