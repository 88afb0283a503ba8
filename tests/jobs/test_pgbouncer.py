"""The job store's contract once more, through PgBouncer in transaction mode: no session may be needed.

Each transaction may have another connection to the server, and there are fewer of them than the node opens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text

from hyperparameter_tuning.jobs import claims, locks_repository
from hyperparameter_tuning.jobs import database as job_database
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.dispatcher import Dispatcher
from hyperparameter_tuning.jobs.migrations import runner
from hyperparameter_tuning.jobs.models import LEASES, utc_now
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.settings import Settings
from tests import servers
from tests.jobs.factories import claim, claimed, present, submitted, told, whole_trial
from tests.jobs.test_database import check_left_alone_lets_go
from tests.jobs.test_events import TestSubscribe, hub
from tests.jobs.test_keeping import TestLease, TestPublishPending, TestTick, host, keeper, mailbox
from tests.jobs.test_life import TestCancel, TestClaim, TestEnd, TestHeartbeat
from tests.jobs.test_submitting import TestOneActiveJobPerNode, TestSubmit, TestSubmitTwice
from tests.tasks_worker.installation import submitted as job_on_table
from tests.tasks_worker.installation import until_ended, with_table
from tests.tasks_worker.test_celery_worker import worker

# The contract, collected here once more; their fixtures are those below.
__all__ = [
    "TestCancel",
    "TestClaim",
    "TestEnd",
    "TestHeartbeat",
    "TestLease",
    "TestOneActiveJobPerNode",
    "TestPublishPending",
    "TestSubmit",
    "TestSubmitTwice",
    "TestSubscribe",
    "TestTick",
    "host",
    "hub",
    "keeper",
    "mailbox",
]


@pytest.fixture(scope="module")
def bouncer(postgres_url: str) -> Iterator[servers.PgBouncer]:
    with servers.pgbouncer(postgres_url) as made:
        yield made


@pytest.fixture
def settings(bouncer: servers.PgBouncer, postgres_database_url: str, tmp_path: Path) -> Settings:
    folder = tmp_path / "data"
    folder.mkdir()
    # One database for all of these tests: what they leave queued is not to be refused.
    through = bouncer.through(postgres_database_url)
    return Settings(data_dir=folder, database_url=through, max_queued_per_owner=10_000)


async def backend(session: Session) -> int:
    """The server's process that a transaction is in."""
    found: int = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
    return found


class TestTransactionMode:
    async def test_many_share_few_connections(self, database: Database, bouncer: servers.PgBouncer) -> None:
        """Without this the rest would prove nothing."""
        transactions = 12

        async def held(session: Session) -> tuple[int, int]:
            first = await backend(session)
            await session.execute(text("SELECT pg_sleep(0.1)"))
            return first, await backend(session)

        found = await asyncio.gather(*(database.run(held) for _ in range(transactions)))
        assert all(first == second for first, second in found), "a transaction stays where it began"
        assert 1 < len({first for first, _ in found}) <= bouncer.pool_size < transactions

    async def test_a_statement_that_comes_often_is_prepared_nowhere(self, database: Database) -> None:
        async def often(session: Session) -> int:
            for _ in range(10):
                await session.execute(text("SELECT count(*) FROM hpt_jobs WHERE id = :id"), {"id": "x"})
            prepared = await session.execute(text("SELECT count(*) FROM pg_prepared_statements"))
            found: int = prepared.scalar_one()
            return found

        assert await asyncio.gather(*(database.run(often) for _ in range(8))) == [0] * 8

    async def test_one_of_many_gets_a_job(self, settings: Settings, database: Database) -> None:
        """Claims of several processes, each with connections of its own."""
        others = [Database(settings) for _ in range(4)]
        for _ in range(5):
            job = await submitted(database)
            claims_made = [
                db.run(lambda session, job=job, name=f"w{number}": claims.claim(session, job.id, name))
                for number, db in enumerate(others * 3)
            ]
            winners = [taken for taken in await asyncio.gather(*claims_made) if taken is not None]
            assert len(winners) == 1
        await asyncio.gather(*(db.close() for db in others))

    async def test_a_lock_is_held_until_its_transaction_ends(
        self, settings: Settings, database: Database
    ) -> None:
        other, order = Database(settings), []
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"

        async def second(session: Session) -> None:
            await locks_repository.lock_node(session, "graph", "node")
            order.append("second")

        async def first(session: Session) -> asyncio.Task[None]:
            await locks_repository.lock_node(session, "graph", "node")
            waits = asyncio.create_task(other.run(second))
            while not (await session.execute(text(waiting))).scalar_one():
                await asyncio.sleep(0.01)
            order.append("first")
            return waits

        async with asyncio.timeout(20):
            await (await database.run(first))
        await other.close()
        assert order == ["first", "second"]

    async def test_one_that_is_left_alone_lets_its_rows_go_and_runs_again(self, settings: Settings) -> None:
        await check_left_alone_lets_go(settings)

    async def test_workers_record_side_by_side(self, database: Database) -> None:
        jobs = await asyncio.gather(*(claimed(database) for _ in range(8)))
        await asyncio.gather(
            *(told(database, job, *whole_trial(number)) for job in jobs for number in range(3))
        )
        for job in jobs:
            assert (await present(database, job.id)).n_units == 3

    def test_migrations_of_several_processes_run_once_and_find_their_schema(
        self, bouncer: servers.PgBouncer, postgres_url: str, tmp_path: Path
    ) -> None:
        with servers.postgres_database(postgres_url) as fresh:
            settings = Settings(
                data_dir=tmp_path, database_url=bouncer.through(fresh), database_schema="Tuning"
            )
            with ThreadPoolExecutor(3) as pool:
                list(pool.map(job_database.upgrade, [settings] * 3))
            job_database.check_current(settings)

            async def submit() -> None:
                db = Database(settings)
                await asyncio.gather(*(submitted(db) for _ in range(6)))
                await db.close()

            asyncio.run(submit())
            with runner._engine(settings) as engine, engine.connect() as connection:
                found = connection.execute(text("SELECT count(*) FROM tuning.hpt_jobs")).scalar_one()
            assert found == 6


class TestBrokenConnection:
    async def test_a_whole_transaction_runs_again(self, database: Database) -> None:
        calls: list[int] = []

        async def work(session: Session) -> None:
            calls.append(len(calls))
            row = {"name": "through-the-pooler", "holder": "me", "lease_until": utc_now()}
            await session.execute(insert(LEASES).values(row))
            if len(calls) == 1:
                await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        await database.run(work)
        assert calls == [0, 1]
        async with database.read() as session:
            found = await session.execute(select(LEASES).where(LEASES.c.name == "through-the-pooler"))
            assert len(found.all()) == 1

    async def test_a_pooler_that_is_started_anew_is_not_noticed(
        self, database: Database, bouncer: servers.PgBouncer
    ) -> None:
        job = await submitted(database)
        bouncer.stop()
        await asyncio.to_thread(bouncer.start)
        assert (await present(database, job.id)).id == job.id
        assert (await claim(database, job.id)).attempts == 1


class TestWholeJob:
    async def test_a_worker_runs_it(self, settings: Settings, redis_url: str) -> None:
        known = with_table(settings, broker_url=redis_url, broker_key_prefix=f"bouncer-{uuid4().hex[:8]}:")
        db = Database(known)
        job = await job_on_table(db)
        dispatcher = Dispatcher(known)
        with worker(known):
            # This one alone: others are queued in the module's database.
            dispatcher.send(job.id)
            ended = await until_ended(db, job.id)
        dispatcher.close()
        await db.close()
        assert ended.state is JobState.SUCCEEDED, ended.error_message
