"""The data of a search, handed to worker processes once: one file that each of them maps into memory.

What is done with the data does not belong here.
"""

from collections import OrderedDict
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import joblib

from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData

_KEPT = 2
_loaded: OrderedDict[str, FoldData] = OrderedDict()


class SharedData:
    """A file of one search's data; written on first use, removed by `close`.

    Args:
        data: What the units read.
        scratch: Folder to write into; None is the system's own.
    """

    def __init__(self, data: FoldData, scratch: Path | None = None) -> None:
        self._data = data
        self._scratch = scratch
        self._folder: TemporaryDirectory[str] | None = None

    @cached_property
    def path(self) -> str:
        """Path of the file; its folder's name is unique, so it names the content too."""
        self._folder = TemporaryDirectory(prefix="hpt-folds-", dir=self._scratch, ignore_cleanup_errors=True)
        path = str(Path(self._folder.name) / "folds.joblib")
        joblib.dump(self._data, path)
        return path

    def close(self) -> None:
        """Remove the file, if there is one."""
        if self._folder is not None:
            self._folder.cleanup()


def load_folds(path: str) -> FoldData:
    """Return the data of a file, mapped rather than read; the last few are kept open."""
    if path not in _loaded:
        _loaded[path] = joblib.load(path, mmap_mode="r")
        while len(_loaded) > _KEPT:
            _loaded.popitem(last=False)
    _loaded.move_to_end(path)
    return _loaded[path]
