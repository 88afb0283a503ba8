"""Webhooks: every event of a job, in order, signed, at least once, whatever the receiver answers."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.jobs import backoff, events_repository, tallies_repository, webhooks
from hyperparameter_tuning.jobs.backoff import Backoff
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.keeper import Keeper
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.jobs.webhook_signatures import signature
from hyperparameter_tuning.jobs.webhooks import Webhook
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs.factories import present, submitted, succeeded
from tests.jobs.receivers import Receiver, receiving
from tests.jobs.test_keeping import Mailbox
from tests.node_packages import node_tool
from tests.servers import free_port, until

PAGE = Path(__file__).parents[2] / "docs/webhooks.md"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backoff, "FIRST_SECONDS", 0.0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def hooked(settings: Settings, receiver: Receiver, **more: Any) -> Settings:
    values = {"webhook_url": receiver.url, "webhook_secret": "new-secret", **more}
    return Settings(**{**settings.model_dump(exclude={"database"}), **values})


@pytest.fixture
async def db(settings: Settings, receiver: Receiver) -> AsyncIterator[Database]:
    database = Database(hooked(settings, receiver))
    yield database
    # A module's PostgreSQL is shared by its tests: what one left is not the next one's.
    async with database.write() as session:
        for job_id, _ in await events_repository.untold(session, 1_000):
            await events_repository.mark_told(session, job_id, 10_000)
    await database.close()


@pytest.fixture
async def webhook(db: Database) -> AsyncIterator[Webhook]:
    made = Webhook(db.settings, db)
    yield made
    await made.close()


def _listens(url: str) -> bool:
    try:
        httpx.post(url, content=b"{}", timeout=5)
    except httpx.TransportError:
        return False
    return True


async def numbers(db: Database, job_id: str) -> list[int]:
    return list(range(1, (await present(db, job_id)).last_seq + 1))


class TestDelivery:
    async def test_every_event_comes_once_and_in_order(
        self, db: Database, webhook: Webhook, receiver: Receiver
    ) -> None:
        jobs = [await succeeded(db), await submitted(db)]
        assert await webhook.deliver() == len(receiver.taken)
        for job in jobs:
            assert receiver.of(job.id) == await numbers(db, job.id)
        assert await webhook.deliver() == 0
        async with db.read() as session:
            stored = await events_repository.after(session, jobs[0].id, 0, 100)
        told = [event for event in receiver.taken if event["job_id"] == jobs[0].id]
        assert told == [event.as_document() for event in stored]

    async def test_many_events_come_in_portions(
        self, db: Database, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(webhooks, "EVENTS_AT_ONCE", 2)
        job = await succeeded(db)
        while await webhook.deliver():
            pass
        assert receiver.of(job.id) == await numbers(db, job.id)

    async def test_a_receiver_in_trouble_gets_everything_later(
        self, db: Database, webhook: Webhook, receiver: Receiver
    ) -> None:
        troubles = iter([500, 503, 429, 404, 302])
        receiver.choose = lambda event: next(troubles, 204) if event["seq"] == 2 else 204
        job = await succeeded(db)
        for _ in range(6):
            await webhook.deliver()
        assert receiver.of(job.id) == await numbers(db, job.id)

    async def test_an_event_that_is_refused_holds_up_its_own_job_only(
        self, db: Database, webhook: Webhook, receiver: Receiver
    ) -> None:
        bad, good = await succeeded(db), await succeeded(db)
        receiver.choose = lambda event: 422 if (event["job_id"], event["seq"]) == (bad.id, 2) else 204
        await webhook.deliver()
        assert receiver.of(bad.id) == [1]
        assert receiver.of(good.id) == await numbers(db, good.id)
        receiver.choose = lambda _: 204
        await webhook.deliver()
        assert receiver.of(bad.id) == await numbers(db, bad.id)
        totals = await db.run(tallies_repository.totals, write=False)
        assert totals["webhook.refused"] >= 1
        assert totals["webhook.taken"] >= len(receiver.taken)

    async def test_a_receiver_that_is_away_is_left_alone_for_longer_each_time(
        self, db: Database, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(backoff, "FIRST_SECONDS", 30.0)
        away = Settings(
            **{
                **db.settings.model_dump(exclude={"database"}),
                "webhook_url": f"http://127.0.0.1:{free_port()}/",
            }
        )
        webhook = Webhook(away, db)
        await submitted(db)
        assert await webhook.deliver() == 0
        posted = time.monotonic()
        assert await webhook.deliver() == 0
        assert time.monotonic() - posted < 1, "it was not asked again"
        await webhook.close()
        waits = Backoff()
        assert [waits.failed() for _ in range(6)] == [30, 60, 120, 240, 300, 300]

    async def test_what_was_taken_and_not_noted_comes_again(
        self, db: Database, webhook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = await succeeded(db)

        async def die(*_: Any) -> None:
            raise RuntimeError("the keeper was killed")

        with monkeypatch.context() as patched:
            patched.setattr(events_repository, "mark_told", die)
            with pytest.raises(RuntimeError):
                await webhook.deliver()
        await webhook.deliver()
        whole = await numbers(db, job.id)
        assert receiver.of(job.id) == [*whole, *whole]

    async def test_a_redirect_is_not_followed(
        self, db: Database, webhook: Webhook, receiver: Receiver
    ) -> None:
        with receiving() as elsewhere:
            receiver.choose, receiver.location = lambda _: 307, elsewhere.url
            await submitted(db)
            assert await webhook.deliver() == 0
            assert receiver.came
            assert elsewhere.came == []

    async def test_jobs_from_before_are_not_told_of(self, settings: Settings, receiver: Receiver) -> None:
        before = Database(settings)
        old = await succeeded(before)
        await before.close()
        db = Database(hooked(settings, receiver))
        webhook = Webhook(db.settings, db)
        new = await submitted(db)
        await webhook.deliver()
        await webhook.close()
        await db.close()
        assert receiver.of(old.id) == []
        assert receiver.of(new.id) == [1]

    async def test_neither_url_nor_secret_is_logged(
        self, db: Database, webhook: Webhook, receiver: Receiver, caplog: pytest.LogCaptureFixture
    ) -> None:
        receiver.choose = lambda _: 500
        job = await submitted(db)
        await webhook.deliver()
        receiver.choose = lambda _: 204
        assert job.id in caplog.text
        assert "answers 500" in caplog.text
        ours = [record.getMessage() for record in caplog.records if record.name.startswith("hyperparameter")]
        assert not [line for line in ours if "in-the-url" in line or "new-secret" in line]


class TestKeeper:
    async def test_tells_and_a_slow_receiver_holds_nothing_up(self, db: Database, receiver: Receiver) -> None:
        host, mailbox = create_host(db.settings), Mailbox()
        quick = db.settings.model_copy(update={"publish_seconds": 0.02})
        keeper, stop = Keeper(quick, db, host, mailbox), asyncio.Event()
        receiver.hold.clear()
        first = await submitted(db)
        running = asyncio.create_task(keeper.run(stop))
        async with asyncio.timeout(20):
            while not receiver.came:
                await asyncio.sleep(0.01)
            second = await submitted(db)
            while second.id not in mailbox.sent:
                await asyncio.sleep(0.01)
            assert receiver.taken == [], "the receiver is still thinking"
            receiver.hold.set()
            while receiver.of(first.id) != [1] or receiver.of(second.id) != [1]:
                await asyncio.sleep(0.01)
        stop.set()
        await running
        await host.close()


class TestSignature:
    async def test_is_over_time_and_body_with_every_secret(
        self, settings: Settings, receiver: Receiver
    ) -> None:
        db = Database(hooked(settings, receiver, webhook_old_secret="old-secret"))
        webhook = Webhook(db.settings, db)
        job = await submitted(db)
        await webhook.deliver()
        await webhook.close()
        await db.close()
        headers, body = receiver.came[-1]
        at, new, old = (part.partition("=")[2] for part in headers["hpt-signature"].split(","))
        assert abs(time.time() - int(at)) < 60
        for secret, found in ((b"new-secret", new), (b"old-secret", old)):
            assert hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest() == found
        assert headers["hpt-event-id"] == f"{job.id}.1"
        assert headers["hpt-event"] == "job.queued"
        assert headers["content-type"] == "application/json"

    def test_has_a_known_answer(self) -> None:
        # RFC 4231, test case 2: the key "Jefe" and the text "what do ya want for nothing?".
        assert hmac.new(b"Jefe", b"what do ya want for nothing?", hashlib.sha256).hexdigest() == (
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
        expected = hmac.new(b"s", b"7.{}", hashlib.sha256).hexdigest()
        assert signature(("s",), b"{}", 7) == f"t=7,v1={expected}"


class TestReceiversOfThePage:
    """What docs/webhooks.md shows, run as it stands there."""

    def program(self, language: str, folder: Path) -> Path:
        (block,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
        file = folder / ("receiver.py" if language == "python" else "receiver.mjs")
        file.write_text(block)
        return file

    @pytest.fixture(params=["python", "javascript"])
    def running(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
        """Its URL, and the file that it prints into."""
        command = [node_tool("node")] if request.param == "javascript" else [sys.executable]
        port, printed = free_port(), tmp_path / "printed.txt"
        with printed.open("w") as output:
            process = subprocess.Popen(
                [*command, str(self.program(request.param, tmp_path)), str(port)],
                env={**os.environ, "WEBHOOK_SECRETS": "unknown-secret new-secret"},
                stdout=output,
                # Node of a wheel is a child of what is started here.
                start_new_session=True,
            )
        url = f"http://127.0.0.1:{port}/"
        try:
            until(lambda: process.poll() is not None or _listens(url), 60)
            yield url, printed
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    async def test_take_what_is_ours_and_know_what_they_had(
        self, sqlite_settings: Settings, running: tuple[str, Path]
    ) -> None:
        url, printed = running
        base = sqlite_settings.model_dump(exclude={"database"})
        db = Database(Settings(**{**base, "webhook_url": url, "webhook_secret": "new-secret"}))
        webhook = Webhook(db.settings, db)
        job = await succeeded(db)
        assert await webhook.deliver() == (await present(db, job.id)).last_seq
        # Told again, as after a keeper's death: it is taken, and nothing is printed twice.
        async with db.read() as session:
            event = (await events_repository.after(session, job.id, 0, 1))[0]
        assert await webhook._post(event) == "taken"
        expected = [[job.id, str(seq)] for seq in await numbers(db, job.id)]
        until(lambda: printed.read_text().count("\n") >= len(expected))
        assert [line.split()[:2] for line in printed.read_text().splitlines()] == expected
        await webhook.close()
        await db.close()

    @pytest.mark.parametrize(
        "header",
        [
            "",
            "t=abc,v1=00",
            f"t={int(time.time())}",
            signature(("wrong",), b"{}", int(time.time())),
            signature(("new-secret",), b"{} ", int(time.time())),
            signature(("new-secret",), b"{}", int(time.time()) - 3600),
        ],
        ids=["none", "no time", "no signature", "another secret", "another body", "an old one"],
    )
    def test_refuse_what_is_not(self, running: tuple[str, Path], header: str) -> None:
        answer = httpx.post(running[0], content=b"{}", headers={"HPT-Signature": header}, timeout=10)
        assert answer.status_code == 403
