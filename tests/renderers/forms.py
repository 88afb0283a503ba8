"""The forms that are shown: descriptors as an editor gets them."""

from functools import cache
from typing import Any

from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.descriptor import node_descriptor
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND, node_kinds
from hyperparameter_tuning.registry.resolution import resolve
from hyperparameter_tuning.registry.schema_export import DIALECTS, export_schema
from tests.registry_documents.cases import NUMBERS, SETTINGS, graph, regression

RESOLVED = (
    "random_forest_classifier",
    "logistic_regression",
    "k_neighbors_classifier",
    "svc",
    "ridge_regression",
)


def forms() -> dict[str, dict[str, Any]]:
    """Return schema and UI schemas by the name of the form."""
    tuning = node_descriptor(TUNING_KIND, live=False)
    kinds = {kind: node_descriptor(kind, live=False) for kind in node_kinds() if kind != TUNING_KIND}
    dialects = {name: {**tuning, "config_schema": export_schema("config", name)} for name in DIALECTS}
    return {"config": tuning, **kinds, **dialects, **{model: _resolved(model) for model in RESOLVED}}


def suggested_config(model: str) -> dict[str, Any]:
    """Return a complete configuration that searches what is suggested for the model on the data."""
    config = TuningConfig.model_validate({"search_space": _resolve(model)["suggested_search_space"]})
    return config.model_dump(mode="json")


def _resolved(model: str) -> dict[str, Any]:
    return {key: _resolve(model)[key] for key in ("config_schema", "ui_schema")}


@cache
def _resolve(model: str) -> dict[str, Any]:
    plain = regression(model) if model.startswith("ridge") else graph(model)
    return resolve({}, plain, NUMBERS, settings=SETTINGS).document
