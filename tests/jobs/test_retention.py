"""Old jobs go, with their files; live ones never do."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import fsspec
import pytest
from fsspec.implementations.local import LocalFileSystem
from sqlalchemy import update

from hyperparameter_tuning.jobs import retention
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.keeper import Keeper
from hyperparameter_tuning.jobs.models import JOBS, utc_now
from hyperparameter_tuning.jobs.records import JobFilter, JobRecord
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.jobs.retention import purge_all, remove_old
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.errors import NotFoundError, UserError
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs.factories import claimed, present, submitted, succeeded
from tests.jobs.test_keeping import Mailbox

DAY = 86_400.0


class FailingOnce(LocalFileSystem):
    """A store that does not answer the first time that something is to be removed."""

    protocol = "failingonce"
    refused: ClassVar[list[str]] = []

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(super()._strip_protocol(path.removeprefix("failingonce://")))

    def rm_file(self, path: str) -> None:
        if not self.refused:
            self.refused.append(path)
            raise RuntimeError("the store is away")
        super().rm_file(path)


@pytest.fixture
def owner() -> Principal:
    return Principal(f"owner-{uuid4().hex[:8]}")


async def ended(db: Database, days_ago: float, owner: Principal, **overrides: Any) -> JobRecord:
    """A succeeded job that ended so long ago, with a file of its own."""
    job = await succeeded(db, owner=owner, **overrides)
    key = f"{job.id}/model.skops"
    source = db.settings.data_dir / "model"
    source.write_text(job.id)
    artifacts.store(source, key, db.settings)
    values = {
        "finished_at": utc_now(-days_ago * DAY),
        "artifact_key": key,
        "artifact_keys": [key],
    }
    async with db.write() as session:
        await session.execute(update(JOBS).where(JOBS.c.id == job.id).values(values))
    return job


def is_stored(job: JobRecord, settings: Settings) -> bool:
    try:
        artifacts.open_artifact(f"{job.id}/model.skops", settings).close()
    except NotFoundError:
        return False
    return True


async def exists(db: Database, job: JobRecord) -> bool:
    try:
        await present(db, job.id)
    except NotFoundError:
        return False
    return True


class TestPurge:
    async def test_what_is_old_goes_with_its_file(self, database: Database, owner: Principal) -> None:
        old, young = await ended(database, 10, owner), await ended(database, 1, owner)
        purged = await purge_all(database, JobFilter(owner=owner.id, older_than_seconds=5 * DAY))
        assert purged.job_ids == (old.id,)
        assert not await exists(database, old)
        assert not is_stored(old, database.settings)
        assert await exists(database, young)
        assert is_stored(young, database.settings)

    async def test_a_look_removes_nothing_and_tells_the_same(
        self, database: Database, owner: Principal
    ) -> None:
        job, where = await ended(database, 10, owner), JobFilter(owner=owner.id)
        seen = await purge_all(database, where, dry_run=True)
        assert (seen.dry_run, seen.job_ids) == (True, (job.id,))
        assert await exists(database, job)
        assert is_stored(job, database.settings)
        assert (await purge_all(database, where)).job_ids == seen.job_ids

    async def test_live_jobs_and_those_of_others_stay(self, database: Database, owner: Principal) -> None:
        other = await ended(database, 10, Principal(f"{owner.id}-b"))
        live = [await submitted(database, owner=owner), await claimed(database, owner=owner)]
        assert (await purge_all(database, JobFilter(owner=owner.id))).job_ids == ()
        for job in (other, *live):
            assert await exists(database, job)

    async def test_a_live_state_and_no_filter_are_refused(self, database: Database) -> None:
        for where in (JobFilter(), JobFilter(states=(JobState.RUNNING,))):
            with pytest.raises(UserError):
                await purge_all(database, where)

    async def test_more_than_a_portion_goes_whole(
        self, database: Database, owner: Principal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(retention, "PORTION", 2)
        jobs = [await ended(database, 9 - number, owner) for number in range(5)]
        purged = await purge_all(database, JobFilter(owner=owner.id))
        assert purged.job_ids == tuple(job.id for job in jobs)
        assert len(purged.artifact_keys) == 5

    async def test_a_file_that_could_not_be_removed_is_found_as_an_orphan(
        self, sqlite_settings: Settings, tmp_path: Path, owner: Principal
    ) -> None:
        fsspec.register_implementation("failingonce", FailingOnce, clobber=True)
        FailingOnce.refused.clear()
        settings = sqlite_settings.model_copy(update={"artifacts_url": f"failingonce://{tmp_path}/models"})
        async with opened(settings) as (db, keeper):
            job = await ended(db, 10, owner)
            await purge_all(db, JobFilter(owner=owner.id))
            assert len(FailingOnce.refused) == 1
            assert not await exists(db, job)
            assert is_stored(job, settings)
            long_ago = time.time() - 2 * 3600
            os.utime(tmp_path / "models" / job.id / "model.skops", (long_ago, long_ago))
            done = await keeper.tick()
            assert done is not None
            assert done["orphan artifacts"] == 1
            assert not is_stored(job, settings)


class TestRetention:
    async def test_the_keeper_removes_what_is_older_than_the_setting(
        self, sqlite_settings: Settings, owner: Principal
    ) -> None:
        async with opened(sqlite_settings.model_copy(update={"retention_days": 30.0})) as (db, keeper):
            old, young = await ended(db, 31, owner), await ended(db, 29, owner)
            done = await keeper.tick()
            assert done is not None
            assert done["old jobs"] == 1
            assert not await exists(db, old)
            assert not is_stored(old, db.settings)
            assert await exists(db, young)

    async def test_without_the_setting_everything_is_kept(self, database: Database, owner: Principal) -> None:
        job = await ended(database, 10_000, owner)
        assert await remove_old(database) == 0
        assert await exists(database, job)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Database, Keeper]]:
    """A store and its keeper, closed at the end."""
    db, host = Database(settings), create_host(settings)
    keeper = Keeper(settings, db, host, Mailbox())
    try:
        yield db, keeper
    finally:
        stop = asyncio.Event()
        stop.set()
        await keeper.run(stop)
        await host.close()
        await db.close()
