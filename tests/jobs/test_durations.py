"""How long a search takes is told from what fits took: of the running job first, then of earlier ones."""

from __future__ import annotations

from typing import Any

import pytest

from hyperparameter_tuning.jobs import durations_repository as repository
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.durations import Duration, JobCost, TrialCost, from_earlier, from_running
from hyperparameter_tuning.jobs.records import JobFilter
from hyperparameter_tuning.shared.host import Principal
from tests.jobs import factories

DATA = "sha256:data"


class TestRunning:
    def test_the_first_fold_of_trial_0_is_enough_for_a_wide_guess(self) -> None:
        found = from_running([TrialCost(1.0, 0.2)], 99, parallel=1)
        assert found is not None
        assert (found.likely, found.basis) == (pytest.approx(20.0), "running_job")
        assert found.low == pytest.approx(20.0 / 3)
        assert found.high == pytest.approx(60.0)

    def test_more_trials_narrow_it(self) -> None:
        few = from_running([TrialCost(5.0, 1.0), TrialCost(5.0, 1.4), TrialCost(5.0, 0.8)], 100, 1)
        many = from_running([TrialCost(5.0, 1.0), TrialCost(5.0, 1.4), TrialCost(5.0, 0.8)] * 5, 100, 1)
        assert few is not None
        assert many is not None
        assert few.low < many.low < many.likely < many.high < few.high

    def test_fits_at_once_divide_the_search_and_not_the_refit(self) -> None:
        found = from_running([TrialCost(1.0, 1.0)], 40, parallel=4)
        assert found is not None
        assert found.likely == pytest.approx(11.0)

    def test_a_round_on_part_of_the_rows_counts_in_part(self) -> None:
        found = from_running([TrialCost(0.1, 0.1)], 9, parallel=1)
        assert found is not None
        assert found.likely == pytest.approx(10.0)

    def test_before_the_first_fold_nothing_is_said(self) -> None:
        assert from_running([], 100, 1) is None


class TestEarlier:
    def test_jobs_on_the_same_data_go_before_others(self) -> None:
        jobs = [JobCost(10, 100.0, 50, same_data=False), JobCost(10, 10.0, 50, same_data=True)]
        found = from_earlier(jobs, 20, rows=50)
        assert found is not None
        assert (found.low, found.likely, found.high) == (10.0, 20.0, 40.0)
        assert found.basis == "earlier_jobs"

    def test_other_data_count_by_their_rows(self) -> None:
        found = from_earlier([JobCost(10, 10.0, 100, same_data=False)], 10, rows=300)
        assert found is not None
        assert found.likely == pytest.approx(30.0)

    def test_several_jobs_span_the_range(self) -> None:
        jobs = [JobCost(10, seconds, 50, same_data=True) for seconds in (10.0, 20.0, 40.0)]
        found = from_earlier(jobs, 10, rows=50)
        assert found is not None
        assert (found.low, found.likely, found.high) == (8.0, 20.0, 50.0)

    @pytest.mark.parametrize(
        "jobs", [[], [JobCost(0, 9.0, 50, same_data=True)], [JobCost(5, 0.0, 50, same_data=True)]]
    )
    def test_without_anything_to_go_by_nothing_is_said(self, jobs: list[JobCost]) -> None:
        assert from_earlier(jobs, 10, rows=50) is None


class TestLimit:
    def test_the_time_limit_ends_what_would_take_longer(self) -> None:
        assert Duration(1, 5, 20, "earlier_jobs").within(10) == Duration(1, 5, 10, "earlier_jobs")
        assert Duration(30, 50, 90, "earlier_jobs").within(10) == Duration(10, 10, 10, "time_limit")
        assert Duration(1, 2, 3, "earlier_jobs").within(None) == Duration(1, 2, 3, "earlier_jobs")


class TestStored:
    async def test_the_active_job_of_a_node_comes_first_with_what_its_trials_cost(
        self, database: Database
    ) -> None:
        ended = await factories.succeeded(database)
        job = await factories.claimed(database, graph_ref=ended.graph_ref)
        said = [factories.started(0, "baseline"), factories.unit(0), factories.unit(0, 1, resource=0.5)]
        await factories.told(database, job, *said)
        where = JobFilter(
            owner=job.owner.id, graph_ref=job.graph_ref, node_id="tune", model_type=factories.MODEL
        )
        async with database.read() as session:
            first, second, *_ = await repository.telling_jobs(session, where, DATA, 5)
            (cost,) = await repository.trial_costs(session, job.id)
        assert (first.id, first.is_active, second.id, second.is_active) == (job.id, True, ended.id, False)
        assert (cost.full_fits, cost.seconds) == (1.5, pytest.approx(0.022))

    async def test_an_ended_job_tells_its_cost(self, database: Database) -> None:
        job = await factories.succeeded(database, owner=Principal("alone"))
        where = JobFilter(owner="alone", model_type=factories.MODEL)
        async with database.read() as session:
            found = await repository.telling_jobs(session, where, DATA, 5)
            (cost,) = await repository.job_costs(session, found)
        assert [item.id for item in found] == [job.id]
        assert (cost.full_fits, cost.rows, cost.same_data) == (2.0, 150, True)
        assert cost.seconds >= 0

    async def test_jobs_of_the_node_and_jobs_on_the_data_count_and_no_others(
        self, database: Database
    ) -> None:
        other = {"rows": 30, "columns": [], "fingerprint": "sha256:other"}
        mine: dict[str, Any] = {"owner": Principal("durations")}
        await factories.succeeded(database, **mine, data_summary=other)
        on_node = await factories.succeeded(database, **mine, data_summary=other)
        await factories.succeeded(database, **mine)
        await factories.claimed(database, **mine)
        where = JobFilter(
            owner="durations", graph_ref=on_node.graph_ref, node_id="tune", model_type=factories.MODEL
        )
        async with database.read() as session:
            found = await repository.telling_jobs(session, where, DATA, 5)
            assert [(job.same_data, job.rows, job.is_active) for job in found] == [
                (True, 150, False),
                (False, 30, False),
            ]
            assert len(await repository.telling_jobs(session, where, DATA, 1)) == 1
            free = JobFilter(owner="durations", model_type=factories.MODEL)
            assert [job.same_data for job in await repository.telling_jobs(session, free, DATA, 5)] == [True]
            foreign = JobFilter(owner="nobody", model_type=factories.MODEL)
            assert await repository.telling_jobs(session, foreign, DATA, 5) == []
            assert await repository.job_costs(session, []) == []
