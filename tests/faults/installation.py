"""An installation whose processes a test starts, freezes and kills one by one: nobody mends behind it."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil

from hyperparameter_tuning.jobs import database as job_database
from hyperparameter_tuning.jobs import events, progress, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import EventRecord, JobRecord
from hyperparameter_tuning.shared.settings import Settings
from tests import servers
from tests.acceptance.stack import Stack, ready

Value = TypeVar("Value")
Process = subprocess.Popen[bytes]
ROOT = Path(__file__).parents[2]
OURS = ("-m", "hyperparameter_tuning.node.cli")
QUICK: Mapping[str, Any] = {
    "lease_seconds": 3.0,
    "heartbeat_seconds": 0.5,
    "self_stop_seconds": 2.5,
    "grace_seconds": 2.0,
    "publish_seconds": 0.5,
    "reconcile_seconds": 0.5,
    "republish_seconds": 3.0,
}
"""Settings under which a fault is noticed in seconds."""
CLOCKS: Mapping[str, Mapping[str, Any]] = {"quick": QUICK, "default": {}}


@dataclass
class Installation:
    """API, keeper and workers on one job store and one broker, each a process of its own.

    Attributes:
        name: ``sqlite+files`` or ``postgresql+redis``.
        clock: ``quick`` or ``default``.
        settings: What all its processes read.
        redis: Its own Redis, where it has one.
        postgres: Its own PostgreSQL, where it has one.
    """

    name: str
    clock: str
    settings: Settings
    redis: servers.RedisServer | None = None
    postgres: servers.PostgresServer | None = None
    variables: dict[str, str] = field(default_factory=dict)
    _started: list[Process] = field(default_factory=list)

    def start(self, *command: str, launcher: tuple[str, ...] = OURS, **variables: str) -> Process:
        """Start a command of ours as the leader of a process group; *variables* are for it alone."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HPT_")}
        environment = kept | self.settings.environment() | self.variables | variables
        log = self.settings.data_dir / "logs" / f"{len(self._started)}-{command[0]}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *launcher, *command],
                env=environment,
                cwd=self.settings.data_dir,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    @contextmanager
    def worker(self, **variables: str) -> Iterator[Process]:
        """A worker for the length of the block; the test may have ended it before."""
        process = self.start("worker", **variables)
        try:
            yield process
        finally:
            kill(process)

    def api(self) -> Stack:
        """Start the API and return a person's verbs on it."""
        process = self.start("api")
        url = f"http://127.0.0.1:{self.settings.api_port}"
        log = self.settings.data_dir / "logs" / f"{len(self._started) - 1}-api.log"
        ready(url, log, path="/healthz")
        return Stack(url, self.settings.data_dir, log, process)

    def end(self) -> None:
        """End everything that was started."""
        for process in self._started:
            kill(process)

    def store(self, work: Callable[[Database], Awaitable[Value]]) -> Value:
        """Run *work* on the job store, as a process beside the others."""

        async def opened() -> Value:
            db = Database(self.settings)
            try:
                return await work(db)
            finally:
                await db.close()

        return asyncio.run(opened())

    def job(self, job_id: str) -> JobRecord:
        return self.store(lambda db: db.run(lambda session: service.get(session, job_id), write=False))

    def units(self, job_id: str) -> dict[tuple[Any, ...], dict[str, Any]]:
        """Every recorded unit by its key."""
        found = self.store(
            lambda db: db.run(lambda session: progress.recorded_units(session, job_id), write=False)
        )
        keys = ("trial", "resource", "repeat", "fold")
        units = {tuple(unit[key] for key in keys): unit for unit in found}
        assert len(units) == len(found)
        return units

    def events(self, job_id: str) -> list[EventRecord]:
        return self.store(lambda db: db.run(lambda session: events.replay(session, job_id), write=False))

    def until(self, job_id: str, is_so: Callable[[JobRecord], bool], patience: float = 90.0) -> JobRecord:
        """Wait until the job's row is as asked; looks through one connection."""

        async def look(db: Database) -> JobRecord:
            deadline = time.monotonic() + patience
            while True:
                job = await db.run(lambda session: service.get(session, job_id), write=False)
                if is_so(job):
                    return job
                assert time.monotonic() < deadline, (job.state, job.attempts, job.error_message, job.n_units)
                await asyncio.sleep(0.1)

        return self.store(look)

    def freeze(self, process: Process) -> None:
        """Stop a process where it is, but not in the middle of a write.

        The lock of SQLite's file would be its own until it goes on, and hold everybody up.
        """
        os.kill(process.pid, signal.SIGSTOP)
        while not self._can_write():
            os.kill(process.pid, signal.SIGCONT)
            time.sleep(0.05)
            os.kill(process.pid, signal.SIGSTOP)

    def _can_write(self) -> bool:
        if self.postgres is not None:
            return True
        with closing(sqlite3.connect(self.settings.data_dir / "tuning.db", timeout=2.0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            connection.rollback()
        return True

    def until_ended(self, job_id: str, patience: float = 120.0) -> JobRecord:
        return self.until(job_id, lambda job: job.is_terminal, patience)


@dataclass(frozen=True)
class Running:
    """An installation with API and keeper; the workers are the test's."""

    installation: Installation
    stack: Stack


def kill(process: Process) -> None:
    """Kill a process with its group, as the system does when it takes a machine away."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def below(process: Process) -> list[psutil.Process]:
    """Everything that a process has started, and what that has started."""
    return psutil.Process(process.pid).children(recursive=True)


def until_gone(processes: list[psutil.Process], patience: float = 15.0) -> None:
    """Wait until none of them runs any more."""
    _, left = psutil.wait_procs(processes, timeout=patience)
    alive = [process for process in left if process.is_running() and process.status() != "zombie"]
    assert not alive, [process.cmdline() for process in alive]


@contextmanager
def installed(
    name: str,
    folder: Path,
    clock: str = "quick",
    *,
    changes: Mapping[str, Any] | None = None,
    **variables: str,
) -> Iterator[Installation]:
    """Make an installation of this kind, tables included; nothing runs on it yet but its servers."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        values: dict[str, Any] = {"data_dir": folder, "api_port": servers.free_port(), "n_jobs": 1}
        values |= {**CLOCKS[clock], **(changes or {})}
        redis = postgres = None
        if name == "postgresql+redis":
            redis = stack.enter_context(servers.redis_server())
            postgres = stack.enter_context(servers.postgres_server())
            values |= {"broker_url": redis.url, "database_url": postgres.url}
        settings = Settings(**values)
        job_database.upgrade(settings)
        made = Installation(name, clock, settings, redis, postgres, dict(variables))
        stack.callback(made.end)
        yield made
