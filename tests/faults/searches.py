"""Searches that last some seconds, one per strategy, and what no fault may change of them."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hyperparameter_tuning.jobs.status import TERMINAL_EVENTS, JobState
from hyperparameter_tuning.tasks.process_groups import groups_folder
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack
from tests.faults.incidents import Incident, note
from tests.faults.installation import Installation, Process, Running

DATASET = {"source": "sample", "name": "breast_cancer", "target": "target"}
MODEL = "random_forest_classifier"
FOLDS = {"kind": "k_fold", "folds": 3}
# No two candidates share a fit: they end one by one.
_DRAWN = [
    {"kind": "int", "name": "n_estimators", "low": 5, "high": 25},
    {"kind": "float", "name": "max_samples", "low": 0.5, "high": 1.0},
]
_LISTED = [
    {"kind": "int", "name": "min_samples_leaf", "low": 1, "high": 3},
    {"kind": "float", "name": "max_samples", "low": 0.5, "high": 1.0, "grid_points": 6},
]
UNITS = 12
"""After how many scored folds a fault comes, where it does not come at a random moment."""
RESUMED_WITHIN_SECONDS = 40
FEW_TREES = [{"name": "n_estimators", "value": 15}]
SEARCHES: dict[str, dict[str, Any]] = {
    "grid": {"search_space": _LISTED, "fixed_params": FEW_TREES},
    "random": {"search_space": _DRAWN, "budget": {"max_trials": 16}},
    "halving": {"search_space": _LISTED, "fixed_params": FEW_TREES},
    "optuna": {"search_space": _DRAWN, "budget": {"max_trials": 16}},
}
DETERMINISTIC = frozenset({"grid", "random", "halving"})
ENDLESS = {"search_space": _DRAWN, "budget": {"max_trials": 5000, "max_seconds": 600}}


def submit(
    stack: Stack, strategy: str = "random", *, dataset: dict[str, Any] | None = None, **config: Any
) -> str:
    """Press Run on a new pipeline; returns the job's id."""
    whole = {"strategy": {"name": strategy}, "cross_validation": FOLDS, **(config or SEARCHES[strategy])}
    pipeline = stack.create_pipeline(tuning_graph(dataset or DATASET, MODEL, config=whole))
    return str(stack.submit(pipeline_id=pipeline, node_id="tune")["id"])


def submit_small(stack: Stack) -> str:
    """Press Run on a search that takes a moment."""
    data = {"source": "sample", "name": "diabetes", "target": "target"}
    graph = tuning_graph(data, "ridge_regression", config={"budget": {"max_trials": 1}})
    return str(stack.submit(pipeline_id=stack.create_pipeline(graph), node_id="tune")["id"])


@dataclass(frozen=True)
class Result:
    """What a search comes to, without times.

    Attributes:
        seconds: From submit to end.
        units: Scores by unit.
        trials: Parameters, state and score by number.
        best: Number, score and parameters of the chosen one.
    """

    seconds: float
    units: dict[tuple[Any, ...], Any]
    trials: dict[int, Any]
    best: tuple[Any, ...]


def result(installation: Installation, stack: Stack, job_id: str) -> Result:
    """Return what a succeeded job came to."""
    job = installation.job(job_id)
    assert job.state is JobState.SUCCEEDED, (job.state, job.error_message)
    assert job.finished_at is not None
    items = stack.get(f"/hyperparameter-tuning-jobs/{job_id}/trials?limit=500")["items"]
    kept = ("origin", "state", "params", "number_types", "score", "std", "resource", "rung")
    return Result(
        (job.finished_at - job.created_at).total_seconds(),
        {key: (unit["params"], unit["scores"]) for key, unit in installation.units(job_id).items()},
        {trial["number"]: [trial[name] for name in kept] for trial in items},
        (job.best_trial, job.best_score, job.best_params, job.artifact_size),
    )


@dataclass
class Undisturbed:
    """Searches without any fault: each is run once, for a database or a broker changes nothing of it."""

    known: dict[str, Result] = field(default_factory=dict)

    def __call__(self, installation: Installation, stack: Stack, strategy: str = "random") -> Result:
        """Return what the strategy's search comes to; no other worker may run meanwhile."""
        if strategy not in self.known:
            with installation.worker():
                job_id = submit(stack, strategy)
                installation.until_ended(job_id)
            self.known[strategy] = result(installation, stack, job_id)
        return self.known[strategy]


def until_units(installation: Installation, job_id: str, count: int) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Wait until so many units are recorded; returns them."""
    installation.until(job_id, lambda job: job.n_units >= count or job.is_terminal)
    return installation.units(job_id)


def check_told_once(installation: Installation, job_id: str) -> None:
    """Events have no gap, and exactly one of them is an end."""
    told = installation.events(job_id)
    assert [event.seq for event in told] == list(range(1, len(told) + 1))
    assert sum(event.type in TERMINAL_EVENTS for event in told) == 1
    assert told[-1].type in TERMINAL_EVENTS or told[-1].type.startswith("writeback.")


def check_kept(
    installation: Installation, job_id: str, before: dict[tuple[Any, ...], dict[str, Any]]
) -> None:
    """What was recorded before the fault is there as it was, its measured times too: not fitted again."""
    after = installation.units(job_id)
    assert {key: after.get(key) for key in before} == before


def check_same(found: Result, whole: Result, strategy: str) -> None:
    """A deterministic search ends bit-identical; another one has as many trials, each once."""
    if strategy in DETERMINISTIC:
        assert set(found.units) ^ set(whole.units) == set()
        assert found.units == whole.units
        assert found.trials == whole.trials
        assert found.best == whole.best
    else:
        assert sorted(found.trials) == sorted(whole.trials)


def recovery_seconds(installation: Installation, job_id: str, since: float) -> float:
    """Seconds from a fault, in wall time, to the next start of the job."""
    starts = [
        event.created_at.timestamp() for event in installation.events(job_id) if event.type == "job.running"
    ]
    return min((start for start in starts if start > since), default=time.time()) - since


def check_goes_on(
    running: Running, whole: Undisturbed, strategy: str, job_id: str, fault: str, hit: float
) -> None:
    """The job succeeds as if nothing had been."""
    made = running.installation
    ended = made.until_ended(job_id)
    assert ended.attempts <= 3
    found = result(made, running.stack, job_id)
    check_same(found, whole(made, running.stack, strategy), strategy)
    check_told_once(made, job_id)
    seconds = recovery_seconds(made, job_id, hit)
    assert ended.attempts == 1 or seconds < RESUMED_WITHIN_SECONDS
    recovered = (round(seconds, 2),) if ended.attempts > 1 else ()
    note(Incident(fault, made.name, made.clock, recovery_seconds=recovered))


def groups_of(made: Installation, worker: Process) -> list[int]:
    """Numbers of the process groups of a worker's searches; what a dead worker left is not meant."""
    found = []
    for path in groups_folder(made.settings).glob("*.json"):
        with suppress(FileNotFoundError):
            record = json.loads(path.read_text())
            if record["worker_pid"] == worker.pid:
                found.append(record["pgid"])
    return found
