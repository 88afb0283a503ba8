"""The old import paths lead to the present module objects, in this process and in its children."""

import importlib
import importlib.util
import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from joblib import Parallel, delayed

HOST = "core.feature_engineering.modeling"
TUNING = f"{HOST}.hyperparameter_tuning"
SHARED = f"{HOST}.shared"
SAME = {
    TUNING: "hyperparameter_tuning",
    **{
        f"{TUNING}.{name}": f"hyperparameter_tuning.{name}"
        for name in (
            *("tasks", "tasks.data_bundle", "tasks.optuna_support", "tasks.searchers", "tasks.execution"),
            *("tasks.workflow", "jobs", "jobs.repository", "jobs.service", "jobs.status", "registry"),
            *("registry.base", "registry.defaults", "registry.services"),
            # Below an old package nothing is ever loaded a second time, whether it was there or not.
            *("tasks.searchers.estimators", "node.cli", "shared.errors"),
        )
    },
    SHARED: "hyperparameter_tuning.shared",
    **{
        f"{SHARED}.{name}": f"hyperparameter_tuning.shared.{name}"
        for name in ("artifacts", "evaluation", "splits")
    },
    **{
        f"{SHARED}.{name}": "hyperparameter_tuning.shared"
        for name in ("common", "inputs", "results", "search")
    },
}


def printed(program: str, *arguments: str, cwd: Path | None = None) -> Any:
    """Run a program in a fresh interpreter and return the JSON it prints."""
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments], capture_output=True, text=True, cwd=cwd
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


class TestSameObjects:
    @pytest.mark.parametrize("old", SAME, ids=lambda name: name.removeprefix(f"{HOST}."))
    def test_an_old_path_is_the_present_module(self, old: str) -> None:
        assert importlib.import_module(old) is importlib.import_module(SAME[old])

    @pytest.mark.parametrize("old", SAME, ids=lambda name: name.removeprefix(f"{HOST}."))
    def test_a_module_keeps_its_own_spec_and_loader(self, old: str) -> None:
        module = importlib.import_module(old)
        assert module.__spec__ is not None
        assert module.__spec__.name == module.__name__ == SAME[old]
        assert module.__loader__ is module.__spec__.loader
        assert importlib.util.find_spec(old) is module.__spec__

    def test_the_order_of_imports_does_not_matter(self) -> None:
        program = """
import importlib, json, sys
first, second = sys.argv[1:]
print(json.dumps(importlib.import_module(first) is importlib.import_module(second)))
"""
        old, new = f"{TUNING}.tasks.data_bundle", "hyperparameter_tuning.tasks.data_bundle"
        assert printed(program, old, new)
        assert printed(program, new, old)

    def test_classes_are_the_same_whatever_path_they_came_by(self) -> None:
        old = importlib.import_module(f"{TUNING}.registry.base")
        new = importlib.import_module("hyperparameter_tuning.registry.base")
        assert old.TuningStrategyOption is new.TuningStrategyOption

    def test_importing_an_old_door_loads_nothing_heavy(self) -> None:
        program = f"""
import json, sys
import {TUNING}.tasks, {TUNING}.jobs, {TUNING}.registry, {SHARED}.common
heavy = {{"sklearn", "optuna", "pandas", "sqlalchemy", "fastapi", "celery"}}
print(json.dumps(sorted(heavy & set(sys.modules))))
"""
        assert printed(program) == []

    def test_what_is_not_there_is_missing_under_its_own_name(self) -> None:
        with pytest.raises(ModuleNotFoundError, match=f"{TUNING}.tasks.nothing"):
            importlib.import_module(f"{TUNING}.tasks.nothing")
        with pytest.raises(AttributeError, match="_nothing"):
            importlib.import_module(f"{TUNING}.jobs.service")._nothing  # noqa: B018 - asking is the test


class TestPatches:
    def test_a_patch_through_the_old_path_is_seen_by_the_new(self) -> None:
        from hyperparameter_tuning.tasks import execution

        with mock.patch(f"{TUNING}.tasks.execution.run_search") as fake:
            assert execution.run_search is fake
        assert execution.run_search is not fake

    def test_a_patch_of_an_old_name_on_a_door_is_seen_and_undone(self) -> None:
        import hyperparameter_tuning.shared as shared

        before = shared._serialize_value
        with mock.patch(f"{SHARED}.results._serialize_value") as fake:
            assert shared._serialize_value is fake
        assert shared._serialize_value is before


class TestReload:
    def test_reload_through_the_old_path_keeps_object_and_names(self) -> None:
        program = f"""
import importlib, json
old = importlib.import_module("{TUNING}.jobs")
service = importlib.import_module("{TUNING}.jobs.service")
again, once_more = importlib.reload(old), importlib.reload(service)
new = importlib.import_module("hyperparameter_tuning.jobs")
print(json.dumps([
    again is new, once_more is importlib.import_module("hyperparameter_tuning.jobs.service"),
    again.__spec__.name, once_more.__spec__.name,
    again.create_tuning_job is once_more.create_tuning_job,
]))
"""
        names = ["hyperparameter_tuning.jobs", "hyperparameter_tuning.jobs.service"]
        assert printed(program) == [True, True, *names, True]


class TestPickles:
    def test_what_is_pickled_names_the_present_module(self) -> None:
        option = importlib.import_module(f"{TUNING}.registry").TuningStrategyOption
        data = pickle.dumps(option("a", "A", "", "random"))
        assert b"core.feature_engineering" not in data
        assert pickle.loads(data) == option("a", "A", "", "random")

    def test_a_pickle_of_that_time_opens_as_the_present_class(self) -> None:
        from hyperparameter_tuning.registry.base import TuningStrategyOption

        old = f"c{TUNING}.registry.base\nTuningStrategyOption\n.".encode()
        program = """
import json, pickle, sys
print(json.dumps(pickle.loads(sys.argv[1].encode()).__module__))
"""
        assert printed(program, old.decode()) == TuningStrategyOption.__module__


CHILD = f"""
import importlib, json, multiprocessing, sys

def looked(old):
    new = old.replace("{TUNING}", "hyperparameter_tuning")
    return importlib.import_module(old) is importlib.import_module(new)

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    with context.Pool(1) as pool:
        print(json.dumps(pool.map(looked, ["{TUNING}.tasks.data_bundle", "{TUNING}.jobs"])))
"""


class TestChildren:
    @pytest.mark.parametrize("method", ["forkserver", "spawn"])
    def test_a_process_that_starts_anew_finds_the_old_paths(self, tmp_path: Path, method: str) -> None:
        script = tmp_path / "program.py"
        script.write_text(CHILD)
        finished = subprocess.run(
            [sys.executable, "-W", "error", str(script), method], capture_output=True, text=True, check=True
        )
        assert json.loads(finished.stdout) == [True, True]

    def test_loky_workers_take_functions_that_were_imported_by_the_old_path(self) -> None:
        results = importlib.import_module(f"{SHARED}.results")
        given = Parallel(n_jobs=2, backend="loky")(
            delayed(results._serialize_value)(value) for value in (float("nan"), 1, {2: (3,)})
        )
        assert given == [None, 1, {"2": [3]}]


class TestRunAsProgram:
    def test_python_m_takes_an_old_path(self) -> None:
        command = [sys.executable, "-W", "error", "-m", f"{TUNING}.node.cli", "--version"]
        finished = subprocess.run(command, capture_output=True, text=True)
        assert finished.returncode == 0, finished.stderr
        assert finished.stdout.startswith("tuning-node ")


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """A host whose `core` is a regular package with a module of its own."""
    package = tmp_path / "core"
    package.mkdir()
    (package / "__init__.py").write_text("NAME = 'the host'\n")
    (package / "database.py").write_text("TABLES = ['users']\n")
    return tmp_path


def with_own_modeling(host: Path) -> None:
    """Give the host a regular `modeling` package with a `shared` of its own."""
    folder = host / "core/feature_engineering/modeling/shared"
    folder.mkdir(parents=True)
    for part in (folder, folder.parent, folder.parent.parent):
        (part / "__init__.py").write_text("OWNER = 'the host'\n")


class TestHostWithItsOwnCore:
    def test_nothing_is_there_before_install_and_everything_after(self, host: Path) -> None:
        program = f"""
import importlib, json, sys
sys.path.insert(0, "")
import core, core.database
try:
    importlib.import_module("{TUNING}")
except ModuleNotFoundError:
    before = "missing"
from hyperparameter_tuning import legacy_imports
legacy_imports.install()
legacy_imports.install()
tasks = importlib.import_module("{TUNING}.tasks.data_bundle")
shared = importlib.import_module("{SHARED}.common")
print(json.dumps([
    before, tasks.__name__, shared.__name__, core.NAME, core.database.TABLES,
    core.__file__.endswith("core/__init__.py"), importlib.reload(core.database).TABLES,
    sum(type(finder).__name__ == "AliasFinder" for finder in sys.meta_path),
]))
"""
        assert printed(program, cwd=host) == [
            *("missing", "hyperparameter_tuning.tasks.data_bundle", "hyperparameter_tuning.shared"),
            *("the host", ["users"], True, ["users"], 1),
        ]

    def test_a_package_of_the_host_that_bears_an_old_name_stays_the_hosts(self, host: Path) -> None:
        with_own_modeling(host)
        program = f"""
import importlib, json, sys
sys.path.insert(0, "")
from hyperparameter_tuning.legacy_imports import install
install()
shared, jobs = importlib.import_module("{SHARED}"), importlib.import_module("{TUNING}.jobs")
import core.feature_engineering.modeling as modeling
print(json.dumps([shared.OWNER, modeling.OWNER, jobs.__name__]))
"""
        assert printed(program, cwd=host) == ["the host", "the host", "hyperparameter_tuning.jobs"]

    def test_a_misspelt_module_of_the_host_is_missing_as_before(self, host: Path) -> None:
        program = """
import importlib, json, sys
sys.path.insert(0, "")
from hyperparameter_tuning.legacy_imports import install
install()
try:
    importlib.import_module("core.databse")
except ModuleNotFoundError as error:
    print(json.dumps(error.name))
"""
        assert printed(program, cwd=host) == "core.databse"
