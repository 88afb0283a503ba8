"""A table as matrices for a bare estimator, split by its own column; a job prepares inside its folds instead.

Everything is learnt from the training rows and applied to the others, by the steps of `shared.preparation`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from hyperparameter_tuning.legacy_imports.old_errors import OldCallError, value_errors
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.column_types import conform, infer_columns
from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import build_steps, make_steps
from hyperparameter_tuning.tasks.data_bundle import TargetMeta, TrainingDataBundle

SPLIT_COLUMN = "__split_type__"
_SPLITS = ("train", "validation", "test")
_STEPS = (PlainStep(kind="impute"), PlainStep(kind="encode", config={"method": "ordinal"}))
_CLASS_KINDS = frozenset({"category", "text", "boolean", "integer"})

PreparedData = tuple[
    pd.DataFrame,
    "pd.Series[Any]",
    pd.DataFrame | None,
    "pd.Series[Any] | None",
    pd.DataFrame | None,
    "pd.Series[Any] | None",
    list[str],
    dict[str, Any],
]


@dataclass(frozen=True, slots=True)
class _Target:
    """The target of every row, coded where it is text, and what is known of it."""

    values: "pd.Series[Any]"
    meta: dict[str, Any]


def _prepare_training_data(frame: pd.DataFrame, target_column: str) -> PreparedData:
    """Divide a table by its column ``__split_type__`` (train, validation, test) and make it numbers.

    Args:
        frame: Without that column every row is a training row.
        target_column: Rows without a value there are left out.

    Returns:
        ``X_train, y_train, X_validation, y_validation, X_test, y_test, feature_columns, target_meta``; what
        has no rows is None. Features are float64: gaps filled and texts coded by what the training rows hold.
        ``target_meta`` is ``{dtype, categories?}``: texts are coded by the sorted categories.

    Raises:
        OldCallError: there is no such target, no training row with one, or no feature column.
    """
    parts = _parts(frame, target_column)
    columns = _feature_columns(frame.loc[parts["train"]], target_column)
    target = _target(frame.loc[np.concatenate([*parts.values()]), target_column])
    matrices = _matrices(frame, parts, columns)
    found: list[Any] = []
    for name in _SPLITS:
        rows = parts[name]
        found += [matrices[name], target.values.loc[rows]] if len(rows) else [None, None]
    return (*found, list(matrices["train"].columns), target.meta)


def _build_training_data_bundle(frame: pd.DataFrame, target_column: str) -> TrainingDataBundle:
    """Return training and validation rows as `_prepare_training_data` gives them; test rows are left out.

    Raises:
        OldCallError: as `_prepare_training_data`.
    """
    X, y, X_validation, y_validation, _, _, _, meta = _prepare_training_data(frame, target_column)
    kind = "category" if "categories" in meta else infer_columns(y.to_frame())[0].dtype
    return TrainingDataBundle(
        X_train=X,
        y_train=y.to_numpy(),
        X_validation=X_validation,
        y_validation=None if y_validation is None else y_validation.to_numpy(),
        feature_columns=infer_columns(X),
        target_meta=TargetMeta(target_column, kind, int(frame[target_column].isna().sum())),
    )


def _infer_target_class_count(training_data: TrainingDataBundle) -> int | None:
    """Return the number of classes, or None for a target of measured numbers."""
    if training_data.target_meta.kind not in _CLASS_KINDS:
        return None
    return len(training_data.classes)


def _parts(frame: pd.DataFrame, target_column: str) -> dict[str, Any]:
    if target_column not in frame.columns:
        raise OldCallError(f"Target column '{target_column}' not found: the table has no such column.")
    if not frame.index.is_unique:
        raise OldCallError("The table's index must name each row once: reset it first.")
    if SPLIT_COLUMN in frame.columns:
        named = frame[SPLIT_COLUMN].astype(str).str.strip().str.lower()
    else:
        named = pd.Series("train", index=frame.index)
    if not (named == "train").any():
        raise OldCallError(f"The training split is empty: no row has 'train' in '{SPLIT_COLUMN}'.")
    known = frame[target_column].notna()
    parts = {name: frame.index[(named == name) & known] for name in _SPLITS}
    if not len(parts["train"]):
        raise OldCallError(f"No training rows are left after dropping those without '{target_column}'.")
    return parts


def _feature_columns(train: pd.DataFrame, target_column: str) -> tuple[Column, ...]:
    """Return the columns that hold anything in the training rows; dates are treated as texts."""
    features = train.drop(columns=[target_column, SPLIT_COLUMN], errors="ignore").dropna(axis=1, how="all")
    if not len(features.columns):
        raise OldCallError("No feature columns available for training.")
    inferred = infer_columns(features.rename(columns=str))
    return tuple(
        column.model_copy(update={"dtype": "category"}) if column.dtype == "datetime" else column
        for column in inferred
    )


def _target(values: "pd.Series[Any]") -> _Target:
    (column,) = infer_columns(values.to_frame())
    if column.dtype not in ("category", "text", "datetime"):
        numbers = values.astype(float) if column.dtype == "number" else values.astype(int)
        return _Target(numbers, {"dtype": "numeric"})
    categories = sorted(values.astype(str).unique())
    codes = pd.Series(pd.Categorical(values.astype(str), categories).codes, values.index, name=values.name)
    return _Target(codes.astype("int64"), {"dtype": "categorical", "categories": categories})


def _matrices(
    frame: pd.DataFrame, parts: Mapping[str, Any], columns: Sequence[Column]
) -> dict[str, pd.DataFrame]:
    from sklearn.pipeline import Pipeline

    path = build_steps(_STEPS, columns, node_kinds())
    problem = next((finding.message for finding in path.findings if finding.severity == "error"), None)
    if problem is not None:
        raise OldCallError(problem)
    pipeline = Pipeline(make_steps(path, "classification"))
    pipeline.fit(_rows(frame, parts["train"], columns))
    order = [column.name for column in columns]
    return {
        name: pipeline.transform(_rows(frame, rows, columns))[order].astype("float64").set_index(rows)
        for name, rows in parts.items()
        if len(rows)
    }


def _rows(frame: pd.DataFrame, rows: Any, columns: Sequence[Column]) -> pd.DataFrame:
    texts = [column.name for column in columns if column.dtype in ("category", "text")]
    chosen = frame.loc[rows].rename(columns=str)
    for name in texts:
        chosen[name] = chosen[name].astype(str).where(chosen[name].notna(), None)
    with value_errors():
        return conform(chosen, columns)
