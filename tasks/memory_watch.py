"""How much memory a child and all it started may use, and how much they do use.

The limit is kept by sampling resident memory: an address-space limit kills healthy processes, since Arrow
reserves far more than it touches. Ending a process that passes the limit belongs to `tasks.children`.
"""

import contextlib
from collections.abc import Sequence
from pathlib import Path

import psutil

from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.process_groups import members

MEGABYTE = 1024 * 1024
SAMPLE_SECONDS = 0.25
DEFAULT_SHARE = 0.8
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def machine_memory(limit_files: Sequence[Path] = _CGROUP_LIMITS) -> int:
    """Return the bytes that this machine, or the container in it, may use."""
    total = int(psutil.virtual_memory().total)
    for path in limit_files:
        with contextlib.suppress(OSError, ValueError):  # "max" is no number: no limit there
            return min(total, int(path.read_text()))
    return total


def memory_limit(settings: Settings) -> int:
    """Return the bytes that one job's processes may use together.

    The setting counts per job; without it the jobs of a worker share `DEFAULT_SHARE` of the machine.
    """
    if settings.child_memory_mb is not None:
        return settings.child_memory_mb * MEGABYTE
    return int(machine_memory() * DEFAULT_SHARE / settings.concurrency)


def group_memory(pgid: int, limit: int) -> int:
    """Return the bytes that group *pgid* uses.

    Resident sizes count pages that processes share once for each of them, so a sum above *limit* is checked
    by proportional sizes where the system knows them (Linux). Those are slow to read, hence second.
    """
    processes = members(pgid)
    resident = sum(_resident(process) for process in processes)
    if resident <= limit:
        return resident
    return sum(_proportional(process) for process in processes)


def out_of_memory_message(used: int, limit: int) -> str:
    """Return the sentence for the person whose job passed the limit."""
    return (
        f"The job used {used // MEGABYTE} MB of memory, more than the {limit // MEGABYTE} MB it may use. "
        "Search smaller models, use fewer rows or fewer parallel jobs, or raise HPT_CHILD_MEMORY_MB."
    )


def _resident(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


def _proportional(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error, OSError):
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.rss))
    return _resident(process)
