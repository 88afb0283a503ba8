"""Puts the search's messages into the store, many at a time, before anybody hears of them.

What a message means does not belong here (`jobs.progress`).
"""

import asyncio
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import structlog

from hyperparameter_tuning.jobs import progress
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.shared.errors import StaleTransitionError, UnavailableError
from hyperparameter_tuning.tasks.lease_keeper import LeaseKeeper

_log = structlog.get_logger(__name__)

BATCH_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0
RECORDING_SHARE = 0.05
"""At most this share of the time goes into recording: a busy machine gets fewer and larger batches."""
MOST_WAITING = 5_000
_RETRY_SECONDS = 1.0


class Recorder:
    """Records messages in their order, one transaction per batch; an asynchronous context manager.

    A store that does not answer is tried again for as long as the lease holds.

    Attributes:
        units: Candidates scored on a fold that were taken.
    """

    def __init__(self, db: Database, job_id: str, token: str, keeper: LeaseKeeper) -> None:
        self._db = db
        self._job_id = job_id
        self._token = token
        self._keeper = keeper
        self._waiting: list[Mapping[str, Any]] = []
        self._writing = asyncio.Lock()
        self._left = asyncio.Event()
        self._error: Exception | None = None
        self.units = 0

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._write_batches())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        await self._task
        await self._write()
        if kind is None and self._error is not None:
            raise self._error

    async def take(self, message: Mapping[str, Any]) -> None:
        """Take one message; waits only when the store is far behind.

        Raises:
            Exception: what a batch before was refused with.
        """
        self.units += message["type"] == "unit"
        self._waiting.append(message)
        if len(self._waiting) >= MOST_WAITING:
            await self._write()
        if self._error is not None:
            raise self._error

    async def flush(self) -> None:
        """Return when everything taken so far is stored, or the lease is lost."""
        await self._write()
        if self._error is not None:
            raise self._error

    async def _write_batches(self) -> None:
        pause = BATCH_SECONDS
        while not self._left.is_set() and self._error is None:
            try:
                await asyncio.wait_for(self._left.wait(), pause)
            except TimeoutError:
                begun = time.monotonic()
                await self._write()
                pause = pause_after(time.monotonic() - begun)

    async def _write(self) -> None:
        """Write all that waits now, unless the lease is lost; what comes meanwhile is for the next time."""
        async with self._writing:
            batch = tuple(self._waiting)
            while batch and not self._keeper.lost.is_set() and self._error is None:
                try:
                    await self._record(batch)
                except StaleTransitionError:
                    self._keeper.lost.set()
                except UnavailableError as error:
                    _log.warning("recording_delayed", job_id=self._job_id, reason=str(error))
                    await asyncio.sleep(_RETRY_SECONDS)
                except Exception as error:
                    self._error = error
                else:
                    del self._waiting[: len(batch)]
                    return

    async def _record(self, batch: tuple[Mapping[str, Any], ...]) -> None:
        await self._db.run(
            lambda session: progress.record(session, self._job_id, self._token, batch), durable=False
        )


def pause_after(seconds: float) -> float:
    """Return how long to gather messages after a batch that took *seconds* to record."""
    return min(max(BATCH_SECONDS, seconds / RECORDING_SHARE), LONGEST_PAUSE_SECONDS)
