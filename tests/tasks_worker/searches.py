"""Runs one search in process, and reads what it said."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from hyperparameter_tuning.registry.task import TuningTask
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.tasks.data_bundle import TrainingDataBundle
from hyperparameter_tuning.tasks.execution import SearchReport, execute_search
from tests.tasks_worker import tasks_made as made

Messages = list[dict[str, Any]]


def search(
    task: TuningTask,
    bundle: TrainingDataBundle | None = None,
    form: PlainForm | None = None,
    *,
    stop: Callable[[Messages], bool] = lambda _: False,
    recorded: Sequence[dict[str, Any]] = (),
) -> tuple[SearchReport, Messages]:
    said: Messages = []
    report = execute_search(
        task,
        bundle or made.bundle(),
        form or made.plain(),
        emit=lambda message: said.append(json.loads(json.dumps(message, allow_nan=False))),
        should_stop=lambda: stop(said),
        recorded=recorded,
    )
    return report, said


def of(said: Messages, kind: str) -> Messages:
    return [message for message in said if message["type"] == kind]


def as_recorded(said: Messages) -> list[dict[str, Any]]:
    """Return what the store would give back of these messages."""
    params = {message["trial"]: message for message in of(said, "trial.started")}
    return [
        {
            **unit,
            "params": params[unit["trial"]]["params"],
            "number_types": params[unit["trial"]]["number_types"],
        }
        for unit in of(said, "unit")
    ]


def without_times(messages: Messages) -> Messages:
    return [{key: value for key, value in item.items() if not key.endswith("seconds")} for item in messages]


def failing_in_part(on_trial_error: str) -> tuple[TuningTask, TrainingDataBundle, PlainForm]:
    """Liblinear refuses an elastic net, saga takes it."""
    form = made.plain("logistic_regression")
    rows = [{"kind": "categorical", "name": "solver", "choices": ["liblinear", "saga"]}]
    task = made.task(
        form,
        search_space=rows,
        fixed_params=[{"name": "l1_ratio", "value": 0.5}],
        execution={"on_trial_error": on_trial_error},
    )
    return task, made.bundle(), form
