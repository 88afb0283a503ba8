"""Live events: one poller per process looks at the table and fans out in memory.

It looks every so often, and at once when it is woken (`jobs.wake_ups`). Statements are in
`jobs.events_repository`; the form on the wire is the business of `node`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from hyperparameter_tuning.jobs import events_repository
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.records import EventRecord

logger = logging.getLogger(__name__)
PAGE = 500
QUEUE_LIMIT = 2_000


async def replay(session: Session, job_id: str, after: int = 0, limit: int = PAGE) -> list[EventRecord]:
    """Return the job's events that follow number *after*, in order, *limit* at most."""
    return await events_repository.after(session, job_id, after, limit)


@dataclass(eq=False, slots=True)
class _Subscriber:
    """One reader of a job: what was found since it last looked, and whether it fell behind."""

    job_id: str
    found: list[EventRecord] = field(default_factory=list)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False


class EventHub:
    """Gives any number of readers the events of jobs, each once and in order.

    A reader first gets what the table has and then what the poller finds. Numbers decide what is new to it,
    so the change from one to the other can neither lose nor repeat an event.

    Attributes:
        poll_seconds: Time between two looks at the table while anybody reads.
    """

    def __init__(self, db: Database, poll_seconds: float | None = None) -> None:
        self.poll_seconds = db.settings.poll_seconds if poll_seconds is None else poll_seconds
        self._db = db
        self._subscribers: dict[str, set[_Subscriber]] = {}
        self._seen: dict[str, int] = {}
        self._poller: asyncio.Task[None] | None = None
        self._listener: asyncio.Task[None] | None = None
        self._wanted = asyncio.Event()
        self._closed = False

    async def subscribe(self, job_id: str, after: int = 0) -> AsyncIterator[EventRecord]:
        """Yield the job's events that follow number *after*, for as long as the caller reads.

        Ends when the hub is closed or the job is deleted. A job that has ended may still get ``writeback.*``
        events, so the caller decides when it has seen enough.

        Args:
            job_id: Which job.
            after: Number of the last event that the caller has; 0 for all.
        """
        subscriber = _Subscriber(job_id)
        self._add(subscriber)
        try:
            last = after
            async for event in self._stored(subscriber, last):
                last = event.seq
                yield event
            while not (self._closed or subscriber.gone):
                await subscriber.wake.wait()
                subscriber.wake.clear()
                found, subscriber.found = subscriber.found, []
                async for event in self._following(subscriber, found, last):
                    last = event.seq
                    yield event
        finally:
            self._remove(subscriber)

    @property
    def readers(self) -> int:
        """How many follow a job now."""
        return sum(len(of_job) for of_job in self._subscribers.values())

    def wake(self) -> None:
        """Look at the table now."""
        self._wanted.set()

    def end(self) -> None:
        """End all streams at once; whoever comes later gets what is stored and no more."""
        self._closed = True
        for subscribers in self._subscribers.values():
            for subscriber in subscribers:
                subscriber.wake.set()

    async def close(self) -> None:
        """End all streams at once and stop looking."""
        self.end()
        for task in filter(None, (self._poller, self._listener)):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self._poller = self._listener = None

    async def _stored(self, subscriber: _Subscriber, last: int) -> AsyncIterator[EventRecord]:
        while not self._closed:
            async with self._db.read() as session:
                page = await replay(session, subscriber.job_id, last, PAGE)
            for event in page:
                last = event.seq
                yield event
            if len(page) < PAGE:
                return

    async def _following(
        self, subscriber: _Subscriber, found: list[EventRecord], last: int
    ) -> AsyncIterator[EventRecord]:
        """Yield what follows *last*: from *found*, or from the table where *found* has a gap before it."""
        news = [event for event in found if event.seq > last]
        if news and news[0].seq > last + 1:
            async for event in self._stored(subscriber, last):
                yield event
            return
        for event in news:
            yield event

    def _add(self, subscriber: _Subscriber) -> None:
        self._subscribers.setdefault(subscriber.job_id, set()).add(subscriber)
        if self._closed:
            subscriber.wake.set()
        elif self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())
            # Kept when the last reader leaves: the next one comes soon.
            self._listener = self._listener or asyncio.create_task(self._db.wake_ups.listen(self._heard))
        self.wake()

    def _heard(self, job_ids: frozenset[str]) -> None:
        if not job_ids or not job_ids.isdisjoint(self._subscribers):
            self.wake()

    def _remove(self, subscriber: _Subscriber) -> None:
        others = self._subscribers.get(subscriber.job_id, set())
        others.discard(subscriber)
        if not others:
            self._subscribers.pop(subscriber.job_id, None)
            self._seen.pop(subscriber.job_id, None)

    async def _poll(self) -> None:
        while self._subscribers:
            # Before the look: what wakes during it may be about something that it did not see.
            self._wanted.clear()
            try:
                await self._look()
            except Exception:
                # Streams outlive whatever the store does: without the poller they would wait for ever.
                logger.warning("Events could not be read and are looked for again.", exc_info=True)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), self.poll_seconds)

    async def _look(self) -> None:
        job_ids = tuple(self._subscribers)
        async with self._db.read() as session:
            newest = await events_repository.last_numbers(session, job_ids)
            for job_id in job_ids:
                if job_id not in newest:
                    self._forget(job_id)
                elif newest[job_id] > self._seen.setdefault(job_id, newest[job_id] - 1):
                    found = await events_repository.after(session, job_id, self._seen[job_id], PAGE)
                    self._hand_out(job_id, found)

    def _hand_out(self, job_id: str, found: list[EventRecord]) -> None:
        if found:
            self._seen[job_id] = found[-1].seq
        for subscriber in self._subscribers.get(job_id, ()):
            subscriber.found.extend(found)
            # A reader that fell behind reads the table again: its first number then shows the gap.
            del subscriber.found[:-QUEUE_LIMIT]
            subscriber.wake.set()

    def _forget(self, job_id: str) -> None:
        for subscriber in self._subscribers.get(job_id, ()):
            subscriber.gone = True
            subscriber.wake.set()
