"""The rounds of one library search: what scikit-learn's searches call ``evaluate_candidates``.

What becomes of the table does not belong here (`search_estimator`), nor who is in a round (`estimators`).
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
from joblib import effective_n_jobs
from sklearn.base import clone
from sklearn.callback._callback_context import CallbackContext
from sklearn.metrics._scorer import _BaseScorer, _PassthroughScorer
from sklearn.model_selection._validation import _insert_error_scores, _warn_or_raise_about_fit_failures
from sklearn.utils import Bunch
from sklearn.utils.validation import _num_samples

from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.evaluation.evaluator import Evaluator
from hyperparameter_tuning.tasks.evaluation.fold_rows import Split
from hyperparameter_tuning.tasks.evaluation.requests import Request, Result
from hyperparameter_tuning.tasks.evaluation.scoring import SINGLE_METRIC
from hyperparameter_tuning.tasks.evaluation.self_check import SelfCheck
from hyperparameter_tuning.tasks.evaluation.unit_callbacks import UnitCallbacks
from hyperparameter_tuning.tasks.searchers.candidates import Params
from hyperparameter_tuning.tasks.searchers.library_table import Cell, CellMaker, Origins, Table, origins
from hyperparameter_tuning.tasks.searchers.library_warnings import warn_of_unscored, warn_of_warnings
from hyperparameter_tuning.tasks.searchers.limits import SearchLimits
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome
from hyperparameter_tuning.tasks.searchers.prepared import PreparedCandidates
from hyperparameter_tuning.tasks.searchers.printed_progress import PrintedProgress
from hyperparameter_tuning.tasks.searchers.proposer import Proposer
from hyperparameter_tuning.tasks.searchers.search import run_search

NOTHING_FITTED = "No fits were performed. Was the CV iterator empty? Were there no candidates?"


class LibraryRounds:
    """Scores the candidates of one fit, round by round, and keeps what came of them.

    `close` it: rounds on the same folds share an evaluator, with what it keeps of folds and fits.

    Args:
        search: The search estimator.
        data: X and y.
        scorers: As ``_get_scorers`` answers them.
        routed: Who is told what of the arguments of ``fit``.

    Attributes:
        table: ``cv_results_`` so far.
        cells: What the table is made of, candidate by candidate and fold by fold.
        checks: Those of the path rules.
        context: What strategies are told.
    """

    def __init__(self, search: Any, data: tuple[Any, Any], scorers: Any, routed: Bunch) -> None:
        self._search, self._data, self._scorers, self._routed = search, data, scorers, routed
        self._maker = CellMaker(scorers, search.error_score, search.return_train_score)
        self._params: list[Params] = []
        self._more: dict[str, list[Any]] = {}
        self._origins: list[Origins] = []
        self._told: set[tuple[str, str]] = set()
        self._watched = _has_callbacks(search)
        self._evaluator: Evaluator | None = None
        self.table: Table = {}
        self.cells: list[Cell] = []
        self.checks = SelfCheck()
        self.context = SearchContext(
            space=(),
            options=None,
            n_samples=_num_samples(data[0]),
            n_splits=search.n_splits_,
            n_jobs=effective_n_jobs(search.n_jobs),
            metric=search.refit if isinstance(search.refit, str) and not _is_one(scorers) else SINGLE_METRIC,
        )

    @property
    def origins(self) -> Origins:
        """How each cell came about, shape (n_rows, n_splits).

        Raises:
            ValueError: there was no round.
        """
        if not self._origins:
            raise ValueError(NOTHING_FITTED)
        return np.vstack(self._origins)

    def __call__(
        self,
        candidate_params: Iterable[Params],
        cv: Any = None,
        more_results: Mapping[str, Sequence[Any]] | None = None,
        callback_ctx: CallbackContext | None = None,
    ) -> Table:
        """Score a list of candidates; the signature is scikit-learn's.

        Args:
            candidate_params: In the order of their rows.
            cv: Splitter of this round; None is that of the search.
            more_results: Further columns.
            callback_ctx: Task of the round.

        Returns:
            The table of all rounds so far.
        """
        candidates = list(candidate_params)
        trials = self.run(PreparedCandidates(candidates), self.context, len(candidates), cv, callback_ctx)
        for name, values in (more_results or {}).items():
            self._more.setdefault(name, []).extend(values)
        if more_results and self._search._watcher is not None:
            rung, rows = more_results["iter"][0], more_results["n_resources"][0]
            self._search._watcher.rung_completed(rung, rows, len(candidates))
        return self.keep(trials)

    def run(
        self,
        proposer: Proposer,
        context: SearchContext,
        most: int,
        cv: Any = None,
        callback_ctx: CallbackContext | None = None,
        limits: SearchLimits | None = None,
    ) -> list[TrialOutcome]:
        """Run one strategy to its end.

        Args:
            proposer: The strategy.
            context: What it is told.
            most: Number of its candidates, at most.
            cv: As in a call.
            callback_ctx: As in a call.
            limits: What ends it early.

        Raises:
            ValueError: the splitter contradicts itself, nothing was fitted, or every fit failed.
        """
        splits = self._splits(cv or self._search._checked_cv_orig)
        if self._search.verbose > 0:
            folds = len(splits)
            print(f"Fitting {folds} folds for each of {most} candidates, totalling {folds * most} fits")
        evaluator = self._evaluator_of(splits)
        scored = _Scored(self._search, evaluator, callback_ctx if self._watched else None)
        outcome = run_search(
            proposer, context, scored, observer=self._observer(most, len(splits)), limits=limits
        )
        self._warn_of(evaluator)
        trials = [trial for trial in outcome.trials if trial.state != "interrupted" and trial.folds]
        if not trials:
            raise ValueError(NOTHING_FITTED)
        return trials

    def keep(self, trials: Sequence[TrialOutcome], more: Mapping[str, Sequence[Any]] | None = None) -> Table:
        """Add the rows of a round to the table.

        Args:
            trials: Of the round.
            more: Further columns of a search of one round.

        Raises:
            ValueError: every fit of the round failed.
        """
        n_splits, error_score = self._search.n_splits_, self._search.error_score
        done = [self._maker.cell(fold) for trial in trials for fold in trial.folds]
        _warn_or_raise_about_fit_failures(done, error_score)
        warn_of_unscored(trials, error_score)
        cells = list(self._maker.cells(trials, n_splits))
        if callable(self._search.scoring):
            _insert_error_scores(cells, error_score)
        self._params.extend(trial.params for trial in trials)
        self.cells.extend(cells)
        self._origins.append(origins(trials, n_splits))
        with _pruned_are_expected(trials):
            self.table = self._search._format_results(
                self._params, n_splits, self.cells, self._more | dict(more or {})
            )
        return self.table

    def _splits(self, cv: Any) -> list[Split]:
        splits = list(cv.split(*self._data, **self._routed.splitter.split))
        if len(splits) != self._search.n_splits_:
            raise ValueError(
                "cv.split and cv.get_n_splits return inconsistent results. "
                f"Expected {self._search.n_splits_} splits, got {len(splits)}"
            )
        return splits

    def close(self) -> None:
        """Remove what processes share; the next search of this interpreter finds them warm."""
        if self._evaluator is not None:
            self._evaluator.close(shut_down_pool=False)

    def _evaluator_of(self, splits: Sequence[Split]) -> Evaluator:
        """Return the evaluator of the last round where that had the same folds, and a new one otherwise."""
        if self._evaluator is None or not _are_same(self._evaluator.splits, splits):
            self.close()
            self._evaluator = self._new_evaluator(splits)
        return self._evaluator

    def _new_evaluator(self, splits: Sequence[Split]) -> Evaluator:
        search = self._search
        return Evaluator(
            clone(search.estimator),
            *self._data,
            splits,
            self._scorers,
            n_jobs=search.n_jobs,
            on_error="raise" if search.error_score == "raise" else "record",
            keep_non_finite=True,
            return_train_score=search.return_train_score,
            fit_params=self._routed.estimator.fit,
            score_params=self._routed.scorer.score,
            # Rows are no parameter: a halving on them has other folds in each round.
            lengthened=getattr(search, "resource", None),
            checks=self.checks,
            pre_dispatch=getattr(search, "pre_dispatch", "2 * n_jobs"),
            # Callbacks look into each fit.
            shared_fits=not self._watched,
        )

    def _observer(self, most: int, n_splits: int) -> SearchObserver | None:
        search = self._search
        if search._watcher is not None or not search.verbose:
            watcher: SearchObserver | None = search._watcher
            return watcher
        return PrintedProgress(search.verbose, self._maker, most, n_splits)

    def _warn_of(self, evaluator: Evaluator) -> None:
        """Tell what the fits of a round warned of, as far as no earlier round told it."""
        texts = [text for text in evaluator.warning_texts() if text not in self._told]
        self._told.update(texts)
        warn_of_warnings(texts)


class _Scored:
    """The seam as the driver calls it, with tasks for callbacks where there are any."""

    def __init__(self, search: Any, evaluator: Evaluator, task: CallbackContext | None) -> None:
        self._search, self._evaluator, self._task = search, evaluator, task
        self._numbers = count()

    def __call__(self, requests: Sequence[Request], **listeners: Any) -> list[Result]:
        if self._task is not None:
            # Before any of them is worked on: the tree of tasks may be pickled then.
            requests = [self._with_callbacks(request, self._task) for request in requests]
        return self._evaluator.evaluate(requests, **listeners)

    def _with_callbacks(self, request: Request, task: CallbackContext) -> Request:
        splits = range(self._search.n_splits_) if request.splits is None else request.splits
        contexts = {
            split: task.subcontext(task_name="candidate-split-evaluation", task_id=next(self._numbers))
            for split in splits
        }
        told = {split: UnitCallbacks(self._search, context) for split, context in contexts.items()}
        return replace(request, callbacks=told)


def _has_callbacks(search: Any) -> bool:
    inner = search.estimator
    nested = inner.get_params(deep=True).values() if hasattr(inner, "get_params") else ()
    return any(getattr(estimator, "_skl_callbacks", None) for estimator in (search, inner, *nested))


def _are_same(some: Sequence[Split], others: Sequence[Split]) -> bool:
    return len(some) == len(others) and all(
        np.array_equal(one, other)
        for pair in zip(some, others, strict=True)
        for one, other in zip(*pair, strict=True)
    )


def _is_one(scorers: Any) -> bool:
    """Say whether there is one metric for sure; a callable of the user's own may answer several."""
    return isinstance(scorers, _BaseScorer | _PassthroughScorer)


@contextmanager
def _pruned_are_expected(trials: Sequence[TrialOutcome]) -> Iterator[None]:
    """Let nobody be warned that a pruned candidate has no mean, unless another has none either."""
    others = [fold for trial in trials if trial.state != "pruned" for fold in trial.folds]
    as_expected = any(trial.state == "pruned" for trial in trials) and all(
        fold.scores and np.isfinite(list(fold.scores.values())).all() for fold in others
    )
    with warnings.catch_warnings():
        if as_expected:
            warnings.filterwarnings("ignore", "One or more of the (test|train) scores are non-finite")
        yield
