"""The host of a standalone installation: pipelines with revisions, tables, one local person."""

import asyncio
import json
from functools import partial
from typing import Any

import pytest

from hyperparameter_tuning.jobs import finishing, pipelines_repository
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import Page, PipelineRecord
from hyperparameter_tuning.shared.errors import NotFoundError, StaleRevisionError, UserError
from hyperparameter_tuning.shared.host import AppliedPatch, PatchConflicts, load_host
from tests.jobs.factories import claimed, graph, outcome, target, told, whole_trial


@pytest.fixture
async def host(database: Database):
    made = load_host(database.settings)
    yield made
    await made.close()


async def created(db: Database, **overrides: Any) -> PipelineRecord:
    return await db.run(lambda session: pipelines_repository.create(session, graph(), **overrides))


def patch(patch_id: str, value: Any, **expectation: Any) -> dict[str, Any]:
    place = {"node_id": "model", "path": "/data/config/params/max_depth"}
    return {"patch_id": patch_id, "ops": [{"op": "set", **place, "value": value, **expectation}]}


class TestLoad:
    async def test_the_graph_knows_its_revision(self, database: Database, host) -> None:
        made = await created(database)
        loaded = await host.graphs.load(made.id)
        assert (loaded.revision, loaded.graph["revision"]) == (1, 1)
        assert [node["id"] for node in loaded.graph["nodes"]] == ["tune", "model"]

    async def test_an_unknown_pipeline_is_said(self, host) -> None:
        with pytest.raises(NotFoundError, match="nothing-here"):
            await host.graphs.load("nothing-here")


ODD_GRAPH = """{"z": 1, "a": {"y": 1.0, "x": [1e-07, 1e+22, 0.1, 5e-324, -0.0, 12345678901234567890, null]},
"größe \\u2028 👩‍🔬": "日本\\u0000 \\\\ \\" é é", "": {},
"nodes": [{"id": "n", "b": true, "a": []}], "edges": []}"""


class TestStoredText:
    async def test_a_graph_comes_back_to_the_byte(self, database: Database, host) -> None:
        sent = json.loads(ODD_GRAPH)
        made = await database.run(lambda session: pipelines_repository.create(session, sent))
        loaded = await database.run(lambda session: pipelines_repository.get(session, made.id), write=False)
        kept = await database.run(
            lambda session: pipelines_repository.graph_at(session, made.id, 1), write=False
        )
        # Order of keys, text of numbers and every character; only the revision is ours.
        expected = json.dumps(sent | {"revision": 1})
        assert [json.dumps(found) for found in (made.graph, loaded.graph, kept)] == [expected] * 3
        assert list(json.loads(expected)) == [*sent, "revision"]


class TestApply:
    async def test_a_patch_makes_a_revision(self, database: Database, host) -> None:
        made = await created(database)
        answer = await host.graphs.apply(made.id, patch("p1", 5, expect=1))
        assert isinstance(answer, AppliedPatch)
        assert (answer.revision, answer.already) == (2, False)
        after = await host.graphs.load(made.id)
        assert after.graph["nodes"][1]["data"]["config"]["params"] == {"max_depth": 5}
        assert after.graph["nodes"][1]["data"]["label"] == "Tree"

    async def test_the_same_patch_again_changes_nothing(self, database: Database, host) -> None:
        made = await created(database)
        first = await host.graphs.apply(made.id, patch("p1", 5, expect=1))
        again = await host.graphs.apply(made.id, patch("p1", 5, expect=1))
        assert (again.already, again.revision, again.inverse) == (True, 2, first.inverse)
        assert (await host.graphs.load(made.id)).revision == 2

    async def test_at_once_it_is_applied_once(self, database: Database, host) -> None:
        made = await created(database)
        answers = await asyncio.gather(
            *(host.graphs.apply(made.id, patch("p1", 5, expect=1)) for _ in range(6))
        )
        assert sorted(answer.already for answer in answers) == [False, *[True] * 5]
        assert (await host.graphs.load(made.id)).revision == 2

    async def test_patches_of_many_jobs_at_once_all_arrive(self, database: Database, host) -> None:
        made = await created(database)
        names = [f"result-{index}" for index in range(8)]
        operations = [{"op": "set", "node_id": "tune", "path": f"/data/{name}", "value": 1} for name in names]
        await asyncio.gather(
            *(
                host.graphs.apply(made.id, {"patch_id": name, "ops": [operation]})
                for name, operation in zip(names, operations, strict=True)
            )
        )
        loaded = await host.graphs.load(made.id)
        assert set(names) <= set(loaded.graph["nodes"][0]["data"])
        assert loaded.revision == 9

    async def test_a_conflict_saves_nothing(self, database: Database, host) -> None:
        made = await created(database)
        answer = await host.graphs.apply(made.id, patch("p1", 5, expect=4))
        assert isinstance(answer, PatchConflicts)
        assert (answer.revision, answer.conflicts[0]["actual"]) == (1, 1)
        assert (await host.graphs.load(made.id)).revision == 1

    async def test_its_inverse_restores_the_graph(self, database: Database, host) -> None:
        made = await created(database)
        before = (await host.graphs.load(made.id)).graph["nodes"]
        answer = await host.graphs.apply(made.id, patch("p1", 5))
        await host.graphs.apply(made.id, {"patch_id": "p1.revert", "ops": list(answer.inverse)})
        assert (await host.graphs.load(made.id)).graph["nodes"] == before

    async def test_another_base_revision_is_refused(self, database: Database, host) -> None:
        made = await created(database)
        with pytest.raises(StaleRevisionError) as caught:
            await host.graphs.apply(made.id, patch("p1", 5), base_revision=7)
        assert caught.value.details["revision"] == 1


class TestPipelines:
    async def test_a_save_needs_the_present_revision(self, database: Database) -> None:
        made = await created(database, name="Mine")
        changed = graph(target(max_depth=9))
        saved = await database.run(lambda session: pipelines_repository.save(session, made.id, changed, 1))
        assert (saved.revision, saved.name, saved.graph["revision"]) == (2, "Mine", 2)
        with pytest.raises(StaleRevisionError, match="revision 2, not 1"):
            await database.run(lambda session: pipelines_repository.save(session, made.id, changed, 1))

    async def test_of_many_saves_at_once_one_wins(self, database: Database) -> None:
        made = await created(database)
        answers = await asyncio.gather(
            *(
                database.run(lambda session: pipelines_repository.save(session, made.id, graph(), 1))
                for _ in range(6)
            ),
            return_exceptions=True,
        )
        assert sum(isinstance(answer, PipelineRecord) for answer in answers) == 1
        assert sum(isinstance(answer, StaleRevisionError) for answer in answers) == 5

    async def test_earlier_graphs_are_kept_for_a_while(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pipelines_repository, "KEPT_GRAPHS", 2)
        made = await created(database)
        for revision in range(1, 4):
            await database.run(
                lambda session, now=revision: pipelines_repository.save(session, made.id, graph(), now)
            )
        async with database.read() as session:
            kept = [await pipelines_repository.graph_at(session, made.id, number) for number in range(1, 5)]
        assert [found is not None for found in kept] == [False, False, True, True]

    async def test_pages_follow_each_other(self, database: Database) -> None:
        owner = f"pages-{id(database)}"
        made = {(await created(database, owner_id=owner)).id for _ in range(5)}
        seen, cursor = [], None
        async with database.read() as session:
            while True:
                page = await pipelines_repository.find(session, Page(limit=2, after=cursor), owner_id=owner)
                seen += [item.id for item in page.pipelines]
                cursor = page.next
                if cursor is None:
                    break
            with pytest.raises(UserError):
                await pipelines_repository.find(session, Page(after="x"))
        assert (len(seen), set(seen)) == (5, made)


class TestDatasets:
    async def test_a_sample_is_summarised_fingerprinted_and_read(self, host) -> None:
        ref = {"source": "sample", "name": "iris"}
        summary = await host.datasets.summary(ref)
        frame = await asyncio.to_thread(host.datasets.open, ref)
        assert (summary.rows, len(summary.columns)) == (len(frame), frame.shape[1])
        assert summary.fingerprint == await host.datasets.fingerprint(ref)

    async def test_the_port_trials_gives_the_table_of_the_newest_result(
        self, database: Database, host
    ) -> None:
        ref = (await created(database)).id
        assert await host.datasets.output(ref, "tune", "trials") is None
        for score in (0.5, 0.75):
            job = await claimed(database, graph_ref=ref)
            await told(database, job, *whole_trial(0, 0.25, "baseline"), *whole_trial(1, score, max_depth=7))
            end = partial(finishing.succeed, job_id=job.id, token=job.lease_token, outcome=outcome(1, score))
            await database.run(end)
        await claimed(database, graph_ref=ref)  # one that has no result yet
        given = await host.datasets.output(ref, "tune", "trials")
        assert given == {"source": "trials", "job_id": job.id}
        # As a loader calls it: in a thread with a loop of its own.
        frame = host.datasets.open(given)
        assert list(frame["number"]) == [0, 1]
        assert list(frame["score"]) == [0.25, 0.75]
        assert frame["param_max_depth"][1] == 7
        summary = await host.datasets.summary(given)
        assert (summary.rows, summary.fingerprint) == (2, await host.datasets.fingerprint(given))
        assert await host.datasets.output(ref, "tune", "report") is None
        assert await host.datasets.output(ref, "model", "trials") is None

    async def test_trials_of_no_job_are_said(self, host) -> None:
        with pytest.raises(NotFoundError):
            host.datasets.open({"source": "trials", "job_id": "nobody"})


class TestPrincipals:
    async def test_everybody_is_the_local_person(self, host) -> None:
        person = await host.principals.from_request({"authorization": "anything"})
        assert person.id == "local"
        assert await host.principals.may(person, "write", "p")


class TestRemove:
    async def test_it_takes_the_revisions_along_and_leaves_other_pipelines(self, database: Database) -> None:
        gone, stays = await created(database), await created(database)
        await database.run(lambda session: pipelines_repository.remove(session, gone.id, 1))

        async def left(session: Any) -> tuple[Any, Any]:
            return (
                await pipelines_repository.graph_at(session, gone.id, 1),
                await pipelines_repository.graph_at(session, stays.id, 1),
            )

        removed, kept = await database.run(left, write=False)
        assert (removed, kept is not None) == (None, True)
        with pytest.raises(NotFoundError):
            await database.run(lambda session: pipelines_repository.get(session, gone.id), write=False)

    async def test_an_older_revision_deletes_nothing(self, database: Database) -> None:
        made = await created(database)
        await database.run(lambda session: pipelines_repository.save(session, made.id, graph(), 1))
        with pytest.raises(StaleRevisionError) as refused:
            await database.run(lambda session: pipelines_repository.remove(session, made.id, 1))
        assert refused.value.details["revision"] == 2
        await database.run(lambda session: pipelines_repository.get(session, made.id), write=False)

    async def test_what_is_not_there_is_said(self, database: Database) -> None:
        with pytest.raises(NotFoundError):
            await database.run(lambda session: pipelines_repository.remove(session, "nothing-here"))
