"""A transformer: fitted again inside every fold."""

from collections.abc import Mapping, Sequence
from typing import Any

from hyperparameter_tuning.shared.columns import NUMERIC_KINDS, Column
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec
from hyperparameter_tuning.shared.preparation import PreparedStep

CLIP = NodeKindSpec(
    type="example_clip",
    label="Clip",
    description="Cuts numbers to the range that most training rows lie in.",
    category=("Preparation",),
    icon="scissors",
    fold_policy="transformer",
    inputs=(PortSpec("dataset", "Dataset", "table", required=True),),
    outputs=(PortSpec("dataset", "Dataset", "table", max_connections=None),),
    config_schema={
        "title": "Clip",
        "type": "object",
        "properties": {
            "share": {
                "type": "number",
                "title": "Share cut on each side",
                "minimum": 0,
                "maximum": 0.25,
                "default": 0.05,
            }
        },
        "additionalProperties": False,
    },
    default_config={"share": 0.05},
    builder="tuning_example_plugin.node_kinds.clip:build",
    trusted_types=("tuning_example_plugin.clipper.Clipper",),
)


def build(config: Mapping[str, Any], columns: Sequence[Column]) -> PreparedStep:
    """Plan the step: every numeric column is cut, nothing else changes."""
    names = [column.name for column in columns if column.dtype in NUMERIC_KINDS]

    def make(_problem_type: str) -> Any:
        from tuning_example_plugin.clipper import Clipper

        return Clipper(share=float(config.get("share", 0.05)), columns=names)

    return PreparedStep(make, tuple(columns))
