"""The scripts in examples/ do what they say."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.stack import Stack

SCRIPTS = Path(__file__).parents[2] / "examples"


def test_the_search_in_a_notebook_equals_scikit_learns(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(SCRIPTS / "search_in_a_notebook.py"), run_name="__main__")
    assert "the same to the bit: True" in capsys.readouterr().out


def test_the_mounted_application_keeps_its_own_routes() -> None:
    app = runpy.run_path(str(SCRIPTS / "mount_in_fastapi.py"))["create"]()
    paths = set(app.openapi()["paths"])
    assert {"/", "/nodes", "/hyperparameter-tuning-jobs"} <= paths


def test_the_run_over_http_succeeds(stack: Stack) -> None:
    command = [sys.executable, str(SCRIPTS / "run_over_http.py"), stack.url]
    finished = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert finished.stdout.startswith("succeeded: roc_auc 0.9")
