"""Which processes one data directory has running, written down so that a later start can find leftovers.

Starting and restarting does not belong here (`node.supervisor`), nor do the groups of searches: workers keep
and reap those themselves.
"""

import contextlib
import json
import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

RECORDS_NAME = "processes.json"
LOCK_NAME = "serve.lock"
TERM_SECONDS = 10.0
_SLACK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """One supervised process, which leads its own process group.

    Attributes:
        name: ``api``, ``worker`` or ``keeper``; ``supervisor`` for the one that starts them.
        pid: Its process id, which is its group's number too.
        created: When it was created, in seconds since the epoch; a later one of the same number differs.
    """

    name: str
    pid: int
    created: float

    @classmethod
    def of(cls, name: str, pid: int) -> "ProcessRecord | None":
        """Return the record of process *pid*, or None when it is gone already."""
        try:
            return cls(name, pid, psutil.Process(pid).create_time())
        except psutil.Error:
            return None

    @property
    def is_alive(self) -> bool:
        """Whether exactly this process still runs."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) <= _SLACK_SECONDS
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False


@dataclass(frozen=True, slots=True)
class Running:
    """What a data directory has running.

    Attributes:
        url: Address of the API; None when only worker and keeper run.
        processes: The supervisor first.
        machine: Host name; process ids mean nothing elsewhere.
    """

    url: str | None
    processes: tuple[ProcessRecord, ...]
    machine: str = ""

    @property
    def is_alive(self) -> bool:
        """Whether its supervisor still runs, on this machine."""
        here = self.machine == socket.gethostname()
        return here and bool(self.processes) and self.processes[0].is_alive


def write_running(data_dir: Path, url: str | None, processes: Sequence[ProcessRecord]) -> None:
    """Write down what runs, whole or not at all."""
    document = {
        "url": url,
        "machine": socket.gethostname(),
        "processes": [asdict(record) for record in processes],
    }
    partial = data_dir / f"{RECORDS_NAME}.partial"
    partial.write_text(json.dumps(document, indent=1))
    partial.replace(data_dir / RECORDS_NAME)


def read_running(data_dir: Path) -> Running | None:
    """Return what was written down last, or None; it may be gone since."""
    try:
        document = json.loads((data_dir / RECORDS_NAME).read_text())
        processes = tuple(ProcessRecord(**item) for item in document["processes"])
        return Running(document["url"], processes, document["machine"])
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, TypeError, KeyError):
        return None  # torn by a crash of the machine: it names nobody


def forget_running(data_dir: Path) -> None:
    """Remove the record: everything has ended."""
    (data_dir / RECORDS_NAME).unlink(missing_ok=True)


def reap_leftovers(data_dir: Path) -> int:
    """End the processes of a supervisor that died without ending them.

    Returns:
        How many were still there.
    """
    running = read_running(data_dir)
    if running is None or running.machine != socket.gethostname():
        return 0
    left = [record for record in running.processes[1:] if record.is_alive]
    for record in left:
        end_group(record.pid, signal.SIGTERM)
    deadline = time.monotonic() + TERM_SECONDS
    while any(record.is_alive for record in left) and time.monotonic() < deadline:
        time.sleep(0.05)
    for record in left:
        if record.is_alive:
            end_group(record.pid, signal.SIGKILL)
    return len(left)


def end_group(pgid: int, signal_number: signal.Signals) -> None:
    """Send a signal to a process group that a supervised process leads."""
    # A group that ended meanwhile is what was wanted; macOS answers EPERM for one of zombies only.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pgid, signal_number)


@contextlib.contextmanager
def exclusive(data_dir: Path) -> Iterator[bool]:
    """Hold the data directory for one supervisor; gives False when another holds it already.

    The lock ends with the process, however that ends.
    """
    import fcntl

    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / LOCK_NAME).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
