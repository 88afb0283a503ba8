"""What memory a worker process of a search needs of its own, measured while it runs.

The limit does not belong here (`benchmarks.engine_limits`).
"""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

import numpy as np
import psutil
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import SGDClassifier

from hyperparameter_tuning.tasks.searchers import GridSearch

ROWS, COLUMNS = 200_000, 100
FOLDS = 5
SAMPLE_SECONDS = 0.02
SHARED_FILE = "hpt-folds-"
"""In the path of the file that all workers map: its pages exist once, whoever has read them."""


class Idle(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Takes long enough for a pool to be started, and no memory."""

    def __init__(self, number: int = 0) -> None:
        self.number = number

    def fit(self, X: Any, y: Any) -> Self:
        """Wait."""
        time.sleep(0.4)
        self.classes_ = np.unique(y)
        return self

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Return a number."""
        return float(self.number)


def memory_per_worker() -> float:
    """Return the peak of a worker's own memory above what it has idle, in copies of one fold.

    A fold has every row once, for training or for testing. The model needs next to no memory itself.
    """
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, ROWS)
    X = rng.normal(size=(ROWS, COLUMNS))
    settings: dict[str, Any] = {"cv": FOLDS, "refit": False, "n_jobs": 2}
    model = SGDClassifier(max_iter=1, tol=None, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        GridSearch(Idle(), {"number": [0, 1, 2, 3]}, **settings).fit(X[:1000], y[:1000])
        workers = [child for child in psutil.Process().children(recursive=True) if _is_worker(child)]
        idle = [_own(worker) for worker in workers]
        search = GridSearch(model, {"alpha": [1e-5, 1e-4, 1e-3, 1e-2]}, **settings)
        with _peaks(workers) as peaks:
            search.fit(X, y)
    copy = X.nbytes + y.nbytes
    return max(peak - before for peak, before in zip(peaks(), idle, strict=True)) / copy


def _is_worker(process: psutil.Process) -> bool:
    line = " ".join(process.cmdline())
    return "loky" in line and "resource_tracker" not in line


def _own(process: psutil.Process) -> int:
    """Return the bytes that nobody else has: the sum of private pages, but for those of the shared file."""
    maps = process.memory_maps(grouped=True)
    return sum(part.private_clean + part.private_dirty for part in maps if SHARED_FILE not in part.path)


@contextmanager
def _peaks(processes: Sequence[psutil.Process]) -> Iterator[Callable[[], list[int]]]:
    """Watch *processes* while the block runs; the context is what answers with the peak of each."""
    highest = [0] * len(processes)
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            for index, process in enumerate(processes):
                with suppress(psutil.Error):
                    highest[index] = max(highest[index], _own(process))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield lambda: highest
    finally:
        ended.set()
        thread.join()
