"""Tuned models in a bucket: workers store them, the API gives them out, deleting and purging removes them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.cli import app
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.host import load_host
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.workflow import run_job
from tests import servers
from tests.node.conftest import JOBS, Store, answering
from tests.tasks_worker import installation as here
from tests.tasks_worker.test_celery_worker import sent, worker


@pytest.fixture
def settings(sqlite_settings: Settings, s3_endpoint: str) -> Settings:
    bucket = f"models-{uuid4().hex[:12]}"
    servers.make_bucket(s3_endpoint, bucket)
    options = SecretStr(json.dumps(servers.s3_options(s3_endpoint)))
    return here.with_table(sqlite_settings, artifacts_url=f"s3://{bucket}/tuned", artifacts_options=options)


@pytest.fixture
def away(settings: Settings) -> Settings:
    """The same installation while its store does not answer."""
    options = {
        **servers.s3_options(f"http://127.0.0.1:{servers.free_port()}"),
        "config_kwargs": {"retries": {"total_max_attempts": 1}},
    }
    return settings.model_copy(update={"artifacts_options": SecretStr(json.dumps(options))})


@pytest.fixture
def store(settings: Settings) -> Store:
    return Store(settings)


def stored(settings: Settings) -> list[str]:
    return artifacts.orphans((), settings, older_than=-60)


async def ran(db: Database, settings: Settings, job: JobRecord) -> JobRecord:
    host = load_host(settings)
    await run_job(job.id, settings, db, host)
    await host.close()
    return await here.present(db, job.id)


class TestModels:
    def test_go_from_the_worker_to_who_asks_and_leave_with_their_jobs(
        self, settings: Settings, store: Store, tmp_path: Path
    ) -> None:
        async def work(db: Database) -> list[JobRecord]:
            jobs = [await here.submitted(db) for _ in range(2)]
            with worker(settings):
                await sent(db, settings, jobs[0])
                return [await here.until_ended(db, job.id) for job in jobs]

        first, second = store(work)
        for job in (first, second):
            assert job.state is JobState.SUCCEEDED, job.error_message
        assert stored(settings) == sorted([first.artifact_key, second.artifact_key])
        assert not (settings.data_dir / "artifacts").exists()

        with answering(create_app(settings)) as client:
            answer = client.get(f"{JOBS}/{first.id}/artifact")
            assert answer.status_code == 200, answer.text
            assert hashlib.sha256(answer.content).hexdigest() == first.artifact_sha256
            path = tmp_path / "model.skops"
            path.write_bytes(answer.content)
            X, y = here.made.rows()
            assert artifacts.load(path, first.artifact_sha256).score(X, y) > 0.8

            assert client.delete(f"{JOBS}/{first.id}").status_code == 204
        assert stored(settings) == [second.artifact_key]

        purge = ("jobs", "purge", "--older-than-days", "0", "--yes")
        told = CliRunner(env=settings.environment()).invoke(app, list(purge))
        assert "Deleted 1 run" in told.output, told.output
        assert stored(settings) == []


class TestStoreThatIsAway:
    def test_fails_the_job_with_a_sentence_and_resuming_needs_no_fit_again(
        self, settings: Settings, away: Settings, store: Store
    ) -> None:
        async def work(db: Database) -> tuple[JobRecord, JobRecord, JobRecord]:
            failed = await ran(db, away, await here.submitted(db))
            resumed = await db.run(lambda session: service.resume(session, failed.id))
            return failed, resumed, await ran(db, settings, resumed)

        failed, resumed, ended = store(work)
        assert (failed.state, failed.error_code) == (JobState.FAILED, "artifacts_unavailable")
        assert "does not answer" in (failed.error_message or "")
        assert ended.state is JobState.SUCCEEDED, ended.error_message
        assert ended.n_units == resumed.n_units == failed.n_units > 0
        assert stored(settings) == [ended.artifact_key]

    def test_is_told_to_who_downloads_and_keeps_nobody_from_deleting(
        self, settings: Settings, away: Settings, store: Store
    ) -> None:
        async def work(db: Database) -> JobRecord:
            return await ran(db, settings, await here.submitted(db))

        job = store(work)
        with answering(create_app(away)) as client:
            answer = client.get(f"{JOBS}/{job.id}/artifact")
            assert (answer.status_code, _problem(answer)["code"]) == (503, "artifacts_unavailable")
            assert client.delete(f"{JOBS}/{job.id}").status_code == 204
        # The keeper's to remove: no row names it any more.
        assert stored(settings) == [job.artifact_key]


def _problem(answer: httpx.Response) -> dict[str, Any]:
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem: dict[str, Any] = answer.json()
    return problem
