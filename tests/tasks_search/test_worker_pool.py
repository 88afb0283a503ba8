"""Units on several processes: the same results, data mapped once, stops and deaths."""

import os
import subprocess
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import joblib.parallel as joblib_parallel
import numpy as np
import pytest
from joblib import Parallel, delayed
from joblib.externals.loky import reusable_executor
from sklearn.datasets import load_wine
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.evaluation import Evaluator, FoldResult, Request, SearchStopped, shared_data
from hyperparameter_tuning.tasks.evaluation.assignments import Assignment
from hyperparameter_tuning.tasks.evaluation.pool_choice import PoolChoice
from hyperparameter_tuning.tasks.evaluation.shared_data import SharedData, load_folds
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData
from hyperparameter_tuning.tasks.evaluation.worker_pool import InProcess, WorkerLostError
from tests.tasks_search.fragile import Fragile

X, Y = load_wine(return_X_y=True)
SPLITS = list(KFold(3, shuffle=True, random_state=0).split(X))
ACCURACY = {"accuracy": get_scorer("accuracy")}


@pytest.fixture
def pooled() -> Iterator[Callable[..., Evaluator]]:
    """Make evaluators of two processes that start at once."""
    made: list[Evaluator] = []

    def make(estimator: Any, **settings: Any) -> Evaluator:
        made.append(Evaluator(estimator, X, Y, SPLITS, ACCURACY, n_jobs=2, pool_after_seconds=0, **settings))
        return made[-1]

    yield make
    for evaluator in made:
        evaluator.close(shut_down_pool=False)


class TestPool:
    def test_gives_the_results_of_one_process(self, pooled):
        requests = [Request(trial, {"max_depth": trial + 1}, resource=0.9) for trial in range(4)]
        tree = DecisionTreeClassifier(random_state=0)
        alone = Evaluator(tree, X, Y, SPLITS, ACCURACY, seed=3).evaluate(requests)
        together = pooled(tree, seed=3).evaluate(requests)
        assert [[fold.scores for fold in result.folds] for result in together] == [
            [fold.scores for fold in result.folds] for result in alone
        ]

    def test_works_in_other_processes_and_tells_of_each_unit(self, tmp_path, pooled):
        diary = tmp_path / "diary"
        told: list[Any] = []
        pooled(Fragile(diary=str(diary))).evaluate(
            [Request(0, {}), Request(1, {})],
            on_start=lambda request: told.append(("start", request.trial)),
            on_unit=lambda request, fold: told.append((request.trial, fold.split)),
        )
        workers = {int(line.split()[-1]) for line in diary.read_text().splitlines()}
        assert os.getpid() not in workers
        assert sorted(told, key=str) == sorted(
            [("start", 0), ("start", 1), *((trial, split) for trial in (0, 1) for split in range(3))], key=str
        )
        for trial in (0, 1):
            assert told.index(("start", trial)) < min(told.index((trial, split)) for split in range(3))

    def test_errors_are_recorded_there_too(self, pooled):
        (result,) = pooled(Fragile()).evaluate([Request(0, {"act": "raise"})])
        assert {fold.error for fold in result.folds} == {"ValueError: The first line."}

    def test_a_stop_ends_units_in_work(self, pooled):
        told: list[FoldResult] = []
        evaluator = pooled(Fragile(seconds=0.01))
        evaluator.evaluate([Request(0, {})])
        slow = [Request(trial, {"seconds": 30.0 if trial else 0.01}) for trial in range(3)]
        begin = time.monotonic()
        with pytest.raises(SearchStopped) as stopped:
            evaluator.evaluate(
                slow, on_unit=lambda request, fold: told.append(fold), should_stop=lambda: bool(told)
            )
        assert time.monotonic() - begin < 20
        assert [fold.split for result in stopped.value.results for fold in result.folds] == [told[0].split]

    def test_a_killed_worker_is_an_error_with_advice(self, pooled):
        evaluator = pooled(Fragile())
        with pytest.raises(WorkerLostError, match="want of memory") as lost:
            evaluator.evaluate([Request(0, {"act": "die"})])
        assert lost.value.code == "worker_lost"

    def test_a_process_that_keeps_large_rows_is_no_leak_to_be_ended(self, tmp_path):
        diary = tmp_path / "diary"
        table = np.ones((100_000, 220))  # mapped and cut it is more than loky lets a process grow
        rows = np.arange(len(table))
        model = Fragile(seconds=1.2, diary=str(diary))
        cv, target = [(rows[:90_000], rows[90_000:])], rows % 2
        with Evaluator(model, table, target, cv, ACCURACY, n_jobs=2, pool_after_seconds=0) as evaluator:
            Parallel(n_jobs=2)(delayed(time.sleep)(0.1) for _ in range(2))
            evaluator.evaluate([Request(trial, {}) for trial in range(4)])
        workers = {line.split()[-1] for line in diary.read_text().splitlines()}
        assert len(workers) == 2

    def test_is_told_of_answers_instead_of_looking_for_them(self, monkeypatch, pooled):
        evaluator = pooled(Fragile(seconds=0.1))
        looks: list[float] = []

        def sleep(seconds: float) -> None:
            looks.append(seconds)
            time.sleep(seconds)

        clock = SimpleNamespace(time=time.time, sleep=sleep)
        monkeypatch.setattr(joblib_parallel, "time", clock)
        evaluator.evaluate([Request(0, {})])
        assert len(looks) <= 1  # after the last answer, where joblib has not noted it yet

    @pytest.mark.filterwarnings("ignore:Loky-backed parallel loops cannot be nested")
    def test_works_where_joblib_allows_no_processes(self):
        """Below a thread of joblib's it runs one after the other, whatever number it names."""

        def search() -> list[str]:
            with Evaluator(Fragile(), X, Y, SPLITS, ACCURACY, n_jobs=2, pool_after_seconds=0) as evaluator:
                (result,) = evaluator.evaluate([Request(0, {})])
            return [fold.state for fold in result.folds]

        found = Parallel(n_jobs=2, backend="threading")(delayed(search)() for _ in range(2))
        assert found == [["complete"] * 3] * 2

    def test_close_ends_the_processes(self, pooled):
        evaluator = pooled(Fragile())
        evaluator.evaluate([Request(0, {})])
        assert reusable_executor._executor is not None
        evaluator.close()
        assert reusable_executor._executor is None or reusable_executor._executor._flags.shutdown


class TestThreads:
    def test_libraries_are_looked_for_once_until_more_is_imported(self, monkeypatch):
        first, second = InProcess(2), InProcess(2)
        assert first._controller is second._controller
        monkeypatch.setitem(sys.modules, "a_module_imported_since", sys)
        assert InProcess(2)._controller is not first._controller


class TestSharedData:
    def test_is_written_to_memory_where_there_is_room(self, tmp_path, monkeypatch):
        monkeypatch.setattr(shared_data, "MEMORY_FOLDER", tmp_path)
        monkeypatch.setattr(shared_data, "SPARE_BYTES", 0)
        monkeypatch.delenv("JOBLIB_TEMP_FOLDER", raising=False)
        data = FoldData(X, Y, tuple(SPLITS))
        with closing(SharedData(data)) as shared:
            assert Path(shared.path).is_relative_to(tmp_path)
        monkeypatch.setattr(shared_data, "SPARE_BYTES", 10**18)
        with closing(SharedData(data)) as shared:
            assert not Path(shared.path).is_relative_to(tmp_path)
        monkeypatch.setattr(shared_data, "SPARE_BYTES", 0)
        monkeypatch.setattr(shared_data, "MEMORY_FOLDER", tmp_path / "none")
        with closing(SharedData(data)) as shared:
            assert not Path(shared.path).is_relative_to(tmp_path)

    def test_is_written_where_joblib_is_told_to(self, tmp_path, monkeypatch):
        monkeypatch.setenv("JOBLIB_TEMP_FOLDER", str(tmp_path))
        with closing(SharedData(FoldData(X, Y, tuple(SPLITS)))) as shared:
            assert Path(shared.path).is_relative_to(tmp_path)

    def test_size_of_what_is_mapped_is_known(self, tmp_path, monkeypatch):
        monkeypatch.setattr(shared_data, "_loaded", OrderedDict())
        monkeypatch.setattr(shared_data, "_sizes", {})
        files = [SharedData(FoldData(X, Y, tuple(SPLITS)), tmp_path) for _ in range(3)]
        for file in files:
            load_folds(file.path)
        assert shared_data.mapped_bytes() == 2 * Path(files[0].path).stat().st_size
        for file in files:
            file.close()

    def test_arrays_are_mapped_not_copied(self, tmp_path):
        shared = SharedData(FoldData(X, Y, tuple(SPLITS)), tmp_path)
        loaded = load_folds(shared.path)
        assert isinstance(loaded.X, np.memmap)
        assert np.array_equal(loaded.X, X)
        assert load_folds(shared.path) is loaded
        shared.close()

    @pytest.mark.parametrize(
        "splits",
        [
            tuple(SPLITS),
            (),
            (([0, 1, 2], [3, 4]), ([3, 4], [0, 1])),
            ((np.arange(5) < 3, np.arange(5) >= 3),),
            ((np.array([0, 1], dtype=np.int32), np.array([2], dtype=np.int32)),),
            ((np.array([0, 1]), np.array([], dtype=np.intp)), (np.array([], dtype=np.intp), np.array([2]))),
        ],
        ids=["arrays", "none", "lists", "masks", "short", "empty"],
    )
    def test_splits_of_any_kind_come_back_as_they_were(self, tmp_path, splits):
        with closing(SharedData(FoldData(X, Y, splits), tmp_path)) as shared:
            loaded = load_folds(shared.path).splits
        assert len(loaded) == len(splits)
        for split, known in zip(loaded, splits, strict=True):
            for part, before in zip(split, known, strict=True):
                assert isinstance(part, type(before))
                assert np.array_equal(part, before)
                assert np.asarray(part).dtype == np.asarray(before).dtype

    def test_close_removes_the_file(self, tmp_path):
        shared = SharedData(FoldData(X, Y, tuple(SPLITS)), tmp_path)
        assert Path(shared.path).exists()
        shared.close()
        assert list(tmp_path.iterdir()) == []

    def test_without_a_pool_no_file_is_written(self, tmp_path):
        evaluator = Evaluator(DecisionTreeClassifier(), X, Y, SPLITS, ACCURACY, n_jobs=2, scratch=tmp_path)
        evaluator.evaluate([Request(0, {})])
        evaluator.close()
        assert list(tmp_path.iterdir()) == []


class TestPoolChoice:
    def test_one_job_never_pays(self):
        choice = PoolChoice(1)
        choice.saw(100.0, 100.0, in_process=True)
        assert not choice.pays(1e5, work(100.0, 1000), warm=False)

    def test_much_work_ahead_pays_for_the_start(self):
        assert PoolChoice(2).pays(500.0, work(0.5, 1000), warm=False)

    def test_small_work_is_measured_before_anything_is_started(self):
        choice = PoolChoice(2)
        assert not choice.pays(10.0, work(0.01, 1000), warm=False)
        choice.saw(0.01, 0.01, in_process=True)
        assert choice.pays(10.0, work(0.01, 1000), warm=False)

    def test_what_work_took_corrects_what_was_expected(self):
        choice = PoolChoice(2)
        choice.saw(0.01, 0.0001, in_process=True)
        assert not choice.pays(10.0, work(0.01, 1000), warm=False)

    def test_little_work_does_not(self):
        choice = PoolChoice(2)
        choice.saw(0.001, 0.001, in_process=True)
        assert not choice.pays(0.02, work(0.001, 20), warm=True)

    def test_small_lists_add_up_until_the_start_pays(self):
        choice = PoolChoice(2)
        lists = 0
        while not choice.pays(0.2, work(0.05, 4), warm=False):
            for _ in range(4):
                choice.saw(0.05, 0.05, in_process=True)
            lists += 1
        assert 5 <= lists <= 8

    def test_a_running_pool_pays_for_little(self):
        choice = PoolChoice(2)
        choice.saw(0.02, 0.02, in_process=True)
        assert choice.pays(0.08, work(0.02, 4), warm=True)
        assert not choice.pays(0.08, work(0.02, 4), warm=False)


def work(seconds: float, number: int) -> list[Assignment]:
    return [Assignment((), seconds)] * number


def test_a_killed_program_leaves_no_file_behind():
    program = (
        "import numpy, time\n"
        "from hyperparameter_tuning.tasks.evaluation.shared_data import SharedData\n"
        "from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData\n"
        "shared = SharedData(FoldData(numpy.zeros((9, 2)), numpy.zeros(9), ()))\n"
        "print(shared.path, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        path = Path(process.stdout.readline().strip())
        assert path.exists()
        process.kill()
    deadline = time.monotonic() + 20
    while path.parent.exists():
        assert time.monotonic() < deadline, "the folder stays in memory"
        time.sleep(0.05)
