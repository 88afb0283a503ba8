"""Outbox, dispatcher and keeper: nothing accepted is lost, whatever dies."""

import asyncio
import json
import os
import socket
import time
from pathlib import Path

import pytest
import redis
from pydantic import SecretStr
from sqlalchemy import select, update

from hyperparameter_tuning.jobs import claims, outbox_repository, repository, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.dispatcher import Dispatcher
from hyperparameter_tuning.jobs.events import replay
from hyperparameter_tuning.jobs.keeper import Keeper, keeper_holder
from hyperparameter_tuning.jobs.models import JOBS, LEASES, OUTBOX, utc_now
from hyperparameter_tuning.jobs.outbox import publish_pending
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.shared.errors import StaleTransitionError, UnavailableError
from hyperparameter_tuning.shared.settings import QUEUE, TASK_NAME, Settings
from tests import servers
from tests.jobs.factories import claim, claimed, present, started, submitted, succeeded, told, whole_trial


class Mailbox:
    """A broker that keeps what it gets, and may be down."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.down = False

    def send(self, job_id: str) -> None:
        if self.down:
            raise UnavailableError("down")
        self.sent.append(job_id)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def host(database: Database):
    made = create_host(database.settings)
    yield made
    await made.close()


@pytest.fixture
async def keeper(database: Database, host, mailbox: Mailbox):
    made = Keeper(database.settings, database, host, mailbox)
    yield made
    # A module's PostgreSQL is shared by its tests: the next keeper must not wait for this one's lease.
    stop = asyncio.Event()
    stop.set()
    await made.run(stop)


async def aged(db: Database, job_id: str, **columns: float) -> None:
    """Let time pass for a job: set columns to so many seconds ago."""
    values = {name: utc_now(-seconds) for name, seconds in columns.items()}
    async with db.write() as session:
        await session.execute(update(JOBS).where(JOBS.c.id == job_id).values(values))


async def last_event(db: Database, job: JobRecord) -> tuple[str, object]:
    async with db.read() as session:
        event = (await replay(session, job.id))[-1]
    return event.type, event.data.get("reason")


class TestPublishPending:
    async def test_each_job_is_sent_once(self, database: Database, mailbox: Mailbox) -> None:
        jobs = [await submitted(database) for _ in range(3)]
        ids = [job.id for job in jobs]
        assert await publish_pending(database, mailbox, ids) == 3
        assert await publish_pending(database, mailbox, ids) == 0
        assert mailbox.sent == ids

    async def test_a_broker_that_is_down_loses_nothing(self, database: Database, mailbox: Mailbox) -> None:
        job = await submitted(database)
        mailbox.down = True
        assert await publish_pending(database, mailbox, [job.id]) == 0
        mailbox.down = False
        assert await publish_pending(database, mailbox, [job.id]) == 1

    async def test_a_cancelled_job_is_not_sent(self, database: Database, mailbox: Mailbox) -> None:
        job = await submitted(database)
        await database.run(lambda session: service.request_cancel(session, job.id))
        assert await publish_pending(database, mailbox, [job.id]) == 0


class TestTick:
    async def test_unsent_jobs_are_sent(self, database: Database, keeper: Keeper, mailbox: Mailbox) -> None:
        job = await submitted(database)
        await keeper.tick()
        assert job.id in mailbox.sent

    async def test_a_silent_worker_loses_its_job(
        self, database: Database, keeper: Keeper, mailbox: Mailbox
    ) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0), started(1))
        await aged(database, job.id, lease_until=1)
        await keeper.tick()
        after = await present(database, job.id)
        assert (after.state, after.attempts, after.lease_token) == ("queued", 1, None)
        assert job.id in mailbox.sent
        assert await last_event(database, job) == ("job.requeued", "lease_expired")
        async with database.read() as session:
            assert [trial.state for trial in await service.trials(session, job.id)] == [
                "complete",
                "abandoned",
            ]

    async def test_its_late_writes_change_nothing(self, database: Database, keeper: Keeper) -> None:
        job = await claimed(database)
        await aged(database, job.id, lease_until=1)
        await keeper.tick()
        again = await claim(database, job.id)
        with pytest.raises(StaleTransitionError):
            await told(database, job, *whole_trial(0))
        assert (
            await database.run(lambda session: claims.heartbeat(session, job.id, job.lease_token or ""))
            is None
        )
        await told(database, again, *whole_trial(0))

    async def test_a_living_worker_keeps_its_job(self, database: Database, keeper: Keeper) -> None:
        job = await claimed(database)
        await keeper.tick()
        assert (await present(database, job.id)).lease_token == job.lease_token

    async def test_a_job_that_ends_its_worker_three_times_is_poison(
        self, database: Database, keeper: Keeper
    ) -> None:
        job = await submitted(database)
        for _ in range(3):
            await claim(database, job.id)
            await aged(database, job.id, lease_until=1)
            await keeper.tick()
        after = await present(database, job.id)
        assert (after.state, after.error_code, after.reason) == ("failed", "poison", "poison")
        assert "3 times" in (after.error_message or "")
        assert await last_event(database, job) == ("job.failed", "poison")

    async def test_a_stop_survives_its_worker(self, database: Database, keeper: Keeper) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0))
        await database.run(lambda session: service.request_stop(session, job.id))
        await aged(database, job.id, lease_until=1)
        await keeper.tick()
        assert (await claim(database, job.id)).state == "stopping"

    async def test_a_cancel_survives_its_worker(self, database: Database, keeper: Keeper) -> None:
        job = await claimed(database)
        await database.run(lambda session: service.request_cancel(session, job.id))
        await aged(database, job.id, lease_until=1)
        await keeper.tick()
        assert (await present(database, job.id)).state == "cancelled"
        assert await last_event(database, job) == ("job.cancelled", "user")

    async def test_an_overdue_cancel_is_finished(self, database: Database, keeper: Keeper) -> None:
        job = await claimed(database)
        await database.run(lambda session: service.request_cancel(session, job.id))
        await keeper.tick()
        assert (await present(database, job.id)).state == "cancelling"
        await aged(database, job.id, cancel_requested_at=30)
        await keeper.tick()
        assert (await present(database, job.id)).state == "cancelled"

    async def test_a_lost_message_is_sent_again(
        self, database: Database, keeper: Keeper, mailbox: Mailbox
    ) -> None:
        job = await submitted(database)
        await keeper.tick()
        async with database.write() as session:
            await session.execute(
                update(OUTBOX).where(OUTBOX.c.job_id == job.id).values(sent_at=utc_now(-61))
            )
        await keeper.tick()
        assert mailbox.sent.count(job.id) == 2

    async def test_a_queued_job_without_a_note_gets_one(
        self, database: Database, keeper: Keeper, mailbox: Mailbox
    ) -> None:
        job = await submitted(database)
        await database.run(lambda session: outbox_repository.remove(session, job.id))
        await keeper.tick()
        assert job.id in mailbox.sent

    async def test_only_orphans_that_are_old_are_removed(
        self, database: Database, keeper: Keeper, caplog: pytest.LogCaptureFixture
    ) -> None:
        folder = Path(database.settings.artifacts)
        job = await succeeded(database)
        names = [job.artifact_key or "", "old.skops", "young.skops"]
        for name in names:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("model")
            if name != "young.skops":
                os.utime(file, (time.time() - 7200, time.time() - 7200))
        with caplog.at_level("INFO", logger="hyperparameter_tuning.jobs.keeper"):
            await keeper.tick()
        assert [name for name in names if (folder / name).exists()] == [names[0], "young.skops"]
        assert "Kept orphan artifacts: 1." in caplog.messages, "what is done aside is told, too"

    async def test_a_store_of_models_that_does_not_answer_holds_up_nothing_else(
        self, sqlite_settings: Settings, mailbox: Mailbox
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
            changes = {"artifacts_url": "s3://b/m", "publish_seconds": 0.02}
            options = SecretStr(json.dumps(servers.s3_options(endpoint)))
            settings = sqlite_settings.model_copy(update={**changes, "artifacts_options": options})
            db, host, stop = Database(settings), create_host(settings), asyncio.Event()
            running = asyncio.create_task(Keeper(settings, db, host, mailbox).run(stop))
            asked, _ = await asyncio.to_thread(silent.accept)
            job = await submitted(db)
            async with asyncio.timeout(20):
                while job.id not in mailbox.sent:
                    await asyncio.sleep(0.01)
            asked.close()
        stop.set()
        await running
        await host.close()
        await db.close()


class TestLease:
    async def test_one_of_many_acts(self, database: Database, keeper: Keeper, host, mailbox: Mailbox) -> None:
        assert await keeper.tick() is not None
        other = Keeper(database.settings, database, host, mailbox)
        assert await other.tick() is None
        async with database.read() as session:
            assert await keeper_holder(session) == keeper.holder

    async def test_an_ended_keeper_makes_room_at_once(
        self, database: Database, keeper: Keeper, host, mailbox: Mailbox
    ) -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(keeper.run(stop))
        job = await submitted(database)
        while job.id not in mailbox.sent:
            await asyncio.sleep(0.01)
        stop.set()
        await asyncio.wait_for(running, 2)
        async with database.read() as session:
            assert await keeper_holder(session) is None

    async def test_a_failing_round_does_not_end_the_keeper(
        self, database: Database, host, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
    ) -> None:
        quick = database.settings.model_copy(update={"publish_seconds": 0.01})
        keeper, stop, send = Keeper(quick, database, host, mailbox), asyncio.Event(), mailbox.send

        def fail(job_id: str) -> None:
            mailbox.send = send  # type: ignore[method-assign]
            raise RuntimeError("a surprise")

        mailbox.send = fail  # type: ignore[method-assign]
        job = await submitted(database)
        running = asyncio.create_task(keeper.run(stop))
        async with asyncio.timeout(5):
            while job.id not in mailbox.sent:
                await asyncio.sleep(0.01)
        stop.set()
        await running
        assert "tried again" in caplog.text

    async def test_whoever_has_it_writes_it_seldom(
        self, database: Database, keeper: Keeper, mailbox: Mailbox
    ) -> None:
        async def until() -> object:
            async with database.read() as session:
                return (await session.execute(select(LEASES.c.lease_until))).scalar_one()

        stop = asyncio.Event()
        keeping = asyncio.create_task(keeper.run(stop))
        try:
            job = await submitted(database)
            while job.id not in mailbox.sent:
                await asyncio.sleep(0.02)
            first, later = await until(), await submitted(database)
            while later.id not in mailbox.sent:
                await asyncio.sleep(0.02)
            assert await until() == first
        finally:
            stop.set()
            await keeping


class TestForwarding:
    async def test_a_host_that_listens_gets_every_event_in_order(
        self, database: Database, host, mailbox: Mailbox
    ) -> None:
        class Listener:
            def __init__(self) -> None:
                self.heard: list[dict] = []
                self.refuse = 3

            async def publish(self, event) -> None:
                if self.refuse and event["seq"] == 2:
                    self.refuse -= 1
                    raise RuntimeError("not now")
                json.dumps(event, allow_nan=False)
                self.heard.append(event)

        job = await succeeded(database)
        listener = Listener()
        listening = type(host)(host.graphs, host.datasets, host.principals, listener, host.database)
        keeper = Keeper(database.settings, database, listening, mailbox)
        for _ in range(5):
            await keeper.tick()
        await database.run(lambda session: _release(session, keeper))
        heard = [event["seq"] for event in listener.heard if event["job_id"] == job.id]
        assert heard == list(range(1, (await present(database, job.id)).last_seq + 1))


async def _release(session, keeper: Keeper) -> None:
    from hyperparameter_tuning.jobs import leases_repository

    await leases_repository.release(session, "keeper", keeper.holder)


class TestDispatcher:
    def test_the_filesystem_queue_gets_the_task_by_name(self, tmp_path: Path) -> None:
        settings = Settings(data_dir=tmp_path)
        dispatcher = Dispatcher(settings)
        dispatcher.send("job-1")
        dispatcher.close()
        (file,) = (tmp_path / "broker" / "queue").glob("*.msg")
        message = json.loads(file.read_text())
        assert message["headers"]["task"] == TASK_NAME
        assert message["properties"]["delivery_info"]["routing_key"] == QUEUE

    def test_redis_gets_it_under_our_prefix(self, tmp_path: Path, redis_url: str) -> None:
        settings = Settings(data_dir=tmp_path, broker_url=redis_url, broker_key_prefix="ours:")
        dispatcher = Dispatcher(settings)
        dispatcher.send("job-1")
        dispatcher.close()
        with redis.Redis.from_url(redis_url) as client:
            (raw,) = client.lrange(f"ours:{QUEUE}", 0, -1)
            client.delete(f"ours:{QUEUE}")
        assert json.loads(raw)["headers"]["task"] == TASK_NAME

    def test_a_redis_that_is_away_is_said_within_the_limit(self, tmp_path: Path) -> None:
        with servers.redis_server() as server:
            dispatcher = Dispatcher(Settings(data_dir=tmp_path, broker_url=server.url))
            dispatcher.send("job-1")
            server.stop()
            for _ in range(2):
                begin = time.monotonic()
                with pytest.raises(UnavailableError):
                    dispatcher.send("job-2")
                assert time.monotonic() - begin < 5
            server.start()
            dispatcher.send("job-3")
            dispatcher.close()

    def test_a_redis_that_is_frozen_is_said_within_the_limit(self, tmp_path: Path) -> None:
        import signal

        with servers.redis_server() as server:
            dispatcher = Dispatcher(Settings(data_dir=tmp_path, broker_url=server.url))
            dispatcher.send("job-1")
            assert server.process is not None
            server.process.send_signal(signal.SIGSTOP)
            begin = time.monotonic()
            with pytest.raises(UnavailableError):
                dispatcher.send("job-2")
            assert time.monotonic() - begin < 5
            server.process.send_signal(signal.SIGCONT)
            dispatcher.close()


class TestRepositoryTimes:
    async def test_silence_is_judged_by_the_lease_alone(self, database: Database) -> None:
        job = await claimed(database)
        async with database.read() as session:
            assert job.id not in [found.id for found in await repository.silent(session)]
        await aged(database, job.id, lease_until=0.5)
        async with database.read() as session:
            assert job.id in [found.id for found in await repository.silent(session)]
