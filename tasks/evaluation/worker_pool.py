"""Units on several processes: joblib's loky pool, fed with numbers, not with data.

When a pool pays does not belong here (`pool_choice`).
"""

import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from joblib import Parallel, delayed, parallel_config
from joblib.externals.loky import get_reusable_executor
from joblib.externals.loky.process_executor import TerminatedWorkerError
from threadpoolctl import ThreadpoolController

from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult
from hyperparameter_tuning.tasks.evaluation.shared_data import load_folds
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData, Recipe, Unit, score_unit

Scored = tuple[Unit, FoldResult]


class WorkerLostError(TuningError):
    """A worker process of the search ended without an answer."""

    default_code = "worker_lost"


class WorkerPool:
    """Runs units on *n_jobs* processes, one thread each.

    Args:
        n_jobs: Number of processes, in joblib's sense.
    """

    def __init__(self, n_jobs: int) -> None:
        self._n_jobs = n_jobs
        self.is_warm = False

    def run(
        self, recipe: Recipe, path: str, units: Iterable[Unit], started: "SimpleQueue[Unit]"
    ) -> Generator[Scored, None, None]:
        """Yield each unit with its result, in the order in which they end.

        Args:
            recipe: How to fit and score.
            path: File of the data, from `SharedData.path`.
            units: What to work on, first come first served.
            started: Receives each unit as it is handed out.

        Raises:
            WorkerLostError: a process was killed, most likely for want of memory.
        """
        with parallel_config(backend="loky", inner_max_num_threads=1):
            parallel = Parallel(n_jobs=self._n_jobs, return_as="generator_unordered")
        tasks = (delayed(_score_in_worker)(recipe, path, unit) for unit in _announced(units, started))
        try:
            with _closing_quietly(parallel(tasks)) as answers:
                self.is_warm = True
                # Not "yield from": that would close joblib's generator before we can keep it quiet.
                for answer in answers:  # noqa: UP028
                    yield answer
        except TerminatedWorkerError as error:
            self.is_warm = False
            raise WorkerLostError(
                "A worker process of the search ended unexpectedly, most likely for want of memory. "
                "Use fewer parallel jobs, fewer rows or a smaller model."
            ) from error

    def shut_down(self) -> None:
        """End the processes, if this pool started any."""
        if self.is_warm:
            get_reusable_executor().shutdown(wait=True, kill_workers=True)
            self.is_warm = False


class InProcess:
    """Runs units in this process; with more than one job allowed, on one thread each as the pool does."""

    def __init__(self, n_jobs: int) -> None:
        self._controller = ThreadpoolController() if n_jobs != 1 else None

    def run(self, recipe: Recipe, data: FoldData, unit: Unit) -> FoldResult:
        """Score one unit."""
        if self._controller is None:
            return score_unit(recipe, data, unit)
        with self._controller.limit(limits=1):
            return score_unit(recipe, data, unit)


def _score_in_worker(recipe: Recipe, path: str, unit: Unit) -> Scored:
    return unit, score_unit(recipe, load_folds(path), unit)


def _announced(units: Iterable[Unit], started: "SimpleQueue[Unit]") -> Iterator[Unit]:
    for unit in units:
        started.put(unit)
        yield unit


@contextmanager
def _closing_quietly(answers: Generator[Scored, None, None]) -> Iterator[Generator[Scored, None, None]]:
    """Close the stream of answers in any case; joblib then ends the units in work, which is what we want."""
    try:
        yield answers
    finally:
        with warnings.catch_warnings():
            # joblib warns that tasks were cancelled: a stop asks for exactly that.
            warnings.simplefilter("ignore", UserWarning)
            answers.close()
