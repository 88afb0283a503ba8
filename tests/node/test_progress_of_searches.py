"""How far a search is, held against real searches of every strategy."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.node.job_documents import Progress
from hyperparameter_tuning.node.job_views import progress_of
from hyperparameter_tuning.registry.planning import work_of_task
from hyperparameter_tuning.registry.row_counts import number_of_splits
from hyperparameter_tuning.registry.task import TuningTask
from tests.jobs import factories
from tests.node.conftest import Store
from tests.tasks_worker import tasks_made as made
from tests.tasks_worker.searches import Messages, search

ROWS = [{"kind": "int", "name": "max_depth", "low": 1, "high": 6}]
MODEL = made.plain(params={"max_depth": 2})

# name: strategy, max_trials, candidates that the strategy proposes
SEARCHES: dict[str, tuple[dict[str, Any], int | None, int]] = {
    "grid": ({"name": "grid"}, None, 6),
    "random": ({"name": "random"}, 5, 5),
    "halving": ({"name": "halving"}, None, 6),
    "halving on a part of the rows": ({"name": "halving", "min_resources": "smallest"}, None, 6),
    "halving_random": ({"name": "halving_random"}, 5, 5),
    "optuna": ({"name": "optuna"}, 5, 5),
}
REFERENCES = 2  # what the model node holds, and the library's defaults


def a_task(strategy: dict[str, Any], max_trials: int | None, **budget: Any) -> TuningTask:
    limits = {"max_trials": max_trials, "max_seconds": 120, **budget}
    return made.task(MODEL, strategy=strategy, search_space=ROWS, budget=limits)


def planned_trials(task: TuningTask) -> int | None:
    """What a job is told at submit."""
    splits = number_of_splits(task.cross_validation)
    return work_of_task(task, rows=made.summary().rows, splits=splits).trials


def told(store: Store, said: Messages, n_planned: int | None) -> list[Progress]:
    """What is seen while the messages of a search are recorded, some at a time."""

    async def work(db: Any) -> list[Progress]:
        job = await factories.claimed(db, n_planned=n_planned)
        seen = []
        for start in range(0, len(said), 6):
            await factories.told(db, job, *said[start : start + 6])
            now = await db.run(lambda session: service.get(session, job.id), write=False)
            seen.append(progress_of(now, datetime.now(UTC)))
        return seen

    found: list[Progress] = store(work)
    return found


class TestProgress:
    @pytest.mark.parametrize("name", SEARCHES)
    def test_done_ends_at_what_was_planned_from_the_start(self, store: Store, name: str) -> None:
        strategy, max_trials, candidates = SEARCHES[name]
        task = a_task(strategy, max_trials)
        planned = planned_trials(task)
        assert planned == candidates + REFERENCES
        seen = told(store, search(task, form=MODEL)[1], planned)
        assert {look.planned for look in seen} == {planned}
        assert (seen[-1].done, seen[-1].units_done) == (planned, seen[-1].units_planned)
        assert seen[-1].fraction == 1.0
        assert all(before.fraction <= after.fraction for before, after in pairwise(seen))  # type: ignore[operator]
        assert all((look.eta_seconds is None) == (look.units_done == 0) for look in seen)
        assert max(look.eta_seconds or 0 for look in seen) <= 120

    def test_a_halving_that_draws_as_many_as_the_rows_allow_is_known_once_they_are_counted(
        self, store: Store
    ) -> None:
        strategy = {"name": "halving_random", "min_resources": "smallest"}
        task = a_task(strategy, None)
        seen = told(store, search(task, form=MODEL)[1], planned_trials(task))
        assert (seen[-1].done, seen[-1].fraction) == (seen[-1].planned, 1.0)
