"""The worker as it is started in earnest: Celery's command line, a real broker, a real store."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.jobs import pipelines_repository, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.dispatcher import Dispatcher
from hyperparameter_tuning.jobs.outbox import publish_pending
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.process_groups import groups_folder
from tests.tasks_worker import installation as here
from tests.tasks_worker.conftest import wait_until_gone, worker_environment

APP = "hyperparameter_tuning.tasks.celery_app"


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    return here.with_table(sqlite_settings)


@pytest.fixture
async def db(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings)
    yield database
    await database.close()


def command(*options: str) -> list[str]:
    quiet = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat")
    return [sys.executable, "-m", "celery", "--app", APP, "worker", *quiet, *options]


@contextmanager
def worker(settings: Settings, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    log = settings.data_dir / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command(*(options or ("--pool", "threads"))),
            env=worker_environment(settings),
            cwd=settings.data_dir,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def sent(db: Database, settings: Settings, job: JobRecord) -> None:
    dispatcher = Dispatcher(settings)
    try:
        await publish_pending(db, dispatcher)
    finally:
        dispatcher.close()


class TestJob:
    async def test_runs_through_the_filesystem_broker(self, db: Database, settings: Settings) -> None:
        job = await here.submitted(db)
        with worker(settings):
            await sent(db, settings, job)
            ended = await here.until_ended(db, job.id)
        assert ended.state is JobState.SUCCEEDED, ended.error_message

    async def test_runs_through_redis_and_postgresql(
        self, postgres_settings: Settings, redis_url: str
    ) -> None:
        settings = here.with_table(postgres_settings, broker_url=redis_url)
        db = Database(settings)
        job = await here.submitted(db)
        with worker(settings):
            await sent(db, settings, job)
            ended = await here.until_ended(db, job.id)
        await db.close()
        assert ended.state is JobState.SUCCEEDED, ended.error_message

    async def test_writes_its_result_onto_the_graph(self, db: Database, settings: Settings) -> None:
        leaves = [{"kind": "int", "name": "min_samples_leaf", "low": 3, "high": 12}]
        poor = {"min_samples_leaf": 44}
        async with db.write() as session:
            pipeline = await pipelines_repository.create(session, _graph(**poor), pipeline_id="p")
        job = await here.submitted(
            db,
            here.made.plain(params=poor),
            graph_ref=pipeline.id,
            write_back={"mode": "auto", "min_gain": 0.0},
            search_space=leaves,
        )
        with worker(settings):
            await sent(db, settings, job)
            ended = await here.until_ended(db, job.id)
            node = await _node(db, pipeline.id, "m0", lambda found: _params(found) != poor)
        assert ended.best_params is not None
        assert _params(node) == ended.best_params
        assert set(ended.best_params) == {"min_samples_leaf"}
        tune = await _node(db, pipeline.id, "tune", lambda found: "result" in found["data"])
        assert tune["data"]["result"]["tuned_model"]["artifact_key"] == ended.artifact_key


class TestShutdown:
    async def test_gives_the_running_job_back_within_ten_seconds(
        self, db: Database, settings: Settings
    ) -> None:
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        with worker(settings) as process:
            await sent(db, settings, job)
            await here.until(db, job.id, here.scored(3))
            begin = time.monotonic()
            process.send_signal(signal.SIGTERM)
            code = await asyncio.to_thread(process.wait, 20)
            assert time.monotonic() - begin < 12
        waiting = await here.present(db, job.id)
        assert (code, waiting.state, waiting.attempts) == (0, JobState.QUEUED, 0)

    async def test_by_force_leaves_no_search_behind(self, db: Database, settings: Settings) -> None:
        job = await here.submitted(db, here.FOREST, search_space=here.ENDLESS)
        with worker(settings) as process:
            await sent(db, settings, job)
            await here.until(db, job.id, here.scored(3))
            (record,) = groups_folder(settings).glob("*.json")
            process.kill()
            process.wait()
            assert wait_until_gone(int(record.stem))
        await db.run(lambda session: service.request_cancel(session, job.id))
        other = await here.submitted(db)
        with worker(settings):
            await sent(db, settings, other)
            await here.until_ended(db, other.id)
        assert not record.exists(), "the next worker did not tidy up"
        assert not (settings.scratch / job.id).exists() or not list((settings.scratch / job.id).iterdir())


class TestStart:
    def test_in_another_pool_is_refused_with_the_right_command(self, settings: Settings) -> None:
        answer = _failed_start(settings, "--pool", "solo")
        assert "tuning-node worker" in answer
        assert "--pool threads" in answer

    def test_with_tables_of_another_version_is_refused(self, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path / "empty")
        settings.data_dir.mkdir()
        assert re.search(r"tuning-node db upgrade", _failed_start(settings, "--pool", "threads"))


def _failed_start(settings: Settings, *options: str) -> str:
    answer = subprocess.run(
        command(*options),
        env=worker_environment(settings),
        cwd=settings.data_dir,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode != 0
    assert "Traceback" not in answer.stderr
    return answer.stdout + answer.stderr


async def _node(db: Database, pipeline_id: str, node_id: str, ready: Any) -> dict[str, Any]:
    deadline = time.monotonic() + 20
    while True:
        record = await db.run(lambda session: pipelines_repository.get(session, pipeline_id), write=False)
        node: dict[str, Any] = next(item for item in record.graph["nodes"] if item["id"] == node_id)
        if ready(node):
            return node
        assert time.monotonic() < deadline, node
        await asyncio.sleep(0.05)


def _params(node: dict[str, Any]) -> Any:
    return node["data"]["config"]["params"]


def _graph(**params: Any) -> dict[str, Any]:
    place = {"x": 0, "y": 0}
    model = {"config": {"model": "decision_tree_classifier", "params": params}}
    return {
        "graph_version": 1,
        "nodes": [
            {"id": "tune", "type": "hyperparameter_tuning", "position": place, "data": {"config": {}}},
            {"id": "m0", "type": "model", "position": place, "data": model},
        ],
        "edges": [],
    }
