"""How many jobs one owner may have: queued, and running."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update

from hyperparameter_tuning.jobs import claims, finishing, outbox_repository, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.keeper import Keeper
from hyperparameter_tuning.jobs.models import OUTBOX, utc_now
from hyperparameter_tuning.jobs.outbox import publish_pending
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.jobs.up_to_date import join_or_submit
from hyperparameter_tuning.shared.errors import QuotaError
from hyperparameter_tuning.shared.host import Principal
from tests.jobs.factories import claim, present, submission, submitted, succeeded
from tests.jobs.test_keeping import Mailbox


@asynccontextmanager
async def limited(database: Database, **limits: int) -> AsyncIterator[Database]:
    """Open the store once more, with limits."""
    other = Database(database.settings.model_copy(update=limits))
    yield other
    await other.close()


def somebody() -> Principal:
    return Principal(f"owner-{uuid4().hex[:8]}")


class TestQueued:
    async def test_one_more_than_allowed_is_refused_with_the_numbers(self, database: Database) -> None:
        ada = somebody()
        async with limited(database, max_queued_per_owner=2) as db:
            first = await submitted(db, owner=ada)
            await submitted(db, owner=ada)
            with pytest.raises(QuotaError, match="You have 2 queued runs, and 2 is the most") as caught:
                await submitted(db, owner=ada)
            assert caught.value.details == {"queued": 2, "limit": 2}
            # Others are not concerned, and neither is who has room again.
            await submitted(db, owner=somebody())
            await claim(db, first.id)
            await submitted(db, owner=ada)

    async def test_at_once_there_are_never_more(self, database: Database) -> None:
        ada = somebody()
        async with limited(database, max_queued_per_owner=5) as db:
            tried = [submitted(db, owner=ada) for _ in range(20)]
            found = await asyncio.gather(*tried, return_exceptions=True)
        made = [item for item in found if isinstance(item, JobRecord)]
        refused = [item for item in found if isinstance(item, QuotaError)]
        assert (len(made), len(refused)) == (5, 15)

    async def test_the_same_run_again_is_the_same_job_and_no_refusal(self, database: Database) -> None:
        ada = somebody()
        async with limited(database, max_queued_per_owner=1) as db:
            job = await submitted(db, owner=ada, run_id="again")
            again = await submitted(
                db, owner=ada, run_id="again", graph_ref=job.graph_ref, node_id=job.node_id
            )
        assert (again.id, again.created) == (job.id, False)

    async def test_going_on_with_a_job_counts(self, database: Database) -> None:
        ada = somebody()
        async with limited(database, max_queued_per_owner=1) as db:
            ended = await succeeded(db, owner=ada)
            await submitted(db, owner=ada)
            with pytest.raises(QuotaError):
                await db.run(lambda session: service.resume(session, ended.id, {"max_trials": 10}))

    async def test_executing_counts_and_joining_does_not(self, database: Database) -> None:
        ada = somebody()
        async with limited(database, max_queued_per_owner=1) as db:
            asked = submission(owner=ada)
            job = await db.run(lambda session: join_or_submit(session, asked))
            joined = await db.run(lambda session: join_or_submit(session, asked))
            assert (joined.id, joined.created) == (job.id, False)
            with pytest.raises(QuotaError):
                await db.run(lambda session: join_or_submit(session, submission(owner=ada)))

    async def test_a_job_that_is_handed_back_stays_whatever_the_queue(self, database: Database) -> None:
        ada = somebody()
        async with limited(database, max_queued_per_owner=1) as db:
            job = await claim(db, (await submitted(db, owner=ada)).id)
            await submitted(db, owner=ada)
            assert await db.run(lambda session: claims.give_back(session, job.id, job.lease_token or ""))
            assert (await present(db, job.id)).state is JobState.QUEUED


async def claimed_of(db: Database, job_id: str) -> JobRecord | None:
    return await db.run(lambda session: claims.claim(session, job_id, "worker"))


async def end(db: Database, job: JobRecord) -> None:
    await db.run(lambda session: finishing.fail(session, job.id, job.lease_token or "", "x", "It failed."))


class TestRunning:
    async def test_a_job_beyond_stays_queued_until_another_has_ended(self, database: Database) -> None:
        ada, mailbox = somebody(), Mailbox()
        async with limited(database, max_running_per_owner=1) as db, kept(db, mailbox) as keeper:
            first, second, third = [await submitted(db, owner=ada) for _ in range(3)]
            running = await claimed_of(db, first.id)
            assert running is not None
            assert await claimed_of(db, second.id) is None
            assert await claimed_of(db, third.id) is None
            assert (await present(db, second.id)).state is JobState.QUEUED
            other = await submitted(db, owner=somebody())
            assert await claimed_of(db, other.id) is not None

            await end(db, running)
            mailbox.sent.clear()
            await keeper.tick()
            # One place is free: one message comes, the oldest job's.
            assert [job_id for job_id in mailbox.sent if job_id in (second.id, third.id)] == [second.id]
            assert await claimed_of(db, second.id) is not None
            assert await claimed_of(db, third.id) is None

    async def test_nothing_is_sent_while_it_waits(self, database: Database) -> None:
        ada, mailbox = somebody(), Mailbox()
        async with limited(database, max_running_per_owner=1) as db, kept(db, mailbox) as keeper:
            first, second = [await submitted(db, owner=ada) for _ in range(2)]
            assert await claimed_of(db, first.id) is not None
            await publish_pending(db, mailbox, [second.id])
            assert await claimed_of(db, second.id) is None
            async with db.write() as session:
                long_ago = update(OUTBOX).where(OUTBOX.c.job_id == second.id)
                ages = {"sent_at": utc_now(-1000), "created_at": utc_now(-1000), "n_sent": 2}
                await session.execute(long_ago.values(ages))
            async with db.read() as session:
                # Or idle workers would take it for a sign that they hear nothing.
                assert not await outbox_repository.has_unheard(session, 60, 5)
            mailbox.sent.clear()
            for _ in range(3):
                await keeper.tick()
            assert second.id not in mailbox.sent

    async def test_without_a_limit_what_waited_for_one_is_sent(self, database: Database) -> None:
        ada, mailbox = somebody(), Mailbox()
        async with limited(database, max_running_per_owner=1) as db:
            first, second = [await submitted(db, owner=ada) for _ in range(2)]
            assert await claimed_of(db, first.id) is not None
            assert await claimed_of(db, second.id) is None
        async with kept(database, mailbox) as keeper:
            await keeper.tick()
            assert second.id in mailbox.sent

    async def test_workers_that_claim_at_once_stay_within(self, database: Database) -> None:
        ada = somebody()
        async with limited(database, max_running_per_owner=3) as db:
            jobs = [await submitted(db, owner=ada) for _ in range(10)]
            found = await asyncio.gather(*(claimed_of(db, job.id) for job in jobs))
        assert len([job for job in found if job is not None]) == 3


@asynccontextmanager
async def kept(db: Database, mailbox: Any) -> AsyncIterator[Keeper]:
    """A keeper of this store, which gives its lease back at the end."""
    host = create_host(db.settings)
    keeper = Keeper(db.settings, db, host, mailbox)
    try:
        yield keeper
    finally:
        stop = asyncio.Event()
        stop.set()
        await keeper.run(stop)
        await host.close()
