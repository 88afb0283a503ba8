"""The tuned model: fitted on all the rows it may see, judged on those it has not, written as files.

Storing the files does not belong here (`shared.artifacts.store` by the workflow).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.evaluation import holdout_metrics
from hyperparameter_tuning.shared.preparation import MODEL_STEP
from hyperparameter_tuning.tasks.evaluation.unit_warnings import caught_warnings
from hyperparameter_tuning.tasks.job_model import make_estimator, scorers_of, upstream_path, with_validation

if TYPE_CHECKING:
    import pandas as pd

    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.plain_form import PlainForm
    from hyperparameter_tuning.tasks.data_bundle import Array, TrainingDataBundle

Metrics = dict[str, float | None]


class RefitFailedError(UserError):
    """The chosen candidate could not be fitted on the whole of its rows."""

    default_code = "refit_failed"


@dataclass(frozen=True, slots=True)
class Refitted:
    """The tuned model and what is known of it.

    Attributes:
        model: File of the whole pipeline; takes rows as the dataset has them.
        prepared_model: File of the final step alone; takes rows as the upstream steps leave them. None where
            there are no upstream steps: then *model* takes them too.
        columns: ``{name, dtype}`` of each input column of *model*, in order.
        prepared_columns: Names of the input columns of *prepared_model*.
        steps: Node ids of the upstream steps inside *model*.
        classes: Classes in the order of ``predict_proba``; empty for regression.
        n_rows: Rows it was fitted on.
        metrics: ``training`` and, with validation rows, ``validation``: values in natural units, of a model
            that was fitted on the training rows only.
        seconds: Wall time of the final fit.
        warnings: Sentences about the fit.
    """

    model: Path
    prepared_model: Path | None
    columns: tuple[dict[str, str], ...]
    prepared_columns: tuple[str, ...]
    steps: tuple[str, ...]
    classes: tuple[Any, ...]
    n_rows: int
    metrics: dict[str, Metrics]
    seconds: float
    warnings: tuple[str, ...]


def refit(
    task: TuningTask, bundle: TrainingDataBundle, plain: PlainForm, params: Mapping[str, Any], folder: Path
) -> Refitted:
    """Fit the chosen candidate and write it.

    Args:
        task: Says on what to fit.
        bundle: Training and validation rows.
        plain: Its steps are the path.
        params: Typed parameters of the chosen trial; fixed ones are added.
        folder: Where the files go.

    Raises:
        RefitFailedError: the fit raised.
    """
    begin = time.monotonic()
    final, warnings = _fit(task, bundle, plain, params, (bundle.X_train, bundle.y_train))
    metrics = _metrics(task, bundle, final)
    if task.refit_on == "train_and_validation" and bundle.X_validation is not None:
        begin = time.monotonic()
        final, warnings = _fit(task, bundle, plain, params, with_validation(bundle))
    seconds = time.monotonic() - begin
    step = final.named_steps[MODEL_STEP]
    has_steps = len(final.steps) > 1
    return Refitted(
        model=artifacts.dump(final, folder / "model.skops"),
        prepared_model=artifacts.dump(step, folder / "prepared_model.skops") if has_steps else None,
        columns=tuple({"name": column.name, "dtype": column.dtype} for column in bundle.feature_columns),
        prepared_columns=tuple(str(name) for name in getattr(step, "feature_names_in_", ())),
        steps=tuple(node_id for node_id in upstream_path(bundle, plain).node_ids if node_id is not None),
        classes=tuple(_plain(value) for value in getattr(step, "classes_", ())),
        n_rows=len(bundle.X_train) if task.refit_on == "train" else len(with_validation(bundle)[0]),
        metrics=metrics,
        seconds=seconds,
        warnings=warnings,
    )


def _fit(
    task: TuningTask,
    bundle: TrainingDataBundle,
    plain: PlainForm,
    params: Mapping[str, Any],
    rows: tuple[pd.DataFrame, Array],
) -> tuple[Any, tuple[str, ...]]:
    estimator = make_estimator(task, bundle, plain, {**task.fixed, **params})
    with caught_warnings() as caught:
        try:
            estimator.fit(*rows)
        except Exception as error:
            raise RefitFailedError(
                f"The best candidate could not be fitted on all rows: {type(error).__name__}: {error}"
            ) from error
    return estimator, tuple(f"{category}: {message}" for category, message in caught)


def _metrics(task: TuningTask, bundle: TrainingDataBundle, fitted: Any) -> dict[str, Metrics]:
    scorers = scorers_of(task, bundle)
    found = {"training": holdout_metrics(fitted, bundle.X_train, bundle.y_train, scorers)}
    if bundle.X_validation is not None:
        found["validation"] = holdout_metrics(fitted, bundle.X_validation, bundle.y_validation, scorers)
    return found


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
