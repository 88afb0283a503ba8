"""Starts API, worker and keeper as processes of their own, restarts what dies, and ends all together.

What the processes do does not belong here, nor is anything of theirs imported: they are command lines.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from hyperparameter_tuning.node.process_records import (
    ProcessRecord,
    end_group,
    forget_running,
    write_running,
)

TERM_SECONDS = 12.0
"""Asked to end, a worker gives its job back within 10 s; who is still there after this is killed."""
FIRST_BACKOFF_SECONDS = 0.5
MAX_BACKOFF_SECONDS = 30.0
STEADY_SECONDS = 60.0
"""A process that ran so long starts again without delay when it dies."""
POLL_SECONDS = 0.05
MAX_LOG_BYTES = 5_000_000
"""A log that has grown so large is set aside when its process starts; the one set aside before goes."""

Announce = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """One process to keep alive.

    Attributes:
        name: ``api``, ``worker`` or ``keeper``.
        command: Program and arguments.
        descriptors: Open files that the process inherits.
    """

    name: str
    command: tuple[str, ...]
    descriptors: tuple[int, ...] = ()


@dataclass(slots=True)
class _Slot:
    spec: ProcessSpec
    process: subprocess.Popen[bytes] | None = None
    record: ProcessRecord | None = None
    started: float = 0.0
    start_after: float = 0.0
    failures: int = 0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


def backoff_seconds(failures: int) -> float:
    """Return how long to wait before the start after so many quick deaths in a row."""
    return min(FIRST_BACKOFF_SECONDS * 2.0 ** max(failures - 1, 0), MAX_BACKOFF_SECONDS)


@dataclass(slots=True)
class Supervisor:
    """Keeps processes alive until told to end them all.

    Attributes:
        data_dir: Where running processes are written down.
        environment: Variables that the processes get besides our own.
        specs: What to keep alive, in the order of starting.
        url: Address of the API among them, for the record.
        log_dir: Folder for what the processes print; None lets them print where we do.
        announce: Receives one sentence whenever a process has died.
    """

    data_dir: Path
    environment: Mapping[str, str]
    specs: Sequence[ProcessSpec]
    url: str | None = None
    log_dir: Path | None = None
    announce: Announce = print
    _slots: list[_Slot] = field(default_factory=list)

    def start(self) -> None:
        """Start everything."""
        self._slots = [_Slot(spec) for spec in self.specs]
        for slot in self._slots:
            self._launch(slot)
        self._write_down()

    def tick(self) -> None:
        """Restart what has died and may start again; call it a few times a second."""
        now = time.monotonic()
        changed = False
        for slot in self._slots:
            if slot.is_running:
                continue
            if slot.process is not None:
                self._bury(slot, now)
            if now >= slot.start_after:
                self._launch(slot)
                changed = True
        if changed:
            self._write_down()

    def run(self, should_end: Callable[[], bool]) -> None:
        """Keep everything alive until *should_end* says so."""
        while not should_end():
            self.tick()
            time.sleep(POLL_SECONDS)

    def dead(self) -> list[str]:
        """Return the names of processes that do not run now."""
        return [slot.spec.name for slot in self._slots if not slot.is_running]

    def stop(self, term_seconds: float = TERM_SECONDS) -> list[str]:
        """End everything: asked first, killed after *term_seconds*.

        Returns:
            The names of those that had to be killed.
        """
        running = [slot for slot in self._slots if slot.is_running and slot.process is not None]
        for slot in running:
            self._signal(slot, signal.SIGTERM)
        deadline = time.monotonic() + term_seconds
        while any(slot.is_running for slot in running) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        killed = [slot for slot in running if slot.is_running]
        for slot in killed:
            self._signal(slot, signal.SIGKILL)
        for slot in running:
            if slot.process is not None:
                slot.process.wait()
        forget_running(self.data_dir)
        return [slot.spec.name for slot in killed]

    def _launch(self, slot: _Slot) -> None:
        with self._output(slot.spec.name) as output:
            slot.process = subprocess.Popen(
                slot.spec.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=slot.spec.descriptors,
                # Its own group: Ctrl-C in a terminal reaches only us, and we end the others in order.
                start_new_session=True,
            )
        slot.record = ProcessRecord.of(slot.spec.name, slot.process.pid)
        slot.started = time.monotonic()

    def _bury(self, slot: _Slot, now: float) -> None:
        assert slot.process is not None
        code = slot.process.wait()
        slot.failures = 1 if now - slot.started >= STEADY_SECONDS else slot.failures + 1
        wait = backoff_seconds(slot.failures)
        slot.start_after = now + wait
        slot.process = slot.record = None
        told = f"The {slot.spec.name} ended ({_exit_words(code)}); it starts again in {wait:g} s."
        self.announce(told if self.log_dir is None else f"{told} Its log: {self._log(slot.spec.name)}")

    def _output(self, name: str) -> AbstractContextManager[IO[bytes] | None]:
        if self.log_dir is None:
            return nullcontext()
        self.log_dir.mkdir(parents=True, exist_ok=True)
        log = self._log(name)
        if log.exists() and log.stat().st_size > MAX_LOG_BYTES:
            log.replace(log.with_suffix(".log.1"))
        return log.open("ab")

    def _log(self, name: str) -> Path:
        assert self.log_dir is not None
        return self.log_dir / f"{name}.log"

    def _signal(self, slot: _Slot, signal_number: signal.Signals) -> None:
        if slot.process is not None:
            end_group(slot.process.pid, signal_number)

    def _write_down(self) -> None:
        own = ProcessRecord.of("supervisor", os.getpid())
        records = [record for record in (own, *(slot.record for slot in self._slots)) if record is not None]
        write_running(self.data_dir, self.url, records)


def _exit_words(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def own_command(*arguments: str) -> tuple[str, ...]:
    """Return the command line that runs one of our own commands with this interpreter."""
    return (sys.executable, "-m", "hyperparameter_tuning.node.cli", *arguments)


def worker_command(concurrency: int) -> tuple[str, ...]:
    """Return Celery's command line for our worker: threads, our queue, no chatter between workers."""
    return (
        *_celery(),
        "worker",
        *("--pool", "threads", "--concurrency", str(concurrency), "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    )


def ping_command() -> tuple[str, ...]:
    """Return Celery's command line that asks every worker of our queue for a sign of life, as JSON.

    It waits its whole time out for more answers; less was too short for a worker on a busy machine.
    """
    return (*_celery(), "inspect", "ping", "--timeout", "5", "--json")


def _celery() -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--quiet", "--app", "hyperparameter_tuning.tasks.celery_app")
