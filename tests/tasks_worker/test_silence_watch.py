"""A worker that hears nothing of waiting jobs ends itself; not one that is busy, or whose broker is away."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update

from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.models import OUTBOX, utc_now
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.silence_watch import SilenceWatch
from tests.jobs import factories

SECONDS = 0.6


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    return sqlite_settings.model_copy(update={"silent_seconds": SECONDS})


@pytest.fixture
async def db(settings: Settings):
    database = Database(settings)
    yield database
    await database.close()


async def waiting(db: Database, *, times: int, since: float = 60.0, sent: float = 30.0) -> None:
    """Store a job that waits *since* so many seconds and was sent so often, last *sent* seconds ago."""
    job = await factories.submitted(db)
    values = {"created_at": utc_now(-since), "sent_at": utc_now(-sent), "n_sent": times}
    async with db.write() as session:
        await session.execute(update(OUTBOX).where(OUTBOX.c.job_id == job.id).values(values))


async def ends(settings: Settings, seconds: float = 5 * SECONDS, *, busy: bool = False) -> bool:
    """Watch for a while; say whether the worker was told to end."""
    told = asyncio.Event()
    watch = SilenceWatch(told.set)
    watching = asyncio.create_task(watch.watch(settings))
    try:
        if busy:
            with watch.working():
                await asyncio.wait_for(told.wait(), seconds)
        else:
            await asyncio.wait_for(told.wait(), seconds)
    except TimeoutError:
        return False
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return True


class TestSilenceWatch:
    async def test_ends_an_idle_worker_that_should_have_heard(self, db: Database, settings: Settings) -> None:
        await waiting(db, times=2)
        assert await ends(settings, 30)

    async def test_leaves_a_worker_that_is_busy(self, db: Database, settings: Settings) -> None:
        await waiting(db, times=2)
        assert not await ends(settings, busy=True)

    @pytest.mark.parametrize(
        "how",
        [{"times": 1}, {"times": 0}, {"times": 2, "since": 0.0}, {"times": 2, "sent": 0.0}],
        ids=["whose message may be lost", "that was not sent", "that is new", "that was sent just now"],
    )
    async def test_leaves_a_worker_that_need_not_know_of_a_job(
        self, db: Database, settings: Settings, how: dict[str, float]
    ) -> None:
        # So far in the future that no time of this test makes it old.
        later = {name: -3600.0 for name, value in how.items() if name != "times" and value == 0.0}
        await waiting(db, **{"times": int(how["times"]), **later})  # type: ignore[arg-type]
        assert not await ends(settings)

    async def test_leaves_a_worker_whose_store_does_not_answer(self, tmp_path) -> None:
        lost = Settings(data_dir=tmp_path / "nothing", silent_seconds=SECONDS)
        assert not await ends(lost)
