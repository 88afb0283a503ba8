"""A worker is frozen, or asked to end: its job goes to the next one, and it changes nothing any more."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import psutil

from hyperparameter_tuning.jobs.status import JobState
from tests.faults import searches
from tests.faults.conftest import POSTGRESQL, Running, everywhere_at_length, on
from tests.faults.installation import ROOT, Process
from tests.faults.searches import Undisturbed


class TestFrozenWorker:
    """T4."""

    @everywhere_at_length
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
                searches.check_goes_on(running, whole, "random", job_id, "T4", hit)
                assert made.job(job_id).worker == second.worker
                searches.check_kept(made, job_id, before)

    @on(POSTGRESQL, is_short=False)
    def test_in_the_middle_of_a_write_holds_nobody_up(
        self, running: Running, whole: Undisturbed, tmp_path: Path
    ) -> None:
        """Its transaction holds the job's row, which the keeper needs; on SQLite it holds the whole file."""
        made = running.installation
        whole(made, running.stack)
        # The command becomes another program on its way to the worker, and each begins with this module.
        armed = "arm('hyperparameter_tuning.jobs.progress:_write', 'frozen')"
        (tmp_path / "sitecustomize.py").write_text(f"from tests.faults.failpoint import arm\n{armed}\n")
        with made.worker(PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}") as frozen:
            job_id = searches.submit(running.stack, "random")
            until_frozen(frozen)
            hit = time.time()
            with made.worker():
                made.until(job_id, lambda job: job.attempts == 2)
                os.kill(frozen.pid, signal.SIGCONT)
                searches.check_goes_on(running, whole, "random", job_id, "T4", hit)


class TestOrderlyEnd:
    """T19."""

    @everywhere_at_length
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
                searches.check_goes_on(running, whole, "random", job_id, "T19", hit)
            searches.check_kept(made, job_id, before)
            assert made.job(job_id).attempts == 1


def until_frozen(process: Process, patience: float = 60.0) -> None:
    """Wait until a process has stopped itself."""
    deadline = time.monotonic() + patience
    while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
        assert time.monotonic() < deadline
        time.sleep(0.02)
