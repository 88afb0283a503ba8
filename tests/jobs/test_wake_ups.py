"""Wake-ups: readers in other processes look at once, and whatever Redis does, nothing else changes."""

import asyncio
import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from hyperparameter_tuning.jobs import events_repository, wake_ups_redis
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.events import EventHub
from hyperparameter_tuning.jobs.wake_ups import CHANNEL
from hyperparameter_tuning.jobs.wake_ups_redis import RedisWakeUps, client_url
from hyperparameter_tuning.shared.settings import Settings
from tests import servers
from tests.jobs.factories import submitted

POLL_SECONDS = 5.0


def with_broker(settings: Settings, url: str, prefix: str | None = None) -> Settings:
    named = prefix or f"hpt-{uuid4().hex[:8]}:"
    return Settings(
        data_dir=settings.data_dir,
        database_url=settings.database_url,
        broker_url=url,
        broker_key_prefix=named,
    )


async def tell(db: Database, job_id: str) -> None:
    await db.run(lambda session: events_repository.append(session, job_id, [("log", {})]))


async def read(hub: EventHub, job_id: str, until: int) -> list[int]:
    seen = []
    async for event in hub.subscribe(job_id):
        seen.append(event.seq)
        if event.seq >= until:
            break
    return seen


async def listened_to(url: str, prefix: str) -> None:
    """Wait until somebody listens to an installation's wake-ups."""
    async with asyncio.timeout(10), Redis.from_url(url) as client:
        while not (await client.pubsub_numsub(f"{prefix}{CHANNEL}"))[0][1]:
            await asyncio.sleep(0.01)


@pytest.fixture
def redis() -> Iterator[servers.RedisServer]:
    """A Redis that a test may stop, freeze and start again."""
    with servers.redis_server() as server:
        yield server


@pytest.fixture
async def opened() -> AsyncIterator[Callable[[Settings], Database]]:
    """Opens job stores and closes them afterwards."""
    made: list[Database] = []

    def open_one(settings: Settings) -> Database:
        made.append(Database(settings))
        return made[-1]

    yield open_one
    for db in made:
        await db.close()


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake_ups_redis, "FIRST_PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(wake_ups_redis, "LONGEST_PAUSE_SECONDS", 0.02)


class TestEventHub:
    async def test_an_event_of_another_process_comes_long_before_the_next_poll(
        self, settings: Settings, redis_url: str, opened
    ) -> None:
        shared = with_broker(settings, redis_url)
        mine, other = opened(shared), opened(shared)
        job = await submitted(other)
        hub = EventHub(mine, POLL_SECONDS)
        reading = asyncio.create_task(read(hub, job.id, 4))
        await listened_to(redis_url, shared.broker_key_prefix)
        await asyncio.sleep(0.1)
        for _ in range(3):
            await tell(other, job.id)
            await asyncio.sleep(0.05)
        assert await asyncio.wait_for(reading, POLL_SECONDS / 2) == [1, 2, 3, 4]
        await hub.close()

    async def test_a_wake_up_during_a_look_is_not_lost(
        self, sqlite_settings: Settings, opened, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        db = opened(sqlite_settings)
        job = await submitted(db)
        hub = EventHub(db, POLL_SECONDS)
        look, looks = hub._look, []

        async def told_meanwhile() -> None:
            await look()
            looks.append(1)
            if len(looks) == 1:
                await tell(db, job.id)
                hub.wake()

        monkeypatch.setattr(hub, "_look", told_meanwhile)
        assert await asyncio.wait_for(read(hub, job.id, 2), POLL_SECONDS / 2) == [1, 2]
        await hub.close()

    async def test_jobs_that_nobody_reads_wake_nobody(
        self, sqlite_settings: Settings, redis_url: str, opened, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shared = with_broker(sqlite_settings, redis_url)
        mine, other = opened(shared), opened(shared)
        read_job, unread = await submitted(other), await submitted(other)
        hub = EventHub(mine, POLL_SECONDS)
        reading = asyncio.create_task(read(hub, read_job.id, 2))
        await listened_to(redis_url, shared.broker_key_prefix)
        await asyncio.sleep(0.1)
        woken: list[int] = []
        monkeypatch.setattr(hub, "wake", lambda: woken.append(1))
        for _ in range(5):
            await tell(other, unread.id)
        await asyncio.sleep(0.2)
        assert not woken
        reading.cancel()
        await hub.close()

    async def test_an_embedded_installation_connects_to_nothing(self, sqlite_settings: Settings) -> None:
        code = """
import asyncio, sys
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.events import EventHub
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs.factories import submitted

async def live():
    db = Database(Settings())
    job = await submitted(db)
    hub = EventHub(db)
    async for event in hub.subscribe(job.id):
        break
    await hub.close()
    await db.close()

asyncio.run(live())
print([name for name in sys.modules if name.split(".")[0] == "redis"])
"""
        answer = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"HPT_DATA_DIR": str(sqlite_settings.data_dir)},
            cwd=Path(__file__).parents[2],
        )
        assert answer.stdout.strip() == "[]"


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged about Redis."""
    return [record.getMessage() for record in caplog.records if "Redis" in record.getMessage()]


class TestTrouble:
    @pytest.fixture(params=["stopped", "frozen", "silent", "wrong"])
    def trouble(self, request: pytest.FixtureRequest, redis: servers.RedisServer) -> Iterator[str]:
        """URL of a Redis that is away, does not answer, is something else, or is no URL at all."""
        with socket.create_server(("127.0.0.1", 0)) as nobody:
            if request.param == "stopped":
                redis.stop()
            elif request.param == "frozen" and redis.process is not None:
                redis.process.send_signal(signal.SIGSTOP)
            urls = {"silent": f"redis://127.0.0.1:{nobody.getsockname()[1]}/0", "wrong": "redis://:pw@x:port"}
            yield urls.get(request.param, redis.url)

    async def test_neither_commits_nor_streams_suffer(
        self,
        sqlite_settings: Settings,
        opened,
        trouble: str,
        short_pauses: None,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        answer_seconds = 1.0
        monkeypatch.setattr(wake_ups_redis, "ANSWER_SECONDS", answer_seconds)
        shared = with_broker(sqlite_settings, trouble)
        mine, other = opened(shared), opened(shared)
        job = await submitted(other)
        hub = EventHub(mine, 0.05)
        reading = asyncio.create_task(read(hub, job.id, 31))
        slowest = 0.0
        with caplog.at_level(logging.INFO):
            for _ in range(30):
                begin = time.monotonic()
                await tell(other, job.id)
                slowest = max(slowest, time.monotonic() - begin)
                await asyncio.sleep(0.05)
            assert await asyncio.wait_for(reading, 20) == list(range(1, 32))
            async with asyncio.timeout(20):
                while len(complaints(caplog)) < 2:
                    await asyncio.sleep(0.05)
        # Whoever waited for an answer would take as long as one may take.
        assert slowest < answer_seconds
        # One line for each direction, however often it was tried; and never the password.
        assert len(complaints(caplog)) == 2
        assert not any("pw" in line for line in complaints(caplog))
        begin = time.monotonic()
        await hub.close()
        await other.close()
        assert time.monotonic() - begin < 5

    async def test_a_server_in_trouble_is_left_alone_for_a_while(self) -> None:
        connections = []
        # Closes whatever comes in.
        server = await asyncio.start_server(
            lambda _reader, writer: (connections.append(1), writer.close()), "127.0.0.1", 0
        )
        voice = RedisWakeUps(f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0", "x")
        for _ in range(40):
            voice.tell(frozenset({"job"}))
            await asyncio.sleep(0.01)
        # One try, and its one repetition in case the connection had been idle.
        assert 1 <= len(connections) <= 2
        await voice.close()
        server.close()
        await server.wait_closed()

    async def test_wake_ups_come_back_with_the_server(
        self, sqlite_settings: Settings, redis: servers.RedisServer, opened, short_pauses: None
    ) -> None:
        shared = with_broker(sqlite_settings, redis.url)
        mine, other = opened(shared), opened(shared)
        job = await submitted(other)
        hub = EventHub(mine, POLL_SECONDS)
        reading = asyncio.create_task(read(hub, job.id, 3))
        await listened_to(redis.url, shared.broker_key_prefix)
        redis.stop()
        await tell(other, job.id)
        redis.start()
        await listened_to(redis.url, shared.broker_key_prefix)
        await asyncio.sleep(0.1)
        await tell(other, job.id)
        assert await asyncio.wait_for(reading, POLL_SECONDS / 2) == [1, 2, 3]
        await hub.close()

    async def test_a_server_that_falls_silent_is_left_and_found_again(
        self,
        redis: servers.RedisServer,
        short_pauses: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(wake_ups_redis, "QUIET_SECONDS", 0.1)
        monkeypatch.setattr(wake_ups_redis, "ANSWER_SECONDS", 0.1)
        ears, heard = RedisWakeUps(redis.url, "x"), []
        listening = asyncio.create_task(ears.listen(heard.append))
        await listened_to_channel(heard, 1)
        await asyncio.sleep(0.5)
        # It answered when it was asked: nothing to do anew.
        assert heard == [frozenset()]
        assert redis.process is not None
        redis.process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(0.5)
        redis.process.send_signal(signal.SIGCONT)
        await listened_to_channel(heard, 2)
        listening.cancel()
        await ears.close()


async def listened_to_channel(heard: list[frozenset[str]], times: int) -> None:
    async with asyncio.timeout(10):
        while len(heard) < times:
            await asyncio.sleep(0.01)


class TestTell:
    @pytest.fixture
    async def heard(self, redis_url: str, sqlite_settings: Settings):
        """Settings, and what is heard of their installation."""
        shared = with_broker(sqlite_settings, redis_url)
        ears = RedisWakeUps(redis_url, f"{shared.broker_key_prefix}{CHANNEL}")
        found: list[frozenset[str]] = []
        listening = asyncio.create_task(ears.listen(found.append))
        await listened_to_channel(found, 1)
        found.clear()
        yield shared, found
        listening.cancel()
        await ears.close()

    async def test_the_jobs_of_a_commit_are_named(self, heard, opened) -> None:
        shared, found = heard
        job = await submitted(opened(shared))
        await listened_to_channel(found, 1)
        assert found == [frozenset({job.id})]

    async def test_what_was_rolled_back_is_not_told(self, heard, opened) -> None:
        shared, found = heard
        db = opened(shared)
        job = await submitted(db)
        await listened_to_channel(found, 1)

        async def tell_and_break(session: Session) -> None:
            await events_repository.append(session, job.id, [("log", {})])
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await db.run(tell_and_break)
        async with db.write() as session:
            await session.connection()
        await asyncio.sleep(0.2)
        assert len(found) == 1

    async def test_nothing_is_told_before_the_commit(self, heard, opened) -> None:
        shared, found = heard
        db = opened(shared)
        job = await submitted(db)
        await listened_to_channel(found, 1)
        async with db.write() as session:
            await events_repository.append(session, job.id, [("log", {})])
            await asyncio.sleep(0.2)
            assert len(found) == 1
        await listened_to_channel(found, 2)

    async def test_many_commits_leave_together(self, heard, opened) -> None:
        shared, found = heard
        db = opened(shared)
        for number in range(200):
            db.wake_ups.tell(frozenset({f"job-{number}"}))
        await listened_to_channel(found, 1)
        assert found == [frozenset(f"job-{number}" for number in range(200))]

    async def test_the_last_word_before_closing_is_heard(self, heard, opened) -> None:
        shared, found = heard
        db = opened(shared)
        job = await submitted(db)
        await listened_to_channel(found, 1)
        await tell(db, job.id)
        await db.close()
        await listened_to_channel(found, 2)

    async def test_another_installation_on_the_same_server_is_not_heard(
        self, heard, opened, redis_url: str
    ) -> None:
        shared, found = heard
        await submitted(opened(with_broker(shared, redis_url)))
        await asyncio.sleep(0.2)
        assert found == []


class TestClientUrl:
    @pytest.mark.parametrize(
        ("broker", "expected"),
        [
            ("redis://:p%40ss@host:6380/3", "redis://:p%40ss@host:6380/3"),
            ("redis://a:1/0;redis://b:2/0", "redis://a:1/0"),
            ("redis+socket:///run/redis.sock?virtual_host=2", "unix:///run/redis.sock"),
            ("unix:///run/redis.sock?db=1", "unix:///run/redis.sock?db=1"),
            ("rediss://host?ssl_cert_reqs=CERT_NONE", "rediss://host?ssl_cert_reqs=none"),
        ],
    )
    def test_what_celery_takes_becomes_what_the_client_takes(self, broker: str, expected: str) -> None:
        assert client_url(broker) == expected
        Redis.from_url(client_url(broker))
