"""What a library search warns of: what its fits warned of, each text once, and scores that could not be made.

Catching warnings does not belong here (`tasks.evaluation.unit_warnings`), nor those of failed fits: they are
scikit-learn's own.
"""

import warnings
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome

_DEPTH = 4
"""Frames between these functions and ``fit``."""


def warn_of_warnings(texts: Iterable[tuple[str, str]]) -> None:
    """Give each distinct warning of the fits once, in its own class.

    Args:
        texts: Full name of the class, and the text.
    """
    for category, text in texts:
        warnings.warn(text, _category(category), stacklevel=_DEPTH)


def warn_of_unscored(trials: Sequence[TrialOutcome], error_score: Any) -> None:
    """Warn, once for each distinct error, of scores that could not be made."""
    traces = (
        trace for trial in trials for fold in trial.folds if fold.failed_in != "fit" for trace in fold.traces
    )
    for trace in dict.fromkeys(traces):
        warnings.warn(
            "Scoring failed. The score on this train-test partition for these parameters will be set to "
            f"{error_score}. Details: \n{trace}",
            UserWarning,
            stacklevel=_DEPTH,
        )


def _category(full_name: str) -> type[Warning]:
    module, _, name = full_name.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError):
        # A class made inside a function, or in a worker only.
        return UserWarning
    return found if isinstance(found, type) and issubclass(found, Warning) else UserWarning
