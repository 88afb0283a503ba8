"""A worker or its search is killed, frozen or asked to end: the job goes on where it was, once only."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from contextlib import suppress

import psutil
import pytest

from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.tasks.process_groups import groups_folder
from tests.faults import searches
from tests.faults.conftest import DEFAULT, LONG, POSTGRESQL, SQLITE, Running, everywhere, form_name, on
from tests.faults.failpoint import LAUNCHER
from tests.faults.incidents import Incident, note
from tests.faults.installation import ROOT, Installation, Process, below, kill, until_gone
from tests.faults.searches import Undisturbed

STRATEGIES = tuple(searches.SEARCHES)
# When to hit: after so many units, or at a random moment of the search's length.
UNITS = 12
RESUMED_WITHIN_SECONDS = 40
ROUNDS = 20
KILLS = [
    (SQLITE, "random", 0),
    pytest.param(SQLITE, "grid", 0, marks=LONG),
    pytest.param(POSTGRESQL, "optuna", 0, marks=LONG),
    pytest.param(POSTGRESQL, "halving", 0, marks=LONG),
    pytest.param(DEFAULT, "random", 0, marks=LONG),
    *(
        pytest.param(form, STRATEGIES[moment % len(STRATEGIES)], moment, marks=LONG)
        for form in (SQLITE, POSTGRESQL)
        for moment in range(1, ROUNDS + 1)
    ),
]
SEARCH_KILLS = [
    (SQLITE, "random", 0),
    pytest.param(POSTGRESQL, "random", 0, marks=LONG),
    pytest.param(DEFAULT, "random", 0, marks=LONG),
    *(
        pytest.param(form, STRATEGIES[moment % len(STRATEGIES)], moment, marks=LONG)
        for form in (SQLITE, POSTGRESQL)
        for moment in range(1, ROUNDS // 2 + 1)
    ),
]
RESUMED = [pytest.param(SQLITE, strategy, marks=LONG) for strategy in ("grid", "random", "halving")]
by_kill = pytest.mark.parametrize(
    ("running", "strategy", "moment"), KILLS, indirect=["running"], ids=form_name
)
by_search_kill = pytest.mark.parametrize(
    ("running", "strategy", "moment"), SEARCH_KILLS, indirect=["running"], ids=form_name
)
by_resume = pytest.mark.parametrize(("running", "strategy"), RESUMED, indirect=["running"], ids=form_name)


def check_goes_on(
    running: Running, whole: Undisturbed, strategy: str, job_id: str, fault: str, hit: float
) -> None:
    """The job succeeds as if nothing had been."""
    made = running.installation
    ended = made.until_ended(job_id)
    assert ended.attempts <= 3
    found = searches.result(made, running.stack, job_id)
    searches.check_same(found, whole(made, running.stack, strategy), strategy)
    searches.check_told_once(made, job_id)
    seconds = searches.recovery_seconds(made, job_id, hit)
    assert ended.attempts == 1 or seconds < RESUMED_WITHIN_SECONDS
    recovered = (round(seconds, 2),) if ended.attempts > 1 else ()
    note(Incident(fault, made.name, made.clock, recovery_seconds=recovered))


class TestKilledWorker:
    """T1."""

    @by_kill
    def test_a_job_goes_on_and_fits_nothing_again(
        self, running: Running, whole: Undisturbed, strategy: str, moment: int
    ) -> None:
        made = running.installation
        duration = whole(made, running.stack, strategy).seconds
        with made.worker() as first:
            job_id = searches.submit(running.stack, strategy)
            if moment == 0:
                searches.until_units(made, job_id, UNITS)
            else:
                time.sleep(random.Random(moment).uniform(0.0, duration))
            started = below(first)
            kill(first)
            hit = time.time()
            until_gone(started)
            before = made.units(job_id)
            assert moment or len(before) >= UNITS
            with made.worker():
                check_goes_on(running, whole, strategy, job_id, "T1", hit)
            searches.check_kept(made, job_id, before)
            assert moment or made.job(job_id).attempts == 2

    @on(SQLITE)
    def test_leaves_no_process_behind(self, running: Running) -> None:
        made = running.installation
        with made.worker(HPT_N_JOBS="2") as worker:
            job_id = searches.submit(running.stack, **searches.ENDLESS)
            searches.until_units(made, job_id, 12)
            started = below(worker)
            # The fork server, the search, and its two processes at least.
            assert len(started) >= 4
            kill(worker)
            until_gone(started)
        assert (
            running.stack.request("POST", f"/hyperparameter-tuning-jobs/{job_id}/cancel").status_code == 202
        )
        assert made.until_ended(job_id).state is JobState.CANCELLED

    @on(SQLITE)
    def test_a_search_that_cannot_end_itself_is_ended_by_the_next_worker(self, running: Running) -> None:
        made = running.installation
        with made.worker() as worker:
            job_id = searches.submit(running.stack, **searches.ENDLESS)
            searches.until_units(made, job_id, 6)
            (pgid,) = groups_of(made, worker)
            search = psutil.Process(pgid)
            search.suspend()
            kill(worker)
        running.stack.request("POST", f"/hyperparameter-tuning-jobs/{job_id}/cancel")
        assert made.until_ended(job_id).state is JobState.CANCELLED
        assert search.is_running()
        with made.worker():
            until_gone([search], patience=30)


class TestKilledSearch:
    """T2."""

    @by_search_kill
    def test_a_job_goes_on_and_fits_nothing_again(
        self, running: Running, whole: Undisturbed, strategy: str, moment: int
    ) -> None:
        made = running.installation
        whole(made, running.stack, strategy)
        with made.worker() as worker:
            job_id = searches.submit(running.stack, strategy)
            searches.until_units(made, job_id, 6 if moment == 0 else random.Random(moment).randint(0, 40))
            for pgid in groups_of(made, worker):
                _end_group(pgid)
            hit = time.time()
            before = made.units(job_id)
            check_goes_on(running, whole, strategy, job_id, "T2", hit)
            searches.check_kept(made, job_id, before)


class TestResume:
    @by_resume
    def test_a_discarded_search_that_is_resumed_ends_as_if_it_had_not_been(
        self, running: Running, whole: Undisturbed, strategy: str
    ) -> None:
        made, jobs = running.installation, "/hyperparameter-tuning-jobs"
        undisturbed = whole(made, running.stack, strategy)
        with made.worker():
            job_id = searches.submit(running.stack, strategy)
            searches.until_units(made, job_id, UNITS)
            assert running.stack.request("POST", f"{jobs}/{job_id}/cancel").status_code == 202
            assert made.until_ended(job_id).state is JobState.CANCELLED
            before = made.units(job_id)
            answer = running.stack.request("POST", f"{jobs}/{job_id}/resume", json={})
            assert answer.status_code == 202, answer.text
            resumed = answer.json()["id"]
            made.until_ended(resumed)
        found = searches.result(made, running.stack, resumed)
        # A halving that is asked to end scores its leader on all rows: units more than otherwise, none other.
        assert {key: found.units.get(key) for key in undisturbed.units} == undisturbed.units
        assert found.best == undisturbed.best
        searches.check_kept(made, resumed, before)


class TestFrozenWorker:
    """T4."""

    @everywhere
    def test_that_wakes_up_late_changes_nothing(self, running: Running, whole: Undisturbed) -> None:
        made = running.installation
        whole(made, running.stack)
        with made.worker() as frozen:
            job_id = searches.submit(running.stack, "random")
            searches.until_units(made, job_id, 6)
            held = made.job(job_id).lease_token
            # The worker alone: its search goes on and talks to nobody.
            made.freeze(frozen)
            hit = time.time()
            before = made.units(job_id)
            with made.worker():
                second = made.until(
                    job_id, lambda job: job.attempts == 2 and job.state is JobState.RUNNING, patience=120
                )
                assert second.lease_token != held
                os.kill(frozen.pid, signal.SIGCONT)
                check_goes_on(running, whole, "random", job_id, "T4", hit)
                assert made.job(job_id).worker == second.worker
                searches.check_kept(made, job_id, before)

    @pytest.mark.parametrize(
        "running", [pytest.param(POSTGRESQL, marks=LONG)], indirect=["running"], ids=form_name
    )
    def test_in_the_middle_of_a_write_holds_nobody_up(self, running: Running, whole: Undisturbed) -> None:
        """Its transaction holds the job's row, which the keeper needs; on SQLite it holds the whole file."""
        made = running.installation
        whole(made, running.stack)
        write = ("hyperparameter_tuning.jobs.progress:_write", "frozen")
        frozen = made.start(*write, "worker", launcher=LAUNCHER, PYTHONPATH=str(ROOT))
        try:
            job_id = searches.submit(running.stack, "random")
            until_frozen(frozen)
            hit = time.time()
            with made.worker():
                made.until(job_id, lambda job: job.attempts == 2)
                os.kill(frozen.pid, signal.SIGCONT)
                check_goes_on(running, whole, "random", job_id, "T4", hit)
        finally:
            kill(frozen)


class TestOrderlyEnd:
    """T19."""

    @everywhere
    def test_hands_the_job_to_the_next_worker_and_counts_no_attempt(
        self, running: Running, whole: Undisturbed
    ) -> None:
        made = running.installation
        whole(made, running.stack)
        with made.worker() as first:
            job_id = searches.submit(running.stack, "random")
            searches.until_units(made, job_id, 9)
            begun = time.monotonic()
            first.send_signal(signal.SIGTERM)
            hit = time.time()
            assert first.wait(timeout=15) == 0
            assert time.monotonic() - begun < 12
            waiting = made.job(job_id)
            assert (waiting.state, waiting.attempts) == (JobState.QUEUED, 0)
            before = made.units(job_id)
            with made.worker():
                check_goes_on(running, whole, "random", job_id, "T19", hit)
            searches.check_kept(made, job_id, before)
            assert made.job(job_id).attempts == 1


def until_frozen(process: Process, patience: float = 60.0) -> None:
    """Wait until a process has stopped itself."""
    deadline = time.monotonic() + patience
    while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def groups_of(made: Installation, worker: Process) -> list[int]:
    """Numbers of the process groups of a worker's searches; what a dead worker left is not meant."""
    found = []
    for path in groups_folder(made.settings).glob("*.json"):
        with suppress(FileNotFoundError):
            record = json.loads(path.read_text())
            if record["worker_pid"] == worker.pid:
                found.append(record["pgid"])
    return found


def _end_group(pgid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pgid, signal.SIGKILL)
