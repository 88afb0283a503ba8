"""Results of a library search as scikit-learn keeps them: one cell per candidate and fold.

The table of them is scikit-learn's own (``BaseSearchCV._format_results``); choosing its best row does not
belong here (`search_estimator`).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from sklearn.metrics._scorer import _MultimetricScorer

from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, How
from hyperparameter_tuning.tasks.evaluation.scoring import SINGLE_METRIC
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome

Table = dict[str, Any]
Cell = dict[str, Any]
Origins = np.ndarray[Any, np.dtype[np.str_]]


@dataclass(frozen=True, slots=True)
class CellMaker:
    """Makes cells of folds.

    Attributes:
        scorers: Of the search: a scorer, several in one, or a callable of the user's own.
        error_score: Stands for the score of a fold that failed.
        with_train: Whether training scores are kept too.
    """

    scorers: Any
    error_score: Any
    with_train: bool

    def cell(self, fold: FoldResult) -> Cell:
        """Return one fold as ``sklearn.model_selection`` would have told of it."""
        cell = {
            "fit_error": fold.traces[0] if fold.failed_in == "fit" else None,
            "fit_time": fold.fit_seconds,
            "score_time": fold.score_seconds,
            "test_scores": self._scores(fold.scores, self.error_score),
        }
        if self.with_train:
            cell["train_scores"] = self._scores(fold.train_scores, self.error_score)
        return cell

    def cells(self, trials: Sequence[TrialOutcome], n_splits: int) -> Iterator[Cell]:
        """Yield the cells of each candidate, fold by fold; a fold that was left out is NaN throughout."""
        left_out = None
        for trial in trials:
            by_split = {fold.split: fold for fold in trial.folds}
            for split in range(n_splits):
                if split in by_split:
                    yield self.cell(by_split[split])
                else:
                    left_out = left_out or self._left_out(trials)
                    yield left_out

    def _left_out(self, trials: Sequence[TrialOutcome]) -> Cell:
        scored = (fold.scores for trial in trials for fold in trial.folds if fold.scores)
        scores = self._scores(dict.fromkeys(next(scored, {}), math.nan), math.nan)
        times = {"fit_time": math.nan, "score_time": math.nan}
        return {"fit_error": None, **times, "test_scores": scores, "train_scores": scores}

    def _scores(self, scores: Mapping[str, float], missing: Any) -> Any:
        if isinstance(self.scorers, _MultimetricScorer):
            return {name: scores.get(name, missing) for name in self.scorers._scorers}
        if not scores or list(scores) == [SINGLE_METRIC]:
            return scores.get(SINGLE_METRIC, missing)
        return dict(scores)


def origins(trials: Sequence[TrialOutcome], n_splits: int) -> Origins:
    """Return how each cell came about, shape (n_trials, n_splits); an empty text where there is none."""
    found = np.full((len(trials), n_splits), "", dtype=f"U{max(map(len, get_args(How)))}")
    for row, trial in enumerate(trials):
        for fold in trial.folds:
            found[row, fold.split] = fold.how
    return found
