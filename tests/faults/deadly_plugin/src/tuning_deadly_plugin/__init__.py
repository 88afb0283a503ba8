"""A step that ends its process, eats its memory, or never ends, as its configuration says."""

from collections.abc import Mapping, Sequence
from typing import Any

from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec
from hyperparameter_tuning.shared.preparation import PreparedStep

KIND = NodeKindSpec(
    type="deadly",
    label="Deadly",
    fold_policy="transformer",
    inputs=(PortSpec("dataset", "Dataset", "table", required=True),),
    outputs=(PortSpec("dataset", "Dataset", "table", max_connections=None),),
    config_schema={
        "title": "Deadly",
        "type": "object",
        "properties": {"how": {"type": "string", "title": "How", "default": "abort"}},
        "additionalProperties": False,
    },
    default_config={"how": "abort"},
    builder="tuning_deadly_plugin:build",
)


def build(config: Mapping[str, Any], columns: Sequence[Column]) -> PreparedStep:
    """Plan the step: the columns stay as they are."""

    def make(_problem_type: str) -> Any:
        from tuning_deadly_plugin.steps import Deadly

        return Deadly(how=config["how"])

    return PreparedStep(make, tuple(columns))
