"""A person looks, applies and takes back: any complete trial, any parameters, any model nodes."""

from pathlib import Path
from typing import Any

import pytest

from hyperparameter_tuning.jobs import finishing, pipelines_repository, service, write_back
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobFilter, JobRecord, Page
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.jobs.write_back import Choice
from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError, UserError
from tests.jobs.factories import (
    claimed,
    finished,
    graph,
    outcome,
    plain,
    started,
    submitted,
    target,
    told,
    whole_trial,
)
from tests.registry.packages import lay_out, on_path

MODEL_KIND = """
from dataclasses import replace
from hyperparameter_tuning.registry.node_kinds import built_in_kinds
KIND = replace(built_in_kinds()["model"], type="somebodys_model")
"""


@pytest.fixture
async def host(database: Database):
    made = create_host(database.settings)
    yield made
    await made.close()


async def proposed(db: Database, *targets: dict[str, Any], inline: bool = False) -> JobRecord:
    """A succeeded job in the mode propose: trial 0 the baseline, 1 the best, 2 another, 3 failed."""
    held = list(targets) or [target(max_depth=1)]
    ref = None
    if not inline:
        ref = (await db.run(lambda session: pipelines_repository.create(session, graph(*held)))).id
    job = await claimed(db, graph_ref=ref, plain=plain(*held))
    baseline = whole_trial(0, 0.5, "baseline", max_depth=1)
    best = whole_trial(1, 0.9, max_depth=7, criterion="entropy")
    await told(db, job, *baseline, *best, *whole_trial(2, 0.8, max_depth=5), started(3), finished(3, None))
    done = outcome(1, 0.9, max_depth=7, criterion="entropy")
    job = await db.run(lambda session: finishing.succeed(session, job.id, job.lease_token or "", done))
    return job


async def params(db: Database, job: JobRecord, node_id: str = "model") -> dict[str, Any]:
    stored = await db.run(lambda session: pipelines_repository.get(session, job.graph_ref or ""), write=False)
    config = next(item for item in stored.graph["nodes"] if item["id"] == node_id)["data"]["config"]
    found: dict[str, Any] = config["params"]
    return found


async def edit(db: Database, job: JobRecord, **changes: Any) -> None:
    stored = await db.run(lambda session: pipelines_repository.get(session, job.graph_ref or ""), write=False)
    next(item for item in stored.graph["nodes"] if item["id"] == "model")["data"]["config"]["params"] |= (
        changes
    )
    await db.run(lambda session: pipelines_repository.save(session, stored.id, stored.graph, stored.revision))


async def states(db: Database, job: JobRecord) -> list[tuple[str, str | None]]:
    async with db.read() as session:
        found = await service.write_backs(session, job.id)
    return [(patch.state, patch.reason) for patch in found if patch.kind == "params"]


class TestPreview:
    async def test_it_shows_before_and_after_and_changes_nothing(self, database: Database, host) -> None:
        job = await proposed(database)
        rows = await write_back.preview(database, host, job.id)
        assert [(row["path"], row["before"], row["after"], row["changed"]) for row in rows] == [
            ("/data/config/params/max_depth", 1, 7, True),
            ("/data/config/params/criterion", None, "entropy", True),
        ]
        assert await params(database, job) == {"max_depth": 1}

    async def test_it_shows_what_stands_in_the_way(self, database: Database, host) -> None:
        job = await proposed(database)
        await edit(database, job, max_depth=3)
        rows = await write_back.preview(database, host, job.id)
        assert [(row["before"], row["conflict"]) for row in rows] == [(3, "value_changed"), (None, None)]


class TestApply:
    async def test_the_best_goes_onto_every_node(self, database: Database, host) -> None:
        job = await proposed(database, target("a", max_depth=1), target("b", max_depth=1))
        patch = await write_back.apply(database, host, job.id)
        assert patch.state == "applied"
        for node_id in ("a", "b"):
            assert await params(database, job, node_id) == {"max_depth": 7, "criterion": "entropy"}

    async def test_a_node_whose_kind_has_gone_is_named_and_the_others_can_be_written(
        self, database: Database, host
    ) -> None:
        gone = {**target("b", max_depth=1), "kind": "somebodys_model"}
        job = await proposed(database, target("a", max_depth=1), gone)
        for ask in (write_back.apply, write_back.preview):
            with pytest.raises(UserError, match="'somebodys_model' is unavailable") as refused:
                await ask(database, host, job.id)
            assert refused.value.code == "node_kind_unavailable"
        await write_back.apply(database, host, job.id, Choice(targets=("a",)))
        assert (await params(database, job, "a"))["max_depth"] == 7
        assert await params(database, job, "b") == {"max_depth": 1}

    async def test_the_proposal_itself_is_what_is_applied(self, database: Database, host) -> None:
        job = await proposed(database)
        patch = await write_back.apply(database, host, job.id)
        assert patch.automatic
        assert await states(database, job) == [("applied", None)]

    async def test_part_of_another_trial_onto_one_node(self, database: Database, host) -> None:
        job = await proposed(database, target("a", max_depth=1), target("b", max_depth=1))
        choice = Choice(trial=2, params=("max_depth",), targets=("b",))
        patch = await write_back.apply(database, host, job.id, choice)
        assert await params(database, job, "a") == {"max_depth": 1}
        assert await params(database, job, "b") == {"max_depth": 5}
        assert await states(database, job) == [("skipped", "answered"), ("applied", None)]
        assert not patch.automatic

    async def test_the_same_wish_again_is_answered_with_the_first(self, database: Database, host) -> None:
        job = await proposed(database)
        first = await write_back.apply(database, host, job.id)
        again = await write_back.apply(database, host, job.id)
        assert (again.patch_id, again.revision) == (first.patch_id, first.revision)

    async def test_one_trial_after_another_is_no_conflict(self, database: Database, host) -> None:
        job = await proposed(database)
        for trial, depth in ((1, 7), (2, 5), (1, 7)):
            patch = await write_back.apply(database, host, job.id, Choice(trial=trial))
            assert (patch.state, (await params(database, job))["max_depth"]) == ("applied", depth)

    async def test_an_edit_is_a_conflict_until_the_person_insists(self, database: Database, host) -> None:
        job = await proposed(database)
        await edit(database, job, max_depth=3)
        patch = await write_back.apply(database, host, job.id)
        assert (patch.state, patch.conflicts[0]["actual"]) == ("conflict", 3)
        assert (await params(database, job))["max_depth"] == 3
        patch = await write_back.apply(database, host, job.id, Choice(overwrite=True))
        assert patch.state == "applied"
        assert (await params(database, job))["max_depth"] == 7

    async def test_an_edit_after_applying_is_a_conflict_too(self, database: Database, host) -> None:
        job = await proposed(database)
        await write_back.apply(database, host, job.id)
        await edit(database, job, max_depth=3)
        assert (await write_back.apply(database, host, job.id)).state == "conflict"

    @pytest.mark.parametrize(
        ("choice", "error", "code", "pointer"),
        [
            (Choice(trial=9), NotFoundError, "not_found", "/trial"),
            (Choice(trial=3), ConflictError, "trial_not_complete", "/trial"),
            (Choice(params=("max_dept",)), UserError, "unknown_name", "/params/0"),
            (Choice(params=()), UserError, "invalid_request", "/params"),
            (Choice(targets=("modell",)), UserError, "unknown_name", "/targets/0"),
        ],
    )
    async def test_what_cannot_be_applied_is_said(
        self, database: Database, host, choice: Choice, error: type[UserError], code: str, pointer: str
    ) -> None:
        job = await proposed(database)
        with pytest.raises(error) as caught:
            await write_back.apply(database, host, job.id, choice)
        assert (caught.value.code, caught.value.pointer) == (code, pointer)

    async def test_only_a_success_is_applied(self, database: Database, host) -> None:
        job = await submitted(database)
        with pytest.raises(ConflictError) as caught:
            await write_back.apply(database, host, job.id)
        assert caught.value.code == "not_succeeded"

    async def test_without_a_model_node_there_is_nothing_to_write_to(self, database: Database, host) -> None:
        job = await claimed(database, plain={**plain(), "targets": []})
        await told(database, job, *whole_trial(0))
        token = job.lease_token or ""
        await database.run(lambda session: finishing.succeed(session, job.id, token, outcome(0, 0.5)))
        with pytest.raises(ConflictError) as caught:
            await write_back.apply(database, host, job.id)
        assert caught.value.code == "no_targets"


class TestRevert:
    async def test_it_restores_what_was_there(self, database: Database, host) -> None:
        job = await proposed(database)
        await write_back.apply(database, host, job.id)
        patch = await write_back.revert(database, host, job.id)
        assert patch.state == "reverted"
        assert await params(database, job) == {"max_depth": 1}

    async def test_one_step_at_a_time(self, database: Database, host) -> None:
        job = await proposed(database)
        for trial in (1, 2):
            await write_back.apply(database, host, job.id, Choice(trial=trial))
        seen = []
        for _ in range(2):
            await write_back.revert(database, host, job.id)
            seen.append((await params(database, job))["max_depth"])
        assert seen == [7, 1]
        with pytest.raises(ConflictError) as caught:
            await write_back.revert(database, host, job.id)
        assert caught.value.code == "nothing_to_revert"

    async def test_it_leaves_the_list_of_jobs_whose_parameters_stand_on_the_graph(
        self, database: Database, host
    ) -> None:
        job = await proposed(database)
        where = JobFilter(graph_ref=job.graph_ref, has_applied_params=True)

        async def found() -> list[str]:
            async with database.read() as session:
                return [each.id for each in (await service.find(session, where, Page())).jobs]

        seen = [await found()]
        await write_back.apply(database, host, job.id)
        seen.append(await found())
        await write_back.revert(database, host, job.id)
        seen.append(await found())
        assert seen == [[], [job.id], []]

    async def test_an_edit_since_is_a_conflict(self, database: Database, host) -> None:
        job = await proposed(database)
        await write_back.apply(database, host, job.id)
        await edit(database, job, max_depth=3)
        patch = await write_back.revert(database, host, job.id)
        assert (patch.state, patch.reason) == ("applied", "changed_since_apply")
        assert patch.conflicts[0]["actual"] == 3
        assert (await params(database, job))["max_depth"] == 3

    async def test_nodes_without_an_edit_are_restored_all_the_same(self, database: Database, host) -> None:
        job = await proposed(database, target("model", max_depth=1), target("other", max_depth=1))
        await write_back.apply(database, host, job.id)
        await edit(database, job, max_depth=3)
        patch = await write_back.revert(database, host, job.id)
        assert (patch.state, patch.skipped_nodes) == ("applied", ("other",))
        assert await params(database, job, "other") == {"max_depth": 1}
        await edit(database, job, max_depth=7)
        assert (await write_back.revert(database, host, job.id)).state == "reverted"
        assert await params(database, job) == {"max_depth": 1}

    async def test_what_was_reverted_can_be_applied_again(self, database: Database, host) -> None:
        job = await proposed(database)
        for _ in range(2):
            await write_back.apply(database, host, job.id)
            assert (await params(database, job))["max_depth"] == 7
            await write_back.revert(database, host, job.id)
            assert await params(database, job) == {"max_depth": 1}


class TestInlineGraph:
    async def test_the_patch_is_handed_out_and_confirmed(self, database: Database, host) -> None:
        job = await proposed(database, inline=True)
        patch = await write_back.apply(database, host, job.id)
        assert (patch.state, patch.reason) == ("proposed", "inline_graph")
        assert [item["value"] for item in patch.patch["ops"]] == [7, "entropy"]
        confirmed = await write_back.apply(database, host, job.id, applied=True)
        assert (confirmed.patch_id, confirmed.state) == (patch.patch_id, "applied")
        async with database.read() as session:
            assert [item.state for item in await service.write_backs(session, job.id)] == [
                "applied",
                "applied",
            ]

    async def test_a_result_without_model_nodes_is_confirmed_alone(self, database: Database, host) -> None:
        job = await claimed(database, graph_ref=None, plain={**plain(), "targets": []})
        await told(database, job, *whole_trial(0))
        token = job.lease_token or ""
        await database.run(lambda session: finishing.succeed(session, job.id, token, outcome(0, 0.5)))
        confirmed = await write_back.apply(database, host, job.id, applied=True)
        assert (confirmed.kind, confirmed.state) == ("result", "applied")

    async def test_the_way_back_is_handed_out_and_confirmed(self, database: Database, host) -> None:
        job = await proposed(database, inline=True)
        await write_back.apply(database, host, job.id, applied=True)
        patch = await write_back.revert(database, host, job.id)
        assert [(item["op"], item.get("value")) for item in patch.inverse] == [("unset", None), ("set", 1)]
        assert (await write_back.revert(database, host, job.id, applied=True)).state == "reverted"

    async def test_without_its_kind_the_way_back_is_unknown_and_the_package_is_named(
        self, database: Database, host, tmp_path: Path
    ) -> None:
        installed = lay_out(tmp_path, "somebodys", MODEL_KIND, {"node_kinds/model": "KIND"})
        with on_path(installed):
            job = await proposed(database, {**target(max_depth=1), "kind": "somebodys_model"}, inline=True)
            await write_back.apply(database, host, job.id, applied=True)
            assert (await write_back.revert(database, host, job.id)).inverse
        with pytest.raises(
            UserError, match=r"from package somebodys 1\.0, which is not installed"
        ) as refused:
            await write_back.revert(database, host, job.id)
        assert refused.value.code == "node_kind_unavailable"
        # A host that knows the way back itself may still say that it went it.
        assert (await write_back.revert(database, host, job.id, applied=True)).state == "reverted"

    async def test_the_preview_is_of_the_graph_at_submit(self, database: Database, host) -> None:
        job = await proposed(database, inline=True)
        rows = await write_back.preview(database, host, job.id)
        assert [(row["before"], row["after"]) for row in rows] == [(1, 7), (None, "entropy")]
