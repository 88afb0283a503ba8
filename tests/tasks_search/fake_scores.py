"""Scores without fitting, for tests of strategies: a pure function of candidate and fold."""

import hashlib
from collections.abc import Callable, Sequence

from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.registry.space import candidate_key
from hyperparameter_tuning.tasks.evaluation import FoldResult, Request, Result, SearchStopped

METRIC = "accuracy"

ScoreOf = Callable[[Request, int], float | None]


def share(*parts: object) -> float:
    """A number in [0, 1) that depends on nothing but the parts."""
    digest = hashlib.sha256(repr(parts).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def by_candidate(request: Request, split: int) -> float:
    """Candidates differ much, folds a little."""
    key = candidate_key(request.params)
    return share(key) + 0.01 * share(key, split, request.resource)


class FakeEvaluate:
    """An `Evaluate` that keeps what it was asked; a score of None is a failed fold."""

    def __init__(self, context: SearchContext, score_of: ScoreOf = by_candidate) -> None:
        self._context = context
        self._score_of = score_of
        self.lists: list[list[Request]] = []

    def __call__(self, requests: Sequence[Request], *, on_start=None, on_unit=None, should_stop=None):
        self.lists.append(list(requests))
        results = []
        for request in requests:
            if on_start:
                on_start(request)
            splits = range(self._context.n_splits) if request.splits is None else request.splits
            folds = []
            for split in splits:
                folds.append(self._fold(request, split))
                if on_unit:
                    on_unit(request, folds[-1])
                if should_stop and should_stop():
                    raise SearchStopped([*results, Result(request, tuple(folds))])
            results.append(Result(request, tuple(folds)))
        return results

    def _fold(self, request: Request, split: int) -> FoldResult:
        score = self._score_of(request, split)
        if score is None:
            return FoldResult(split, "failed", error="ValueError: no", failed_in="fit")
        return FoldResult(split, "complete", scores={METRIC: score})

    @property
    def requests(self) -> list[Request]:
        """Everything asked, in order."""
        return [request for requests in self.lists for request in requests]
