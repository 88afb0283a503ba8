"""The kinds of node: those that our own host offers, the tuning node among them, and those of other packages.

How a configuration looks is in `registry.kind_schemas` and `registry.model_schema`; the tuning node's schema
and default are made by `registry.descriptor` from `registry.config`, since they depend on strategies and
models.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from hyperparameter_tuning.registry import kind_schemas
from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.model_schema import model_schema
from hyperparameter_tuning.registry.models.catalog import BUILT_IN_MODELS, registered_models
from hyperparameter_tuning.registry.outside import NODE_KINDS, Registered, registered
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec
from hyperparameter_tuning.shared.sample_names import sample_target

TUNING_KIND = "hyperparameter_tuning"
DEFAULT_MODEL = "random_forest_classifier"

_STEPS = "hyperparameter_tuning.shared.preparation_steps"


def _table(port_id: str, label: str, description: str = "", *, required: bool = False) -> PortSpec:
    return PortSpec(port_id, label, "table", required=required, description=description)


def _output(port: PortSpec) -> PortSpec:
    return PortSpec(port.id, port.label, port.type, max_connections=None, description=port.description)


_IN = _table("dataset", "Dataset", "Rows to work on.", required=True)
_OUT = _output(_table("dataset", "Dataset", "The rows after this step."))


def _transformer(
    kind: str,
    label: str,
    description: str,
    *,
    icon: str,
    schema: Mapping[str, Any],
    default: Mapping[str, Any],
) -> NodeKindSpec:
    return NodeKindSpec(
        type=kind,
        label=label,
        description=description,
        category=("Preparation",),
        icon=icon,
        fold_policy="transformer",
        inputs=(_IN,),
        outputs=(_OUT,),
        config_schema=schema,
        default_config=default,
        column_fields=("columns",),
        builder=f"{_STEPS}:{kind}",
    )


DATASET = NodeKindSpec(
    type="dataset",
    label="Dataset",
    description="Reads a file, a SQL table or a sample table.",
    category=("Data",),
    icon="table",
    fold_policy="source",
    outputs=(_output(_table("dataset", "Dataset", "All rows.")),),
    config_schema=kind_schemas.DATASET,
    default_config={"source": "sample", "name": "penguins", "target": sample_target("penguins")},
    target_path="/config/target",
)

SPLIT = NodeKindSpec(
    type="split",
    label="Split",
    description="Sets test rows, and validation rows where wanted, apart before anything learns.",
    category=("Data",),
    icon="split",
    fold_policy="splitter",
    inputs=(_IN,),
    outputs=(
        _output(_table("train", "Train", "Rows to learn from.")),
        _output(_table("validation", "Validation", "Rows to judge candidates by.")),
        _output(_table("test", "Test", "Rows that no search may see.")),
    ),
    config_schema=kind_schemas.SPLIT,
    default_config={"test_size": 0.2, "validation_size": 0, "shuffle": True, "stratify": "auto", "seed": 42},
)

IMPUTE = _transformer(
    "impute",
    "Impute",
    "Fills gaps with a value learned from the training rows.",
    icon="droplet",
    schema=kind_schemas.IMPUTE,
    default={
        "numeric": "median",
        "numeric_fill_value": 0,
        "categorical": "most_frequent",
        "categorical_fill_value": "missing",
        "add_indicator": False,
        "columns": [],
    },
)

SCALE = _transformer(
    "scale",
    "Scale",
    "Brings numeric columns to one scale.",
    icon="ruler",
    schema=kind_schemas.SCALE,
    default={"method": "standard", "columns": []},
)

ENCODE = _transformer(
    "encode",
    "Encode",
    "Turns texts and categories into numbers; categories unseen in training do not fail.",
    icon="binary",
    schema=kind_schemas.ENCODE,
    default={"method": "one_hot", "drop": "none", "min_frequency": None, "columns": []},
)

SELECT_FEATURES = _transformer(
    "select_features",
    "Select features",
    "Keeps the columns that tell most about the target, or that vary at all.",
    icon="filter",
    schema=kind_schemas.SELECT_FEATURES,
    default={"method": "k_best", "k": 10, "score": "auto", "seed": 42},
)

REDUCE = _transformer(
    "reduce",
    "Reduce",
    "Replaces the columns by fewer components.",
    icon="minimize",
    schema=kind_schemas.REDUCE,
    default={"method": "pca", "n_components": 0.95, "whiten": False, "seed": 42},
)

TUNING = NodeKindSpec(
    type=TUNING_KIND,
    label="Tune hyperparameters",
    description="Searches the best hyperparameters of the connected model by cross-validation.",
    category=("Modeling", "Tuning"),
    icon="sliders",
    fold_policy="search",
    inputs=(
        _table("dataset", "Dataset", "Training rows; never the test output of a split.", required=True),
        _table("validation", "Validation", "Rows that candidates may be judged by instead of folds."),
    ),
    outputs=(
        PortSpec(
            "best_params", "Best parameters", "params", max_connections=None, description="For model nodes."
        ),
        PortSpec(
            "tuned_model",
            "Tuned model",
            "model.trained",
            max_connections=None,
            description="The best candidate, fitted on all training rows.",
        ),
        _output(_table("trials", "Trials", "Every candidate with its scores.")),
        PortSpec(
            "report",
            "Report",
            "report",
            max_connections=None,
            description="How the search went: history, rounds, importances, hints.",
        ),
    ),
)


def _model(models: tuple[ModelSpec, ...]) -> NodeKindSpec:
    return NodeKindSpec(
        type="model",
        label="Model",
        description="A model with its hyperparameters; takes the best ones from a tuning node.",
        category=("Modeling",),
        icon="brain",
        fold_policy="model",
        inputs=(
            _table("dataset", "Dataset", "Rows to train on."),
            PortSpec("params", "Parameters", "params", description="Where best parameters are written to."),
        ),
        outputs=(PortSpec("model", "Model", "model.trained", max_connections=None),),
        config_schema=model_schema({spec.key: spec for spec in models}),
        default_config={"model": DEFAULT_MODEL, "params": {}, "number_types": {}},
        model_key="/config/model",
        params_path="/config/params",
        number_types_path="/config/number_types",
    )


def _reference_kinds(models: tuple[ModelSpec, ...]) -> tuple[NodeKindSpec, ...]:
    return (DATASET, SPLIT, IMPUTE, SCALE, ENCODE, SELECT_FEATURES, REDUCE, _model(models), TUNING)


@lru_cache(maxsize=1)
def _built_in() -> tuple[NodeKindSpec, ...]:
    return _reference_kinds(BUILT_IN_MODELS)


def _live() -> tuple[NodeKindSpec, ...]:
    return _reference_kinds(registered_models().specs)


def registered_kinds() -> Registered[NodeKindSpec]:
    """Return every kind here: the reference kinds and those of other packages."""
    return registered(NODE_KINDS, _live)


def node_kinds() -> dict[str, NodeKindSpec]:
    """Return every kind here by its type, in the order of the palette, those of other packages last."""
    return {kind.type: kind for kind in registered_kinds().specs}


def built_in_kinds() -> dict[str, NodeKindSpec]:
    """Return the reference kinds with the built-in models: the same on every machine."""
    return {kind.type: kind for kind in _built_in()}
