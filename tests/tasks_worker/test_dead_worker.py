"""When the worker dies, nothing that it started stays."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.process_groups import groups_folder, members, reap_recorded_groups
from tests.tasks_worker.conftest import wait_until_gone, worker_environment

ROOT = Path(__file__).parents[2]


@contextmanager
def worker_with_child(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.tasks_worker.parent_program", "hang"],
        cwd=ROOT,
        env=worker_environment(settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    with worker:
        try:
            yield worker, json.loads(worker.stdout.readline())
        finally:
            worker.kill()


def freeze(pid: int) -> None:
    """Stop a process; a busy machine takes a while to, in which it would still see that its worker died."""
    os.kill(pid, signal.SIGSTOP)
    deadline = time.monotonic() + 30
    while psutil.Process(pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < deadline, f"{pid} does not stop"
        time.sleep(0.01)


class TestDeadWorker:
    @pytest.mark.parametrize("deadly", [signal.SIGKILL, signal.SIGTERM])
    def test_takes_child_and_grandchild_with_it(self, deadly: signal.Signals, settings: Settings) -> None:
        with worker_with_child(settings) as (worker, started):
            worker.send_signal(deadly)
            worker.wait()
            assert wait_until_gone(started["child"])
            assert wait_until_gone(started["grandchild"])
        reap_recorded_groups(settings)


class TestReapRecordedGroups:
    def test_ends_a_child_that_cannot_end_itself(self, settings: Settings) -> None:
        with worker_with_child(settings) as (worker, started):
            freeze(started["child"])
            worker.kill()
            worker.wait()
            assert not wait_until_gone(started["child"], seconds=0.5)
            assert reap_recorded_groups(settings) == 1
            assert wait_until_gone(started["child"])
            assert wait_until_gone(started["grandchild"])

    def test_ends_grandchildren_whose_leader_is_gone(self, settings: Settings) -> None:
        with worker_with_child(settings) as (worker, started):
            freeze(started["child"])
            worker.kill()
            worker.wait()
            os.kill(started["child"], signal.SIGKILL)
            assert wait_until_gone(started["child"])
            assert reap_recorded_groups(settings) == 1
            assert wait_until_gone(started["grandchild"])

    def test_removes_the_working_files(self, settings: Settings) -> None:
        with worker_with_child(settings) as (worker, started):
            worker.kill()
            worker.wait()
            assert wait_until_gone(started["child"])
        reap_recorded_groups(settings)
        assert not (settings.scratch / "job").exists()

    def test_leaves_the_children_of_a_living_worker(self, settings: Settings) -> None:
        with worker_with_child(settings) as (worker, started):
            assert reap_recorded_groups(settings) == 0
            assert psutil.pid_exists(started["child"])
            worker.kill()
            worker.wait()
            assert wait_until_gone(started["grandchild"])
        reap_recorded_groups(settings)

    def test_leaves_a_process_that_got_the_number_since(self, settings: Settings) -> None:
        stranger = subprocess.Popen(["sleep", "30"], start_new_session=True)
        try:
            record = {"pgid": stranger.pid, "started": 1.0, "worker_pid": 1, "worker_started": 1.0}
            record |= {"folder": str(settings.scratch / "job"), "machine": os.uname().nodename}
            groups_folder(settings).mkdir(parents=True)
            (groups_folder(settings) / f"{stranger.pid}.json").write_text(json.dumps(record))
            assert reap_recorded_groups(settings) == 0
            assert stranger.poll() is None
            assert len(members(stranger.pid)) == 1
        finally:
            stranger.kill()
            stranger.wait()
