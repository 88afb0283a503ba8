"""Cancel holds whenever it comes and whoever dies: the job ends cancelled, and never runs after."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from hyperparameter_tuning.jobs.status import JobState
from tests.faults import searches
from tests.faults.conftest import LONG, POSTGRESQL, SQLITE, Running, everywhere_at_length, form_name
from tests.faults.incidents import Incident, note
from tests.faults.installation import kill

JOBS = "/hyperparameter-tuning-jobs"
MOMENTS = [
    *((SQLITE, number) for number in range(2)),
    *(pytest.param(SQLITE, number, marks=LONG) for number in range(2, 25)),
    *(pytest.param(POSTGRESQL, number, marks=LONG) for number in range(25)),
]
by_moment = pytest.mark.parametrize(("running", "moment"), MOMENTS, indirect=["running"], ids=form_name)


def cancel(running: Running, job_id: str) -> None:
    answer = running.stack.request("POST", f"{JOBS}/{job_id}/cancel")
    # 409: it had ended already, by itself.
    assert answer.status_code in (202, 409), answer.text


def check_cancelled(running: Running, job_id: str, begun: float) -> None:
    made = running.installation
    ended = made.until_ended(job_id)
    limit = made.settings.lease_seconds + made.settings.reconcile_seconds + 10
    seconds = time.monotonic() - begun
    assert ended.state is JobState.CANCELLED, (ended.state, ended.error_message)
    assert seconds < limit
    searches.check_told_once(made, job_id)
    note(Incident("T10", made.name, made.clock, recovery_seconds=(round(seconds, 2),)))


class TestCancel:
    """T10."""

    @by_moment
    def test_at_any_moment_ends_the_job(self, running: Running, moment: int) -> None:
        made = running.installation
        draw = random.Random(moment)
        with made.worker() as worker:
            job_id = searches.submit(running.stack, **searches.ENDLESS)
            time.sleep(draw.uniform(0.0, 4.0))
            cancel(running, job_id)
            begun = time.monotonic()
            if moment % 2:
                os.kill(worker.pid, signal.SIGKILL)
            check_cancelled(running, job_id, begun)
        assert made.job(job_id).artifact_key is None

    @everywhere_at_length
    def test_of_a_queued_job_holds_though_its_message_is_out(self, running: Running) -> None:
        made = running.installation
        with made.worker() as worker:
            busy = searches.submit(running.stack, **searches.ENDLESS)
            searches.until_units(made, busy, 1)
            waiting = searches.submit(running.stack, "random")
            begun = time.monotonic()
            cancel(running, waiting)
            assert made.job(waiting).state is JobState.CANCELLED
            assert time.monotonic() - begun < 1
            kill(worker)
        begun = time.monotonic()
        cancel(running, busy)
        check_cancelled(running, busy, begun)
        with made.worker():
            # Behind the cancelled one's message.
            made.until_ended(searches.submit_small(running.stack))
        never = made.job(waiting)
        assert (never.state, never.attempts, never.n_units) == (JobState.CANCELLED, 0, 0)
        searches.check_told_once(made, waiting)
