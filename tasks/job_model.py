"""The pieces that a task is scored and fitted with: pipeline, rows, folds, scorers.

Choosing candidates and running a search do not belong here (`tasks.execution`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hyperparameter_tuning.registry.models import load_estimator_class
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.values import default_params
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.metrics import make_scorers
from hyperparameter_tuning.shared.preparation import MODEL_STEP, PreparedPath, build_pipeline, build_steps
from hyperparameter_tuning.shared.splits import make_splits
from hyperparameter_tuning.shared.step_order import positions_of, repeated_positions

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.metrics import Scorer
    from hyperparameter_tuning.shared.node_kinds import NodeKinds
    from hyperparameter_tuning.shared.plain_form import PlainForm
    from hyperparameter_tuning.shared.splits import Split
    from hyperparameter_tuning.tasks.data_bundle import Array, TrainingDataBundle

PARAM_PREFIX = f"{MODEL_STEP}__"


@dataclass(frozen=True, slots=True)
class ScoringRows:
    """What candidates are scored on.

    Attributes:
        X: Features, shape (n_rows, n_features); validation rows follow training rows where they judge.
        y: Target, shape (n_rows,).
        splits: Training and test positions per fold, repeats counted on.
    """

    X: pd.DataFrame
    y: Array
    splits: list[Split]

    @property
    def n_samples(self) -> int:
        """Number of rows that the folds divide."""
        return len(self.X)


def make_estimator(
    task: TuningTask,
    bundle: TrainingDataBundle,
    plain: PlainForm,
    params: Mapping[str, Any],
    kinds: NodeKinds | None = None,
) -> Any:
    """Build the unfitted pipeline: the steps inside the folds, and the model with *params* over its defaults.

    Args:
        task: Names the model and the seed.
        bundle: Its feature columns are those that enter the pipeline.
        plain: Its steps are the path.
        params: Typed; what they leave out has the model's defaults.
        kinds: Node kinds; absent: the registry's.
    """
    path = upstream_path(bundle, plain, kinds)
    model = load_estimator_class(task.model)(**{**default_params(task.model, task.seed), **params})
    return build_pipeline(path, model)


def upstream_path(
    bundle: TrainingDataBundle, plain: PlainForm, kinds: NodeKinds | None = None
) -> PreparedPath:
    """Return the planned steps between the rows of a bundle and the model: those inside the folds."""
    known = node_kinds() if kinds is None else kinds
    inside = positions_of("folds", plain.steps, known)
    return build_steps(plain.steps, bundle.feature_columns, known, only=inside)


def repeated_path(
    bundle: TrainingDataBundle, plain: PlainForm, kinds: NodeKinds | None = None
) -> PreparedPath | None:
    """Return the row-wise steps that ran once and that a tuned model repeats; None without any."""
    if bundle.source is None:
        return None
    known = node_kinds() if kinds is None else kinds
    repeated = repeated_positions(plain.steps, known)
    return build_steps(plain.steps, bundle.source.columns, known, only=repeated)


def scorers_of(task: TuningTask, bundle: TrainingDataBundle) -> dict[str, Scorer]:
    """Return a scorer for the deciding and each additional metric."""
    classes = bundle.classes if task.problem_type == "classification" else []
    return make_scorers((task.metric, *task.additional_metrics), len(classes), classes)


def scoring_rows(task: TuningTask, bundle: TrainingDataBundle) -> ScoringRows:
    """Divide the rows of a bundle into the folds of a task.

    Raises:
        DataError: they cannot be divided so, or a fold lacks what learning and judging need.
    """
    X, y = bundle.X_train, bundle.y_train
    n_validation = 0
    cv: Any = task.cross_validation
    if cv.kind == "validation_port" and bundle.X_validation is not None:
        n_validation = len(bundle.X_validation)
        X, y = with_validation(bundle)
    splits = make_splits(
        cv,
        y=bundle.y_train,
        n_samples=len(bundle.X_train),
        problem_type=task.problem_type,
        seed=task.seed,
        groups=bundle.groups,
        times=bundle.times,
        n_validation=n_validation,
    )
    if task.problem_type == "classification":
        _check_classes(task, y, splits)
    return ScoringRows(X, y, splits)


def _check_classes(task: TuningTask, y: Array, splits: list[Split]) -> None:
    """Refuse folds on which every candidate would fail for the same reason."""
    codes = np.unique(y, return_inverse=True)[1]
    for number, (train, test) in enumerate(splits, 1):
        if _is_one_class(codes[train]):
            what = f"The training rows of fold {number} are all of one class"
        elif task.metric.needs_two_classes and _is_one_class(codes[test]):
            what = (
                f"The rows that judge in fold {number} are all of one class, for which "
                f"{task.metric.label} is not defined"
            )
        else:
            continue
        raise DataError(
            f"{what}: use fewer folds, another cross-validation or metric, or more rows of the rare class.",
            code="one_class_fold",
        )


def _is_one_class(codes: Array) -> bool:
    return len(codes) > 0 and bool((codes == codes[0]).all())


def with_validation(bundle: TrainingDataBundle) -> tuple[pd.DataFrame, Array]:
    """Return training rows followed by validation rows, where there are any."""
    if bundle.X_validation is None or bundle.y_validation is None:
        return bundle.X_train, bundle.y_train
    X = pd.concat([bundle.X_train, bundle.X_validation], ignore_index=True)
    return X, np.concatenate([bundle.y_train, bundle.y_validation])
