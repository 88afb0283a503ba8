"""Submitting: once per run_id, one active job per node, run numbers without gaps."""

import asyncio
import os
import subprocess
import sys

import pytest

from hyperparameter_tuning.jobs import outbox_repository, service
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.events import replay
from hyperparameter_tuning.jobs.records import JobFilter, Page
from hyperparameter_tuning.shared.errors import ConflictError, UserError
from hyperparameter_tuning.shared.host import Principal
from tests.jobs.factories import MODEL, submission, submitted

SUBMIT_MANY = """
import asyncio, sys
from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs.factories import submission

async def main(ref, count):
    db = Database(Settings())
    async def one():
        asked = submission(graph_ref=ref, concurrent=True)
        return (await db.run(lambda session: service.submit(session, asked))).run_number
    print(sorted(await asyncio.gather(*(one() for _ in range(count)))))
    await db.close()

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


class TestSubmit:
    async def test_job_event_and_outbox_row_come_together(self, database: Database) -> None:
        job = await submitted(database)
        async with database.read() as session:
            assert [event.type for event in await replay(session, job.id)] == ["job.queued"]
            assert await outbox_repository.unsent(session, 1000, (job.id,)) == [job.id]
        assert (job.state, job.run_number, job.attempts, job.created) == ("queued", 1, 0, True)
        assert job.fingerprint.startswith("sha256:")

    async def test_a_rolled_back_submit_leaves_no_gap(self, database: Database) -> None:
        asked = submission(concurrent=True)

        async def submit_and_break(session: Session) -> None:
            await service.submit(session, asked)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await database.run(submit_and_break)
        job = await submitted(database, graph_ref=asked.graph_ref, concurrent=True)
        assert job.run_number == 1

    async def test_each_model_of_a_node_counts_for_itself(self, database: Database) -> None:
        first = await submitted(database, concurrent=True)
        other = await submitted(
            database, graph_ref=first.graph_ref, model_type="ridge_regression", concurrent=True
        )
        again = await submitted(database, graph_ref=first.graph_ref, concurrent=True)
        assert [first.run_number, other.run_number, again.run_number] == [1, 1, 2]

    async def test_processes_and_tasks_at_once_get_every_number_once(self, database: Database) -> None:
        ref, count = f"race-{submission().run_id}", 25
        command = [sys.executable, "-c", SUBMIT_MANY, ref, str(count)]
        environment = os.environ | database.settings.environment()
        running = [
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
        ]
        printed = [await asyncio.to_thread(process.communicate) for process in running]
        numbers = [int(text) for output, _ in printed for text in output.strip(" []\n").split(",")]
        assert sorted(numbers) == list(range(1, 3 * count + 1))

    @pytest.mark.parametrize("name", ["run_id", "graph_ref", "node_id"])
    @pytest.mark.parametrize("value", ["x" * 501, "a\x00b", "\ud800"])
    async def test_texts_that_no_store_holds_are_refused(
        self, database: Database, name: str, value: str
    ) -> None:
        with pytest.raises(UserError) as caught:
            await submitted(database, **{name: value})
        assert caught.value.pointer == f"/{name}"


class TestSubmitTwice:
    async def test_the_same_run_id_is_the_same_job(self, database: Database) -> None:
        asked = submission()
        first = await submitted(database, run_id=asked.run_id, graph_ref=asked.graph_ref)
        second = await submitted(database, run_id=asked.run_id, graph_ref=asked.graph_ref)
        assert (second.id, second.created) == (first.id, False)

    @pytest.mark.parametrize("concurrent", [True, False])
    async def test_many_at_once_make_one_job(self, database: Database, concurrent: bool) -> None:
        asked = submission(concurrent=concurrent)
        jobs = await asyncio.gather(
            *(database.run(lambda session: service.submit(session, asked)) for _ in range(12))
        )
        assert len({job.id for job in jobs}) == 1
        assert sum(job.created for job in jobs) == 1

    async def test_owners_do_not_share_run_ids(self, database: Database) -> None:
        first = await submitted(database, run_id="same-for-two", owner=Principal("ann"))
        second = await submitted(database, run_id="same-for-two", owner=Principal("bob"))
        assert first.id != second.id

    async def test_a_run_id_of_another_node_is_refused(self, database: Database) -> None:
        first = await submitted(database)
        with pytest.raises(ConflictError) as caught:
            await submitted(database, run_id=first.run_id)
        assert (caught.value.code, caught.value.details["job_id"]) == ("run_id_reused", first.id)


class TestOneActiveJobPerNode:
    async def test_a_second_job_is_refused_with_the_first_ones_id(self, database: Database) -> None:
        first = await submitted(database)
        with pytest.raises(ConflictError) as caught:
            await submitted(database, graph_ref=first.graph_ref)
        assert (caught.value.code, caught.value.details["job_id"]) == ("already_running", first.id)

    async def test_two_at_once_cannot_both_win(self, database: Database) -> None:
        ref = submission().graph_ref
        asked = [submission(graph_ref=ref, model_type=name) for name in (MODEL, "ridge_regression") * 4]
        answers = await asyncio.gather(
            *(database.run(lambda session, one=one: service.submit(session, one)) for one in asked),
            return_exceptions=True,
        )
        assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
        assert sum(isinstance(answer, ConflictError) for answer in answers) == len(asked) - 1

    async def test_it_may_be_asked_for(self, database: Database) -> None:
        first = await submitted(database)
        second = await submitted(database, graph_ref=first.graph_ref, concurrent=True)
        assert second.run_number == 2

    async def test_an_ended_job_makes_room(self, database: Database) -> None:
        first = await submitted(database)
        await database.run(lambda session: service.request_cancel(session, first.id))
        assert (await submitted(database, graph_ref=first.graph_ref)).run_number == 2

    async def test_nodes_of_inline_graphs_do_not_meet(self, database: Database) -> None:
        first = await submitted(database, graph_ref=None)
        second = await submitted(database, graph_ref=None)
        assert first.id != second.id
        assert second.run_number == first.run_number + 1  # all of them are counted together


class TestFind:
    async def test_pages_follow_each_other_without_gap_or_repeat(self, database: Database) -> None:
        ref = submission().graph_ref
        made = [(await submitted(database, graph_ref=ref, concurrent=True)).id for _ in range(7)]
        where, cursor, seen = JobFilter(graph_ref=ref), None, []
        async with database.read() as session:
            while True:
                page = await service.find(session, where, Page(limit=3, after=cursor))
                seen += [job.id for job in page.jobs]
                cursor = page.next
                if cursor is None:
                    break
        assert sorted(seen) == sorted(made)
        assert len(seen) == 7

    async def test_filters_restrict(self, database: Database) -> None:
        owner = Principal(submission().run_id)
        job = await submitted(database, owner=owner)
        await submitted(database)
        restricting = [
            JobFilter(owner=owner.id),
            JobFilter(graph_ref=job.graph_ref),
            JobFilter(job_ids=(job.id,)),
            JobFilter(owner=owner.id, node_id="tune", model_type=MODEL, states=(job.state,)),
        ]
        async with database.read() as session:
            for where in restricting:
                assert [found.id for found in (await service.find(session, where)).jobs] == [job.id]
            nothing = await service.find(session, JobFilter(owner=owner.id, node_id="other"))
        assert nothing.jobs == ()

    @pytest.mark.parametrize("cursor", ["", "x", "bnVsbA", "W10", "WyIyMDI2LTAxLTAxIiwgImEiXQ", "é"])
    async def test_a_foreign_cursor_is_refused(self, database: Database, cursor: str) -> None:
        async with database.read() as session:
            with pytest.raises(UserError) as caught:
                await service.find(session, page=Page(after=cursor))
        assert caught.value.code == "invalid_cursor"

    @pytest.mark.parametrize("limit", [0, 101])
    async def test_a_page_has_its_limits(self, database: Database, limit: int) -> None:
        async with database.read() as session:
            with pytest.raises(UserError, match="1 to 100"):
                await service.find(session, page=Page(limit=limit))
