"""Resuming: a new job that begins with what the old one finished."""

import pytest

from hyperparameter_tuning.jobs import finishing, progress, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobFilter, JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.errors import ConflictError, UserError
from tests.jobs.factories import (
    claimed,
    finished,
    present,
    started,
    submitted,
    succeeded,
    told,
    unit,
    whole_trial,
)

FAILED_UNIT = unit(2, state="failed", scores={}, error="MemoryError: no")


async def interrupted(db: Database, how: str) -> JobRecord:
    """A job with two complete trials, a failed one and an open one, that was cancelled or failed."""
    job = await claimed(db)
    token = job.lease_token or ""
    await told(db, job, *whole_trial(0), *whole_trial(1, 0.9), started(2), FAILED_UNIT, finished(2, None))
    await told(db, job, {"type": "best.updated", "trial": 1, "score": 0.9, "params": {"max_depth": 2}})
    await told(db, job, started(3), unit(3))
    if how == "failed":
        return await db.run(lambda session: finishing.fail(session, job.id, token, "x", "y"))
    await db.run(lambda session: service.request_cancel(session, job.id))
    return await db.run(lambda session: finishing.cancelled(session, job.id, token))


class TestResume:
    async def test_a_cancelled_jobs_units_are_all_finished(self, database: Database) -> None:
        old = await interrupted(database, "cancelled")
        new = await database.run(lambda session: service.resume(session, old.id))
        assert (new.state, new.resumed_from, new.run_number) == ("queued", old.id, 2)
        assert (new.n_complete, new.n_failed, new.n_units, new.best_trial, new.best_score) == (
            2,
            1,
            4,
            1,
            0.9,
        )
        async with database.read() as session:
            states = [trial.state for trial in await service.trials(session, new.id)]
            units = await progress.recorded_units(session, new.id)
            before = await progress.recorded_units(session, old.id)
        assert states == ["complete", "complete", "failed", "abandoned"]
        assert units == before

    async def test_failed_units_of_a_failed_job_are_scored_again(self, database: Database) -> None:
        old = await interrupted(database, "failed")
        new = await database.run(lambda session: service.resume(session, old.id))
        async with database.read() as session:
            states = [trial.state for trial in await service.trials(session, new.id)]
            units = await progress.recorded_units(session, new.id)
        assert states == ["complete", "complete", "abandoned", "abandoned"]
        assert [item["trial"] for item in units] == [0, 1, 3]

    async def test_the_old_job_is_untouched(self, database: Database) -> None:
        old = await interrupted(database, "cancelled")
        before = await present(database, old.id)
        await database.run(lambda session: service.resume(session, old.id))
        assert await present(database, old.id) == before

    async def test_the_budget_may_be_raised_and_nothing_else_changes(self, database: Database) -> None:
        old = await succeeded(database)
        changes = {"max_trials": 50, "max_seconds": None}
        new = await database.run(lambda session: service.resume(session, old.id, changes))
        assert new.config["budget"] == {"max_trials": 50, "max_seconds": None}
        assert {**new.config, "budget": 0} == {**old.config, "budget": 0}
        assert new.plain == old.plain

    @pytest.mark.parametrize(("raised", "totals"), [({}, {"trials": 3, "fits": 3}), ({"max_trials": 50}, {})])
    async def test_a_raised_budget_leaves_open_how_much_there_is_to_do(
        self, database: Database, raised: dict[str, int], totals: dict[str, int]
    ) -> None:
        job = await claimed(database)
        token = job.lease_token or ""
        begun = {"type": "search.started", "trials": 3, "fits": 3, "splits": 1}
        await told(database, job, begun, *whole_trial(0))
        await database.run(lambda session: service.request_cancel(session, job.id))
        old = await database.run(lambda session: finishing.cancelled(session, job.id, token))
        new = await database.run(lambda session: service.resume(session, old.id, raised))
        assert new.search == {"splits": 1, **totals}

    async def test_the_same_run_id_resumes_once(self, database: Database) -> None:
        old = await interrupted(database, "cancelled")
        first = await database.run(lambda session: service.resume(session, old.id, run_id=f"go-{old.id}"))
        again = await database.run(lambda session: service.resume(session, old.id, run_id=f"go-{old.id}"))
        assert (again.id, again.created) == (first.id, False)

    @pytest.mark.parametrize(
        ("changes", "code", "pointer"),
        [
            ({"max_trials": 4}, "lowered", "/budget/max_trials"),
            ({"max_trials": 5.5}, "wrong_type", "/budget/max_trials"),
            ({"max_trials": True}, "wrong_type", "/budget/max_trials"),
            ({"max_seconds": float("nan")}, "wrong_type", "/budget/max_seconds"),
            ({"max_failed_trials": 0}, "out_of_bounds", "/budget/max_failed_trials"),
            ({"max_failed_trials": 3}, "lowered", "/budget/max_failed_trials"),
            ({"max_trails": 9}, "unknown_name", "/budget/max_trails"),
        ],
    )
    async def test_a_budget_that_is_no_raise_is_refused(
        self, database: Database, changes: dict, code: str, pointer: str
    ) -> None:
        old = await interrupted(database, "cancelled")
        with pytest.raises(UserError) as caught:
            await database.run(lambda session: service.resume(session, old.id, changes))
        assert (caught.value.code, caught.value.pointer) == (code, pointer)

    async def test_a_job_that_runs_is_not_resumed(self, database: Database) -> None:
        job = await submitted(database)
        with pytest.raises(ConflictError) as caught:
            await database.run(lambda session: service.resume(session, job.id))
        assert caught.value.code == "not_finished"

    async def test_a_used_up_budget_must_be_raised(self, database: Database) -> None:
        job = await succeeded(database)
        with pytest.raises(ConflictError) as caught:
            await database.run(lambda session: service.resume(session, job.id))
        assert caught.value.code == "nothing_left"


class TestPurge:
    async def test_a_job_goes_with_everything_of_it(self, database: Database) -> None:
        job = await succeeded(database)
        purged = await database.run(lambda session: service.delete(session, job.id))
        assert (purged.job_ids, purged.artifact_keys) == ((job.id,), ("k/m.skops",))
        async with database.read() as session:
            assert await service.trials(session, job.id) == []
            assert await service.folds(session, job.id) == []
            assert await service.write_backs(session, job.id) == []

    async def test_a_job_that_runs_stays(self, database: Database) -> None:
        job = await claimed(database)
        with pytest.raises(ConflictError) as caught:
            await database.run(lambda session: service.delete(session, job.id))
        assert caught.value.code == "not_finished"

    async def test_the_run_number_is_not_given_again(self, database: Database) -> None:
        job = await succeeded(database)
        await database.run(lambda session: service.delete(session, job.id))
        assert (await submitted(database, graph_ref=job.graph_ref)).run_number == 2

    async def test_a_dry_run_only_tells(self, database: Database) -> None:
        job = await succeeded(database)
        where = JobFilter(graph_ref=job.graph_ref)
        told_of = await database.run(lambda session: service.purge(session, where, dry_run=True), write=False)
        assert (told_of.job_ids, told_of.dry_run) == ((job.id,), True)
        assert (await present(database, job.id)).id == job.id

    async def test_only_what_has_ended_and_matches_goes(self, database: Database) -> None:
        ended = await succeeded(database)
        running = await submitted(database, graph_ref=ended.graph_ref)
        other = await succeeded(database)
        where = JobFilter(graph_ref=ended.graph_ref)
        purged = await database.run(lambda session: service.purge(session, where))
        assert purged.job_ids == (ended.id,)
        for job in (running, other):
            assert (await present(database, job.id)).id == job.id

    async def test_young_jobs_may_be_spared(self, database: Database) -> None:
        job = await succeeded(database)
        old_only = JobFilter(graph_ref=job.graph_ref, older_than_seconds=3600)
        assert (await database.run(lambda session: service.purge(session, old_only))).job_ids == ()

    async def test_a_purge_without_a_filter_is_refused(self, database: Database) -> None:
        with pytest.raises(UserError) as caught:
            await database.run(lambda session: service.purge(session, JobFilter()))
        assert caught.value.code == "filter_required"

    async def test_a_purge_of_what_runs_is_refused(self, database: Database) -> None:
        where = JobFilter(states=(JobState.RUNNING,))
        with pytest.raises(UserError, match="have ended"):
            await database.run(lambda session: service.purge(session, where))
