"""A model kind that is always the same model, with its parameters where this package keeps them."""

from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec

PROTOTYPE_MODEL = NodeKindSpec(
    type="example_prototypes",
    label="Prototypes",
    description="The prototype classifier as a node of its own.",
    category=("Modeling",),
    icon="target",
    fold_policy="model",
    inputs=(
        PortSpec("dataset", "Dataset", "table"),
        PortSpec("params", "Parameters", "params"),
    ),
    outputs=(PortSpec("model", "Model", "model.trained", max_connections=None),),
    config_schema={
        "title": "Prototypes",
        "type": "object",
        "properties": {
            "shrinkage": {"type": "number", "title": "Shrinkage", "minimum": 0, "maximum": 1, "default": 0},
            "power": {"type": "integer", "title": "Power", "minimum": 1, "maximum": 8, "default": 2},
        },
        "additionalProperties": False,
    },
    default_config={"shrinkage": 0, "power": 2},
    model_key="=prototype_classifier",
    params_path="/config",
)
