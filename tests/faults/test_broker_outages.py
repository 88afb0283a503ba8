"""A broker that repeats, loses or holds back messages: every accepted job runs, once."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

import redis
from sqlalchemy import select

from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.dispatcher import Dispatcher
from hyperparameter_tuning.jobs.models import OUTBOX
from hyperparameter_tuning.jobs.status import JobState
from tests.acceptance.stack import serving
from tests.faults import searches
from tests.faults.conftest import (
    POSTGRESQL,
    Running,
    everywhere_on_redis,
    on,
    on_servers,
    on_servers_at_length,
)
from tests.faults.incidents import Incident, note
from tests.faults.installation import Installation
from tests.faults.proxy import forwarding

SLOWEST_ANSWER_SECONDS = 2.5


def check_all_end(running: Running, job_ids: list[str], patience: float) -> None:
    made = running.installation
    for job_id in job_ids:
        ended = made.until_ended(job_id, patience)
        assert (ended.state, ended.attempts) == (JobState.SUCCEEDED, 1), ended.error_message
        searches.check_told_once(made, job_id)


class TestRepeatedMessages:
    """T3."""

    @everywhere_on_redis
    def test_five_messages_are_one_run(self, running: Running) -> None:
        made = running.installation
        dispatcher = Dispatcher(made.settings)
        with made.worker(), made.worker():
            job_id = searches.submit(running.stack, "random")
            for _ in range(3):
                dispatcher.send(job_id)
            searches.until_units(made, job_id, 6)
            for _ in range(2):
                dispatcher.send(job_id)
            check_all_end(running, [job_id], 60)
            late = searches.submit_small(running.stack)
            # Behind the repeated ones: they were taken and dropped.
            made.until_ended(late)
        dispatcher.close()
        starts = [event for event in made.events(job_id) if event.type == "job.running"]
        assert len(starts) == 1
        note(Incident("T3", made.name, made.clock, faults=5))


class TestKilledBroker:
    """T5."""

    @on_servers_at_length
    def test_everything_submitted_meanwhile_runs(self, running: Running) -> None:
        made = running.installation
        assert made.redis is not None
        with made.worker():
            made.until_ended(searches.submit_small(running.stack))
            long = searches.submit(running.stack, "random")
            searches.until_units(made, long, 3)
            made.redis.stop()
            down = time.monotonic()
            meanwhile = [searches.submit_small(running.stack) for _ in range(3)]
            made.redis.start()
            check_all_end(running, [long, *meanwhile], 120)
        seconds = time.monotonic() - down
        note(Incident("T5 killed", made.name, made.clock, jobs=4, recovery_seconds=(round(seconds, 2),)))

    @on_servers
    def test_everything_that_it_forgot_is_sent_again(self, running: Running) -> None:
        made = running.installation
        count = 4 if made.clock == "quick" else 20
        queued = [searches.submit_small(running.stack) for _ in range(count)]
        until_sent(made, queued)
        with redis.Redis.from_url(made.settings.broker) as client:
            client.flushall()
        flushed = time.monotonic()
        with made.worker():
            made.until(queued[0], lambda job: job.state is not JobState.QUEUED, 100)
            again = time.monotonic() - flushed
            assert again < made.settings.republish_seconds + 2 * made.settings.reconcile_seconds + 10
            check_all_end(running, queued, 180)
        found = Incident("T5 flushed", made.name, made.clock, jobs=count, recovery_seconds=(round(again, 2),))
        note(found)


class TestFrozenBroker:
    """T6."""

    @on_servers_at_length
    def test_people_hardly_notice(self, running: Running) -> None:
        made = running.installation
        assert made.redis is not None
        searches.submit_small(running.stack)
        frozen_seconds = 3.0 if made.clock == "quick" else 20.0
        seconds: list[float] = []
        submitted: list[str] = []
        made.redis.freeze()
        try:
            end = time.monotonic() + frozen_seconds
            while time.monotonic() < end:
                begun = time.monotonic()
                submitted.append(searches.submit_small(running.stack))
                seconds.append((time.monotonic() - begun) / 2)  # a pipeline was stored, too
                begun = time.monotonic()
                answer = running.stack.request("GET", f"/hyperparameter-tuning-jobs/{submitted[-1]}")
                seconds.append(time.monotonic() - begun)
                assert answer.status_code == 200
                time.sleep(0.2)
        finally:
            made.redis.thaw()
        p95 = statistics.quantiles(seconds, n=20)[-1]
        assert p95 < SLOWEST_ANSWER_SECONDS
        with made.worker():
            check_all_end(running, submitted, 240)
        figure = f"p95 of an answer {p95 * 1000:.0f} ms"
        note(Incident("T6", made.name, made.clock, jobs=len(submitted), figure=figure))


class TestDeafWorker:
    @on(POSTGRESQL, is_short=False)
    def test_ends_and_the_supervisor_starts_another(self, running: Running, tmp_path: Path) -> None:
        made = running.installation
        assert made.redis is not None
        with forwarding(made.redis.port) as proxy:
            variables = made.settings.environment() | {
                "HPT_BROKER_URL": f"redis://127.0.0.1:{proxy.port}/0",
                "HPT_REPUBLISH_SECONDS": "1",
                "HPT_SILENT_SECONDS": "4",
            }
            with serving(tmp_path, variables) as stack:
                first = made.until_ended(searches.submit_small(stack))
                proxy.deafen()
                begun = time.monotonic()
                job_id = searches.submit_small(stack)
                ended = made.until_ended(job_id)
                seconds = time.monotonic() - begun
                assert ended.state is JobState.SUCCEEDED
                assert ended.worker != first.worker
                assert "The worker ended (exit code 70)" in stack.log.read_text()
        note(Incident("deaf worker", made.name, recovery_seconds=(round(seconds, 2),)))


def until_sent(made: Installation, job_ids: list[str], patience: float = 30.0) -> None:
    """Wait until the broker has a message of each job."""

    async def look(db: Database) -> None:
        deadline = time.monotonic() + patience
        statement = select(OUTBOX.c.job_id).where(OUTBOX.c.sent_at.is_not(None))
        while True:
            async with db.read() as session:
                sent = set((await session.execute(statement)).scalars())
            if set(job_ids) <= sent:
                return
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)

    made.store(look)
