"""Progress of a library search on standard output, in scikit-learn's lines, for ``verbose``.

Jobs do not use this: their progress goes through their own observer.
"""

from collections.abc import Mapping
from typing import Any

from joblib import logger

from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request
from hyperparameter_tuning.tasks.searchers.library_table import CellMaker
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver

_WIDTH = 80
_END, _SCORES, _START = 2, 3, 10
"""Least ``verbose`` for a line per fit, for its scores and its fold, and for a line when it begins."""


class PrintedProgress(SearchObserver):
    """Prints a line per fit and, where asked for, one when it begins.

    The fits of a candidate begin together: one fit may answer for several.

    Args:
        verbose: As in scikit-learn's searches.
        maker: Knows which scores stand for errors.
        n_candidates: Candidates of the round, at most.
        n_splits: Folds.
    """

    def __init__(self, verbose: int, maker: CellMaker, n_candidates: int, n_splits: int) -> None:
        self._verbose, self._maker = verbose, maker
        self._n_candidates, self._n_splits = n_candidates, n_splits

    def trial_started(self, request: Request) -> None:
        """Print that the fits of a candidate begin."""
        if self._verbose < _START:
            return
        for split in range(self._n_splits) if request.splits is None else request.splits:
            line = f"[CV{self._place(request, split)}] START {_told(request.params)}"
            print(line.ljust(_WIDTH, "."))

    def unit_finished(self, request: Request, fold: FoldResult) -> None:
        """Print the parameters, scores and time of one fit."""
        if self._verbose < _END:
            return
        seconds = logger.short_format_time(fold.fit_seconds + fold.score_seconds)
        params = _told(request.params)
        scores = self._scores(fold) if self._verbose >= _SCORES else ""
        result = f"{params}{';' if params else ''}{scores} total time={seconds}"
        begin = f"[CV{self._place(request, fold.split)}] END "
        print(begin + result.rjust(_WIDTH - len(begin), "."))

    def _place(self, request: Request, split: int) -> str:
        if self._verbose < _SCORES:
            return ""
        candidate = f"; {request.trial + 1}/{self._n_candidates}" if self._verbose >= _START else ""
        return f" {split + 1}/{self._n_splits}{candidate}"

    def _scores(self, fold: FoldResult) -> str:
        cell = self._maker.cell(fold)
        test, train = cell["test_scores"], cell.get("train_scores")
        if not isinstance(test, dict):
            return f", score={test:.3f}" if train is None else f", score=(train={train:.3f}, test={test:.3f})"
        told = []
        for name in sorted(test):
            of_train = f"train={train[name]:.3f}, " if train is not None else ""
            told.append(f" {name}: ({of_train}test={test[name]:.3f})")
        return "".join(told)


def _told(params: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={params[name]}" for name in sorted(params))
