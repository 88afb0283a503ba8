"""A job from claim to end: real children, a real store."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.jobs import claims, events, progress, repository, service
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.host import Host, load_host
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.process_groups import groups_folder
from hyperparameter_tuning.tasks.workflow import run_job
from tests.tasks_worker import installation as here
from tests.tasks_worker import tasks_made as made


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    return here.with_table(sqlite_settings)


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings)
    yield database
    await database.close()
    assert not list(groups_folder(settings).glob("*.json"))


@pytest.fixture
async def host(settings: Settings) -> AsyncIterator[Host]:
    host = load_host(settings)
    yield host
    await host.close()


SLOW = {"n_estimators": 100, "max_depth": 1}


class Worker:
    """Runs one job beside the test, as the Celery task does."""

    def __init__(self, db: Database, host: Host, job: JobRecord) -> None:
        self.shutdown = threading.Event()
        self.task = asyncio.create_task(run_job(job.id, db.settings, db, host, self.shutdown))


async def ran(db: Database, host: Host, job: JobRecord) -> JobRecord:
    await run_job(job.id, db.settings, db, host)
    return await here.present(db, job.id)


class TestSuccess:
    async def test_ends_with_the_best_and_its_model(self, db: Database, host: Host, tmp_path: Path) -> None:
        job = await ran(db, host, await here.submitted(db, search_space=here.DEPTHS))
        assert (job.state, job.reason) == (JobState.SUCCEEDED, "exhausted")
        assert job.outcome is not None
        assert job.artifact_key is not None
        with artifacts.open_artifact(job.artifact_key, db.settings) as file:
            (tmp_path / "model.skops").write_bytes(file.read())
        model = artifacts.load(tmp_path / "model.skops", job.artifact_sha256)
        X, y = made.rows()
        assert model.score(X, y) > 0.8
        assert set(job.outcome["metrics"]) == {"cross_validation", "training"}

    async def test_every_unit_is_in_the_store(self, db: Database, host: Host) -> None:
        job = await ran(db, host, await here.submitted(db, search_space=here.DEPTHS))
        stored = await here.units(db, job.id)
        assert len(stored) == 5 * 3 == job.n_units
        assert job.n_complete == 5

    async def test_leaves_no_working_files(self, db: Database, host: Host) -> None:
        job = await ran(db, host, await here.submitted(db))
        assert job.state is JobState.SUCCEEDED
        assert [path.name for path in db.settings.scratch.iterdir()] == ["groups"]

    async def test_events_tell_the_story_in_order(self, db: Database, host: Host) -> None:
        job = await ran(db, host, await here.submitted(db))
        told = await db.run(lambda session: events.replay(session, job.id), write=False)
        types = [event.type for event in told]
        assert types[:3] == ["job.queued", "job.running", "search.started"]
        assert types.index("search.finished") < types.index("job.succeeded")
        assert types.count("trial.finished") == 4

    async def test_a_job_that_is_not_queued_is_nothing_to_do(self, db: Database, host: Host) -> None:
        job = await ran(db, host, await here.submitted(db))
        assert await ran(db, host, job) == job

    async def test_two_messages_for_one_job_run_it_once(self, db: Database, host: Host) -> None:
        job = await here.submitted(db)
        await asyncio.gather(*(run_job(job.id, db.settings, db, host) for _ in range(2)))
        ended = await here.present(db, job.id)
        assert (ended.state, ended.attempts, ended.n_units) == (JobState.SUCCEEDED, 1, 12)


class TestFailure:
    async def test_of_changed_data_says_so(self, db: Database, host: Host) -> None:
        job = await here.submitted(db)
        here.write_table(db.settings, seed=5)
        failed = await ran(db, host, job)
        assert (failed.state, failed.error_code) == (JobState.FAILED, "dataset_changed")
        assert failed.error_message is not None
        assert "changed" in failed.error_message

    async def test_of_missing_data_says_so(self, db: Database, host: Host) -> None:
        job = await here.submitted(db)
        (Path(db.settings.data_roots[0]) / "rows.csv").unlink()
        failed = await ran(db, host, job)
        assert failed.state is JobState.FAILED
        assert "rows.csv" in (failed.error_message or "")

    async def test_of_all_candidates_gives_the_most_frequent_error(self, db: Database, host: Host) -> None:
        form = made.plain("logistic_regression")
        rows = [{"kind": "categorical", "name": "solver", "choices": ["liblinear"]}]
        fixed = [{"name": "l1_ratio", "value": 0.5}]
        failed = await ran(db, host, await here.submitted(db, form, search_space=rows, fixed_params=fixed))
        assert (failed.state, failed.error_code) == (JobState.FAILED, "all_trials_failed")
        assert "ValueError" in (failed.error_message or "")
        assert failed.n_failed == 1

    async def test_of_the_search_process_is_another_try_that_goes_on(self, db: Database, host: Host) -> None:
        rows = [{"kind": "int", "name": "max_depth", "low": 2, "high": 9}]
        job = await here.submitted(db, made.plain("random_forest_classifier", SLOW), search_space=rows)
        await _killed_child(db, host, job)
        waiting = await here.present(db, job.id)
        assert (waiting.state, waiting.attempts, waiting.lease_token) == (JobState.QUEUED, 1, None)
        told = await db.run(lambda session: events.replay(session, job.id), write=False)
        assert (told[-1].type, told[-1].data["reason"]) == ("job.requeued", "child_died")
        done = {_key(unit): unit for unit in await here.units(db, job.id)}
        assert len(done) >= 3
        ended = await ran(db, host, waiting)
        assert (ended.state, ended.attempts) == (JobState.SUCCEEDED, 2)
        after = {_key(unit): unit for unit in await here.units(db, job.id)}
        assert all(after[key] == unit for key, unit in done.items()), "a recorded unit was scored again"

    async def test_of_the_search_process_in_the_last_attempt_is_poison(
        self, db: Database, host: Host
    ) -> None:
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        async with db.write() as session:
            await repository.set_values(session, job.id, {"attempts": db.settings.max_attempts - 1})
        await _killed_child(db, host, job)
        failed = await here.present(db, job.id)
        assert (failed.state, failed.error_code, failed.reason) == (JobState.FAILED, "poison", "poison")
        assert "SIGKILL" in (failed.error_message or "")
        assert "3 tries" in (failed.error_message or "")

    async def test_of_the_search_process_while_it_is_cancelled_is_a_cancel(
        self, db: Database, host: Host
    ) -> None:
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        claimed = await here.claim(db, job.id)
        assert claimed is not None
        await db.run(lambda session: service.request_cancel(session, job.id))
        held = (job.id, claimed.lease_token or "")
        ended = await db.run(lambda session: claims.try_again(session, *held, "It died."))
        assert (ended.state, ended.lease_token) == (JobState.CANCELLED, None)


class TestCancel:
    async def test_ends_a_running_search_and_keeps_the_trials_readable(
        self, db: Database, host: Host
    ) -> None:
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        worker = Worker(db, host, job)
        await here.until(db, job.id, here.scored(3))
        await db.run(lambda session: service.request_cancel(session, job.id))
        await asyncio.wait_for(worker.task, 20)
        ended = await here.present(db, job.id)
        assert (ended.state, ended.artifact_key) == (JobState.CANCELLED, None)
        assert len(await here.units(db, job.id)) >= 3


class TestStop:
    async def test_ends_between_units_and_keeps_the_best(self, db: Database, host: Host) -> None:
        form = made.plain("random_forest_classifier", {"n_estimators": 5})
        budget = {"max_trials": 500, "max_seconds": 200}
        fields: dict[str, Any] = {
            "strategy": {"name": "random"},
            "search_space": here.STEADY,
            "budget": budget,
        }
        job = await here.submitted(db, form, **fields)
        worker = Worker(db, host, job)
        await here.until(db, job.id, here.scored(8))
        await db.run(lambda session: service.request_stop(session, job.id))
        await asyncio.wait_for(worker.task, 60)
        ended = await here.present(db, job.id)
        assert (ended.state, ended.reason) == (JobState.SUCCEEDED, "user")
        assert ended.artifact_key is not None
        assert ended.n_complete < 100

    async def test_kills_a_search_that_is_deaf_and_refits_what_is_recorded(
        self, db: Database, host: Host
    ) -> None:
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        worker = Worker(db, host, job)
        await here.until(db, job.id, here.scored(3))
        await db.run(lambda session: service.request_stop(session, job.id))
        await asyncio.wait_for(worker.task, 60)
        ended = await here.present(db, job.id)
        assert (ended.state, ended.reason, ended.best_trial) == (JobState.SUCCEEDED, "user", 0)
        assert ended.n_complete == 1

    async def test_before_anything_is_complete_cancels(self, db: Database, host: Host) -> None:
        form = made.plain("random_forest_classifier", {"n_estimators": 30_000})
        strategy, budget = {"name": "random"}, {"max_trials": 3, "max_seconds": 100}
        job = await here.submitted(db, form, search_space=here.STEADY, strategy=strategy, budget=budget)
        worker = Worker(db, host, job)
        await here.until(db, job.id, lambda found: bool(found.search))
        await db.run(lambda session: service.request_stop(session, job.id))
        await asyncio.wait_for(worker.task, 60)
        ended = await here.present(db, job.id)
        assert (ended.state, ended.reason) == (JobState.CANCELLED, "no_trials")


class TestShutdown:
    async def test_gives_the_job_back_and_the_next_worker_ends_it_as_if_nothing_was(
        self, db: Database, host: Host
    ) -> None:
        form = made.plain("random_forest_classifier", {"n_estimators": 100, "max_depth": 1})
        rows = [{"kind": "int", "name": "max_depth", "low": 2, "high": 9}]
        job = await here.submitted(db, form, search_space=rows)
        worker = Worker(db, host, job)
        await here.until(db, job.id, here.scored(6))
        begin = time.monotonic()
        worker.shutdown.set()
        await worker.task
        assert time.monotonic() - begin < 10
        waiting = await here.present(db, job.id)
        assert (waiting.state, waiting.attempts) == (JobState.QUEUED, 0)
        done = {_key(unit): unit for unit in await here.units(db, job.id)}
        assert 6 <= len(done) < 27

        resumed = await ran(db, host, waiting)
        whole = await ran(db, host, await here.submitted(db, form, search_space=rows))
        assert resumed.state is whole.state is JobState.SUCCEEDED
        after = {_key(unit): unit for unit in await here.units(db, job.id)}
        assert all(after[key] == unit for key, unit in done.items()), "a recorded unit was scored again"
        fresh = {_key(unit): unit["scores"] for unit in await here.units(db, whole.id)}
        assert {key: unit["scores"] for key, unit in after.items()} == fresh
        assert (resumed.best_trial, resumed.best_score) == (whole.best_trial, whole.best_score)
        assert resumed.artifact_size == whole.artifact_size

    async def test_keeps_a_stop_for_the_next_worker(self, db: Database, host: Host) -> None:
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        worker = Worker(db, host, job)
        await here.until(db, job.id, here.scored(3))
        worker.shutdown.set()
        await worker.task
        await db.run(lambda session: service.request_stop(session, job.id))
        ended = await ran(db, host, job)
        assert (ended.state, ended.best_trial, ended.n_complete) == (JobState.SUCCEEDED, 0, 1)


class TestStore:
    async def test_that_is_away_before_the_search_is_waited_for(
        self, db: Database, host: Host, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        look, away = progress.recorded_units, iter([True, True])

        async def looked(session: Session, job_id: str) -> list[dict[str, Any]]:
            if next(away, False):
                raise UnavailableError("away")
            return await look(session, job_id)

        monkeypatch.setattr(progress, "recorded_units", looked)
        job = await ran(db, host, await here.submitted(db))
        assert (job.state, job.attempts) == (JobState.SUCCEEDED, 1), job.error_message


class TestLease:
    async def test_that_is_lost_ends_the_child_and_nothing_more_is_written(
        self, db: Database, host: Host
    ) -> None:
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        worker = Worker(db, host, job)
        held = await here.until(db, job.id, here.scored(3))
        async with db.write() as session:
            await repository.move(session, job.id, "expire", {"lease_token": None})
        other = await here.claim(db, job.id)
        assert other is not None
        await asyncio.wait_for(worker.task, 20)
        after = await here.present(db, job.id)
        assert (after.state, after.lease_token) == (JobState.RUNNING, other.lease_token)
        assert after.lease_token != held.lease_token
        assert after.artifact_key is None

    async def test_that_cannot_be_renewed_ends_the_search(self, db: Database, host: Host) -> None:
        settings = Settings(**{**db.settings.model_dump(exclude={"database"}), "self_stop_seconds": 1.5})
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        work = asyncio.create_task(run_job(job.id, settings, db, host))
        await here.until(db, job.id, here.scored(3))
        blocker = sqlite3.connect(db.settings.data_dir / "tuning.db", isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        deadline = time.monotonic() + 15
        while list(groups_folder(settings).glob("*.json")):
            assert time.monotonic() < deadline, "the search went on without a lease"
            await asyncio.sleep(0.05)
        blocker.execute("ROLLBACK")
        blocker.close()
        await work
        assert (await here.present(db, job.id)).state is JobState.RUNNING


async def _killed_child(db: Database, host: Host, job: JobRecord) -> None:
    """Start the job and kill its search from outside as soon as three units are recorded."""
    worker = Worker(db, host, job)
    await here.until(db, job.id, here.scored(3))
    (record,) = groups_folder(db.settings).glob("*.json")
    os.killpg(int(record.stem), signal.SIGKILL)
    await worker.task


def _key(unit: dict[str, Any]) -> tuple[Any, ...]:
    return (unit["trial"], unit["resource"], unit["repeat"], unit["fold"])
