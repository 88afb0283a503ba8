"""The table ``cv_results_`` of a search, equal to scikit-learn's to the bit in every deterministic column.

Choosing the best row does not belong here (`search_estimator`).
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.ma import MaskedArray
from scipy.stats import rankdata

from hyperparameter_tuning.tasks.evaluation.requests import FoldResult
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome

Column = np.ndarray[Any, np.dtype[Any]]
Table = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a table holds beside the parameters.

    Attributes:
        metrics: Names of the metrics; ``score`` for a single one.
        n_splits: Number of folds.
        error_score: Stands for the scores of a failed fold.
        with_train: Whether training scores are columns too.
    """

    metrics: Sequence[str]
    n_splits: int
    error_score: float
    with_train: bool


def cv_results(
    trials: Sequence[TrialOutcome], shape: TableShape, extra: Mapping[str, Sequence[Any]]
) -> Table:
    """Return one row per trial.

    Args:
        trials: In the order of the rows; folds that a strategy left out are NaN.
        shape: Which columns there are.
        extra: Further columns, put first.

    Returns:
        Columns by name, each of shape (n_trials,): parameters as masked arrays, ``params`` as a list.
    """
    table: Table = {name: np.asarray(values) for name, values in extra.items()}
    table |= _mean_and_std("fit_time", _matrix(trials, shape.n_splits, lambda fold: fold.fit_seconds))
    table |= _mean_and_std("score_time", _matrix(trials, shape.n_splits, lambda fold: fold.score_seconds))
    params = [dict(trial.params) for trial in trials]
    table |= _param_columns(params)
    table["params"] = params
    for metric in shape.metrics:
        table |= _test_columns(trials, shape, metric)
        if shape.with_train:
            table |= _train_columns(trials, shape, metric)
    return table


def _test_columns(trials: Sequence[TrialOutcome], shape: TableShape, metric: str) -> Table:
    scores = _matrix(trials, shape.n_splits, lambda fold: fold.scores.get(metric, shape.error_score))
    columns = _mean_and_std_by_split(f"test_{metric}", scores)
    _warn_unless_finite(f"mean_test_{metric}", columns, trials)
    return columns | {f"rank_test_{metric}": _ranks(columns[f"mean_test_{metric}"])}


def _train_columns(trials: Sequence[TrialOutcome], shape: TableShape, metric: str) -> Table:
    scores = _matrix(trials, shape.n_splits, lambda fold: fold.train_scores.get(metric, shape.error_score))
    columns = _mean_and_std_by_split(f"train_{metric}", scores)
    _warn_unless_finite(f"mean_train_{metric}", columns, trials)
    return columns


def _matrix(trials: Sequence[TrialOutcome], n_splits: int, value: Callable[[FoldResult], float]) -> Column:
    matrix = np.full((len(trials), n_splits), np.nan)
    for row, trial in enumerate(trials):
        for fold in trial.folds:
            matrix[row, fold.split] = value(fold)
    return matrix


def origins(trials: Sequence[TrialOutcome], n_splits: int) -> Column:
    """Return how each cell came about, shape (n_trials, n_splits); an empty text where there is none."""
    found = np.full((len(trials), n_splits), "", dtype="U8")
    for row, trial in enumerate(trials):
        for fold in trial.folds:
            found[row, fold.split] = fold.how
    return found


def _mean_and_std_by_split(name: str, scores: Column) -> Table:
    columns: Table = {f"split{split}_{name}": scores[:, split] for split in range(scores.shape[1])}
    return columns | _mean_and_std(name, scores)


def _warn_unless_finite(name: str, columns: Table, trials: Sequence[TrialOutcome]) -> None:
    # A pruned candidate has no mean on purpose.
    whole = np.array([trial.state != "pruned" for trial in trials])
    if not np.all(np.isfinite(columns[name][whole])):
        warnings.warn(f"Some of the scores are not finite: see {name}.", stacklevel=2)


def _mean_and_std(name: str, values: Column) -> Table:
    # np.mean and np.std would give other last bits than these steps, which are scikit-learn's.
    means = np.average(values, axis=1)
    variances = np.average((values - means[:, np.newaxis]) ** 2, axis=1)
    return {f"mean_{name}": means, f"std_{name}": np.sqrt(variances)}


def _ranks(means: Column) -> Column:
    """Rank means from 1, the greatest first; NaN shares the last rank."""
    if np.isnan(means).all():
        return np.ones(means.shape, dtype=np.int32)
    filled = np.where(np.isnan(means), np.nanmin(means) - 1, means)
    ranks: Column = rankdata(-filled, method="min").astype(np.int32)
    return ranks


def _param_columns(candidates: Sequence[Mapping[str, Any]]) -> Table:
    names = dict.fromkeys(name for params in candidates for name in params)
    return {f"param_{name}": _param_column(name, candidates) for name in names}


def _param_column(name: str, candidates: Sequence[Mapping[str, Any]]) -> MaskedArray[Any, Any]:
    """Return one parameter's values, masked where a candidate does not have it."""
    rows = [row for row, params in enumerate(candidates) if name in params]
    dtype = _dtype_for([candidates[row][name] for row in rows])
    column = MaskedArray(np.empty(len(candidates), dtype=dtype), mask=True)
    for row in rows:
        column[row] = candidates[row][name]
    return column


def _dtype_for(values: Sequence[Any]) -> np.dtype[Any]:
    """Return numpy's own choice for plain numbers, object for texts and for values that are sequences."""
    try:
        array = np.array(values)
    except ValueError:
        # Sequences of different lengths do not fit one array.
        return np.dtype(object)
    return np.dtype(object) if array.dtype.kind == "U" or array.ndim > 1 else array.dtype
