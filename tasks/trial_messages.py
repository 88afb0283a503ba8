"""Trials as messages: the numbers of the store, and scores in the metrics' natural units.

Scoring does not belong here, nor recording: a message is a plain JSON value for whoever keeps it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from hyperparameter_tuning.registry.values import number_types_of
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.splits import split_shape
from hyperparameter_tuning.tasks.searchers.observer import SearchObserver
from hyperparameter_tuning.tasks.trial_numbers import TrialNumbers

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.tasks.evaluation.requests import FoldResult, Request
    from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome

Origin = Literal["baseline", "defaults", "search"]
Emit = Callable[[Mapping[str, Any]], None]


class TrialFailedError(UserError):
    """A candidate failed in a job that was told to fail then."""

    default_code = "trial_failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """One complete trial on all rows, ready to be compared.

    Attributes:
        trial: Number in the store.
        origin: Where it came from.
        params: Typed hyperparameters; fixed ones are not repeated.
        scores: Mean per metric in natural units.
        std: Standard deviation of the deciding metric over the folds.
        value: Mean of the deciding metric, greater is better.
    """

    trial: int
    origin: Origin
    params: Mapping[str, Any]
    scores: Mapping[str, float]
    std: float
    value: float

    def as_message(self, metric: str) -> dict[str, Any]:
        """Return the message ``best.updated``; *metric* is the key of the deciding one."""
        params = dict(self.params)
        return {"type": "best.updated", "trial": self.trial, "score": self.scores[metric], "params": params}


@dataclass
class Standings:
    """The trials of one job that may be compared, and what became of all others.

    Attributes:
        complete: Complete trials on all rows, by number.
        best: The best of them; ties go to the smaller number.
        searched: Complete trials of the strategy by the share of the rows that they were scored on, and by
            number; only those of one share may be compared.
        states: Latest state of every trial, by number.
    """

    complete: dict[int, Standing] = field(default_factory=dict)
    searched: dict[float, dict[int, Standing]] = field(default_factory=dict)
    best: Standing | None = None
    states: dict[int, str] = field(default_factory=dict)

    def note(self, standing: Standing, level: float) -> None:
        """Take a complete trial as one of those that were scored on that share of the rows."""
        if standing.origin == "search":
            self.searched.setdefault(level, {})[standing.trial] = standing

    def add(self, standing: Standing) -> bool:
        """Take a complete trial; say whether it is the best now."""
        self.complete[standing.trial] = standing
        best = self.best
        if best is not None and (standing.value, -standing.trial) <= (best.value, -best.trial):
            return False
        self.best = standing
        return True

    def restore(self, task: TuningTask, trials: Iterable[TrialOutcome]) -> None:
        """Take complete trials that are stored already, numbered as stored."""
        for trial in trials:
            self.states[trial.trial] = trial.state
            standing = standing_of(task, trial, trial.trial)
            self.note(standing, trial.level)
            self.add(standing)

    def count(self, state: str) -> int:
        """Return how many trials are in *state*."""
        return sum(item == state for item in self.states.values())


@dataclass
class TrialMessages(SearchObserver):
    """Tells of trials by messages.

    Attributes:
        task: What is tuned.
        emit: Takes each message.
        standings: Shared by all observers of one job.
        numbers: Numbers of the trials in the store.
        targets: Model nodes whose current parameters a trial is, by number in the store.
    """

    task: TuningTask
    emit: Emit
    standings: Standings
    numbers: TrialNumbers
    targets: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def trial_started(self, request: Request) -> None:
        """Emit ``trial.started``."""
        number = self.numbers.of(request.trial, request.params)
        params = dict(request.params)
        message = {
            "type": "trial.started",
            "trial": number,
            "origin": origin_of(self.task, number),
            "params": params,
            "number_types": number_types_of(self.task.model, params),
            "targets": list(self.targets.get(number, ())),
        }
        self.emit(_with_rung(message, request.rung))

    def unit_finished(self, request: Request, fold: FoldResult) -> None:
        """Emit ``unit``, unless the store has it already."""
        if fold.how == "recorded":
            return
        _, folds = split_shape(self.task.cross_validation)
        self.emit(
            {
                "type": "unit",
                "trial": self.numbers.of(request.trial, request.params),
                "resource": 1.0 if request.resource is None else request.resource,
                "repeat": fold.split // folds,
                "fold": fold.split % folds,
                "state": fold.state,
                "scores": natural_scores(self.task, fold.scores),
                "fit_seconds": fold.fit_seconds,
                "score_seconds": fold.score_seconds,
                "error": fold.error,
                "how": fold.how,
            }
        )

    def trial_finished(self, trial: TrialOutcome) -> None:
        """Emit ``trial.finished``, and ``best.updated`` where it leads.

        Raises:
            TrialFailedError: it failed, and the job is to fail then.
        """
        number = self.numbers.of(trial.trial, trial.params)
        self.standings.states[number] = trial.state
        standing = standing_of(self.task, trial, number) if trial.state == "complete" else None
        message = {
            "type": "trial.finished",
            "trial": number,
            "state": trial.state,
            "resource": trial.level,
            "n_folds": len(trial.folds),
            "score": None if standing is None else standing.scores[self.task.metric.key],
            "std": None if standing is None else standing.std,
            "scores": {} if standing is None else dict(standing.scores),
            "error": trial.error,
        }
        self.emit(_with_rung(message, trial.rung))
        if standing is not None:
            self.standings.note(standing, trial.level)
        if standing is not None and trial.level == 1.0 and self.standings.add(standing):
            self.emit(standing.as_message(self.task.metric.key))
        if trial.state == "failed" and self.task.on_trial_error == "fail":
            raise TrialFailedError(f"Candidate {number} failed, and the job was to fail then: {trial.error}")

    def rung_completed(self, rung: int, n_resources: int, n_candidates: int) -> None:
        """Emit ``rung.completed``."""
        self.emit(
            {"type": "rung.completed", "rung": rung, "n_resources": n_resources, "candidates": n_candidates}
        )


def origin_of(task: TuningTask, number: int) -> Origin:
    """Return where the trial *number* of the store came from: reference trials have the first numbers."""
    references = task.reference_candidates
    return cast(Origin, references[number][0]) if number < len(references) else "search"


def standing_of(task: TuningTask, trial: TrialOutcome, number: int) -> Standing:
    """Return a complete trial as it is compared, under its *number* in the store."""
    scores, key = trial.scores(), task.metric.key
    return Standing(
        trial=number,
        origin=origin_of(task, number),
        params=trial.params,
        scores=natural_scores(task, scores),
        std=trial.stds()[key],
        value=scores[key],
    )


def natural_scores(task: TuningTask, scores: Mapping[str, float]) -> dict[str, float]:
    """Return finite scores in natural units; a metric that is undefined on some rows is left out."""
    signs = {metric.key: metric.sign for metric in (task.metric, *task.additional_metrics)}
    return {key: signs[key] * value for key, value in scores.items() if math.isfinite(value)}


def _with_rung(message: dict[str, Any], rung: int | None) -> dict[str, Any]:
    return message if rung is None else {**message, "rung": rung}
