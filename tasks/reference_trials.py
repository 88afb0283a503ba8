"""Candidates scored outside the strategy: current parameters, the library's defaults, a halving's winner.

The strategy's own candidates do not belong here (`tasks.searchers.search`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.registry.space import candidate_key
from hyperparameter_tuning.tasks.evaluation.requests import Request, Result
from hyperparameter_tuning.tasks.evaluation.seam import Evaluate, SearchStopped
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome
from hyperparameter_tuning.tasks.trial_messages import Emit, Standings, TrialMessages
from hyperparameter_tuning.tasks.trial_numbers import TrialNumbers

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.plain_form import PlainForm


def reference_messages(task: TuningTask, plain: PlainForm, emit: Emit, standings: Standings) -> TrialMessages:
    """Return the observer of a task's reference trials, which have the first numbers in the store."""
    return TrialMessages(
        task=task,
        emit=emit,
        standings=standings,
        numbers=TrialNumbers(),
        targets=_targets(task, plain),
    )


def score_references(
    task: TuningTask, evaluate: Evaluate, messages: TrialMessages, should_stop: Callable[[], bool]
) -> None:
    """Score a task's reference candidates on all folds and all rows, as far as the search may go on."""
    candidates = task.reference_candidates
    requests = [Request(number, params) for number, (_, params) in enumerate(candidates)]
    score_alone(requests, evaluate, messages, should_stop)


def score_alone(
    requests: Sequence[Request],
    evaluate: Evaluate,
    messages: TrialMessages,
    should_stop: Callable[[], bool] | None = None,
) -> None:
    """Score candidates on all folds and tell of them; those that a stop leaves unfinished stay open."""
    results: Sequence[Result]
    try:
        results = evaluate(
            requests,
            on_start=messages.trial_started,
            on_unit=messages.unit_finished,
            should_stop=should_stop,
        )
    except SearchStopped as stop:
        results = stop.results
    n_folds = max((len(result.folds) for result in results), default=0)
    for result in results:
        if result.folds and len(result.folds) == n_folds:
            messages.trial_finished(_outcome(result))


def _outcome(result: Result) -> TrialOutcome:
    request = result.request
    return TrialOutcome(
        request.trial, request.params, result.state, request.resource, request.rung, result.folds
    )


def _targets(task: TuningTask, plain: PlainForm) -> dict[int, tuple[str, ...]]:
    """Return the model nodes that have each reference candidate now, by number."""
    numbers = {candidate_key(params): number for number, (_, params) in enumerate(task.reference_candidates)}
    current: list[dict[str, Any]] = [task.baseline, *task.other_baselines]
    found: dict[int, list[str]] = {}
    for target, params in zip(plain.targets, current, strict=False):
        found.setdefault(numbers[candidate_key(params)], []).append(target.node_id)
    return {number: tuple(node_ids) for number, node_ids in found.items()}
