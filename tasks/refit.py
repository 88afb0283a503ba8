"""The tuned model: fitted on all the rows it may see, judged on those it has not, written as files.

Storing the files does not belong here (`shared.artifacts.store` by the workflow).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.evaluation import holdout_metrics
from hyperparameter_tuning.shared.preparation import MODEL_STEP
from hyperparameter_tuning.tasks.evaluation.unit_warnings import caught_warnings
from hyperparameter_tuning.tasks.job_model import make_estimator, scorers_of, with_validation
from hyperparameter_tuning.tasks.stored_pipeline import (
    divided_steps,
    input_columns,
    stored_pipeline,
    write_models,
)

if TYPE_CHECKING:
    import pandas as pd

    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.node_kinds import NodeKinds
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
        steps: Node ids of the upstream steps that *model* stands for; samplers among them did their work.
        steps_before: Node ids of the steps that ran once and that *model* cannot repeat: it takes rows as
            they leave the last of these.
        target: ``{name, dtype}`` of the column that is predicted.
        classes: Classes as the data has them, in the order of ``predict_proba``; empty for regression.
        n_rows: Rows it was fitted on.
        metrics: ``training`` and, with validation rows, ``validation``: values in natural units, of a model
            that was fitted on the training rows only.
        trusted_types: Types of other packages that opening *model* needs, beside the published allow-list.
        prepared_trusted_types: The same of *prepared_model*.
        seconds: Wall time of the final fit.
        warnings: Sentences about the fit.
    """

    model: Path
    prepared_model: Path | None
    columns: tuple[dict[str, str], ...]
    prepared_columns: tuple[str, ...]
    steps: tuple[str, ...]
    steps_before: tuple[str, ...]
    target: dict[str, str]
    classes: tuple[Any, ...]
    n_rows: int
    metrics: dict[str, Metrics]
    trusted_types: tuple[str, ...]
    prepared_trusted_types: tuple[str, ...]
    seconds: float
    warnings: tuple[str, ...]


def refit(
    task: TuningTask,
    bundle: TrainingDataBundle,
    plain: PlainForm,
    params: Mapping[str, Any],
    folder: Path,
    *,
    kinds: NodeKinds | None = None,
) -> Refitted:
    """Fit the chosen candidate and write it.

    Args:
        task: Says on what to fit.
        bundle: Training and validation rows.
        plain: Its steps are the path.
        params: Typed parameters of the chosen trial; fixed ones are added.
        folder: Where the files go.
        kinds: Node kinds; absent: the registry's.

    Raises:
        RefitFailedError: the fit raised.
        TuningError: the model holds a type that no kind or model names, so that nobody could open it.
    """
    begin = time.monotonic()
    known = node_kinds() if kinds is None else kinds
    wanted = partial(make_estimator, task, bundle, plain, {**task.fixed, **params}, known)
    final, warnings = _fit(wanted(), (bundle.X_train, bundle.y_train))
    metrics = _metrics(task, bundle, final)
    if task.refit_on == "train_and_validation" and bundle.X_validation is not None:
        begin = time.monotonic()
        final, warnings = _fit(wanted(), with_validation(bundle))
    seconds, step = time.monotonic() - begin, final.named_steps[MODEL_STEP]
    pipeline = stored_pipeline(task, final, bundle, plain, known)
    model, prepared = write_models(pipeline, folder, task, plain, known)
    return Refitted(
        model=model,
        prepared_model=prepared,
        columns=input_columns(bundle),
        prepared_columns=tuple(str(name) for name in getattr(step, "feature_names_in_", ())),
        **divided_steps(plain, known),
        target={"name": bundle.target_meta.name, "dtype": bundle.target_meta.kind},
        classes=_labels(step, bundle),
        n_rows=len(bundle.X_train) if task.refit_on == "train" else len(with_validation(bundle)[0]),
        metrics=metrics,
        trusted_types=artifacts.foreign_types(model),
        prepared_trusted_types=artifacts.foreign_types(prepared or model),
        seconds=seconds,
        warnings=warnings,
    )


def _fit(estimator: Any, rows: tuple[pd.DataFrame, Array]) -> tuple[Any, tuple[str, ...]]:
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


def _labels(model: Any, bundle: TrainingDataBundle) -> tuple[Any, ...]:
    """Return the classes of a fitted model as they are in the data: yes and no are no numbers there."""
    values = (value.item() if hasattr(value, "item") else value for value in getattr(model, "classes_", ()))
    return tuple(bool(value) if bundle.target_meta.kind == "boolean" else value for value in values)
