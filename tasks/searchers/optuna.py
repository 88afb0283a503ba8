"""Optuna as a strategy: asks in batches, tells what came out, gives hopeless candidates up fold by fold.

Samplers, pruners and distributions do not belong here; they are behind `tasks.optuna_support`.
"""

import math
from dataclasses import dataclass, field

from hyperparameter_tuning.registry.plans import plan_optuna
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.evaluation.requests import Request, Result
from hyperparameter_tuning.tasks.optuna_support import Asked, AskTell, Key, Told
from hyperparameter_tuning.tasks.searchers.proposer import Proposals

_REPEATS = 20
"""Suggestions in a row that may repeat known candidates before an unseen one is taken instead."""


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
        while live := session.filled(max(1, context.n_jobs)):
            results = yield [session.request(trial) for trial in live]
            for trial, result in zip(live, results, strict=True):
                session.take(trial, result)


@dataclass
class _Trial:
    """A candidate in work; twins are later suggestions of the same."""

    number: int
    asked: Asked
    scores: list[float] = field(default_factory=list)
    twins: list[Asked] = field(default_factory=list)
    state: Told | None = None


class _Session:
    """The candidates of one search: distinct, numbered, in work or ended."""

    def __init__(self, context: SearchContext, limit: int | None) -> None:
        self._context = context
        self._limit = math.inf if limit is None else limit
        self._study = AskTell(context.space, context.options, seed=context.seed, n_folds=context.n_splits)
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

    def request(self, trial: _Trial) -> Request:
        """Ask for the next fold where candidates may be given up, for all of them otherwise."""
        splits = (len(trial.scores),) if self._study.prunes else None
        return Request(trial.number, trial.asked.params, splits=splits)

    def take(self, trial: _Trial, result: Result) -> None:
        """Take the scores of a candidate in work, and end it when it is whole, failed or hopeless."""
        scores = [fold.scores.get(self._context.metric, math.nan) for fold in result.folds]
        if result.state == "failed" or not all(map(math.isfinite, scores)):
            self._end(trial, "failed")
            return
        trial.scores.extend(scores)
        hopeless = self._study.prunes and self._study.report(trial.asked, trial.scores)
        if len(trial.scores) >= self._context.n_splits:
            self._end(trial, "complete")
        elif hopeless:
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
        trial = self._trials[asked.key] = _Trial(len(self._trials), asked)
        return trial

    def _end(self, trial: _Trial, state: Told) -> None:
        trial.state = state
        self._live.remove(trial)
        self._study.tell(trial.asked, state, _mean(trial.scores))
        for twin in trial.twins:
            self._repeat(twin, trial, state)

    def _repeat(self, asked: Asked, trial: _Trial, state: Told) -> None:
        """Tell a suggestion what its twin came to, fold by fold where rules compare folds."""
        if self._study.prunes:
            for done in range(1, len(trial.scores) + 1):
                self._study.report(asked, trial.scores[:done])
        self._study.tell(asked, state, _mean(trial.scores))


def _mean(scores: list[float]) -> float | None:
    return sum(scores) / len(scores) if scores else None
