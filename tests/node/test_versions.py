"""Graphs of other versions over HTTP: older ones open in their present form, newer ones read-only."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from hyperparameter_tuning.jobs.reference_host import PipelineGraphs
from hyperparameter_tuning.registry.migrations.origin_config import migrate_origin_config
from hyperparameter_tuning.shared.json_pointers import value_at
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import edge, node
from tests.node.conftest import JOBS, Store
from tests.node.test_bad_input import assert_problem
from tests.registry_versions.saved import NAMES, TUNING_NODES, saved, write_table

TUNING = "/nodes/hyperparameter_tuning"
ANSWERS = ("validate", "resolve", "estimate", "execute")
OLD = tuple(name for name in NAMES if name != "version_1")
PATCH = {
    "patch_id": "p1",
    "ops": [
        {
            "op": "set",
            "node_id": "node-7",
            "path": "/data/config/params/max_depth",
            "value": 7,
            "expect": None,
        }
    ],
}


@pytest.fixture
def penguins(sqlite_settings: Settings) -> None:
    write_table(sqlite_settings.data_dir / "data")


def created(client: httpx.Client, graph: Any) -> dict[str, Any]:
    answer = client.post("/pipelines", json={"graph": graph})
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


@pytest.mark.usefixtures("penguins")
@pytest.mark.parametrize("name", OLD)
class TestOlder:
    def test_it_opens_migrated_and_says_so(self, client: httpx.Client, name: str) -> None:
        document = created(client, saved(name))
        opened = client.get(f"/pipelines/{document['id']}").json()
        kinds = {item["id"]: item["type"] for item in opened["graph"]["nodes"]}
        assert kinds[TUNING_NODES[name]] == "hyperparameter_tuning"
        assert opened["findings"] == []
        told = {item["node_id"]: item for item in opened["migrated"]}
        assert told[TUNING_NODES[name]]["from_version"] == 0
        assert told[TUNING_NODES[name]]["to_version"] == 1
        assert document["migrated"] == opened["migrated"]

    def test_saving_what_was_opened_keeps_the_present_form(self, client: httpx.Client, name: str) -> None:
        path = f"/pipelines/{created(client, saved(name))['id']}"
        graph = client.get(path).json()["graph"]
        client.put(path, json={"graph": graph}, headers={"If-Match": '"1"'})
        again = client.get(path).json()
        assert {**again["graph"], "revision": 1} == graph
        assert [item for item in again["migrated"] if item["to_version"] is not None] == []

    def test_it_is_judged_and_run_as_it_is(self, client: httpx.Client, name: str) -> None:
        asked = {"graph": saved(name), "node_id": TUNING_NODES[name]}
        config = next(
            item["data"]["config"]
            for item in created(client, saved(name))["graph"]["nodes"]
            if item["id"] == TUNING_NODES[name]
        )
        judged = client.post("/nodes/hyperparameter_tuning/validate", json={**asked, "config": config}).json()
        assert judged["runnable"], judged["findings"]
        assert TUNING_NODES[name] in [item["node_id"] for item in judged["migrated"]]
        job = client.post(JOBS, json=asked)
        assert job.status_code == 202, job.text
        assert job.json()["config"]["model"] == config["model"]
        assert job.json()["migrated"] == judged["migrated"]

    def test_every_answer_about_it_says_so(self, client: httpx.Client, name: str) -> None:
        document = created(client, saved(name))
        asked = {"pipeline_id": document["id"], "node_id": TUNING_NODES[name]}
        for what in ANSWERS:
            told = client.post(f"{TUNING}/{what}", json=asked).json()
            assert told["migrated"] == document["migrated"], what


ORIGIN = {
    "model_type": "ridge",
    "problem_type": "regression",
    "search_strategy": "random",
    "search_space": '{"alpha": [0.1, 1, 10]}',
    "search_iterations": 4,
}
PLAIN = {"dataset": {"source": "sample", "name": "diabetes", "target": "target"}}


class TestConfigurationOfARequest:
    """One that an editor of the origin's time sends along."""

    @pytest.mark.parametrize("what", ANSWERS)
    def test_it_is_read_and_the_answer_says_so(self, client: httpx.Client, what: str) -> None:
        answer = client.post(f"{TUNING}/{what}", json={"graph": PLAIN, "config": ORIGIN})
        assert answer.status_code in (200, 202), answer.text
        assert_told(answer.json()["migrated"])

    def test_it_is_what_runs(self, client: httpx.Client) -> None:
        job = client.post(JOBS, json={"graph": PLAIN, "config": ORIGIN}).json()
        assert (job["model_type"], job["strategy"]) == ("ridge_regression", "random")
        assert job["config"]["budget"]["max_trials"] == 4
        assert [row["name"] for row in job["config"]["search_space"]] == ["alpha"]
        assert_told(job["migrated"])
        assert client.get(f"{JOBS}/{job['id']}").json()["migrated"] == []

    def test_a_key_that_means_nothing_is_told_and_left_out(self, client: httpx.Client) -> None:
        config = {**ORIGIN, "search_iteration": 9, "colour": "red"}
        asked = {"graph": PLAIN, "config": config}
        answer = client.post(f"{TUNING}/validate", json=asked).json()
        assert answer["config"]["budget"]["max_trials"] == 4
        notes = answer["migrated"][0]["notes"]
        left_out = "is no setting of a search of that version: it is left out."
        assert f"'search_iteration' {left_out} Did you mean 'search_iterations'?" in notes
        assert f"'colour' {left_out}" in notes
        before = client.post(f"{TUNING}/validate", json={"graph": PLAIN, "config": ORIGIN}).json()
        assert [note for note in notes if left_out not in note] == before["migrated"][0]["notes"]

    def test_the_first_contracts_words_tell_it_too(self, client: httpx.Client) -> None:
        asked = {"graph": PLAIN, "config": ORIGIN}
        job = client.post(JOBS, json=asked, params={"compat": 1}).json()
        assert_told(job["migrated"])

    def test_it_is_read_without_a_graph(self, client: httpx.Client) -> None:
        judged = client.post(f"{TUNING}/validate", json={"config": ORIGIN}).json()
        assert judged["config"]["budget"]["max_trials"] == 4
        assert_told(judged["migrated"])

    def test_an_answer_that_is_kept_says_it_again_and_only_to_whom_it_concerns(
        self, client: httpx.Client
    ) -> None:
        for what in ("resolve", "estimate"):
            for _ in range(2):
                told = client.post(f"{TUNING}/{what}", json={"graph": PLAIN, "config": ORIGIN}).json()
                assert_told(told["migrated"])
            present = migrate_origin_config(ORIGIN).document
            told = client.post(f"{TUNING}/{what}", json={"graph": PLAIN, "config": present}).json()
            assert told["migrated"] == []

    @pytest.mark.parametrize(
        "present",
        [{"budget": {"max_trials": 3}}, {"strategy": {"name": "grid"}}, {"model": "lasso"}],
        ids=lambda present: next(iter(present)),
    )
    def test_a_key_of_the_origin_in_a_present_one_is_named_not_obeyed(
        self, client: httpx.Client, present: dict[str, Any]
    ) -> None:
        asked = {"graph": PLAIN, "config": {**present, "model_type": "ridge"}}
        judged = client.post(f"{TUNING}/validate", json=asked).json()
        assert "/model_type" in [item["pointer"] for item in judged["findings"]]
        assert judged["migrated"] == []


def assert_told(migrated: list[dict[str, Any]]) -> None:
    (told,) = migrated
    assert (told["node_id"], told["type"]) == (None, "hyperparameter_tuning")
    assert (told["from_version"], told["to_version"]) == (0, 1)
    assert any("No metric was chosen" in note for note in told["notes"])


class TestSavedConfiguration:
    def test_every_answer_is_about_it_where_the_request_has_none(self, client: httpx.Client) -> None:
        config = {"model": "ridge_regression", "budget": {"max_trials": 7}, "strategy": {"name": "random"}}
        graph = {
            "nodes": [
                node("data", "dataset", source="sample", name="diabetes", target="target"),
                node("tune", "hyperparameter_tuning", **config),
            ],
            "edges": [edge("data", "tune")],
        }
        asked = {"pipeline_id": created(client, graph)["id"]}
        found = {what: client.post(f"{TUNING}/{what}", json=asked).json() for what in ANSWERS}
        assert found["validate"]["config"]["budget"]["max_trials"] == 7
        assert found["validate"]["runnable"] is True
        assert found["resolve"]["config"] == found["validate"]["config"]
        assert found["estimate"]["candidates"] == 7
        job = client.get(f"{JOBS}/{found['execute']['job_id']}").json()
        assert job["config"] == found["validate"]["config"]
        judged = client.post(f"{TUNING}/validate", json={**asked, "config": {}}).json()
        assert judged["config"]["budget"]["max_trials"] == 30


class TestWriteBack:
    def test_a_patch_goes_onto_the_present_form_and_the_save_keeps_it(
        self, client: httpx.Client, store: Store
    ) -> None:
        ref = created(client, saved("version_0_canvas"))["id"]
        store(lambda database: PipelineGraphs(database).apply(ref, PATCH))
        opened = client.get(f"/pipelines/{ref}").json()
        trained = next(item for item in opened["graph"]["nodes"] if item["id"] == "node-7")
        assert value_at(trained, "/data/config/params/max_depth") == 7
        assert (opened["revision"], trained["data"]["type_version"]) == (2, 1)
        assert [item["node_id"] for item in opened["migrated"]] == ["node-8"]


def newer() -> dict[str, Any]:
    tune = node("tune", "hyperparameter_tuning", strategy="of the future", odd=[1])
    tune["data"]["type_version"] = 2
    return {
        "nodes": [node("data", "dataset", source="sample", name="diabetes", target="target"), tune],
        "edges": [edge("data", "tune")],
    }


class TestNewer:
    def test_the_graph_opens_with_a_finding_and_the_node_as_it_is(self, client: httpx.Client) -> None:
        document = created(client, newer())
        (finding,) = document["findings"]
        assert (finding["code"], finding["severity"], finding["source"]) == (
            "newer_version",
            "error",
            "graph",
        )
        assert value_at(document["graph"], finding["pointer"]) == 2
        assert document["graph"]["nodes"] == newer()["nodes"]

    def test_it_does_not_run(self, client: httpx.Client) -> None:
        model = {
            "model": "ridge_regression",
            "search_space": [{"kind": "float", "name": "alpha", "low": 1, "high": 2}],
        }
        answer = client.post(JOBS, json={"graph": newer(), "config": model})
        problem = assert_problem(answer, 422, "newer_version")
        assert "read-only" in problem["detail"]

    def test_one_elsewhere_on_the_canvas_stops_nobody(self, client: httpx.Client) -> None:
        graph = newer()
        graph["nodes"].append(node("other", "hyperparameter_tuning", model="ridge_regression"))
        graph["edges"].append(edge("data", "other"))
        answer = client.post(JOBS, json={"graph": graph, "node_id": "other"})
        assert answer.status_code == 202, answer.text

    def test_it_may_be_moved_and_deleted_but_not_changed(self, client: httpx.Client) -> None:
        path = f"/pipelines/{created(client, newer())['id']}"
        moved = newer()
        moved["nodes"][1]["position"] = {"x": 9, "y": 9}
        assert client.put(path, json={"graph": moved}, headers={"If-Match": '"1"'}).status_code == 200
        changed = newer()
        changed["nodes"][1]["data"] = {"type_version": 1, "config": {}}
        problem = assert_problem(
            client.put(path, json={"graph": changed}, headers={"If-Match": "*"}), 422, "newer_version_changed"
        )
        assert problem["findings"][0]["pointer"] == "/graph/nodes/1/data"
        gone = {**newer(), "nodes": newer()["nodes"][:1], "edges": []}
        assert client.put(path, json={"graph": gone}, headers={"If-Match": '"2"'}).status_code == 200

    def test_a_stale_save_is_told_first(self, client: httpx.Client) -> None:
        path = f"/pipelines/{created(client, newer())['id']}"
        changed = newer()
        changed["nodes"][1]["data"] = {}
        answer = client.put(path, json={"graph": changed}, headers={"If-Match": '"7"'})
        assert_problem(answer, 412, "precondition_failed")
