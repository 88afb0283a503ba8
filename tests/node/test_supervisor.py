"""Processes are kept alive, restarted with patience, ended together, and found again after a crash."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from hyperparameter_tuning.node.process_records import (
    ProcessRecord,
    exclusive,
    forget_running,
    read_running,
    reap_leftovers,
    write_running,
)
from hyperparameter_tuning.node.supervisor import MAX_LOG_BYTES, ProcessSpec, Supervisor, backoff_seconds

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True);"
    "time.sleep(600)",
)
SHORT = (sys.executable, "-c", "raise SystemExit(3)")


def eventually(look: Callable[[], object], patience: float = 20.0) -> None:
    deadline = time.monotonic() + patience
    while not look():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Callable[..., Supervisor]]:
    started: list[Supervisor] = []

    def start(*commands: tuple[str, ...], **options: object) -> Supervisor:
        specs = [ProcessSpec(f"p{index}", command) for index, command in enumerate(commands)]
        supervisor = Supervisor(tmp_path, {}, specs, log_dir=tmp_path / "logs", **options)  # type: ignore[arg-type]
        supervisor.start()
        started.append(supervisor)
        return supervisor

    yield start
    for supervisor in started:
        supervisor.stop(term_seconds=0.1)


def pid_of(folder: Path, name: str) -> int:
    running = read_running(folder)
    assert running is not None
    return next(record.pid for record in running.processes if record.name == name)


class TestKeepAlive:
    def test_what_is_killed_starts_again(self, tmp_path: Path, supervised: Callable[..., Supervisor]) -> None:
        told: list[str] = []
        supervisor = supervised(SLEEP, announce=told.append)
        first = pid_of(tmp_path, "p0")
        os.kill(first, signal.SIGKILL)

        def restarted() -> bool:
            supervisor.tick()
            return pid_of(tmp_path, "p0") != first and supervisor.dead() == []

        eventually(restarted)
        log = tmp_path / "logs" / "p0.log"
        assert told == [f"The p0 ended (killed by signal 9); it starts again in 0.5 s. Its log: {log}"]

    def test_what_dies_again_and_again_is_given_more_time_each_time(
        self, supervised: Callable[..., Supervisor]
    ) -> None:
        told: list[str] = []
        supervisor = supervised(SHORT, announce=told.append)

        def died_twice() -> bool:
            supervisor.tick()
            return len(told) >= 2

        eventually(died_twice)
        assert [re.findall(r"in ([\d.]+) s", sentence) for sentence in told[:2]] == [["0.5"], ["1"]]
        assert "exit code 3" in told[0]

    def test_the_wait_is_bounded(self) -> None:
        assert [backoff_seconds(failures) for failures in (1, 2, 3, 20)] == [0.5, 1.0, 2.0, 30.0]

    def test_what_processes_print_goes_to_their_log(
        self, tmp_path: Path, supervised: Callable[..., Supervisor]
    ) -> None:
        supervised(STUBBORN)
        eventually(lambda: "deaf" in (tmp_path / "logs" / "p0.log").read_text())

    def test_a_log_that_has_grown_large_is_set_aside_at_a_start(
        self, tmp_path: Path, supervised: Callable[..., Supervisor]
    ) -> None:
        log = tmp_path / "logs" / "p0.log"
        log.parent.mkdir()
        log.write_bytes(b"x" * (MAX_LOG_BYTES + 1))
        supervised(STUBBORN)
        eventually(lambda: log.read_text().startswith("deaf"))
        assert log.with_name("p0.log.1").stat().st_size == MAX_LOG_BYTES + 1


class TestStop:
    def test_all_end_and_nothing_is_left_on_record(
        self, tmp_path: Path, supervised: Callable[..., Supervisor]
    ) -> None:
        supervisor = supervised(SLEEP, SLEEP)
        pids = [pid_of(tmp_path, name) for name in ("p0", "p1")]
        assert supervisor.stop() == []
        assert not any(psutil.pid_exists(pid) for pid in pids)
        assert read_running(tmp_path) is None

    def test_who_does_not_listen_is_killed_after_the_grace(
        self, tmp_path: Path, supervised: Callable[..., Supervisor]
    ) -> None:
        supervisor = supervised(STUBBORN)
        eventually(lambda: "deaf" in (tmp_path / "logs" / "p0.log").read_text())
        begun = time.monotonic()
        assert supervisor.stop(term_seconds=0.3) == ["p0"]
        assert time.monotonic() - begun < 10


class TestLeftovers:
    def test_processes_of_a_dead_supervisor_are_ended(self, tmp_path: Path) -> None:
        orphan = subprocess.Popen(SLEEP, start_new_session=True)
        left = ProcessRecord.of("worker", orphan.pid)
        assert left is not None
        write_running(tmp_path, None, [ProcessRecord("supervisor", 2**22 - 1, 1.0), left])
        assert reap_leftovers(tmp_path) == 1
        assert orphan.wait(timeout=10) == -signal.SIGTERM

    def test_a_process_that_only_has_the_same_number_is_left_alone(self, tmp_path: Path) -> None:
        other = subprocess.Popen(SLEEP, start_new_session=True)
        try:
            write_running(
                tmp_path,
                None,
                [ProcessRecord("supervisor", 2**22 - 1, 1.0), ProcessRecord("worker", other.pid, 1.0)],
            )
            assert reap_leftovers(tmp_path) == 0
            assert other.poll() is None
        finally:
            other.kill()
            other.wait()

    def test_a_torn_record_names_nobody(self, tmp_path: Path) -> None:
        (tmp_path / "processes.json").write_text('{"url": nu')
        assert read_running(tmp_path) is None
        assert reap_leftovers(tmp_path) == 0
        forget_running(tmp_path)

    def test_only_one_supervisor_holds_a_folder(self, tmp_path: Path) -> None:
        with exclusive(tmp_path) as first, exclusive(tmp_path) as second:
            assert (first, second) == (True, False)
        with exclusive(tmp_path) as again:
            assert again
