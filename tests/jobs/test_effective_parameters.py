"""A winner that was scored outside the search is complete; only what makes a difference is written."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest

from hyperparameter_tuning.jobs import finishing, pipelines_repository, service, write_back
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.effective_parameters import differing_names
from hyperparameter_tuning.jobs.parameters import Parameters
from hyperparameter_tuning.jobs.records import JobRecord, WriteBackRecord
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.jobs.write_back import Choice
from hyperparameter_tuning.registry.models import get_model
from hyperparameter_tuning.registry.values import default_params, number_types_of, typed_params
from tests.jobs.factories import CONFIG, claimed, finished, graph, outcome, plain, started, target, told, unit

FOREST = "random_forest_classifier"
DEFAULTS = default_params(get_model(FOREST), 42)
PARAMS = "/data/config/params/"


@pytest.fixture
async def host(database: Database):
    made = create_host(database.settings)
    yield made
    await made.close()


def typed(number: int, origin: str, score: float, params: Mapping[str, Any], *targets: str):
    types = number_types_of(get_model(FOREST), params)
    begin = started(number, origin, params=dict(params), number_types=types, targets=list(targets))
    return [begin, unit(number), finished(number, score)]


async def tuned(
    db: Database,
    *targets: dict[str, Any],
    best: int = 1,
    mode: str = "propose",
    inline: bool = False,
    **config: Any,
) -> JobRecord:
    """A succeeded job: trial 0 what the first node holds, 1 the library's defaults, 2 a candidate."""
    held = list(targets) or [target(n_estimators=5, criterion="gini")]
    ref = None
    if not inline:
        ref = (await db.run(lambda session: pipelines_repository.create(session, graph(*held)))).id
    form = plain(*held, model={"type": FOREST, "params": held[0]["params"], "number_types": {}})
    config = {**CONFIG, "write_back": {**CONFIG["write_back"], "mode": mode}, **config}
    job = await claimed(db, graph_ref=ref, plain=form, config=config, model_type=FOREST, write_back_mode=mode)
    own = typed_params(get_model(FOREST), held[0]["params"], held[0]["number_types"])
    trials = [DEFAULTS | own, DEFAULTS, {"max_depth": 7}]
    scores = [0.9 if number == best else 0.5 for number in range(3)]
    origins = ("baseline", "defaults", "search")
    for number, origin in enumerate(origins):
        named = (held[0]["node_id"],) if number == 0 else ()
        await told(db, job, *typed(number, origin, scores[number], trials[number], *named))
    types = number_types_of(get_model(FOREST), trials[best])
    done = outcome(best, 0.9, types, **trials[best])
    done["tuned_model"] = None
    return await db.run(lambda session: finishing.succeed(session, job.id, job.lease_token or "", done))


def written(patch: WriteBackRecord) -> dict[str, dict[str, Any]]:
    """Names and values that a patch sets, by node."""
    found: dict[str, dict[str, Any]] = {}
    for item in patch.patch["ops"]:
        if item["path"].startswith(PARAMS):
            found.setdefault(item["node_id"], {})[item["path"].removeprefix(PARAMS)] = item["value"]
    return found


async def stored_config(db: Database, job: JobRecord, node_id: str = "model") -> dict[str, Any]:
    stored = await db.run(lambda session: pipelines_repository.get(session, job.graph_ref or ""), write=False)
    found: dict[str, Any] = next(item for item in stored.graph["nodes"] if item["id"] == node_id)["data"]
    return deepcopy(found["config"])


async def result_of(db: Database, job: JobRecord) -> dict[str, Any]:
    stored = await db.run(lambda session: pipelines_repository.get(session, job.graph_ref or ""), write=False)
    found: dict[str, Any] = next(item for item in stored.graph["nodes"] if item["id"] == "tune")["data"]
    return deepcopy(found["result"])


async def edit(db: Database, job: JobRecord, **changes: Any) -> None:
    stored = await db.run(lambda session: pipelines_repository.get(session, job.graph_ref or ""), write=False)
    next(item for item in stored.graph["nodes"] if item["id"] == "model")["data"]["config"]["params"] |= (
        changes
    )
    await db.run(lambda session: pipelines_repository.save(session, stored.id, stored.graph, stored.revision))


async def params_patch(db: Database, host: Any, job: JobRecord) -> WriteBackRecord:
    patches = await write_back.deliver(db, host, job.id)
    return next(patch for patch in patches if patch.kind == "params")


class TestWhatTheWorkerWrites:
    async def test_defaults_that_win_set_only_what_changes(self, database: Database, host) -> None:
        job = await tuned(database, mode="auto")
        patch = await params_patch(database, host, job)
        assert patch.state == "applied"
        assert written(patch) == {"model": {"n_estimators": 100}}
        assert (await stored_config(database, job))["params"] == {"n_estimators": 100, "criterion": "gini"}

    async def test_each_target_gets_its_own_differences(self, database: Database, host) -> None:
        held = [target("a", n_estimators=5), target("b", max_depth=3), target("c", n_estimators=100)]
        patch = await params_patch(database, host, await tuned(database, *held))
        assert written(patch) == {"a": {"n_estimators": 100}, "b": {"max_depth": None}}

    async def test_another_targets_parameters_that_win_are_written_where_they_differ(
        self, database: Database, host
    ) -> None:
        held = [target("a", n_estimators=5, max_features=1), target("b", criterion="entropy")]
        held[0]["number_types"] = {"max_features": "float"}
        job = await tuned(database, *held, best=0)
        (patch,) = [
            patch
            for patch in await write_back.deliver(database, host, job.id)
            if patch.kind == "params" and patch.state == "proposed"
        ]
        assert written(patch) == {"b": {"n_estimators": 5, "criterion": "gini", "max_features": 1}}
        types = [item["value"] for item in patch.patch["ops"] if "number_types" in item["path"]]
        assert types == ["float"]

    async def test_a_candidate_is_written_whole_so_that_edits_show(self, database: Database, host) -> None:
        fixed = [{"name": "criterion", "value": "gini"}]
        held = target(max_depth=7, criterion="gini")
        patch = await params_patch(database, host, await tuned(database, held, best=2, fixed_params=fixed))
        assert written(patch) == {"model": {"criterion": "gini", "max_depth": 7}}


class TestWhatAPersonApplies:
    async def test_the_preview_shows_only_what_changes(self, database: Database, host) -> None:
        job = await tuned(database, best=2)
        rows = await write_back.preview(database, host, job.id, Choice(trial=1))
        assert [(row["path"], row["before"], row["after"]) for row in rows] == [
            (f"{PARAMS}n_estimators", 5, 100)
        ]

    async def test_what_the_node_does_not_hold_is_told_from_null(self, database: Database, host) -> None:
        held = target("a", n_estimators=5, max_depth=None, max_leaf_nodes=4)
        job = await tuned(database, held, target("b", n_estimators=5), best=2)
        rows = await write_back.preview(database, host, job.id, Choice(trial=2))
        assert [(row["node_id"], row["before"], row["before_absent"]) for row in rows] == [
            ("a", None, False),
            ("b", None, True),
        ]

    async def test_the_proposal_itself_is_what_is_applied(self, database: Database, host) -> None:
        job = await tuned(database)
        patch = await write_back.apply(database, host, job.id)
        assert patch.automatic
        assert (await stored_config(database, job))["params"] == {"n_estimators": 100, "criterion": "gini"}

    async def test_an_edit_since_submit_is_a_conflict(self, database: Database, host) -> None:
        job = await tuned(database)
        await edit(database, job, max_depth=3)
        patch = await write_back.apply(database, host, job.id)
        assert (patch.state, patch.conflicts[0]["path"]) == ("conflict", f"{PARAMS}max_depth")
        patch = await write_back.apply(database, host, job.id, Choice(overwrite=True))
        assert (patch.state, written(patch)) == (
            "applied",
            {"model": {"n_estimators": 100, "max_depth": None}},
        )

    async def test_nonsense_that_was_put_there_since_is_a_conflict_too(
        self, database: Database, host
    ) -> None:
        job = await tuned(database)
        await edit(database, job, max_depth="deep", no_such_parameter=1)
        patch = await write_back.apply(database, host, job.id)
        assert (patch.state, patch.conflicts[0]["path"]) == ("conflict", f"{PARAMS}max_depth")

    async def test_back_from_a_candidate(self, database: Database, host) -> None:
        job = await tuned(database)
        await write_back.apply(database, host, job.id, Choice(trial=2))
        patch = await write_back.apply(database, host, job.id, Choice(trial=1))
        assert written(patch) == {"model": {"n_estimators": 100, "max_depth": None}}

    @pytest.mark.parametrize("trials", [(1,), (2, 1), (2, 0), (1, 0, 2)])
    async def test_the_same_wish_again_is_answered_with_the_first(
        self, database: Database, host, trials: tuple[int, ...]
    ) -> None:
        job = await tuned(database)
        for trial in trials:
            first = await write_back.apply(database, host, job.id, Choice(trial=trial))
        again = await write_back.apply(database, host, job.id, Choice(trial=trials[-1]))
        assert (again.patch_id, again.revision) == (first.patch_id, first.revision)

    async def test_what_the_node_has_already_changes_no_revision(self, database: Database, host) -> None:
        job = await tuned(database)
        before = (await host.graphs.load(job.graph_ref)).revision
        for _ in range(2):
            patch = await write_back.apply(database, host, job.id, Choice(trial=0))
            assert (patch.state, patch.revision, patch.patch["ops"]) == ("applied", before, [])
        assert (await host.graphs.load(job.graph_ref)).revision == before
        # The person has answered what was proposed.
        async with database.read() as session:
            found = await write_back_states(session, job.id)
        assert found == [("skipped", "answered"), ("applied", None)]

    async def test_an_inline_graph_that_has_it_already_needs_no_confirmation(
        self, database: Database, host
    ) -> None:
        job = await tuned(database, inline=True)
        patch = await write_back.apply(database, host, job.id, Choice(trial=0))
        assert (patch.state, patch.patch["ops"]) == ("applied", [])

    async def test_reverting_passes_over_what_changed_nothing(self, database: Database, host) -> None:
        job = await tuned(database)
        await write_back.apply(database, host, job.id, Choice(trial=1))
        await write_back.apply(database, host, job.id, Choice(trial=1, params=("criterion",)))
        await write_back.revert(database, host, job.id)
        assert (await stored_config(database, job))["params"] == {"n_estimators": 5, "criterion": "gini"}


async def write_back_states(session: Session, job_id: str) -> list[tuple[str, str | None]]:
    found = await service.write_backs(session, job_id)
    return [(patch.state, patch.reason) for patch in found if patch.kind == "params"]


class TestStale:
    @pytest.mark.parametrize("trials", [(1,), (2, 1), (2, 0, 1)])
    async def test_applying_the_winner_does_not_make_it_stale(
        self, database: Database, host, trials: tuple[int, ...]
    ) -> None:
        fixed = [{"name": "criterion", "value": "entropy"}]
        job = await tuned(database, target("a", n_estimators=5), target("b"), fixed_params=fixed)
        await params_patch(database, host, job)
        for trial in trials:
            await write_back.apply(database, host, job.id, Choice(trial=trial))
        held = [(node_id, await stored_config(database, job, node_id)) for node_id in ("a", "b")]
        after = [
            {**target(node_id, **config["params"]), "number_types": config["number_types"]}
            for node_id, config in held
        ]
        now = write_back.run_fingerprint(job.config, {**job.plain, "targets": after}, "sha256:data")
        assert not write_back.is_stale(await result_of(database, job), now)

    def test_defaults_written_out_or_left_out_are_the_same_run(self) -> None:
        forms = [
            plain(target(**params), model={"type": FOREST, "params": params, "number_types": {}})
            for params in ({}, {"criterion": "gini", "bootstrap": True}, {"criterion": "entropy"})
        ]
        bare, spelled, other = (write_back.run_fingerprint(CONFIG, form, "x") for form in forms)
        assert bare == spelled != other


class TestDifferingNames:
    @pytest.mark.parametrize(
        ("new", "held", "names"),
        [
            ({"n_estimators": 100}, {}, set()),
            ({"n_estimators": 100}, {"n_estimators": 100.0}, set()),
            ({"n_estimators": 100}, {"n_estimators": 99}, {"n_estimators"}),
            ({"bootstrap": True}, {"bootstrap": 1}, {"bootstrap"}),
            ({"max_depth": None}, {"max_depth": "deep"}, {"max_depth"}),
            ({"random_state": 42}, {"random_state": None}, set()),
            ({"random_state": 42}, {"random_state": 7}, {"random_state"}),
            ({"unheard_of": 1}, {}, {"unheard_of"}),
            ({"unheard_of": 1}, {"unheard_of": 1}, set()),
        ],
    )
    def test_a_value_counts_by_what_the_model_gets(
        self, new: dict[str, Any], held: dict[str, Any], names: set[str]
    ) -> None:
        found = differing_names(get_model(FOREST), 42, Parameters(new), Parameters(held))
        assert found == names

    def test_a_count_of_one_is_no_fraction(self) -> None:
        count, fraction = (
            Parameters({"max_features": 1}, {"max_features": kind}) for kind in ("int", "float")
        )
        assert differing_names(get_model(FOREST), 42, count, fraction) == {"max_features"}
