"""scikit-learn's tests of its searches, run with ours in their place: routing, delegation, callbacks, all."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(modules: list[str], chosen: str, folder: Path) -> str:
    """Run tests of scikit-learn's in a fresh interpreter and return the last line that pytest prints."""
    command = [sys.executable, "-m", "pytest", "--pyargs", *(f"sklearn.{module}" for module in modules)]
    plugins = ["-p", "tests.tasks_search.in_scikit_learns_place", "-p", "no:cacheprovider"]
    # Their settings, not ours: warnings are judged by their own tests.
    settings = ["-c", "/dev/null", "--rootdir", str(folder), "-W", "ignore"]
    done = subprocess.run(
        [*command, "-q", *plugins, "-k", chosen, *settings],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    lines = done.stdout.strip().splitlines()
    assert done.returncode == 0, "\n".join(lines[-60:])
    return lines[-1]


@pytest.mark.parametrize(
    ("modules", "chosen", "least"),
    [
        (["tests.test_metaestimators_metadata_routing"], "Search and not TunedThreshold", 30),
        (["tests.test_metaestimators"], "delegation or fallback", 1),
        (["model_selection.tests.test_search"], "callback", 10),
    ],
    ids=["routing", "delegation", "callbacks"],
)
def test_what_scikit_learn_expects(modules, chosen, least, tmp_path):
    assert int(run(modules, chosen, tmp_path).split(" passed")[0].split()[-1]) >= least


@pytest.mark.long
def test_all_that_scikit_learn_tests_of_its_searches(tmp_path):
    modules = ["model_selection.tests.test_search", "model_selection.tests.test_successive_halving"]
    # That one compares all attributes with those of a search of its own, and ours have two more.
    assert "passed" in run(modules, "not test_custom_run_search", tmp_path)
