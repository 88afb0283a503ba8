"""A search dies under its worker, or is discarded and resumed: what was scored is not fitted again. T2."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress

import pytest

from hyperparameter_tuning.jobs.status import JobState
from tests.faults import searches
from tests.faults.conftest import DEFAULT, LONG, POSTGRESQL, SQLITE, Running, at_random_moments, form_name
from tests.faults.searches import UNITS, Undisturbed

# When to hit: after some units, or at a random moment; so many on each installation.
KILLS = [
    (SQLITE, "random", 0),
    pytest.param(POSTGRESQL, "random", 0, marks=LONG),
    pytest.param(DEFAULT, "random", 0, marks=LONG),
    *at_random_moments(5),
]
RESUMED = [pytest.param(SQLITE, strategy, marks=LONG) for strategy in ("grid", "random", "halving")]
by_kill = pytest.mark.parametrize(
    ("running", "strategy", "moment"), KILLS, indirect=["running"], ids=form_name
)
by_resume = pytest.mark.parametrize(("running", "strategy"), RESUMED, indirect=["running"], ids=form_name)


class TestKilledSearch:
    @by_kill
    def test_a_job_goes_on_and_fits_nothing_again(
        self, running: Running, whole: Undisturbed, strategy: str, moment: int
    ) -> None:
        made = running.installation
        whole(made, running.stack, strategy)
        with made.worker() as worker:
            job_id = searches.submit(running.stack, strategy)
            searches.until_units(made, job_id, 6 if moment == 0 else random.Random(moment).randint(0, 40))
            for pgid in searches.groups_of(made, worker):
                _end_group(pgid)
            hit = time.time()
            before = made.units(job_id)
            searches.check_goes_on(running, whole, strategy, job_id, "T2", hit)
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


def _end_group(pgid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pgid, signal.SIGKILL)
