"""Live events: each once and in order, from the table and from the poller, without a gap between them."""

import asyncio
import time

import pytest

from hyperparameter_tuning.jobs import events_repository, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.events import PAGE, EventHub, replay
from tests.jobs.factories import submitted, succeeded


@pytest.fixture
async def hub(database: Database):
    made = EventHub(database, poll_seconds=0.02)
    yield made
    await made.close()


async def tell(db: Database, job_id: str, count: int) -> None:
    await db.run(
        lambda session: events_repository.append(session, job_id, [("log", {"n": n}) for n in range(count)])
    )


async def read(hub: EventHub, job_id: str, after: int, until: int) -> list[int]:
    seen = []
    async with asyncio.timeout(20):
        async for event in hub.subscribe(job_id, after):
            seen.append(event.seq)
            if event.seq >= until:
                break
    return seen


class TestReplay:
    async def test_what_follows_a_number_comes_in_order(self, database: Database) -> None:
        job = await submitted(database)
        await tell(database, job.id, 9)
        async with database.read() as session:
            assert [event.seq for event in await replay(session, job.id, 3, 4)] == [4, 5, 6, 7]


class TestSubscribe:
    async def test_the_past_and_the_present_join_without_gap_or_repeat(
        self, database: Database, hub: EventHub
    ) -> None:
        job = await submitted(database)
        await tell(database, job.id, PAGE + 10)
        total = PAGE + 11 + 60
        readers = [asyncio.create_task(read(hub, job.id, after, total)) for after in (0, 5, PAGE)]
        for _ in range(30):
            await tell(database, job.id, 2)
        for reader, after in zip(readers, (0, 5, PAGE), strict=True):
            assert await reader == list(range(after + 1, total + 1))

    async def test_a_reader_that_comes_and_goes_misses_nothing(
        self, database: Database, hub: EventHub
    ) -> None:
        job = await submitted(database)
        seen: list[int] = []
        writing = asyncio.create_task(self._write_slowly(database, job.id, 40))
        while len(seen) < 41:
            after = seen[-1] if seen else 0
            seen += await read(hub, job.id, after, min(after + 3, 41))
        await writing
        assert seen == list(range(1, 42))

    @staticmethod
    async def _write_slowly(db: Database, job_id: str, count: int) -> None:
        for _ in range(count):
            await tell(db, job_id, 1)
            await asyncio.sleep(0.002)

    async def test_a_slow_reader_reads_the_table_again(
        self, database: Database, hub: EventHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hyperparameter_tuning.jobs.events.QUEUE_LIMIT", 5)
        job = await submitted(database)
        seen = []
        async for event in hub.subscribe(job.id, 0):
            seen.append(event.seq)
            if len(seen) == 1:
                for _ in range(6):
                    await tell(database, job.id, 4)
                    await asyncio.sleep(0.05)
            if event.seq >= 25:
                break
        assert seen == list(range(1, 26))

    async def test_jobs_do_not_hear_each_other(self, database: Database, hub: EventHub) -> None:
        jobs = [await submitted(database) for _ in range(4)]
        readers = [asyncio.create_task(read(hub, job.id, 0, 11)) for job in jobs]
        await asyncio.gather(*(tell(database, job.id, 10) for job in jobs))
        assert await asyncio.gather(*readers) == [list(range(1, 12))] * 4

    async def test_one_poller_serves_all_readers(
        self, database: Database, hub: EventHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looks, look = [], hub._look

        async def counted() -> None:
            looks.append(1)
            await look()

        monkeypatch.setattr(hub, "_look", counted)
        monkeypatch.setattr(hub, "poll_seconds", 0.2)
        jobs = [await submitted(database) for _ in range(5)]
        readers = [asyncio.create_task(read(hub, job.id, 0, 2)) for job in jobs for _ in range(4)]
        await asyncio.sleep(1)
        for job in jobs:
            await tell(database, job.id, 1)
        await asyncio.gather(*readers)
        assert len(looks) < 40

    async def test_a_deleted_job_ends_its_streams(self, database: Database, hub: EventHub) -> None:
        job = await succeeded(database)

        async def all_of_it() -> list[str]:
            return [event.type async for event in hub.subscribe(job.id)]

        reading = asyncio.create_task(all_of_it())
        await asyncio.sleep(0.1)
        await database.run(lambda session: service.delete(session, job.id))
        assert "job.succeeded" in await asyncio.wait_for(reading, 2)

    async def test_waking_is_faster_than_polling(self, database: Database) -> None:
        hub = EventHub(database, poll_seconds=30)
        job = await submitted(database)
        reading = asyncio.create_task(read(hub, job.id, 1, 2))
        await asyncio.sleep(0.2)
        await tell(database, job.id, 1)
        hub.wake()
        assert await asyncio.wait_for(reading, 2) == [2]
        await hub.close()


class TestClose:
    async def test_streams_end_at_once(self, database: Database) -> None:
        hub = EventHub(database, poll_seconds=20)
        job = await submitted(database)

        async def all_of_it() -> list[int]:
            return [event.seq async for event in hub.subscribe(job.id)]

        reading = [asyncio.create_task(all_of_it()) for _ in range(3)]
        await asyncio.sleep(0.1)
        begin = time.monotonic()
        await hub.close()
        assert await asyncio.gather(*reading) == [[1]] * 3
        assert time.monotonic() - begin < 5

    async def test_a_store_that_is_away_for_a_while_only_delays(
        self, database: Database, hub: EventHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = await submitted(database)
        reading = asyncio.create_task(read(hub, job.id, 1, 2))
        await asyncio.sleep(0.1)
        look, failures = hub._look, [RuntimeError("away"), RuntimeError("away")]

        async def sometimes() -> None:
            if failures:
                raise failures.pop()
            await look()

        monkeypatch.setattr(hub, "_look", sometimes)
        await tell(database, job.id, 1)
        assert await asyncio.wait_for(reading, 5) == [2]
