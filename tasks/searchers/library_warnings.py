"""What a library search tells of failed fits and of warnings: once, after the search.

Catching them does not belong here (`tasks.evaluation.unit_warnings`).
"""

import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sklearn.exceptions import FitFailedWarning

from hyperparameter_tuning.tasks.evaluation.unit_warnings import WarningCount
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome, most_frequent_error

_DEPTH = 4
"""Frames between these functions and the caller of ``fit``, so that the warning names the caller's line."""


def warn_of_warnings(counts: Sequence[WarningCount]) -> None:
    """Give each distinct warning of the fits once, in its own class, with the number of fits."""
    for count in counts:
        message = f"{count.message} (in {count.units} of the fits)"
        warnings.warn(message, _category(count.category), stacklevel=_DEPTH)


def warn_of_failures(trials: Sequence[TrialOutcome], error_score: Any) -> None:
    """Warn of failed fits and scores.

    Raises:
        ValueError: every fit failed.
    """
    folds = [fold for trial in trials for fold in trial.folds]
    n_unfitted = sum(fold.failed_in == "fit" for fold in folds)
    n_unscored = sum(fold.failed_in == "score" for fold in folds)
    often = most_frequent_error(trials)
    if folds and n_unfitted == len(folds):
        raise ValueError(
            f"All the {len(folds)} fits failed: check the estimator and its parameters. Most often: {often}"
        )
    told = f"of {len(folds)} fits; their score is {error_score}. Most often: {often}"
    if n_unfitted:
        warnings.warn(f"Fitting failed in {n_unfitted} {told}", FitFailedWarning, stacklevel=_DEPTH)
    if n_unscored:
        warnings.warn(f"Scoring failed in {n_unscored} {told}", UserWarning, stacklevel=_DEPTH)


def _category(full_name: str) -> type[Warning]:
    module, _, name = full_name.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError):
        # A class made inside a function, or in a worker only.
        return UserWarning
    return found if isinstance(found, type) and issubclass(found, Warning) else UserWarning
