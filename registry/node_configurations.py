"""Whether the nodes of a path are configured as their kinds understand.

What steps make of the columns does not belong here (`shared.preparation`), nor the sentence that names the
node (`registry.rules_features`).
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.schema_findings import schema_findings
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec
from hyperparameter_tuning.shared.plain_form import PlainForm


def configuration_findings(kind: NodeKindSpec, config: Mapping[str, Any]) -> list[Finding]:
    """Return what the schema of *kind* says of a node's configuration; pointers into it."""
    if not kind.config_schema:
        return []
    return list(schema_findings(kind.config_schema, _with_tag(kind, config)))


def steps_are_configured(plain: PlainForm, kinds: NodeKinds) -> bool:
    """Say whether every step has a configuration that its kind understands: only then can it be planned."""
    known = [(kinds[step.kind], step.config) for step in plain.steps if step.kind in kinds]
    return not any(configuration_findings(kind, config) for kind, config in known)


def _with_tag(kind: NodeKindSpec, config: Mapping[str, Any]) -> dict[str, Any]:
    """Builders take an absent choice for the default one."""
    branches = kind.config_schema.get("oneOf", ())
    tags = {name for branch in branches for name, part in branch["properties"].items() if "const" in part}
    return {tag: kind.default_config[tag] for tag in tags if tag in kind.default_config} | dict(config)
