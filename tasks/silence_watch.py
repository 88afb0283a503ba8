"""Ends a worker that hears nothing any more though jobs wait, so that whoever keeps it alive starts another.

A broker's connection can stay open and say nothing: after a failover, behind a firewall that forgot it. What
is asked of the job store is in `jobs.outbox`, and restarting is not done here (`node.supervisor`, systemd).
"""

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.outbox import is_unheard
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.settings import Settings

LOOKS = 6
"""How often is looked within the time that a worker may hear nothing."""
EXIT_CODE = 70
"""EX_SOFTWARE of sysexits.h: not 0, so that supervisors that restart failures only do restart this."""

logger = logging.getLogger(__name__)


def end_process() -> None:
    """End this process at once: it is idle, so nothing is lost, and its broker may hold an orderly end up."""
    os._exit(EXIT_CODE)


class SilenceWatch:
    """Knows since when a worker is idle, and ends it when jobs wait that it should have heard of."""

    def __init__(self, end: Callable[[], None] = end_process) -> None:
        self._end = end
        self._lock = threading.Lock()
        self._n_working = 0
        self._idle_since = time.monotonic()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Count a job as being worked on for the length of the block."""
        with self._lock:
            self._n_working += 1
        try:
            yield
        finally:
            with self._lock:
                self._n_working -= 1
                self._idle_since = time.monotonic()

    def start(self, settings: Settings) -> None:
        """Begin to watch, in a thread that ends with the process."""
        with self._lock:
            self._idle_since = time.monotonic()
        name = "silence watch"
        threading.Thread(target=asyncio.run, args=(self.watch(settings),), name=name, daemon=True).start()

    async def watch(self, settings: Settings) -> None:
        """Look again and again; returns only after the worker was told to end."""
        db = Database(settings)
        try:
            await self._until_deaf(db, settings)
        finally:
            await db.close()
        logger.error("This worker hears nothing of jobs that wait; it ends, to be started anew.")
        self._end()

    async def _until_deaf(self, db: Database, settings: Settings) -> None:
        while True:
            await asyncio.sleep(settings.silent_seconds / LOOKS)
            if self._is_idle_for(settings.silent_seconds) and await self._should_hear(db, settings):
                return

    def _is_idle_for(self, seconds: float) -> bool:
        with self._lock:
            return self._n_working == 0 and time.monotonic() - self._idle_since >= seconds

    async def _should_hear(self, db: Database, settings: Settings) -> bool:
        seconds = settings.silent_seconds
        try:
            return await is_unheard(db, seconds, seconds / LOOKS) and self._is_idle_for(seconds)
        except UnavailableError:
            return False  # without its store a worker can do nothing, and a fresh one neither
