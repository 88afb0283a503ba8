"""The write-back by the worker: the result always, the parameters by mode and gain, never over an edit."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from hyperparameter_tuning.jobs import (
    finishing,
    pipelines_repository,
    service,
    write_back,
    write_backs_repository,
)
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.events import replay
from hyperparameter_tuning.jobs.patches_built import build_patches
from hyperparameter_tuning.jobs.records import JobRecord, WriteBackRecord
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.errors import UnavailableError
from tests.jobs.factories import (
    CONFIG,
    claimed,
    graph,
    outcome,
    plain,
    present,
    succeeded,
    target,
    told,
    whole_trial,
)


@pytest.fixture
async def host(database: Database):
    made = create_host(database.settings)
    yield made
    await made.close()


def config(**write_back_options: Any) -> dict[str, Any]:
    return {**CONFIG, "write_back": {**CONFIG["write_back"], **write_back_options}}


async def finished_job(
    db: Database, *targets: dict[str, Any], mode: str = "auto", **overrides: Any
) -> JobRecord:
    """A succeeded job of a stored pipeline, its patches not yet delivered."""
    held = list(targets) or [target(max_depth=1)]
    stored = await db.run(lambda session: pipelines_repository.create(session, graph(*held)))
    overrides.setdefault("config", config(mode=mode))
    overrides.setdefault("plain", plain(*held))
    return await succeeded(db, graph_ref=stored.id, write_back_mode=mode, **overrides)


async def node(db: Database, job: JobRecord, node_id: str) -> dict[str, Any]:
    stored = await db.run(lambda session: pipelines_repository.get(session, job.graph_ref or ""), write=False)
    found: dict[str, Any] = next(item for item in stored.graph["nodes"] if item["id"] == node_id)
    return found["data"]


async def edit(db: Database, job: JobRecord, node_id: str, **params: Any) -> None:
    """Let a person change parameters of a node."""
    stored = await db.run(lambda session: pipelines_repository.get(session, job.graph_ref or ""), write=False)
    changed = {**stored.graph}
    for item in changed["nodes"]:
        if item["id"] == node_id:
            item["data"]["config"]["params"] |= params
    await db.run(lambda session: pipelines_repository.save(session, stored.id, changed, stored.revision))


def by_kind(patches: list[WriteBackRecord]) -> dict[str, tuple[str, str | None]]:
    return {patch.kind: (patch.state, patch.reason) for patch in patches}


class TestResult:
    @pytest.mark.parametrize("mode", ["auto", "propose", "off"])
    async def test_it_is_on_the_tuning_node_in_every_mode(self, database: Database, host, mode: str) -> None:
        job = await finished_job(database, mode=mode)
        await write_back.deliver(database, host, job.id)
        result = (await node(database, job, "tune"))["result"]
        assert result["best_params"] == {"max_depth": 7}
        assert (result["score"], result["metric"], result["direction"]) == (0.9, "accuracy", "maximize")
        assert (result["job_id"], result["run_id"]) == (job.id, job.run_id)
        assert result["tuned_model"]["sha256"] == "ab"
        assert result["fingerprint"] == job.fingerprint
        assert result["provenance"]["run_number"] == job.run_number

    async def test_its_patches_say_which_trial_they_are_of(self, database: Database) -> None:
        job = await finished_job(database)
        patches = await database.run(lambda session: service.write_backs(session, job.id), write=False)
        assert [patch.patch["provenance"]["trial"] for patch in patches] == [1, 1]

    async def test_an_older_run_does_not_replace_a_newer_ones(self, database: Database, host) -> None:
        older = await finished_job(database, mode="off")
        newer = await succeeded(
            database, graph_ref=older.graph_ref, config=older.config, write_back_mode="off"
        )
        await write_back.deliver(database, host, newer.id)
        assert by_kind(await write_back.deliver(database, host, older.id)) == {
            "result": ("skipped", "superseded")
        }
        assert (await node(database, older, "tune"))["result"]["job_id"] == newer.id

    async def test_result_and_model_stand_where_the_kinds_of_their_nodes_say(
        self, database: Database
    ) -> None:
        kinds = node_kinds()
        kinds["tuner"] = replace(kinds["hyperparameter_tuning"], type="tuner", result_path="/out/tuning")
        kinds["learner"] = replace(
            kinds["model"], type="learner", params_path="/params/hyper", artifact_path="/out/model"
        )
        learner = {**target(max_depth=1), "kind": "learner"}
        job = await finished_job(database, learner, plain=plain(learner, node_kind="tuner"))
        ended = outcome(1, 0.9, max_depth=7) | {"prepared_model": {"sha256": "cd"}}
        result, params = build_patches(job, ended, kinds)
        assert [item["path"] for item in result.patch["ops"]] == ["/data/out/tuning"]
        assert {item["path"] for item in params.patch["ops"]} == {
            "/data/params/hyper/max_depth",
            "/data/out/model",
        }

    async def test_delivering_twice_applies_once(self, database: Database, host) -> None:
        job = await finished_job(database)
        await write_back.deliver(database, host, job.id)
        revision = (await host.graphs.load(job.graph_ref or "")).revision
        await write_back.deliver(database, host, job.id)
        assert (await host.graphs.load(job.graph_ref or "")).revision == revision
        async with database.read() as session:
            types = [event.type for event in await replay(session, job.id)]
        assert types.count("writeback.applied") == 2

    async def test_a_crash_between_host_and_store_is_made_good(
        self, database: Database, host, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        job = await finished_job(database)

        async def crash(*_arguments: object) -> None:
            raise RuntimeError("killed")

        with monkeypatch.context() as patched:
            patched.setattr("hyperparameter_tuning.jobs.patches_delivered.settle", crash)
            with pytest.raises(RuntimeError, match="killed"):
                await write_back.deliver(database, host, job.id)
        patches = await write_back.deliver(database, host, job.id)
        assert {patch.state for patch in patches} == {"applied"}
        # The inverse is the one that the first try made.
        assert all(patch.inverse for patch in patches)


class TestMode:
    async def test_auto_writes_when_the_best_is_better(self, database: Database, host) -> None:
        job = await finished_job(database)
        patches = await write_back.deliver(database, host, job.id)
        assert by_kind(patches) == {"result": ("applied", None), "params": ("applied", None)}
        assert (await node(database, job, "model"))["config"]["params"] == {"max_depth": 7}

    async def test_propose_waits_for_the_person(self, database: Database, host) -> None:
        job = await finished_job(database, mode="propose")
        patches = await write_back.deliver(database, host, job.id)
        assert by_kind(patches)["params"] == ("proposed", None)
        assert (await node(database, job, "model"))["config"]["params"] == {"max_depth": 1}

    async def test_off_leaves_the_model_nodes_alone(self, database: Database, host) -> None:
        job = await finished_job(database, mode="off")
        assert by_kind(await write_back.deliver(database, host, job.id)) == {"result": ("applied", None)}

    @pytest.mark.parametrize(
        ("least", "base", "best", "direction", "verdict"),
        [
            (0.0, 0.5, 0.9, "maximize", ("applied", None)),
            (0.0, 0.9, 0.9, "maximize", ("proposed", "gain_too_small")),
            (0.3, 0.5, 0.9, "maximize", ("applied", None)),
            (0.4, 0.5, 0.9, "maximize", ("proposed", "gain_too_small")),
            (0.0, 3.0, 2.5, "minimize", ("applied", None)),
            (0.0, 2.5, 3.0, "minimize", ("proposed", "gain_too_small")),
        ],
    )
    async def test_auto_needs_the_gain(
        self, database: Database, host, least: float, base: float, best: float, direction: str, verdict: tuple
    ) -> None:
        chosen = config(mode="auto", min_gain=least)
        job = await finished_job(database, config=chosen, base=base, best=best, direction=direction)
        assert by_kind(await write_back.deliver(database, host, job.id))["params"] == verdict

    async def test_auto_is_refused_behind_a_step_that_saw_all_rows(self, database: Database, host) -> None:
        held = target(max_depth=1)
        odd = [{"node_id": "odd", "kind": "somebody_elses", "config": {}}]
        job = await finished_job(database, held, plain=plain(held, steps=odd))
        assert by_kind(await write_back.deliver(database, host, job.id))["params"] == (
            "proposed",
            "unsafe_upstream",
        )

    async def test_the_result_carries_its_labels(self, database: Database, host) -> None:
        label = "may be optimistic: node odd saw all rows"
        job = await finished_job(database, cautions=[label])
        await write_back.deliver(database, host, job.id)
        assert (await node(database, job, "tune"))["result"]["cautions"] == [label]

    async def test_gain_is_judged_per_target(self, database: Database, host) -> None:
        held = [target("a", max_depth=1), target("b", max_depth=7)]
        job = await finished_job(database, *held, base=0.5, best=0.9)
        patches = await write_back.deliver(database, host, job.id)
        # b's own parameters were never scored as a baseline here: nobody knows whether it gains.
        reasons = {
            (patch.state, patch.reason): [operation["node_id"] for operation in patch.patch["ops"]]
            for patch in patches
            if patch.kind == "params"
        }
        assert reasons == {("applied", None): ["a"], ("proposed", "baseline_unknown"): ["b"]}


class TestConflict:
    async def test_an_edit_since_submit_is_never_overwritten(self, database: Database, host) -> None:
        job = await finished_job(database)
        await edit(database, job, "model", max_depth=4)
        patches = await write_back.deliver(database, host, job.id)
        assert by_kind(patches) == {
            "result": ("applied", None),
            "params": ("conflict", "changed_since_submit"),
        }
        (conflict,) = patches[1].conflicts
        assert (conflict["expected"], conflict["actual"], conflict["proposed"]) == (1, 4, 7)
        assert (await node(database, job, "model"))["config"]["params"] == {"max_depth": 4}

    async def test_other_nodes_are_written_all_the_same(self, database: Database, host) -> None:
        job = await finished_job(database, target("a", max_depth=1), target("b", max_depth=1))
        await edit(database, job, "a", max_depth=4)
        patch = (await write_back.deliver(database, host, job.id))[1]
        assert (patch.state, patch.skipped_nodes, len(patch.conflicts)) == ("applied", ("a",), 1)
        assert (await node(database, job, "a"))["config"]["params"] == {"max_depth": 4}
        assert (await node(database, job, "b"))["config"]["params"] == {"max_depth": 7}

    async def test_an_edit_elsewhere_is_no_conflict(self, database: Database, host) -> None:
        job = await finished_job(database)
        await edit(database, job, "model", criterion="entropy")
        assert by_kind(await write_back.deliver(database, host, job.id))["params"] == ("applied", None)
        assert (await node(database, job, "model"))["config"]["params"] == {
            "max_depth": 7,
            "criterion": "entropy",
        }

    async def test_a_deleted_node_is_a_conflict(self, database: Database, host) -> None:
        job = await finished_job(database)
        loaded = await host.graphs.load(job.graph_ref)
        rest = {**loaded.graph, "nodes": [item for item in loaded.graph["nodes"] if item["id"] != "model"]}
        await database.run(lambda session: pipelines_repository.save(session, job.graph_ref or "", rest, 1))
        patches = await write_back.deliver(database, host, job.id)
        assert by_kind(patches)["params"] == ("conflict", "changed_since_submit")
        assert patches[1].conflicts[0]["code"] == "node_missing"

    async def test_a_deleted_graph_is_a_conflict(self, database: Database, host) -> None:
        job = await succeeded(database, graph_ref="gone", write_back_mode="auto")
        patches = await write_back.deliver(database, host, job.id)
        assert {(patch.state, patch.reason) for patch in patches} == {("conflict", "graph_deleted")}


class TestHostTrouble:
    async def test_a_host_that_is_away_is_tried_again_by_the_keeper(self, database: Database, host) -> None:

        class Away:
            async def load(self, ref: str) -> None:
                raise UnavailableError("away")

            apply = load

        job = await finished_job(database, mode="off")
        away = replace(host, graphs=Away())
        (patch,) = await write_back.deliver(database, away, job.id)
        assert (patch.state, patch.attempts) == ("pending", 1)
        async with database.read() as session:
            assert job.id not in await write_backs_repository.due(session, 100)
        assert by_kind(await write_back.deliver(database, host, job.id)) == {"result": ("applied", None)}

    async def test_a_host_that_never_answers_is_given_up_for_now(
        self, database: Database, host, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Frozen:
            async def load(self, *_arguments: object) -> None:
                await asyncio.sleep(60)

            apply = load

        monkeypatch.setattr("hyperparameter_tuning.jobs.patches_delivered.HOST_SECONDS", 0.1)
        job = await finished_job(database, mode="off")
        (patch,) = await write_back.deliver(database, replace(host, graphs=Frozen()), job.id)
        assert (patch.state, patch.attempts) == ("pending", 1)

    async def test_who_may_not_write_any_more_does_not(self, database: Database, host) -> None:
        class Nobody:
            async def may(self, *_arguments: object) -> bool:
                return False

        job = await finished_job(database)
        patches = await write_back.deliver(database, replace(host, principals=Nobody()), job.id)
        assert {(patch.state, patch.reason) for patch in patches} == {("skipped", "not_allowed")}
        assert "result" not in await node(database, job, "tune")


class TestValues:
    async def test_counts_and_fractions_say_which_they_are(self, database: Database, host) -> None:
        held = {**target(max_depth=1, max_features=3), "number_types": {"max_features": "int"}}
        stored = await database.run(lambda session: pipelines_repository.create(session, graph(held)))
        chosen = config(mode="auto")
        job = await claimed(
            database, graph_ref=stored.id, config=chosen, plain=plain(held), write_back_mode="auto"
        )
        base = {**whole_trial(0, 0.5, "baseline")[0], "targets": ["model"]}
        await told(database, job, base, *whole_trial(0, 0.5)[1:], *whole_trial(1, 0.9, max_features=1.0))
        done = outcome(1, 0.9, {"max_features": "float"}, max_features=1.0)
        await database.run(lambda session: finishing.succeed(session, job.id, job.lease_token or "", done))
        await write_back.deliver(database, host, job.id)
        written = (await node(database, job, "model"))["config"]
        assert (written["params"], written["number_types"]) == (
            {"max_depth": 1, "max_features": 1.0},
            {"max_features": "float"},
        )

    async def test_fixed_parameters_come_with_a_candidate(self, database: Database, host) -> None:
        fixed = [{"name": "min_samples_leaf", "value": 2, "number_type": "int"}]
        job = await finished_job(database, config={**config(mode="auto"), "fixed_params": fixed})
        await write_back.deliver(database, host, job.id)
        written = (await node(database, job, "model"))["config"]
        assert written["params"] == {"max_depth": 7, "min_samples_leaf": 2}
        assert written["number_types"] == {"min_samples_leaf": "int"}

    @pytest.mark.parametrize("attach", [True, False])
    async def test_the_final_step_is_attached_where_asked(
        self, database: Database, host, attach: bool
    ) -> None:
        job = await finished_job(database, config=config(mode="auto", attach_model=attach))
        final = {"artifact_key": "k/final.skops", "sha256": "cd", "size": 2, "input": "prepared"}
        done = outcome(1, 0.9, max_depth=7) | {"prepared_model": final}
        patches = build_patches(job, done)
        operations = [
            item for patch in patches for item in patch.patch["ops"] if item["op"] == "attach_artifact"
        ]
        assert [item["value"]["sha256"] for item in operations] == (["cd"] if attach else [])

    async def test_current_parameters_that_are_best_change_nothing(self, database: Database, host) -> None:
        job = await claimed(database, write_back_mode="auto", config=config(mode="auto"))
        await told(database, job, *whole_trial(0, 0.9, "baseline", max_depth=1), *whole_trial(1, 0.5))
        done = outcome(0, 0.9, max_depth=1)
        await database.run(lambda session: finishing.succeed(session, job.id, job.lease_token or "", done))
        async with database.read() as session:
            assert by_kind(await service.write_backs(session, job.id))["params"] == (
                "skipped",
                "already_best",
            )


class TestStale:
    def test_a_result_is_stale_when_its_graph_changed(self) -> None:
        data, form = "sha256:data", plain(target(max_depth=1, criterion="gini"))
        before = write_back.run_fingerprint(CONFIG, form, data)
        result = {"fingerprint": before}
        searched = plain(target(max_depth=5, criterion="gini"))
        assert not write_back.is_stale(result, write_back.run_fingerprint(CONFIG, searched, data))
        changed = [
            (CONFIG, plain(target(max_depth=1, criterion="entropy")), data),
            (CONFIG, plain(target(max_depth=1, criterion="gini"), steps=[]), data),
            (CONFIG, plain(target(max_depth=1, criterion="gini"), target="other"), data),
            ({**CONFIG, "budget": {"max_trials": 6}}, form, data),
            (CONFIG, form, "sha256:other"),
        ]
        for case in changed:
            assert write_back.is_stale(result, write_back.run_fingerprint(*case))
        assert not write_back.is_stale(None, before)

    def test_how_a_browser_spells_numbers_makes_no_difference(self) -> None:
        spelled = [plain(target(max_depth=1, ccp_alpha=value)) for value in (1, 1.0)]
        assert len({write_back.run_fingerprint(CONFIG, form, "x") for form in spelled}) == 1

    async def test_applying_does_not_make_it_stale(self, database: Database, host) -> None:
        fixed = [{"name": "criterion", "value": "entropy"}]
        job = await finished_job(database, config={**config(mode="auto"), "fixed_params": fixed})
        await write_back.deliver(database, host, job.id)
        result = (await node(database, job, "tune"))["result"]
        written = (await node(database, job, "model"))["config"]["params"]
        after = plain(target(**written))
        now = write_back.run_fingerprint((await present(database, job.id)).config, after, "sha256:data")
        assert not write_back.is_stale(result, now)
