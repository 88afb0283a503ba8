"""Progress of a library search on standard output, for ``verbose``.

Jobs do not use this: their progress goes through their own observer.
"""

from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome


class PrintedProgress(SearchObserver):
    """Prints one line per candidate, and with more verbosity one per fold.

    Args:
        verbose: 1 for candidates and rounds, 2 or more for folds too.
    """

    def __init__(self, verbose: int) -> None:
        self._verbose = verbose

    def unit_finished(self, request: Request, fold: FoldResult) -> None:
        """Print the scores of one fold."""
        if self._verbose > 1:
            seconds = fold.fit_seconds + fold.score_seconds
            told = fold.error or _told(dict(fold.scores))
            print(f"candidate {request.trial} fold {fold.split}: {told} ({seconds:.2f} s)")

    def trial_finished(self, trial: TrialOutcome) -> None:
        """Print the mean scores of one candidate."""
        told = trial.error or _told(trial.scores())
        params = ", ".join(f"{name}={value}" for name, value in sorted(trial.params.items()))
        print(f"candidate {trial.trial} {trial.state}: {told} [{params}]")

    def rung_completed(self, rung: int, n_resources: int, n_candidates: int) -> None:
        """Print the size of a finished round."""
        print(f"round {rung}: {n_candidates} candidates on {n_resources} rows")


def _told(scores: dict[str, float]) -> str:
    return ", ".join(f"{name}={score:.4f}" for name, score in scores.items())
