"""Process groups of the children: who is in one, how it ends, and how leftovers of a dead worker are found.

Starting children does not belong here (`tasks.children`), nor judging what they use (`tasks.memory_watch`).
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from hyperparameter_tuning.shared.settings import Settings

MARK_VARIABLE = "HPT_PROCESS_GROUP"
"""Set in every child, inherited by what it executes: tells ours from strangers of the same number."""

TERM_SECONDS = 2.0
_CREATION_SLACK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """One process group as its leader wrote it down.

    Attributes:
        pgid: Number of the group, which is also its leader's process id.
        started: When the leader was created, in seconds since the epoch.
        worker_pid: The process that asked for it.
        worker_started: When that process was created.
        folder: Working files that nobody needs once both are gone.
        machine: Host name; process ids mean nothing on another one.
    """

    pgid: int
    started: float
    worker_pid: int
    worker_started: float
    folder: str
    machine: str

    @property
    def mark(self) -> str:
        """The value of `MARK_VARIABLE` in this group."""
        return f"{self.pgid}:{self.started}"


def groups_folder(settings: Settings) -> Path:
    """Return the folder in which running groups are recorded."""
    return settings.scratch / "groups"


def creation_time(pid: int) -> float | None:
    """Return when process *pid* was created, or None when there is none."""
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return None


def is_alive(pid: int, created: float) -> bool:
    """Say whether the process *pid* created at *created* still runs; a reused number does not count."""
    now = creation_time(pid)
    if now is None or abs(now - created) > _CREATION_SLACK_SECONDS:
        return False
    with contextlib.suppress(psutil.Error):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def members(pgid: int) -> list[psutil.Process]:
    """Return the living processes of group *pgid*."""
    found = []
    for pid in psutil.pids():
        with contextlib.suppress(OSError, psutil.Error):
            if os.getpgid(pid) == pgid:
                process = psutil.Process(pid)
                if process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
    return found


def record_own_group(settings: Settings, worker_pid: int, worker_started: float, folder: Path) -> GroupRecord:
    """Write down the calling process's group before it does anything else; called by the group's leader.

    Args:
        settings: Names the folder of records.
        worker_pid: Process id of the worker.
        worker_started: When that process was created.
        folder: The job's working files.
    """
    record = GroupRecord(
        pgid=os.getpgrp(),
        started=psutil.Process().create_time(),
        worker_pid=worker_pid,
        worker_started=worker_started,
        folder=str(folder),
        machine=socket.gethostname(),
    )
    groups = groups_folder(settings)
    groups.mkdir(parents=True, exist_ok=True)
    partial = groups / f".{record.pgid}.partial"
    partial.write_text(json.dumps(asdict(record)))
    partial.replace(_file_of(groups, record.pgid))
    os.environ[MARK_VARIABLE] = record.mark
    return record


def forget_group(settings: Settings, pgid: int) -> None:
    """Remove the record of a group that has ended."""
    _file_of(groups_folder(settings), pgid).unlink(missing_ok=True)


def signal_group(pgid: int, signal_number: signal.Signals) -> bool:
    """Send a signal to a whole group, never to our own.

    Returns:
        Whether there was anybody to receive it.
    """
    if pgid <= 1 or pgid == os.getpgrp():
        raise ValueError(f"refusing to signal process group {pgid}")
    try:
        os.killpg(pgid, signal_number)
    except (ProcessLookupError, PermissionError):
        # macOS answers EPERM for a group that has only zombies left.
        return False
    return True


def end_group(pgid: int, term_seconds: float = TERM_SECONDS) -> None:
    """End every process of a group: asked first, killed after *term_seconds*. Blocks until they are gone."""
    signal_group(pgid, signal.SIGTERM)
    deadline = time.monotonic() + term_seconds
    while members(pgid) and time.monotonic() < deadline:
        time.sleep(0.02)
    while members(pgid):
        signal_group(pgid, signal.SIGKILL)
        time.sleep(0.02)


def reap_recorded_groups(settings: Settings) -> int:
    """End the groups that workers left behind when they died, and remove their working files.

    Groups of living workers are left alone, and a number that the system has given to others since is
    recognised by creation time and mark.

    Returns:
        How many groups still had processes.
    """
    reaped = 0
    for record in _records(groups_folder(settings)):
        if record.machine != socket.gethostname() or is_alive(record.worker_pid, record.worker_started):
            continue
        if members(record.pgid) and _is_ours(record):
            end_group(record.pgid)
            reaped += 1
        shutil.rmtree(record.folder, ignore_errors=True)
        forget_group(settings, record.pgid)
    return reaped


def _file_of(folder: Path, pgid: int) -> Path:
    return folder / f"{pgid}.json"


def _records(folder: Path) -> Iterator[GroupRecord]:
    for path in sorted(folder.glob("*.json")):
        try:
            yield GroupRecord(**json.loads(path.read_text()))
        except FileNotFoundError:
            continue  # another process finished with it between listing and reading
        except (ValueError, TypeError):
            path.unlink(missing_ok=True)  # torn by a crash of the machine: it names nobody


def _is_ours(record: GroupRecord) -> bool:
    leader = creation_time(record.pgid)
    if leader is not None:  # alive or not yet buried, or the number is another process's now
        return abs(leader - record.started) <= _CREATION_SLACK_SECONDS
    return any(_mark_of(process) == record.mark for process in members(record.pgid))


def _mark_of(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(MARK_VARIABLE)
    except (psutil.Error, OSError):
        return None
