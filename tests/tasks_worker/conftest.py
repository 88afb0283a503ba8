"""Settings of one folder per test, and no process left behind by any."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.process_groups import groups_folder


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(data_dir=tmp_path / "data", n_jobs=1)
    yield settings
    assert not list(groups_folder(settings).glob("*.json")), "a process group was left behind"


@pytest.fixture
def folder(settings: Settings) -> Path:
    path = settings.scratch / "job"
    path.mkdir(parents=True)
    return path


def wait_until_gone(pid: int, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def worker_environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, **settings.environment()}
