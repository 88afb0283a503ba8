"""Records what the search child reports: trials, folds, best, events, in one transaction.

How a score is made does not belong here, nor how the job ends (`jobs.finishing`). A restarted child tells
again what is stored already; that changes nothing and announces nothing twice.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hyperparameter_tuning.jobs import (
    events_repository,
    repository,
    tallies_repository,
    trials_repository,
)
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.events_repository import NewEvent
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.stored_text import storable
from hyperparameter_tuning.shared.errors import StaleTransitionError

Message = Mapping[str, Any]
MAX_ERROR = 2_000
FINISHED = frozenset({"complete", "failed", "pruned"})
_FINISHED_VALUES: dict[str, Any] = {"score": None, "std": None, "scores": {}, "error": None, "rung": None}
_UNIT_VALUES: dict[str, Any] = {"scores": {}, "fit_seconds": None, "score_seconds": None, "error": None}


@dataclass(slots=True)
class _Batch:
    """What one call of `record` will write.

    Attributes:
        job: As it was when the batch began; its ``updated_at`` is the time of the batch.
        trials: Stored rows by number, changed in place.
        changed: Numbers of the rows to save.
        folds: Unit rows by key.
        values: Columns of the job to set.
        events: In the order of the messages.
        n_units: New units.
        n_finished: Trials that came to an end.
    """

    job: JobRecord
    trials: dict[int, dict[str, Any]]
    changed: set[int] = field(default_factory=set)
    folds: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    events: list[NewEvent] = field(default_factory=list)
    n_units: int = 0
    n_finished: int = 0

    @property
    def now(self) -> datetime:
        return self.job.updated_at

    def announce(self, message: Message) -> None:
        self.events.append((message["type"], {key: item for key, item in message.items() if key != "type"}))


async def record(session: Session, job_id: str, token: str, messages: Sequence[Message]) -> None:
    """Store a batch of messages of the search child, in their order.

    One ``job.progress`` event stands for all units of the batch: events stay few however small units are.

    Args:
        session: An open write transaction; it need not be durable.
        job_id: The job.
        token: Its lease token.
        messages: As the child sent them; scores in the metric's natural unit.

    Raises:
        StaleTransitionError: *token* does not hold the job any more; nothing was written.
        ValueError: a message is of no known type, or is about a trial that was never started.
    """
    job = await repository.touch(session, job_id, token)
    if job is None:
        raise StaleTransitionError(f"Job {job_id} is no longer held by this worker.", job_id=job_id)
    numbers = {message["trial"] for message in messages if message.get("trial") is not None}
    batch = _Batch(job, await trials_repository.rows(session, job_id, numbers) if numbers else {})
    for message in messages:
        handle = _HANDLERS.get(message["type"])
        if handle is None:
            raise ValueError(f"The search sent a message of unknown type '{message['type']}'.")
        handle(batch, message)
    await _write(session, batch)


async def recorded_units(session: Session, job_id: str) -> list[dict[str, Any]]:
    """Return every stored unit with the parameters of its trial, for a search that starts again.

    Returns:
        Documents with ``trial, params, number_types, resource, repeat, fold, state, scores, fit_seconds,
        score_seconds, error``; scores in natural units, order stable.
    """
    trials = {trial.number: trial for trial in await trials_repository.trials(session, job_id)}
    return [
        {
            "trial": unit.trial,
            "params": dict(trials[unit.trial].params),
            "number_types": dict(trials[unit.trial].number_types),
            "resource": unit.resource,
            "repeat": unit.repeat,
            "fold": unit.fold,
            "state": unit.state,
            "scores": dict(unit.scores),
            "fit_seconds": unit.fit_seconds,
            "score_seconds": unit.score_seconds,
            "error": unit.error,
        }
        for unit in await trials_repository.folds(session, job_id)
    ]


async def _write(session: Session, batch: _Batch) -> None:
    job_id = batch.job.id
    await trials_repository.save(session, [batch.trials[number] for number in sorted(batch.changed)])
    await trials_repository.save_folds(session, list(batch.folds.values()))
    if batch.n_units:
        batch.values["n_units"] = batch.job.n_units + batch.n_units
        await tallies_repository.add(session, "units", batch.n_units)
    if batch.n_finished:
        counts = await trials_repository.counts(session, job_id)
        batch.values |= {f"n_{state}": counts.get(state, 0) for state in sorted(FINISHED)}
    if batch.n_units or batch.n_finished:
        batch.events.append(("job.progress", _progress(batch)))
    if batch.values:
        await repository.set_values(session, job_id, batch.values)
    if batch.events:
        await events_repository.append(session, job_id, batch.events)


def _progress(batch: _Batch) -> dict[str, Any]:
    def present(name: str) -> Any:
        return batch.values.get(name, getattr(batch.job, name))

    names = ("n_units", "n_complete", "n_failed", "n_pruned", "best_trial", "best_score")
    search = present("search")
    return {name: present(name) for name in names} | {
        "fits": search.get("fits"),
        "candidates": search.get("candidates"),
    }


def _search_started(batch: _Batch, message: Message) -> None:
    batch.values["search"] = {key: item for key, item in message.items() if key != "type"}
    batch.announce(message)


def _search_importances(batch: _Batch, message: Message) -> None:
    found = {key: item for key, item in message.items() if key != "type"}
    known = batch.values.get("search", batch.job.search)
    if known.get("importances") == found:
        return
    batch.values["search"] = {**known, "importances": found}
    batch.announce(message)


def _trial_started(batch: _Batch, message: Message) -> None:
    number, rung = message["trial"], message.get("rung")
    stored = batch.trials.get(number)
    if stored is not None and stored["state"] in FINISHED and _height(rung) <= _height(stored["rung"]):
        return
    if stored is None:
        stored = batch.trials[number] = {
            "job_id": batch.job.id,
            "number": number,
            "resource": None,
            "n_folds": 0,
            "score": None,
            "std": None,
            "scores": {},
            "error": None,
            "started_at": batch.now,
            "finished_at": None,
        }
    stored |= {
        "origin": message.get("origin", "search"),
        "state": "running",
        "params": dict(message["params"]),
        "number_types": dict(message.get("number_types") or {}),
        "targets": list(message.get("targets") or ()),
        "rung": rung,
    }
    batch.changed.add(number)
    batch.announce(message)


def _unit(batch: _Batch, message: Message) -> None:
    if message.get("how") == "recorded":
        return
    _started(batch, message)
    key = (message["trial"], float(message["resource"]), message["repeat"], message["fold"])
    row = _UNIT_VALUES | {name: message[name] for name in _UNIT_VALUES if message.get(name) is not None}
    row |= dict(zip(("trial", "resource", "repeat", "fold"), key, strict=True))
    row["error"] = _error(row["error"])
    row |= {"job_id": batch.job.id, "state": message["state"], "how": message.get("how", "fitted")}
    batch.n_units += key not in batch.folds
    batch.folds[key] = row


def _trial_finished(batch: _Batch, message: Message) -> None:
    stored = _started(batch, message)
    values = {name: message.get(name, default) for name, default in _FINISHED_VALUES.items()}
    values |= {
        "state": message["state"],
        "resource": message.get("resource"),
        "n_folds": message.get("n_folds", 0),
    }
    values["scores"] = dict(values["scores"] or {})
    values["error"] = _error(values["error"])
    if _height(values["rung"]) < _height(stored["rung"]):
        return
    if all(stored[name] == value for name, value in values.items()):
        return
    stored |= {**values, "finished_at": batch.now}
    batch.changed.add(message["trial"])
    batch.n_finished += 1
    batch.announce({**message, **_named(stored)})


def _best_updated(batch: _Batch, message: Message) -> None:
    known = (batch.job.best_trial, batch.job.best_score)
    if known == (message["trial"], message["score"]) and "best_trial" not in batch.values:
        return
    batch.values |= {
        "best_trial": message["trial"],
        "best_score": message["score"],
        "best_params": dict(message["params"]),
    }
    batch.announce({**message, **_named(_started(batch, message))})


def _search_finished(batch: _Batch, message: Message) -> None:
    batch.values["reason"] = message.get("reason")
    batch.announce(message)


def _failed(_batch: _Batch, _message: Message) -> None:
    """Leave it to `jobs.finishing.fail`, which the worker calls with the same words."""


def _started(batch: _Batch, message: Message) -> dict[str, Any]:
    stored = batch.trials.get(message["trial"])
    if stored is None:
        raise ValueError(f"The search reported on trial {message['trial']}, which it never started.")
    return stored


def _named(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a candidate as events tell it: JSON alone cannot tell a share of 1.0 from a count of 1."""
    return {name: stored[name] for name in ("params", "number_types")}


def _error(text: str | None) -> str | None:
    return None if text is None else storable(text, MAX_ERROR)


def _height(rung: int | None) -> float:
    """Order rungs; a score outside of them uses all rows and stands above."""
    return math.inf if rung is None else rung


_HANDLERS: dict[str, Callable[[_Batch, Message], None]] = {
    "search.started": _search_started,
    "search.importances": _search_importances,
    "trial.started": _trial_started,
    "unit": _unit,
    "trial.finished": _trial_finished,
    "best.updated": _best_updated,
    "rung.completed": _Batch.announce,
    "budget.warning": _Batch.announce,
    "log": _Batch.announce,
    "search.finished": _search_finished,
    "failed": _failed,
}
