"""The data of a search, handed to worker processes once: one file that each of them maps into memory.

What is done with the data does not belong here.
"""

import os
import shutil
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import joblib
import numpy as np
from joblib.externals.loky.backend import resource_tracker

from hyperparameter_tuning.tasks.evaluation.prepared_fold import n_bytes
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData

MEMORY_FOLDER = Path("/dev/shm")
"""Linux keeps files of this folder in memory; from a disk, large tables are cut far slower."""

SPARE_BYTES = 2 * 1000**3
"""Room that must be left there for others (joblib 1.5 asks for as much)."""

_KEPT = 2
_sizes: dict[str, int] = {}
_loaded: OrderedDict[str, FoldData] = OrderedDict()


class SharedData:
    """A file of one search's data; written on first use, removed by `close`.

    Args:
        data: What the units read.
        scratch: Folder to write into; None is the system's memory where there is room, else its own folder.
    """

    def __init__(self, data: FoldData, scratch: Path | None = None) -> None:
        self._data = data
        self._scratch = scratch
        self._folder: TemporaryDirectory[str] | None = None

    @cached_property
    def path(self) -> str:
        """Path of the file; its folder's name is unique, so it names the content too."""
        scratch = self._scratch or _roomy_folder(n_bytes((self._data.X, self._data.y)))
        self._folder = TemporaryDirectory(prefix="hpt-folds-", dir=scratch, ignore_cleanup_errors=True)
        # Memory is not freed by a restart of the program: loky's tracker removes what a killed one leaves.
        resource_tracker.register(self._folder.name, "folder")
        path = str(Path(self._folder.name) / "folds.joblib")
        joblib.dump(_in_one_piece(self._data), path)
        return path

    def close(self) -> None:
        """Remove the file, if there is one."""
        if self._folder is not None:
            self._folder.cleanup()
            resource_tracker.unregister(self._folder.name, "folder")
            self._folder = None


@dataclass(frozen=True, slots=True)
class _OnePiece:
    """Data whose splits are one array: to write and map many small ones takes as long as a small search.

    Attributes:
        data: Without its splits.
        positions: Of all parts, one after the other.
        ends: Where each part but the last one ends.
    """

    data: FoldData
    positions: Any
    ends: Any


def _in_one_piece(data: FoldData) -> FoldData | _OnePiece:
    parts = [part for split in data.splits for part in split]
    if not parts or any(not isinstance(part, np.ndarray) or part.dtype != np.intp for part in parts):
        return data
    ends = np.cumsum([len(part) for part in parts])[:-1]
    return _OnePiece(replace(data, splits=()), np.concatenate(parts), ends)


def _cut_again(stored: FoldData | _OnePiece) -> FoldData:
    if isinstance(stored, FoldData):
        return stored
    parts = np.split(stored.positions, stored.ends)
    return replace(stored.data, splits=tuple(zip(parts[::2], parts[1::2], strict=True)))


def _roomy_folder(size: int) -> Path | None:
    """Return where a mapped file is read like memory, as joblib does; None is the system's own folder."""
    wanted = os.environ.get("JOBLIB_TEMP_FOLDER")
    if wanted:
        return Path(wanted)
    is_usable = MEMORY_FOLDER.is_dir() and os.access(MEMORY_FOLDER, os.W_OK)
    has_room = is_usable and shutil.disk_usage(MEMORY_FOLDER).free >= size + SPARE_BYTES
    return MEMORY_FOLDER if has_room else None


def mapped_bytes() -> int:
    """Return the size of all files that this process keeps open."""
    return sum(_sizes.values())


def load_folds(path: str) -> FoldData:
    """Return the data of a file, mapped rather than read; the last few are kept open."""
    if path not in _loaded:
        _loaded[path] = _cut_again(joblib.load(path, mmap_mode="r"))
        _sizes[path] = Path(path).stat().st_size
        while len(_loaded) > _KEPT:
            del _sizes[_loaded.popitem(last=False)[0]]
    _loaded.move_to_end(path)
    return _loaded[path]
