"""What the tuning node must know of this editor's nodes; registered by an entry point in pyproject.toml.

A learner: ``{"type": "editor.learner", "data": {"algo": "RandomForest", "params": {"hyper": {...}}}}``.
"""

from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec

_ROWS_IN = PortSpec("rows", "Rows", "table", required=True)
_ROWS_OUT = PortSpec("rows", "Rows", "table", max_connections=None)

KINDS = (
    NodeKindSpec(
        type="editor.table",
        label="Stored table",
        fold_policy="source",
        outputs=(_ROWS_OUT,),
        config_path="/source",
        target_path="/source/label",
    ),
    NodeKindSpec(
        type="editor.rescale",
        label="Rescale",
        fold_policy="transformer",
        inputs=(_ROWS_IN,),
        outputs=(_ROWS_OUT,),
        config_path="/params",
        builder="hyperparameter_tuning.shared.preparation_steps:scale",
    ),
    NodeKindSpec(
        type="editor.learner",
        label="Learner",
        fold_policy="model",
        inputs=(_ROWS_IN, PortSpec("hyper", "Hyperparameters", "params")),
        outputs=(PortSpec("fitted", "Fitted model", "model.trained", max_connections=None),),
        model_key="/algo",
        model_names={
            "RandomForest": "random_forest_classifier",
            "LogReg": "logistic_regression",
            "Tree": "decision_tree_classifier",
        },
        params_path="/params/hyper",
        number_types_path="/params/types",
        artifact_path="/fitted",
    ),
)
