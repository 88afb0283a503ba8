"""Keeps a job's lease, and learns what is asked of the job meanwhile.

What follows from a signal does not belong here (`tasks.child_phases`, `tasks.workflow`).
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Literal, Self

import structlog

from hyperparameter_tuning.jobs import claims
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord, Signals
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.settings import Settings

_log = structlog.get_logger(__name__)

TICK_SECONDS = 0.25
LOOK_SECONDS = 0.5
"""How often the job's row is read: heartbeats are rarer than a person who pressed Stop likes to wait."""

Interruption = Literal["lost", "cancel", "shutdown"]


class JobInterruptedError(Exception):
    """The work on a job must end without a result.

    Attributes:
        kind: ``lost``: write nothing more; ``cancel``: the person discards it; ``shutdown``: give it back.
    """

    def __init__(self, kind: Interruption) -> None:
        super().__init__(kind)
        self.kind = kind


class LeaseKeeper:
    """Renews the lease of one job until it is left; an asynchronous context manager.

    Attributes:
        lost: Set when the job is no longer ours: another worker has it, or it could not be renewed for so
            long that another may. Nothing may be written then.
        cancel: Set when the person asked to discard.
        stop: Set when the person asked to finish early.
        shutdown: Set when this worker ends.
    """

    def __init__(
        self, db: Database, job: JobRecord, settings: Settings, shutdown: threading.Event | None = None
    ) -> None:
        self.lost = asyncio.Event()
        self.cancel = asyncio.Event()
        self.stop = asyncio.Event()
        self.shutdown = asyncio.Event()
        self._db = db
        self._job_id = job.id
        self._token = job.lease_token or ""
        self._settings = settings
        self._worker_ends = shutdown or threading.Event()
        self._renewed = time.monotonic()
        self._left = asyncio.Event()
        self._take(Signals(job.cancel_requested, job.stop_requested))

    async def __aenter__(self) -> Self:
        loops = (self._renew, self._look, self._tick)
        self._tasks = [asyncio.create_task(self._guarded(loop)) for loop in loops]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Not cancelled: a transaction in the middle of a statement would leave its connection unusable.
        self._left.set()
        await asyncio.gather(*self._tasks)

    def raise_if_interrupted(self) -> None:
        """Raise when the job has no future here.

        Raises:
            JobInterruptedError: the lease is lost, the person cancelled, or the worker ends.
        """
        kinds: tuple[tuple[asyncio.Event, Interruption], ...] = (
            (self.lost, "lost"),
            (self.cancel, "cancel"),
            (self.shutdown, "shutdown"),
        )
        for event, kind in kinds:
            if event.is_set():
                raise JobInterruptedError(kind)

    async def _guarded(self, loop: Callable[[], Awaitable[None]]) -> None:
        try:
            await loop()
        except Exception:
            # Without its keeper a job must not go on: another worker may have it.
            _log.exception("lease_keeper_failed", job_id=self._job_id)
            self.lost.set()

    async def _renew(self) -> None:
        while await self._pause(self._settings.heartbeat_seconds):
            begun = time.monotonic()
            try:
                signals = await self._db.run(
                    lambda session: claims.heartbeat(session, self._job_id, self._token), durable=False
                )
            except UnavailableError as error:
                _log.warning("heartbeat_failed", job_id=self._job_id, reason=str(error))
                continue
            if signals is None:
                self.lost.set()
                return
            self._renewed = begun
            self._take(signals)

    async def _look(self) -> None:
        while await self._pause(LOOK_SECONDS):
            try:
                signals = await self._db.run(
                    lambda session: claims.look(session, self._job_id, self._token), write=False
                )
            except UnavailableError:
                continue  # the heartbeat tells of it
            if signals is None:
                self.lost.set()
                return
            self._take(signals)

    async def _tick(self) -> None:
        while await self._pause(TICK_SECONDS):
            if self._worker_ends.is_set():
                self.shutdown.set()
            if time.monotonic() - self._renewed >= self._settings.self_stop_seconds:
                _log.error("lease_not_renewed", job_id=self._job_id)
                self.lost.set()
                return

    async def _pause(self, seconds: float) -> bool:
        """Wait; say whether to go on."""
        try:
            await asyncio.wait_for(self._left.wait(), seconds)
        except TimeoutError:
            return not self.lost.is_set()
        return False

    def _take(self, signals: Signals) -> None:
        if signals.cancel_requested:
            self.cancel.set()
        if signals.stop_requested:
            self.stop.set()
