"""Who is told of a search while it runs.

Messages, logs and databases do not belong here; observers make them.
"""

from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome


class SearchObserver:
    """Does nothing; override what you want to hear. All calls come from the thread of the search."""

    def trial_started(self, request: Request) -> None:
        """A candidate is worked on for the first time at this resource."""

    def unit_finished(self, request: Request, fold: FoldResult) -> None:
        """One candidate was scored on one fold, or that failed."""

    def trial_finished(self, trial: TrialOutcome) -> None:
        """A candidate is complete, failed, or given up at this resource."""

    def best_updated(self, trial: TrialOutcome) -> None:
        """A complete candidate took the place of the best so far."""

    def rung_completed(self, rung: int, n_resources: int, n_candidates: int) -> None:
        """A round of a halving is over; *n_resources* counts rows."""
