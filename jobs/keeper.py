"""The process that keeps promises: sends what is unsent, mends what is broken, finishes what is pending.

Any number may run; a lease row lets one act. What each duty does is in its own module
(`jobs.outbox`, `jobs.reconciliation`, `jobs.patches_delivered`, `jobs.forwarding`, `jobs.webhooks`).
"""

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from hyperparameter_tuning.jobs import (
    leases_repository,
    repository,
    tallies_repository,
    tickets,
    write_backs_repository,
)
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.forwarding import forward_events
from hyperparameter_tuning.jobs.outbox import Sender, publish_pending
from hyperparameter_tuning.jobs.patches_delivered import deliver
from hyperparameter_tuning.jobs.reconciliation import (
    expire_leases,
    finish_cancels,
    let_wait_end,
    repeat_sending,
)
from hyperparameter_tuning.jobs.retention import remove_old
from hyperparameter_tuning.jobs.webhooks import Webhook
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.host import Host
from hyperparameter_tuning.shared.settings import Settings

logger = logging.getLogger(__name__)

LEASE = "keeper"
LEASE_SECONDS = 15.0
# Whoever has it writes a third as often as it lasts, not every round.
RENEW_SECONDS = LEASE_SECONDS / 3
ARTIFACT_SECONDS = 600.0
RETENTION_SECONDS = 600.0
TICKET_SECONDS = 60.0
ORPHAN_SECONDS = 3600.0
WRITE_BACKS_AT_ONCE = 20


@dataclass(slots=True)
class _Duty:
    """Something to do again and again.

    Attributes:
        name: For the log.
        seconds: Time between two times.
        work: Does it; returns how much there was to do.
        due: Monotonic time of the next.
        aside: Done beside the others, which do not wait for it: it waits for somebody outside.
        task: What is under way of it, where it is done aside.
    """

    name: str
    seconds: float
    work: Callable[[], Awaitable[int]]
    due: float = 0.0
    aside: bool = False
    task: asyncio.Task[int] | None = None


class Keeper:
    """One of any number of keepers of an installation.

    Attributes:
        holder: Its name in the lease row.
    """

    def __init__(self, settings: Settings, db: Database, host: Host, dispatcher: Sender) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self._settings = settings
        self._db = db
        self._host = host
        self._dispatcher = dispatcher
        self._rounds = 0
        self._renewal_due = 0.0
        often, seldom = settings.publish_seconds, settings.reconcile_seconds
        # In this order: what is mended first is sent in the same round.
        self._duties = [
            _Duty("expired leases", seldom, lambda: expire_leases(db)),
            _Duty("overdue cancels", seldom, lambda: finish_cancels(db)),
            _Duty("lost messages", seldom, lambda: repeat_sending(db)),
            _Duty("jobs put off", often, lambda: let_wait_end(db)),
            _Duty("unsent jobs", often, lambda: publish_pending(db, dispatcher)),
            _Duty("write-backs", often, self._write_back),
            _Duty("old tickets", TICKET_SECONDS, lambda: db.run(tickets.remove_expired, durable=False)),
            _Duty("old jobs", RETENTION_SECONDS, lambda: remove_old(db), aside=True),
            _Duty("orphan artifacts", ARTIFACT_SECONDS, self._remove_orphans, aside=True),
        ]
        if not getattr(host.events, "reads_table", False):
            self._duties.append(_Duty("host events", often, lambda: forward_events(db, host.events)))
        self._webhook = None if settings.webhook_url is None else Webhook(settings, db)
        if self._webhook is not None:
            self._duties.append(_Duty("webhook events", often, self._webhook.deliver, aside=True))

    async def run(self, stop: asyncio.Event) -> None:
        """Keep until *stop* is set; failures are logged and tried again."""
        try:
            while not stop.is_set():
                try:
                    await self._round(time.monotonic())
                except Exception:
                    # The store or the broker may be down for a while; a keeper outlives that.
                    logger.exception("The keeper's round failed and is tried again.")
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self._settings.publish_seconds)
        finally:
            await self._end_asides()
            with suppress(Exception):
                await self._db.run(lambda session: leases_repository.release(session, LEASE, self.holder))

    async def tick(self) -> dict[str, int] | None:
        """Do every duty now.

        Returns:
            How much each had to do, by its name; None when another keeper holds the lease.
        """
        self._renewal_due = 0.0
        for duty in self._duties:
            duty.due = 0.0
        done = await self._round(time.monotonic())
        if done is None:
            return None
        for duty in self._duties:
            if duty.task is not None:
                done[duty.name] = await duty.task
        return done

    async def _round(self, now: float) -> dict[str, int] | None:
        if not await self._has_lease(now):
            return None
        self._rounds += 1
        done: dict[str, int] = {}
        for duty in self._duties:
            if duty.due <= now:
                duty.due = now + duty.seconds
                if duty.aside:
                    self._do_aside(duty)
                    continue
                done[duty.name] = await self._do(duty)
        return done

    async def _do(self, duty: _Duty) -> int:
        done = await duty.work()
        if done:
            logger.info("Kept %s: %s.", duty.name, done)
        return done

    def _do_aside(self, duty: _Duty) -> None:
        """Begin a duty that others do not wait for, unless the last time is still under way."""
        if duty.task is not None and not duty.task.done():
            return
        if duty.task is not None and not duty.task.cancelled() and (error := duty.task.exception()):
            logger.error("The keeper's %s failed and are tried again.", duty.name, exc_info=error)
        duty.task = asyncio.ensure_future(self._do(duty))

    async def _end_asides(self) -> None:
        # Not cancelled: a transaction in the middle of a statement would leave its connection unusable.
        if self._webhook is not None:
            self._webhook.end()
        for duty in self._duties:
            if duty.task is not None:
                with suppress(Exception):
                    await duty.task
        if self._webhook is not None:
            await self._webhook.close()

    async def _has_lease(self, now: float) -> bool:
        """Take or renew the lease when it is time to; between two times it cannot have run out."""
        if now < self._renewal_due:
            return True
        rounds = self._rounds
        taken = await self._db.run(lambda session: self._take_lease(session, rounds), durable=False)
        self._rounds -= rounds if taken else 0
        self._renewal_due = now + RENEW_SECONDS if taken else 0.0
        return taken

    async def _take_lease(self, session: Session, rounds: int) -> bool:
        taken = await leases_repository.take(session, LEASE, self.holder, LEASE_SECONDS)
        # With the lease, and so as seldom: nobody writes while nothing happens.
        if taken and rounds:
            await tallies_repository.add(session, "keeper_rounds", rounds)
        return taken

    async def _write_back(self) -> int:
        due = await self._db.run(
            lambda session: write_backs_repository.due(session, WRITE_BACKS_AT_ONCE), write=False
        )
        for job_id in due:
            await deliver(self._db, self._host, job_id)
        return len(due)

    async def _remove_orphans(self) -> int:
        # Listed first: a model stored meanwhile is young, and one that a row names is known.
        found = await asyncio.to_thread(artifacts.orphans, (), self._settings, older_than=ORPHAN_SECONDS)
        known = await self._db.run(repository.artifact_keys, write=False)
        orphans = sorted(set(found) - known)
        for key in orphans:
            await asyncio.to_thread(artifacts.delete, key, self._settings)
        return len(orphans)


async def keeper_holder(session: Session) -> str | None:
    """Return the name of the keeper that acts now, or None when none runs."""
    return await leases_repository.holder_of(session, LEASE)
