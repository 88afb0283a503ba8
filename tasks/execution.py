"""One search and one refit, from a task and its rows: no database, no queue, no process of its own.

What a strategy proposes is in `tasks.searchers`, how a candidate is scored in `tasks.evaluation`; whoever
calls this decides what becomes of the messages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from hyperparameter_tuning.registry.planning import context_of_task, work_of_task
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.tasks.evaluation.evaluator import Evaluator
from hyperparameter_tuning.tasks.evaluation.requests import Request
from hyperparameter_tuning.tasks.evaluation.self_check import PathCheck
from hyperparameter_tuning.tasks.importances import importances_message
from hyperparameter_tuning.tasks.job_model import (
    PARAM_PREFIX,
    ScoringRows,
    make_estimator,
    scorers_of,
    scoring_rows,
)
from hyperparameter_tuning.tasks.recorded_units import (
    RecordedUnit,
    known_folds,
    recorded_trials,
    stored_candidates,
)
from hyperparameter_tuning.tasks.reference_trials import reference_messages, score_alone, score_references
from hyperparameter_tuning.tasks.refit import Refitted, refit
from hyperparameter_tuning.tasks.searchers.limits import SearchLimits
from hyperparameter_tuning.tasks.searchers.outcome import Reason, SearchOutcome
from hyperparameter_tuning.tasks.searchers.proposer import load_proposer
from hyperparameter_tuning.tasks.searchers.search import run_search
from hyperparameter_tuning.tasks.trial_messages import Emit, Standing, Standings, TrialMessages
from hyperparameter_tuning.tasks.trial_numbers import TrialNumbers

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.plain_form import PlainForm
    from hyperparameter_tuning.tasks.data_bundle import TrainingDataBundle

__all__ = ["Refitted", "SearchFailedError", "SearchReport", "execute_search", "refit"]

_WARNINGS_TOLD = 20


class SearchFailedError(UserError):
    """Nothing came of the search that could be kept."""

    default_code = "all_trials_failed"


@dataclass(frozen=True, slots=True)
class SearchReport:
    """What a search came to.

    Attributes:
        reason: Why it ended.
        winner: The best complete trial on all rows, reference trials included; None only after a stop.
        warnings: Sentences about the fits, each with the number of units that it is about.
        path_checks: What became of the check of each path rule that was used.
    """

    reason: Reason
    winner: Standing | None
    warnings: tuple[str, ...] = ()
    path_checks: tuple[PathCheck, ...] = ()


def execute_search(  # noqa: PLR0913 - one for each thing that a search is told
    task: TuningTask,
    bundle: TrainingDataBundle,
    plain: PlainForm,
    *,
    emit: Emit,
    should_stop: Callable[[], bool],
    recorded: Sequence[RecordedUnit] = (),
    elapsed: float = 0.0,
) -> SearchReport:
    """Search, and tell of everything by messages.

    The reference trials come first, then the strategy; the best of a halving whose last round used only a
    part of the rows is scored once more on all of them, so that it may be compared.

    Args:
        task: What to tune; its ``n_jobs`` is how many units are worked on at once.
        bundle: Training and validation rows.
        plain: Its steps are the path.
        emit: Takes each message, in natural units and with the numbers of the store.
        should_stop: Asked between units.
        recorded: Units that are stored already; they are not scored again.
        elapsed: Seconds that count as used already.

    Raises:
        SearchFailedError: no candidate of the strategy is complete, though nobody stopped it.
        TooManyFailuresError: more candidates failed than the budget allows.
        TrialFailedError: one failed, and the task fails with it.
        DataError: the rows cannot be divided into the folds asked for.
        UserError: the space or the options do not allow this search.
    """
    search = _Search(task, plain, scoring_rows(task, bundle), emit, should_stop, tuple(recorded))
    search.begin -= elapsed
    evaluator = search.evaluator(bundle)
    with closing(evaluator):
        search.announce()
        try:
            search.score_references(evaluator)
            outcome = search.run(evaluator)
            search.confirm(outcome, evaluator)
        finally:
            # What a search that fails has scored tells as much.
            emit(importances_message(task.space, search.standings.searched))
        warnings, checks = _warnings(evaluator), evaluator.path_checks()
    search.check(outcome)
    report = SearchReport(outcome.reason, search.standings.best, warnings, checks)
    search.tell_end(report, outcome)
    return report


@dataclass
class _Search:
    """One run of `execute_search`: its steps share what is known of the trials."""

    task: TuningTask
    plain: PlainForm
    rows: ScoringRows
    emit: Emit
    should_stop: Callable[[], bool]
    recorded: tuple[RecordedUnit, ...]
    standings: Standings = field(default_factory=Standings)
    begin: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        task = self.task
        rows, splits = self.rows.n_samples, len(self.rows.splits)
        self.context = context_of_task(task, rows=rows, splits=splits, n_jobs=task.n_jobs or 1)
        self.work = work_of_task(task, rows=rows, splits=splits)
        self.references = reference_messages(task, self.plain, self.emit, self.standings)
        n_references = len(task.reference_candidates)
        self.messages = TrialMessages(
            task=task,
            emit=self.emit,
            standings=self.standings,
            numbers=TrialNumbers(n_references, stored_candidates(task, self.recorded)),
        )

    def evaluator(self, bundle: TrainingDataBundle) -> Evaluator:
        """Make the evaluator of references and strategy alike; it knows the recorded units."""
        task, full_is_drawn = self.task, bool(self.work.rungs) and not self.work.confirmed
        known = known_folds(task, self.recorded, of_search=True, full_is_drawn=full_is_drawn)
        return Evaluator(
            make_estimator(task, bundle, self.plain, task.fixed),
            self.rows.X,
            self.rows.y,
            self.rows.splits,
            scorers_of(task, bundle),
            param_prefix=PARAM_PREFIX,
            n_jobs=self.context.n_jobs,
            seed=task.seed,
            required_metrics=frozenset({task.metric.key}),
            recorded=known_folds(task, self.recorded, of_search=False) | known,
        )

    def announce(self) -> None:
        """Emit ``search.started``, and the best of what is recorded.

        ``candidates`` are the strategy's; ``trials`` are all that will be scored, the references included;
        ``rungs`` are the rounds of a halving with their share of the ``rows``.
        """
        self.emit(
            {
                "type": "search.started",
                "candidates": self.work.candidates,
                "trials": self.work.trials,
                "fits": self.work.fits,
                "splits": self.work.splits,
                "rows": self.rows.n_samples,
                "rungs": [
                    {**asdict(rung), "resource": rung.n_resources / self.rows.n_samples}
                    for rung in self.work.rungs
                ],
                "metric": self.task.metric.key,
                "direction": self.task.metric.direction,
            }
        )
        self.standings.restore(self.task, recorded_trials(self.task, self.recorded))
        best = self.standings.best
        if best is not None:
            self.emit(best.as_message(self.task.metric.key))

    def score_references(self, evaluator: Evaluator) -> None:
        """Score what the strategy never sees."""
        score_references(self.task, evaluator.evaluate, self.references, self._must_stop)

    def run(self, evaluator: Evaluator) -> SearchOutcome:
        """Run the strategy within what is left of the time."""
        budget, sign = self.task.budget, self.task.metric.sign
        limits = SearchLimits.from_budget(budget, sign=sign, stop=self.should_stop)
        if limits.max_seconds is not None:
            limits = replace(limits, max_seconds=limits.max_seconds - self._elapsed())
        proposer = load_proposer(self.task.strategy)
        return run_search(proposer, self.context, evaluator.evaluate, observer=self.messages, limits=limits)

    def confirm(self, outcome: SearchOutcome, evaluator: Evaluator) -> None:
        """Score the best of a halving on all rows, where its last round did not.

        A stop does not prevent it: without it there would be nothing of the search to keep.
        """
        best = outcome.best
        if best is not None and best.level < 1.0:
            score_alone([Request(best.trial, best.params)], evaluator.evaluate, self.messages)

    def check(self, outcome: SearchOutcome) -> None:
        """Refuse a search of which nothing can be kept.

        Raises:
            SearchFailedError: every candidate failed, or none was complete in time.
        """
        failed, tried = outcome.count("failed"), len(outcome.trials)
        if failed and not outcome.count("complete") and failed + outcome.count("interrupted") == tried:
            which = (
                "The only candidate failed:"
                if failed == 1
                else f"All {failed} candidates failed; most often:"
            )
            raise SearchFailedError(f"{which} {outcome.most_frequent_error}")
        if self.standings.best is None and outcome.reason != "user":
            message = (
                "The search ended before any candidate was complete. Allow more time or use fewer folds."
            )
            raise SearchFailedError(message, code="no_complete_trial")

    def tell_end(self, report: SearchReport, outcome: SearchOutcome) -> None:
        """Emit warnings and ``search.finished``."""
        for sentence in report.warnings:
            self.emit({"type": "log", "level": "warning", "message": sentence})
        if outcome.reason == "max_seconds":
            seconds = self.task.budget.max_seconds or 0.0
            message = f"The time limit of {seconds:g} s ended the search before the strategy was done."
            self.emit({"type": "budget.warning", "code": "max_seconds", "message": message})
        standings, winner = self.standings, report.winner
        self.emit(
            {
                "type": "search.finished",
                "reason": report.reason,
                "best": None if winner is None else winner.trial,
                "n_complete": standings.count("complete"),
                "n_failed": standings.count("failed"),
                "n_pruned": standings.count("pruned"),
            }
        )

    def _elapsed(self) -> float:
        return time.monotonic() - self.begin

    def _must_stop(self) -> bool:
        limit = self.task.budget.max_seconds
        return self.should_stop() or (limit is not None and self._elapsed() >= limit)


def _warnings(evaluator: Evaluator) -> tuple[str, ...]:
    counts = sorted(evaluator.warnings(), key=lambda count: -count.units)
    return tuple(
        f"{count.category} in {count.units} fits: {count.message}" for count in counts[:_WARNINGS_TOLD]
    )
