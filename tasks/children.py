"""Starting, hearing, limiting and ending a child process, without ever blocking the event loop.

A child comes from a fork server that has scikit-learn loaded already, leads its own process group, and is no
daemon, so that it may start processes of its own. It imports its parent's `__main__` again, which must stay
light: ``python -m celery`` and ``python -m hyperparameter_tuning.node.cli`` are. What a child does belongs to
`tasks.loader` and `tasks.child_work`.
"""

import asyncio
import contextlib
import json
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from multiprocessing import forkserver
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil

from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks import memory_watch
from hyperparameter_tuning.tasks.child_main import THREAD_CAPS, WORK, ChildOrder, run_child
from hyperparameter_tuning.tasks.process_groups import end_group, forget_group, members

PRELOAD = (
    "hyperparameter_tuning.tasks.loader",
    "hyperparameter_tuning.tasks.child_work",
    "hyperparameter_tuning.tasks.optuna_support",
    "hyperparameter_tuning.jobs.reference_host",
    "aiosqlite",
    "skops.io",
    "sklearn.ensemble",
    "sklearn.feature_selection",
    "sklearn.impute",
    "sklearn.naive_bayes",
    "sklearn.neighbors",
    "sklearn.svm",
)
"""Loaded once in the fork server, with all that they need; every child has them at its first instruction."""

DEATHS = frozenset({"worker_lost"})
"""What a child says when a process of its own was killed under it: the same as if it had died itself."""

LONGEST_LINE = 64 * 1024 * 1024
_EXIT_SECONDS = 5.0

_context = multiprocessing.get_context("forkserver")
_server_lock = threading.Lock()


class ChildFailedError(TuningError):
    """A child said that it cannot go on, was ended at a limit, or died."""


class ChildDiedError(ChildFailedError):
    """A child ended without a last word, by a signal that was none of ours: another try may well succeed."""

    default_code = "child_died"


def start_fork_server() -> None:
    """Start the process that children are forked from, if it does not run; it loads its modules meanwhile."""
    with _server_lock, _environment(THREAD_CAPS):
        _context.set_forkserver_preload(list(PRELOAD))
        forkserver.ensure_running()


class Child:
    """One running child. Use as an asynchronous context manager: leaving it ends the whole group.

    Attributes:
        pid: Its process id, which is also the number of its group.
    """

    def __init__(self, process: Any, line: socket.socket, settings: Settings) -> None:
        self.pid: int = process.pid
        self._process = process
        self._line = line
        self._settings = settings
        self._exited = asyncio.Event()
        self._failure: ChildFailedError | None = None

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._line, limit=LONGEST_LINE)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._process.sentinel, self._on_exit)
        self._watch = asyncio.create_task(self._watch_memory())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.kill()
        self._watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._watch
        self._writer.close()
        self._loop.remove_reader(self._process.sentinel)
        await asyncio.to_thread(self._process.join)
        self._process.close()
        forget_group(self._settings, self.pid)

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """Yield what the child says, until it says that it is done.

        Raises:
            ChildFailedError: it cannot go on, passed its memory limit, or died without a last word.
        """
        while line := await self._next_line():
            message = json.loads(line)
            if message["type"] == "end":
                await self._wait_for_exit()
                return
            if message["type"] == "failed":
                kind = ChildDiedError if message["code"] in DEATHS else ChildFailedError
                raise kind(message["message"], code=message["code"])
            yield message
        await self._wait_for_exit()  # the line may be cut a moment before the exit is known
        raise self._failure or self._death()

    def request_stop(self) -> None:
        """Ask the child to finish early; it answers in its own time."""
        if not self._writer.is_closing():
            self._writer.write(b'{"type": "stop"}\n')

    async def kill(self) -> None:
        """End the child and everything it started; returns when they are gone."""
        if self._exited.is_set() and not members(self.pid):
            return
        await asyncio.to_thread(end_group, self.pid)
        if not self._exited.is_set():
            with contextlib.suppress(ProcessLookupError):  # it may not lead its group yet
                os.kill(self.pid, signal.SIGKILL)
        await self._wait_for_exit()

    async def _next_line(self) -> bytes:
        """Return the next whole line, or nothing when no more can come."""
        reading = asyncio.ensure_future(self._reader.readline())
        exiting = asyncio.ensure_future(self._exited.wait())
        try:
            await asyncio.wait({reading, exiting}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                # Grandchildren may hold the line open; without them it ends after what is still in it.
                await asyncio.to_thread(end_group, self.pid)
            line = await reading
        except ConnectionError:
            return b""
        finally:
            reading.cancel()
            exiting.cancel()
        return line if line.endswith(b"\n") else b""

    async def _watch_memory(self) -> None:
        limit = memory_watch.memory_limit(self._settings)
        while not self._exited.is_set():
            used = await asyncio.to_thread(memory_watch.group_memory, self.pid, limit)
            if used > limit:
                message = memory_watch.out_of_memory_message(used, limit)
                self._failure = ChildFailedError(message, code="out_of_memory")
                await asyncio.to_thread(end_group, self.pid, 0.0)
                return
            await asyncio.sleep(memory_watch.SAMPLE_SECONDS)

    def _on_exit(self) -> None:
        self._loop.remove_reader(self._process.sentinel)
        self._exited.set()

    async def _wait_for_exit(self) -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._exited.wait(), _EXIT_SECONDS)

    def _death(self) -> ChildDiedError:
        code = self._process.exitcode
        if code is None or code >= 0:
            return ChildDiedError("The job's process ended without finishing its work.")
        name = signal.Signals(-code).name
        hint = (
            "as the system does when memory runs out"
            if name == "SIGKILL"
            else "which points at a crash in a library"
        )
        return ChildDiedError(f"The job's process was ended by {name}, {hint}.")


async def start_child(work: str, payload: Mapping[str, Any], *, settings: Settings, folder: Path) -> Child:
    """Fork a child that does *work*.

    Args:
        work: A key of `child_main.WORK`, or the import path of a `ChildWork`.
        payload: Its argument; must be picklable.
        settings: Settings of the installation.
        folder: The job's working files; must exist.
    """
    worker = psutil.Process()
    order = ChildOrder(
        work=WORK.get(work, work),
        payload=payload,
        settings=settings,
        folder=folder,
        worker_pid=os.getpid(),
        worker_started=worker.create_time(),
    )
    ours, theirs = socket.socketpair()
    with theirs:
        process = _context.Process(
            target=run_child, args=(theirs, order), name=f"tuning-{work}", daemon=False
        )
        await asyncio.to_thread(_start, process)
    return Child(process, ours, settings)


def _start(process: Any) -> None:
    start_fork_server()
    process.start()


@contextlib.contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables for what is started meanwhile, and put the old values back."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
