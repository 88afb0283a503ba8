"""The argument ``scoring`` of a search estimator: one metric, several, or a callable of the user's own.

Scoring itself does not belong here (`tasks.evaluation.scoring`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.metrics import check_scoring

from hyperparameter_tuning.tasks.evaluation.scoring import SINGLE_METRIC, Scorers
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome


@dataclass(frozen=True, slots=True)
class Scoring:
    """A resolved ``scoring``.

    Attributes:
        scorers: For the evaluator.
        public: For the attribute ``scorer_``.
        multimetric: Whether there are several names; None is not known before the callable was called.
    """

    scorers: Scorers
    public: Any
    multimetric: bool | None

    def metrics(self, trials: Sequence[TrialOutcome]) -> list[str]:
        """Return the names of the metrics, those of a callable from what it answered."""
        if isinstance(self.scorers, Mapping):
            return list(self.scorers)
        named = (fold.scores for trial in trials for fold in trial.folds if fold.scores)
        return list(next(named, {SINGLE_METRIC: 0.0}))


def resolve_scoring(estimator: Any, scoring: Any) -> Scoring:
    """Resolve ``scoring`` as scikit-learn does.

    Args:
        estimator: Unfitted; its own ``score`` is used where *scoring* is None.
        scoring: Name, callable, None, or several: a list of names or a mapping of names to callables.

    Raises:
        ValueError: *scoring* is none of these.
        TypeError: *scoring* is None and the estimator cannot score itself.
    """
    if callable(scoring):
        return Scoring(scoring, scoring, None)
    if scoring is None or isinstance(scoring, str):
        scorer = check_scoring(estimator, scoring=scoring)
        return Scoring({SINGLE_METRIC: scorer}, scorer, False)
    check_scoring(estimator, scoring=scoring)
    named = scoring if isinstance(scoring, Mapping) else {name: name for name in scoring}
    scorers = {name: check_scoring(estimator, scoring=item) for name, item in named.items()}
    return Scoring(scorers, scorers, True)


def check_refit(refit: Any, metrics: Sequence[str]) -> None:
    """Refuse a ``refit`` that does not say which of several metrics decides.

    Raises:
        ValueError: see above.
    """
    if refit is False or callable(refit) or (isinstance(refit, str) and refit in metrics):
        return
    raise ValueError(
        f"There are several metrics: set refit to one of {', '.join(metrics)}, to a callable that chooses "
        f"from cv_results_, or to False. It is {refit!r}."
    )
