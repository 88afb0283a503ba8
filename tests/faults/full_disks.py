"""Disks without room: a small file system where one may be mounted, else limits on how large files grow."""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

MEGABYTE = 1 << 20
_NO_LIMIT = resource.RLIM_INFINITY


def can_mount() -> bool:
    """Say whether this process may mount a file system; ``HPT_TEST_NO_MOUNT`` says no for it."""
    return os.geteuid() == 0 and "HPT_TEST_NO_MOUNT" not in os.environ


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A folder on a file system of its own, or a plain one where none may be mounted."""
    folder.mkdir()
    if not can_mount():
        yield folder
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """Leave no room on a `small_disk` for the length of the block.

    Where it is a plain folder, no file of the processes that work in it grows meanwhile.
    """
    if can_mount():
        ballast = folder / "ballast"
        _fill(ballast)
        try:
            yield
        finally:
            ballast.unlink()
        return
    limited = [process.pid for process in psutil.process_iter() if _works_in(process, folder)]
    for pid in limited:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, _NO_LIMIT))
    try:
        yield
    finally:
        for pid in filter(psutil.pid_exists, limited):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (_NO_LIMIT, _NO_LIMIT))


def _fill(ballast: Path) -> None:
    descriptor = os.open(ballast, os.O_CREAT | os.O_WRONLY)
    try:
        while True:
            os.write(descriptor, b"\0" * MEGABYTE)
    except OSError:
        # To the last page: a large write that no longer fits leaves some.
        with open(descriptor, "wb", buffering=0, closefd=False) as file:
            try:
                while True:
                    file.write(b"\0" * 4096)
            except OSError:
                return
    finally:
        os.close(descriptor)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.environ().get("HPT_DATA_DIR") == str(folder)
    except psutil.Error:
        return False
