"""A worker is killed with all that it started: the job goes on where it was, once only. T1."""

from __future__ import annotations

import random
import time

import psutil
import pytest

from hyperparameter_tuning.jobs.status import JobState
from tests.faults import searches
from tests.faults.conftest import DEFAULT, LONG, POSTGRESQL, SQLITE, Running, at_random_moments, form_name, on
from tests.faults.installation import below, kill, until_gone
from tests.faults.searches import UNITS, Undisturbed

# When to hit: after some units, or at a random moment of the search; so many on each installation.
KILLS = [
    (SQLITE, "random", 0),
    pytest.param(SQLITE, "grid", 0, marks=LONG),
    pytest.param(POSTGRESQL, "optuna", 0, marks=LONG),
    pytest.param(POSTGRESQL, "halving", 0, marks=LONG),
    pytest.param(DEFAULT, "random", 0, marks=LONG),
    *at_random_moments(10),
]
by_kill = pytest.mark.parametrize(
    ("running", "strategy", "moment"), KILLS, indirect=["running"], ids=form_name
)


class TestKilledWorker:
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
                searches.check_goes_on(running, whole, strategy, job_id, "T1", hit)
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

    @on(SQLITE, is_short=False)
    def test_a_search_that_cannot_end_itself_is_ended_by_the_next_worker(self, running: Running) -> None:
        made = running.installation
        with made.worker() as worker:
            job_id = searches.submit(running.stack, **searches.ENDLESS)
            searches.until_units(made, job_id, 6)
            (pgid,) = searches.groups_of(made, worker)
            search = psutil.Process(pgid)
            search.suspend()
            kill(worker)
        running.stack.request("POST", f"/hyperparameter-tuning-jobs/{job_id}/cancel")
        assert made.until_ended(job_id).state is JobState.CANCELLED
        assert search.is_running()
        with made.worker():
            until_gone([search], patience=30)
