"""What one job may use at most: time, memory, candidates; kept by the worker whatever the search does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from hyperparameter_tuning.jobs import events
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.host import load_host
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks import job_run
from hyperparameter_tuning.tasks.process_groups import groups_folder
from hyperparameter_tuning.tasks.workflow import run_job
from tests.tasks_worker import installation as here
from tests.tasks_worker import tasks_made as made

ENDLESS: dict[str, Any] = {"strategy": {"name": "random"}, "search_space": here.ENDLESS}


@asynccontextmanager
async def store(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings)
    yield database
    await database.close()
    assert not list(groups_folder(settings).glob("*.json"))


async def ended(settings: Settings, form: Any = None, *, worker: dict[str, Any], **config: Any) -> JobRecord:
    """Submit under the settings, run under those of a worker with other limits, and return the job."""
    known = here.with_table(settings)
    async with store(known) as db:
        job = await here.submitted(db, form, **config)
    async with store(known.model_copy(update=worker)) as db:
        host = load_host(db.settings)
        await run_job(job.id, db.settings, db, host)
        await host.close()
        return await here.present(db, job.id)


async def told(settings: Settings, job: JobRecord, kind: str) -> list[dict[str, Any]]:
    async with store(here.with_table(settings)) as db, db.read() as session:
        return [dict(event.data) for event in await events.replay(session, job.id) if event.type == kind]


class TestTime:
    async def test_a_search_that_does_not_look_up_is_ended_and_its_best_is_kept(
        self, sqlite_settings: Settings
    ) -> None:
        # The worker's ceiling counts, though the job was promised more.
        worker, budget = {"max_seconds": 6.0}, {"max_trials": 3, "max_seconds": 500.0}
        job = await ended(sqlite_settings, here.FOREST, worker=worker, budget=budget, **ENDLESS)
        assert (job.state, job.reason, job.best_trial) == (JobState.SUCCEEDED, "max_seconds", 0)
        assert job.artifact_key is not None
        warned = await told(sqlite_settings, job, "budget.warning")
        assert [item["message"] for item in warned] == [
            "The time limit of 6 s ended the search before the strategy was done."
        ]

    async def test_without_anything_complete_it_fails_with_a_sentence(
        self, sqlite_settings: Settings
    ) -> None:
        form = made.plain("random_forest_classifier", {"n_estimators": 30_000})
        budget = {"max_trials": 3, "max_seconds": 0.5}
        job = await ended(sqlite_settings, form, worker={}, budget=budget, **ENDLESS)
        assert (job.state, job.error_code) == (JobState.FAILED, "no_complete_trial")
        assert "Allow more time" in (job.error_message or "")

    async def test_reading_data_is_work_too(
        self, sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job_run, "_LEAST_SECONDS", 0.001)
        job = await ended(sqlite_settings, worker={"max_seconds": 0.001})
        assert (job.state, job.error_code) == (JobState.FAILED, "max_seconds")
        assert (job.error_message or "").startswith("Reading the data took longer than the 0.001 s")

    async def test_of_a_search_is_not_that_of_the_last_fit(self, sqlite_settings: Settings) -> None:
        """To start a process and to fit once takes longer; the search itself is over in time."""
        worker, budget = {"max_seconds": 0.05}, {"max_trials": 3, "max_seconds": 500.0}
        job = await ended(sqlite_settings, worker=worker, budget=budget)
        assert (job.state, job.reason) == (JobState.SUCCEEDED, "max_seconds")
        assert job.artifact_key is not None


class TestMemory:
    async def test_a_job_that_takes_more_fails_with_both_numbers(self, sqlite_settings: Settings) -> None:
        job = await ended(sqlite_settings, worker={"child_memory_mb": 64})
        assert (job.state, job.error_code) == (JobState.FAILED, "out_of_memory")
        assert "more than the 64 MB" in (job.error_message or "")


class TestCandidates:
    async def test_the_ceiling_counts_in_the_child(self, sqlite_settings: Settings) -> None:
        job = await ended(
            sqlite_settings,
            here.FOREST,
            worker={"max_trials": 2},
            strategy={"name": "random"},
            search_space=[{"kind": "int", "name": "n_estimators", "low": 1, "high": 30}],
            budget={"max_trials": 20, "max_seconds": 60.0},
        )
        assert (job.state, job.search["candidates"]) == (JobState.SUCCEEDED, 2)

    async def test_a_grid_larger_than_the_worker_takes_is_refused_before_it_is_built(
        self, sqlite_settings: Settings
    ) -> None:
        job = await ended(
            sqlite_settings,
            worker={"max_grid_candidates": 3},
            strategy={"name": "grid"},
            search_space=here.DEPTHS,
            budget={"max_trials": None, "max_seconds": 60.0},
        )
        assert (job.state, job.error_code) == (JobState.FAILED, "grid_too_large")
