"""Optuna as a strategy: asks in batches, tells what came out, gives hopeless candidates up fold by fold.

Samplers, pruners and distributions do not belong here; they are behind `tasks.optuna_support`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from hyperparameter_tuning.registry.free_prefixes import free_prefixes
from hyperparameter_tuning.registry.plans import plan_optuna
from hyperparameter_tuning.registry.racing import check_racing
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.evaluation.requests import Request, Result
from hyperparameter_tuning.tasks.optuna_support import Asked, AskTell, Key, Told
from hyperparameter_tuning.tasks.searchers.prefix_groups import Group, group_of
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.racing import Race, fold_rounds

_REPEATS = 20
"""Suggestions in a row that may repeat known candidates before an unseen one is taken instead."""


_RACING_WIDTH = 8
"""Suggestions in work where candidates race: so the search is the same on any machine."""


class OptunaProposer:
    """Asks an Optuna study for candidates and tells it their scores.

    As many candidates are in work as the context allows units; which ones depends on that number, since a
    study that is told less suggests something else. For equal numbers and seeds the search is the same.
    """

    def propose(self, context: SearchContext) -> Proposals:
        """Yield batches of candidates, whole or, with a pruner, fold by fold.

        A suggestion that repeats a known candidate is told that candidate's scores at once, and another
        one is asked for: the number of trials counts distinct candidates.

        Args:
            context: Its options are an `OptunaOptions`.
        """
        session = _Session(context, plan_optuna(context).candidates)
        width = _RACING_WIDTH if check_racing(context) else max(1, context.n_jobs)
        while live := session.filled(width):
            asked = [(trial, request) for trial in live for request in session.requests(trial)]
            results = yield [request for _, request in asked]
            told: dict[int, list[Result]] = {}
            for (trial, _), result in zip(asked, results, strict=True):
                told.setdefault(trial.number, []).append(result)
            for trial in live:
                session.take(trial, told[trial.number])


@dataclass
class _Trial:
    """A suggestion in work.

    Attributes:
        number: Of its first candidate.
        asked: The suggestion.
        scores: Of each candidate that has not failed, by number, the folds so far: the suggestion's own, and
            those of shorter fits that are read off its fit.
        reports: Folds of the best of them after each list of folds.
        twins: Later suggestions of the same.
        state: How it ended.
    """

    number: int
    asked: Asked
    group: Group
    scores: dict[int, list[float]]
    reports: list[list[float]] = field(default_factory=list)
    twins: list[Asked] = field(default_factory=list)
    state: Told | None = None

    @property
    def best(self) -> list[float]:
        """The folds of the best candidate so far: what a study is to find is the best length of each draw."""
        return max(self.scores.values(), key=_mean_or_worst, default=[])


class _Session:
    """The candidates of one search: distinct, numbered, in work or ended."""

    def __init__(self, context: SearchContext, limit: int | None) -> None:
        self._context = context
        self._limit = math.inf if limit is None else limit
        self._path = free_prefixes(context)
        space = context.space if self._path is None else self._path.rest
        self._study = AskTell(space, context.options, seed=context.seed, n_folds=context.n_splits)
        self._race = Race(context.n_splits) if check_racing(context) else None
        self._rounds = list(fold_rounds(context.n_splits))
        self._n_candidates = 0
        self._trials: dict[Key, _Trial] = {}
        self._live: list[_Trial] = []

    def filled(self, n: int) -> list[_Trial]:
        """Return the candidates in work, topped up to *n*."""
        while len(self._live) < n:
            trial = self._begin()
            if trial is None:
                break
            self._live.append(trial)
        return list(self._live)

    @property
    def _by_fold(self) -> bool:
        return self._study.prunes or self._race is not None

    def requests(self, trial: _Trial) -> list[Request]:
        """Ask for the next fold where candidates may be given up, for all of them otherwise."""
        splits: tuple[int, ...] | None = None
        if self._race is not None:
            splits = self._rounds[len(trial.reports)]
        elif self._study.prunes:
            splits = (len(trial.best),)
        return [replace(request, splits=splits) for request in trial.group if request.trial in trial.scores]

    def take(self, trial: _Trial, results: Sequence[Result]) -> None:
        """Take the scores of a suggestion in work, and end it when it is whole, failed or hopeless."""
        for result in results:
            scores = [fold.scores.get(self._context.metric, math.nan) for fold in result.folds]
            if result.state == "failed" or not all(map(math.isfinite, scores)):
                del trial.scores[result.request.trial]
            else:
                trial.scores[result.request.trial].extend(scores)
        if not trial.scores:
            self._end(trial, "failed")
            return
        trial.reports.append(list(trial.best))
        hopeless = self._by_fold and self._study.report(trial.asked, trial.best)
        if len(trial.best) >= self._context.n_splits:
            if self._race is not None:
                self._race.crown([trial.best])
            self._end(trial, "complete")
        elif (self._race is not None and self._race.is_hopeless(trial.best)) or hopeless:
            self._end(trial, "pruned")

    def _begin(self) -> _Trial | None:
        if len(self._trials) >= min(self._limit, self._study.size):
            return None
        for _ in range(_REPEATS):
            asked = self._study.ask()
            known = self._trials.get(asked.key)
            if known is None:
                return self._add(asked)
            if known.state is None:
                known.twins.append(asked)
            else:
                self._repeat(asked, known, known.state)
        if self._study.size == math.inf:
            return None
        return self._add(self._study.ask_unseen(self._trials))

    def _add(self, asked: Asked) -> _Trial:
        group = group_of(self._n_candidates, asked.params, self._path)
        scores: dict[int, list[float]] = {request.trial: [] for request in group}
        trial = self._trials[asked.key] = _Trial(self._n_candidates, asked, group, scores)
        self._n_candidates += len(group)
        return trial

    def _end(self, trial: _Trial, state: Told) -> None:
        trial.state = state
        self._live.remove(trial)
        self._study.tell(trial.asked, state, _mean(trial.best))
        for twin in trial.twins:
            self._repeat(twin, trial, state)

    def _repeat(self, asked: Asked, trial: _Trial, state: Told) -> None:
        """Tell a suggestion what its twin came to, fold by fold where rules compare folds."""
        if self._by_fold:
            for scores in trial.reports:
                self._study.report(asked, scores)
        self._study.tell(asked, state, _mean(trial.best))


def _mean(scores: list[float]) -> float | None:
    return sum(scores) / len(scores) if scores else None


def _mean_or_worst(scores: list[float]) -> float:
    return sum(scores) / len(scores) if scores else -math.inf
