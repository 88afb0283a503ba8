"""Assignments on several processes: joblib's loky pool, fed with numbers, not with data.

When a pool pays does not belong here (`pool_choice`).
"""

import sys
import warnings
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from queue import SimpleQueue
from typing import Any

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor, process_executor, reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError
from sklearn import config_context, get_config
from threadpoolctl import ThreadpoolController

from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.tasks.evaluation.assignments import Assignment
from hyperparameter_tuning.tasks.evaluation.family_work import Answers, work
from hyperparameter_tuning.tasks.evaluation.fold_cache import FoldCache
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult
from hyperparameter_tuning.tasks.evaluation.shared_data import load_folds, mapped_bytes
from hyperparameter_tuning.tasks.evaluation.telling_backend import TellingBackend
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData, Recipe, Unit, score_unit

Finished = tuple[Assignment, Answers]
_Answers = Generator[tuple[int, Answers], None, None]

LEAK_BYTES = process_executor._MAX_MEMORY_LEAK_SIZE
"""Growth at which loky ends a process."""

_caches: dict[str, FoldCache] = {}


class WorkerLostError(TuningError):
    """A worker process of the search ended without an answer."""

    default_code = "worker_lost"


class WorkerPool:
    """Runs assignments on *n_jobs* processes, one thread each.

    Args:
        n_jobs: Number of processes, in joblib's sense.
        pre_dispatch: Assignments handed out ahead of the processes, in joblib's sense.
    """

    def __init__(self, n_jobs: int, pre_dispatch: int | str = "2 * n_jobs") -> None:
        self._n_jobs = n_jobs
        self._pre_dispatch = pre_dispatch
        self._has_begun = False

    @property
    def is_warm(self) -> bool:
        """Whether the processes run already: begun by this search, or left by another of this interpreter."""
        executor = reusable_executor._executor
        return executor is not None and executor._max_workers == self._n_jobs and not executor._flags.broken

    def run(
        self,
        recipe: Recipe,
        path: str,
        assignments: Iterable[Assignment],
        started: "SimpleQueue[Assignment]",
    ) -> Generator[Finished, None, None]:
        """Yield each assignment with the results of its units, in the order in which they end.

        Args:
            recipe: How to fit and score.
            path: File of the data, from `SharedData.path`.
            assignments: What to work on, first come first served.
            started: Receives each assignment as it is handed out.

        Raises:
            WorkerLostError: a process was killed, most likely for want of memory.
        """
        kept, backend = list(assignments), TellingBackend()
        with parallel_config(backend=backend, inner_max_num_threads=1):
            parallel = Parallel(
                n_jobs=self._n_jobs, pre_dispatch=self._pre_dispatch, return_as="generator_unordered"
            )
        settings = get_config()
        tasks = (
            delayed(_work_in_worker)(settings, recipe, path, index, assignment)
            for index, assignment in enumerate(_announced(kept, started))
        )
        try:
            with _closing_quietly(parallel(tasks)) as generator:
                self._has_begun = True
                for index, answer in backend.answers(generator, len(kept)):
                    yield kept[index], answer
        except TerminatedWorkerError as error:
            self._has_begun = False
            raise WorkerLostError(
                "A worker process of the search ended unexpectedly, most likely for want of memory. "
                "Use fewer parallel jobs, fewer rows or a smaller model."
            ) from error

    def shut_down(self) -> None:
        """End the processes, if this pool started any."""
        if self._has_begun:
            get_reusable_executor().shutdown(wait=True, kill_workers=True)
            self._has_begun = False


@lru_cache(maxsize=1)
def _controller(n_modules: int) -> ThreadpoolController:
    """Return what limits the threads of native libraries; they are looked for anew once more are imported.

    To find them takes as long as a small search.
    """
    return ThreadpoolController()


class InProcess:
    """Runs assignments in this process, as the pool does: on one thread where several jobs are allowed."""

    def __init__(self, n_jobs: int) -> None:
        self._controller = _controller(len(sys.modules)) if n_jobs != 1 else None

    def run(self, recipe: Recipe, data: FoldData, cache: FoldCache, assignment: Assignment) -> Answers:
        """Score the units of one assignment."""
        with self._limited():
            return work(recipe, data, cache, assignment)

    def plain(self, recipe: Recipe, data: FoldData, unit: Unit) -> FoldResult:
        """Score one unit by a fit of its own."""
        with self._limited():
            return score_unit(recipe, data, unit)

    def _limited(self) -> AbstractContextManager[Any]:
        return nullcontext() if self._controller is None else self._controller.limit(limits=1)


def _work_in_worker(
    settings: Mapping[str, Any], recipe: Recipe, path: str, index: int, assignment: Assignment
) -> tuple[int, Answers]:
    """Return the assignment's number rather than itself: its estimators need not travel back.

    scikit-learn's settings, metadata routing among them, are those of the thread that searches.
    """
    if path not in _caches:
        _caches.clear()  # folds of a search that is over
        _caches[path] = FoldCache()
    cache = _caches[path]
    with config_context(**settings):
        answers = work(recipe, load_folds(path), cache, assignment)
    # loky ends a process that has grown, and starts another. Data that it is to keep is no leak.
    process_executor._MAX_MEMORY_LEAK_SIZE = LEAK_BYTES + mapped_bytes() + cache.n_bytes
    return index, answers


def _announced(assignments: Iterable[Assignment], started: "SimpleQueue[Assignment]") -> Iterator[Assignment]:
    for assignment in assignments:
        started.put(assignment)
        yield assignment


@contextmanager
def _closing_quietly(
    answers: _Answers,
) -> Iterator[_Answers]:
    """Close the stream of answers in any case; joblib then ends the units in work, which is what we want."""
    try:
        yield answers
    finally:
        with warnings.catch_warnings():
            # joblib warns that tasks were cancelled: a stop asks for exactly that.
            warnings.simplefilter("ignore", UserWarning)
            answers.close()
