"""The limits of a search that are judged while it runs, and when each is reached.

``max_trials`` does not belong here: strategies keep it themselves.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hyperparameter_tuning.registry.search_context import SearchBudget
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.tasks.searchers.outcome import (
    Reason,
    SearchOutcome,
    TrialOutcome,
    is_better,
)


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When a search ends before its strategy does; None is no limit of that kind.

    Attributes:
        max_seconds: Wall time; units in work are finished in process and ended in a pool.
        max_failed_trials: That many failed candidates are an error.
        target_score: In the scorer's sign; a complete candidate on all rows that reaches it ends the search.
        no_improvement_trials: So many complete candidates in a row without a better one end the search.
        stop: Asked between units; True is the user's wish to stop.
    """

    max_seconds: float | None = None
    max_failed_trials: int | None = None
    target_score: float | None = None
    no_improvement_trials: int | None = None
    stop: Callable[[], bool] | None = None

    @classmethod
    def from_budget(
        cls, budget: SearchBudget, *, sign: int = 1, stop: Callable[[], bool] | None = None
    ) -> "SearchLimits":
        """Take the limits of a budget.

        Args:
            budget: From the configuration, its target in the metric's natural unit.
            sign: `MetricSpec.sign` of the metric.
            stop: See the class.
        """
        target = budget.target_score
        return cls(
            max_seconds=budget.max_seconds,
            max_failed_trials=budget.max_failed_trials,
            target_score=None if target is None else sign * target,
            no_improvement_trials=budget.no_improvement_trials,
            stop=stop,
        )


class TooManyFailuresError(UserError):
    """As many candidates failed as the budget allows.

    Attributes:
        outcome: What was finished until then.
    """

    default_code = "too_many_failed_trials"

    def __init__(self, outcome: SearchOutcome) -> None:
        failed = sum(trial.state == "failed" and trial.prefix_of is None for trial in outcome.trials)
        noun = "candidate" if failed == 1 else "candidates"
        super().__init__(
            f"{failed} {noun} of the search failed, which is the limit set; "
            f"most often: {outcome.most_frequent_error}"
        )
        self.outcome = outcome


@dataclass
class LimitWatch:
    """Judges limits over trials in the order in which they were asked for.

    Attributes:
        limits: The limits.
        metric: Key of the metric that decides.
        reached: Why the search must end; None while it may go on.
        too_many_failures: Whether it must end with an error.
        best: Best so far, of the trials judged.
    """

    limits: SearchLimits
    metric: str
    reached: Reason | None = None
    too_many_failures: bool = False
    best: TrialOutcome | None = None
    _failed: int = 0
    _without_better: int = 0
    _begin: float = field(default_factory=time.monotonic)

    def judge(self, trial: TrialOutcome) -> None:
        """Take one more finished trial into account."""
        is_drawn = trial.prefix_of is None
        if trial.state == "failed" and is_drawn:
            self._failed += 1
            allowed = self.limits.max_failed_trials
            self.too_many_failures |= allowed is not None and self._failed >= allowed
        if trial.state != "complete" or self.reached is not None:
            return
        if is_better(trial, self.best, self.metric):
            self.best, self._without_better = trial, -1
        # A draw comes after the prefixes of its fit, and is no step without a better one if one of them was.
        self._without_better += is_drawn
        self._judge_scores(trial)

    def must_stop(self) -> bool:
        """Say whether a limit is reached, asking the clock and the user too."""
        limits = self.limits
        if self.reached is None and limits.stop is not None and limits.stop():
            self.reached = "user"
        late = limits.max_seconds is not None and time.monotonic() - self._begin >= limits.max_seconds
        if self.reached is None and late:
            self.reached = "max_seconds"
        return self.reached is not None or self.too_many_failures

    def _judge_scores(self, trial: TrialOutcome) -> None:
        target, patience = self.limits.target_score, self.limits.no_improvement_trials
        # A rung of few rows may reach any target by chance.
        if target is not None and trial.level == 1.0 and trial.scores().get(self.metric, -math.inf) >= target:
            self.reached = "target_score"
        elif patience is not None and self._without_better >= patience:
            self.reached = "no_improvement"
