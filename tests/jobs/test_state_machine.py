"""Whatever happens in whatever order: one holder writes, ends are final, numbers have no gap."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import update

from hyperparameter_tuning.jobs import claims, finishing, progress, service
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.events import replay
from hyperparameter_tuning.jobs.models import JOBS, utc_now
from hyperparameter_tuning.jobs.reconciliation import expire_leases, finish_cancels
from hyperparameter_tuning.jobs.records import JobFilter, JobRecord, Page
from hyperparameter_tuning.jobs.status import TERMINAL, TERMINAL_EVENTS, JobState
from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError, StaleTransitionError
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs.factories import outcome, submission, whole_trial

Work = Callable[[Session], Awaitable[Any]]
ENDS = ("succeed", "fail", "cancelled", "give_back", "try_again")


class JobsLive(RuleBasedStateMachine):
    """Two workers, a person, a keeper and time act on the jobs of one node."""

    store: ClassVar[Settings]
    jobs = Bundle("jobs")
    leases = Bundle("leases")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.db = Database(self.store)
        self.ref = f"machine-{uuid4().hex}"
        self.model: dict[str, JobRecord] = {}
        self.holders: dict[str, str] = {}
        self.purged: set[str] = set()

    def teardown(self) -> None:
        self.runner.run(self.db.close())
        self.runner.close()

    def do(self, work: Work) -> Any:
        """Run work; what is refused as stale, conflicting or gone is None."""
        try:
            return self.runner.run(self.db.run(work, durable=False))
        except (StaleTransitionError, ConflictError, NotFoundError):
            return None

    def present(self, job_id: str) -> JobRecord:
        """The job as it is, or as it was when it went."""
        if job_id in self.purged:
            return self.model[job_id]
        found: JobRecord = self.runner.run(
            self.db.run(lambda session: service.get(session, job_id), write=False)
        )
        return found

    @rule(target=jobs)
    def submit(self) -> str:
        asked = submission(graph_ref=self.ref, concurrent=True)
        job = self.do(lambda session: service.submit(session, asked))
        return str(job.id)

    @rule(target=leases, job=jobs, worker=st.sampled_from(["w1", "w2"]))
    def claim(self, job: str, worker: str) -> tuple[str, str | None]:
        was = self.present(job)
        claimed = self.do(lambda session: claims.claim(session, job, worker))
        assert (claimed is not None) == (was.state is JobState.QUEUED)
        if claimed is None:
            return job, None
        self.holders[job] = claimed.lease_token
        return job, claimed.lease_token

    def holds(self, job: str, token: str | None) -> bool:
        return token is not None and self.present(job).lease_token == token

    @rule(lease=leases)
    def heartbeat(self, lease: tuple[str, str | None]) -> None:
        job, token = lease
        held = self.holds(job, token)
        assert (self.do(lambda session: claims.heartbeat(session, job, token or "none")) is not None) == held

    @rule(lease=leases, trial=st.integers(0, 2))
    def record(self, lease: tuple[str, str | None], trial: int) -> None:
        job, token = lease
        held, before = self.holds(job, token), self.present(job)
        self.do(lambda session: progress.record(session, job, token or "none", whole_trial(trial)))
        if not held:
            assert self.present(job) == before

    @rule(lease=consumes(leases), how=st.sampled_from(ENDS))
    def end(self, lease: tuple[str, str | None], how: str) -> None:
        job, token = lease
        held, before = self.holds(job, token), self.present(job)
        token = token or "none"
        verbs: dict[str, Work] = {
            "succeed": lambda session: finishing.succeed(session, job, token, outcome(0, 0.5, max_depth=1)),
            "fail": lambda session: finishing.fail(session, job, token, "broken", "It broke."),
            "cancelled": lambda session: finishing.cancelled(session, job, token),
            "give_back": lambda session: claims.give_back(session, job, token),
            "try_again": lambda session: claims.try_again(session, job, token, "It died."),
        }
        self.do(verbs[how])
        if not held:
            assert self.present(job) == before

    @rule(job=jobs)
    def cancel(self, job: str) -> None:
        self.do(lambda session: service.request_cancel(session, job))
        after = self.present(job)
        assert after.state in TERMINAL or after.cancel_requested

    @rule(job=jobs)
    def stop(self, job: str) -> None:
        self.do(lambda session: service.request_stop(session, job))
        after = self.present(job)
        assert after.state in TERMINAL or after.stop_requested or after.cancel_requested

    @rule(job=jobs, late=st.booleans())
    def let_time_pass(self, job: str, late: bool) -> None:
        past = {"lease_until": utc_now(-1)}
        if late:
            past["cancel_requested_at"] = utc_now(-3600)
        leased = update(JOBS).where(JOBS.c.id == job, JOBS.c.lease_token.is_not(None))
        self.do(lambda session: session.execute(leased.values(past)))

    @rule()
    def keep(self) -> None:
        async def work() -> None:
            await expire_leases(self.db)
            await finish_cancels(self.db)

        self.runner.run(work())

    @rule(target=jobs, job=jobs)
    def resume(self, job: str) -> str:
        async def work(session: Session) -> JobRecord:
            # The machine's jobs share a node on purpose.
            await session.execute(update(JOBS).where(JOBS.c.id == job).values(concurrent=True))
            return await service.resume(session, job, {"max_trials": 100})

        was = self.present(job)
        new = self.do(work)
        assert (new is not None) == (was.is_terminal and job not in self.purged)
        return job if new is None else str(new.id)

    @rule(job=jobs)
    def purge(self, job: str) -> None:
        was = self.present(job)
        gone = self.do(lambda session: service.delete(session, job))
        assert (gone is not None) == (was.is_terminal and job not in self.purged)
        if gone is not None:
            self.model[job] = was
            self.purged.add(job)

    @invariant()
    def ends_are_final_and_told_once(self) -> None:
        for job in self.everything():
            before = self.model.get(job.id)
            if before is not None and before.is_terminal:
                assert job == before
            self.model[job.id] = job
            types = self.runner.run(self.types(job.id))
            assert sum(name in TERMINAL_EVENTS for name in types) == job.is_terminal

    @invariant()
    def a_lease_and_its_state_go_together(self) -> None:
        for job in self.everything():
            working = job.state in (JobState.RUNNING, JobState.STOPPING, JobState.CANCELLING)
            assert (job.lease_token is not None) == working
            assert 0 <= job.attempts <= 3

    @invariant()
    def run_numbers_have_no_gap(self) -> None:
        gone = [self.model[job_id].run_number for job_id in self.purged]
        numbers = sorted([*gone, *(job.run_number for job in self.everything())])
        assert numbers == list(range(1, len(numbers) + 1))

    def everything(self) -> tuple[JobRecord, ...]:
        where = JobFilter(graph_ref=self.ref)

        async def work(session: Session) -> tuple[JobRecord, ...]:
            return (await service.find(session, where, Page(limit=100))).jobs

        found: tuple[JobRecord, ...] = self.runner.run(self.db.run(work, write=False))
        return found

    async def types(self, job_id: str) -> list[str]:
        async with self.db.read() as session:
            found = await replay(session, job_id)
        assert [event.seq for event in found] == list(range(1, len(found) + 1))
        return [event.type for event in found]


def check(store: Settings, examples: int) -> None:
    # All examples have one owner and one store: what an earlier one left queued is not to be refused here.
    machine = type(
        "Machine", (JobsLive,), {"store": store.model_copy(update={"max_queued_per_owner": 10**6})}
    )
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    limits = settings(
        max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=checks
    )
    run_state_machine_as_test(machine, settings=limits)


class TestJobsLive:
    @pytest.mark.parametrize("examples", [20, pytest.param(250, marks=pytest.mark.faults)])
    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_promises_hold_in_every_order(
        self, kind: str, examples: int, request: pytest.FixtureRequest
    ) -> None:
        name = "sqlite_settings" if kind == "sqlite" else "postgres_settings"
        check(request.getfixturevalue(name), examples)
