"""The origin's kinds of node, each as one step from version 0 to version 1.

How a configuration is read is in `origin_config` and `origin_preparation`; edges and whole graphs are in
`graph_migration` and `origin_graph`.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from hyperparameter_tuning.registry.migrations import origin_preparation
from hyperparameter_tuning.registry.migrations.migrated import Migrated
from hyperparameter_tuning.registry.migrations.origin_config import is_origin_config, migrate_origin_config
from hyperparameter_tuning.registry.migrations.origin_params import migrate_params
from hyperparameter_tuning.registry.migrations.origin_values import first, json_object, text
from hyperparameter_tuning.registry.migrations.steps import NodeData, Step
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND
from hyperparameter_tuning.shared.errors import UnknownNameError

MIGRATED_FROM = "migrated_from"
"""Key of ``data`` under which a migrated node keeps what it was."""

_TASKS = {
    "training": None,
    "classification": "classification",
    "regression": "regression",
    "text_classification": "classification",
}
_TUNING_MODES = ("advanced", "tuned")

Read = Callable[[Mapping[str, Any]], Migrated | None]


def origin_type(node: Mapping[str, Any]) -> str:
    """Return what the origin called the kind of a node; "" where the node is none of the origin's.

    Its canvases name the kind in ``data``, never in ``type`` alone: a node of another host is never taken for
    one of its own. Nodes of training that are switched to tuning are ``advanced_tuning``, the others
    ``basic_training``.
    """
    data = node.get("data")
    data = data if isinstance(data, Mapping) else {}
    name = text(first(data, "definitionType", "catalogType"))
    if name is None and node.get("type") == TUNING_KIND and is_origin_config(settings_of(data)):
        name = TUNING_KIND
    if name in _TASKS:
        return "advanced_tuning" if data.get("run_mode") in _TUNING_MODES else "basic_training"
    return name or ""


def settings_of(data: NodeData) -> Mapping[str, Any]:
    """Return the settings of an origin's node: ``config`` on older canvases, ``data`` itself on newer."""
    config = data.get("config")
    return config if isinstance(config, Mapping) else data


def _tuning(settings: Mapping[str, Any]) -> Migrated:
    task = _TASKS.get(str(settings.get("definitionType")))
    return migrate_origin_config(settings if task is None else {"problem_type": task, **settings})


def _model(settings: Mapping[str, Any]) -> Migrated:
    name = text(first(settings, "model_type", "algorithm"))
    task = text(settings.get("problem_type")) or _TASKS.get(str(settings.get("definitionType")))
    try:
        model = None if name is None else get_model(name, task)
    except UnknownNameError:
        model = None
    try:
        written = json_object(settings.get("hyperparameters"))
    except ValueError as error:
        note = f"The hyperparameters are left out, since their text {error}."
        return Migrated({"model": name if model is None else model.key, "params": {}}, (note,))
    params = migrate_params(model, written)
    config = {
        "model": name if model is None else model.key,
        "params": params.values,
        "number_types": params.number_types,
    }
    return Migrated(config, tuple(params.notes))


def _step(name: str, kind: str, read: Read, inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Step:
    def migrate(data: NodeData) -> Migrated | None:
        settings = settings_of(data)
        found = read(settings)
        if found is None:
            return None
        before = {"type_version": 0, "type": name} | ({} if settings is data else {"config": dict(settings)})
        changed = {"type_version": 1, "config": dict(found.document), MIGRATED_FROM: before}
        return Migrated({**data, **changed}, found.notes)

    return Step(kind, 0, migrate, inputs, outputs, name)


ANY = ""
"""Stands for an edge that names no handle."""

_THROUGH = {ANY: "dataset"}
_SPLIT = {ANY: "train", "train": "train", "validation": "validation", "test": "test"}
_ALL_ROWS = {ANY: "train", "X": "train", "train": "train"}
_TUNING_IN = {ANY: "dataset", "train-in": "dataset", "train": "dataset", "validation-in": "validation"}
_TUNING_OUT = {ANY: "tuned_model", "best-params-out": "best_params", "model": "tuned_model"}
_MODEL_IN = {ANY: "dataset", "train-in": "dataset", "train": "dataset", "params-in": "params"}
_MODEL_OUT = {ANY: "model", "model-out": "model", "model": "model"}

_Entry = tuple[str, Read, Mapping[str, str], Mapping[str, str]]
_DATASET: _Entry = ("dataset", origin_preparation.dataset, {}, _THROUGH)
_ENTRIES: Mapping[str, _Entry] = {
    **dict.fromkeys(("dataset-source", "dataset_node", "data_loader"), _DATASET),
    **dict.fromkeys(
        ("train_test_split", "TrainTestSplitter"), ("split", origin_preparation.split, _THROUGH, _SPLIT)
    ),
    "feature_target_split": ("split", origin_preparation.feature_target_split, _THROUGH, _ALL_ROWS),
    **dict.fromkeys(
        ("imputation_methods", "imputation_node", "simple_imputer", "SimpleImputer"),
        ("impute", origin_preparation.impute, _THROUGH, _THROUGH),
    ),
    "scale_numeric_features": ("scale", origin_preparation.scale, _THROUGH, _THROUGH),
    **{
        name: ("scale", partial(origin_preparation.scale, method=name), _THROUGH, _THROUGH)
        for name in ("StandardScaler", "MinMaxScaler", "RobustScaler", "MaxAbsScaler")
    },
    **{
        name: ("encode", partial(origin_preparation.encode, method=method), _THROUGH, _THROUGH)
        for name, method in {
            "encoding": "onehot",
            "one_hot_encoding": "onehot",
            "OneHotEncoder": "onehot",
            "dummy_encoding": "dummy",
            "DummyEncoder": "dummy",
            "ordinal_encoding": "ordinal",
            "OrdinalEncoder": "ordinal",
            "label_encoding": "label",
            "LabelEncoder": "label",
            "target_encoding": "target",
            "TargetEncoder": "target",
        }.items()
    },
    **dict.fromkeys((TUNING_KIND, "advanced_tuning"), (TUNING_KIND, _tuning, _TUNING_IN, _TUNING_OUT)),
    **dict.fromkeys(
        ("train_model_draft", "basic_training", "model_training"), ("model", _model, _MODEL_IN, _MODEL_OUT)
    ),
}

ORIGIN_STEPS: tuple[Step, ...] = tuple(_step(name, *entry) for name, entry in _ENTRIES.items())
