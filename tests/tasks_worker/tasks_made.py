"""Small tasks with their rows, made of public configurations: no database, no worker."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.task import TuningTask, make_task
from hyperparameter_tuning.shared.columns import Column, DataSummary
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainModel, PlainTarget, PlainValidation
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.data_bundle import TargetMeta, TrainingDataBundle

COLUMNS = ("a", "b", "c")


def rows(n: int = 90, seed: int = 0, *, regression: bool = False) -> tuple[pd.DataFrame, Any]:
    generator = np.random.default_rng(seed)
    X = pd.DataFrame({name: generator.normal(size=n) for name in COLUMNS})
    signal = X["a"] + 0.5 * X["b"] + 0.3 * generator.normal(size=n)
    y = signal.to_numpy() if regression else np.where(signal > 0, "yes", "no").astype(object)
    return X, y


def bundle(*, regression: bool = False, validation: bool = False, n: int = 90) -> TrainingDataBundle:
    X, y = rows(n, regression=regression)
    X_validation, y_validation = rows(30, seed=1, regression=regression) if validation else (None, None)
    return TrainingDataBundle(
        X_train=X,
        y_train=y,
        X_validation=X_validation,
        y_validation=y_validation,
        feature_columns=tuple(Column(name=name, dtype="number", distinct=n) for name in COLUMNS),
        target_meta=TargetMeta("y", "number" if regression else "category"),
    )


def summary(*, regression: bool = False, n: int = 90) -> DataSummary:
    features = [Column(name=name, dtype="number", distinct=n) for name in COLUMNS]
    target = (
        Column(name="y", dtype="number", distinct=n)
        if regression
        else Column(name="y", dtype="category", distinct=2, minimum_class_count=n // 3)
    )
    return DataSummary(rows=n, columns=(*features, target), fingerprint="sha256:0")


def plain(
    model: str = "decision_tree_classifier",
    params: dict[str, Any] | None = None,
    *,
    other_targets: tuple[dict[str, Any], ...] = (),
    validation: bool = False,
) -> PlainForm:
    first = params or {}
    targets = [
        PlainTarget(node_id=f"m{index}", params=own) for index, own in enumerate((first, *other_targets))
    ]
    return PlainForm(
        dataset={"source": "file", "path": "rows.csv"},
        model=PlainModel(type=model, params=first),
        validation=PlainValidation() if validation else None,
        target="y",
        node_id="tune",
        targets=tuple(targets),
    )


def config(**fields: Any) -> dict[str, Any]:
    document = {
        "target": "y",
        "strategy": {"name": "grid"},
        "search_space": [{"kind": "int", "name": "max_depth", "low": 1, "high": 3}],
        "budget": {"max_trials": None, "max_seconds": 120},
        "cross_validation": {"kind": "k_fold", "folds": 3},
    }
    model = TuningConfig.model_validate({**document, **fields})
    return model.model_dump(mode="json")


def task(form: PlainForm | None = None, *, regression: bool = False, **fields: Any) -> TuningTask:
    chosen = form or plain("ridge_regression" if regression else "decision_tree_classifier")
    document = TuningConfig.model_validate(config(**fields))
    return make_task(document, chosen, summary(regression=regression), Settings())
