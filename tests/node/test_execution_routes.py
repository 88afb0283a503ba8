"""Executing the node within its pipeline: outputs at once while they hold, else what `on_stale` says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.jobs import claims, service
from hyperparameter_tuning.node import execute, open_services, run_hook
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.job_requests import ExecuteRequest
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.graph import check_graph, parse_graph
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import edge, node, tuning_graph
from tests.jobs import factories
from tests.node.conftest import JOBS, Store, answering
from tests.node.test_bad_input import assert_problem
from tests.node.test_validation_table import write_table

EXECUTE = "/nodes/hyperparameter_tuning/execute"
ROWS = [{"kind": "float", "name": "alpha", "low": 0.1, "high": 10.0, "log": True}]
CONFIG = {"search_space": ROWS, "budget": {"max_trials": 5, "max_seconds": 60}}
Graph = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "tables"
    path.mkdir()
    write_table(path / "houses.csv", 60)
    write_table(path / "held.csv", 30)
    return path


@pytest.fixture
def client(sqlite_settings: Settings, folder: Path) -> Iterator[httpx.Client]:
    settings = sqlite_settings.model_copy(update={"data_roots": (str(folder),)})
    with answering(create_app(settings)) as running:
        yield running


@pytest.fixture
def graph() -> Graph:
    dataset = {"source": "file", "path": "houses.csv", "target": "price"}
    return tuning_graph(
        dataset, "ridge_regression", steps=(("scale", {}),), params={"alpha": 2.0}, config=CONFIG
    )


@pytest.fixture
def pipeline(client: httpx.Client, graph: Graph) -> str:
    return str(client.post("/pipelines", json={"graph": graph}).json()["id"])


@pytest.fixture
def tuned(client: httpx.Client, store: Store, pipeline: str) -> str:
    """A pipeline whose run has succeeded: its id."""
    job = client.post(JOBS, json={"pipeline_id": pipeline}).json()
    store.finish(job["id"], (1, 1.5, "search", {"alpha": 0.5}))
    return pipeline


def executed(client: httpx.Client, pipeline: str, **body: Any) -> dict[str, Any]:
    answer = client.post(EXECUTE, json={"pipeline_id": pipeline, **body})
    assert answer.status_code in (200, 202), answer.text
    found: dict[str, Any] = answer.json()
    assert (answer.status_code == 200) is (found["outputs"] is not None)
    return found


def edited(client: httpx.Client, pipeline: str, change: Callable[[Graph], Any]) -> None:
    graph = client.get(f"/pipelines/{pipeline}").json()["graph"]
    change(graph)
    answer = client.put(f"/pipelines/{pipeline}", json={"graph": graph}, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text


def config_of(graph: Graph, node_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(item for item in graph["nodes"] if item["id"] == node_id)["data"]["config"]
    return found


def n_jobs(client: httpx.Client) -> int:
    return len(client.get(JOBS).json()["items"])


class TestUpToDate:
    def test_the_outputs_come_at_once_and_no_job_is_made(self, client: httpx.Client, tuned: str) -> None:
        found = executed(client, tuned)
        assert (found["state"], found["changed"]) == ("up_to_date", [])
        assert found["message"] == "The result of run 1 is up to date."
        assert found["job"]["id"] == found["job_id"]
        assert found["fingerprint"] == found["job"]["fingerprints"]["run"]
        assert n_jobs(client) == 1

    def test_each_port_has_its_value_or_a_reference_that_leads_to_it(
        self, client: httpx.Client, tuned: str
    ) -> None:
        outputs = executed(client, tuned)["outputs"]
        assert outputs["best_params"] == {"type": "params", "value": {"alpha": 0.5}, "number_types": {}}
        model = outputs["tuned_model"]
        assert (model["type"], model["input"]) == ("model.trained.pipeline", "raw")
        assert model["artifact"]["sha256"] == "ab"
        table = client.get(outputs["trials"]["formats"]["csv"]).text.splitlines()[0].split(",")
        assert [column["name"] for column in outputs["trials"]["columns"]] == table
        dtypes = {column["name"]: column["dtype"] for column in outputs["trials"]["columns"]}
        assert (dtypes["param_alpha"], dtypes["error"], dtypes["started_at"]) == (
            "number",
            "text",
            "datetime",
        )
        assert client.get(outputs["trials"]["href"]).json()["items"][0]["params"] == {"alpha": 0.5}
        assert client.get(outputs["report"]["href"]).json()["job_id"] == executed(client, tuned)["job_id"]

    def test_the_ports_are_those_of_the_descriptor(self, client: httpx.Client, tuned: str) -> None:
        ports = client.get("/nodes/hyperparameter_tuning").json()["outputs"]
        assert {port["id"]: port["type"] for port in ports} | {"tuned_model": "model.trained.pipeline"} == {
            name: output["type"] for name, output in executed(client, tuned)["outputs"].items()
        }

    def test_a_searched_parameter_only_defines_trial_0(self, client: httpx.Client, tuned: str) -> None:
        edited(client, tuned, lambda graph: config_of(graph, "model")["params"].update(alpha=7.0))
        assert executed(client, tuned)["state"] == "up_to_date"

    def test_what_is_written_back_does_not_count(self, client: httpx.Client, tuned: str) -> None:
        edited(client, tuned, lambda graph: config_of(graph, "tune").update(write_back={"mode": "auto"}))
        assert executed(client, tuned)["state"] == "up_to_date"

    def test_applying_keeps_it(self, client: httpx.Client, tuned: str) -> None:
        job_id = executed(client, tuned)["job_id"]
        assert client.post(f"{JOBS}/{job_id}/apply", json={}).status_code == 200
        assert executed(client, tuned)["state"] == "up_to_date"

    def test_applying_parameters_that_were_not_searched_keeps_it_too(
        self, client: httpx.Client, store: Store, pipeline: str
    ) -> None:
        edited(client, pipeline, lambda graph: config_of(graph, "model")["params"].update(tol=0.01))
        job = client.post(JOBS, json={"pipeline_id": pipeline}).json()
        # The library's defaults won: applied, they take the node's own tolerance away.
        defaults = {"alpha": 1.0, "tol": 0.0001}
        store.finish(job["id"], (1, 1.0, "defaults", defaults))
        assert client.post(f"{JOBS}/{job['id']}/apply", json={}).status_code == 200
        saved = client.get(f"/pipelines/{pipeline}").json()["graph"]
        assert config_of(saved, "model")["params"]["tol"] == 0.0001
        found = executed(client, pipeline)
        assert (found["state"], found["job_id"]) == ("up_to_date", job["id"])

    def test_a_copy_of_the_pipeline_has_the_same_result(
        self, client: httpx.Client, tuned: str, graph: Graph
    ) -> None:
        copy = client.post("/pipelines", json={"graph": graph}).json()["id"]
        assert executed(client, copy)["job_id"] == executed(client, tuned)["job_id"]

    def test_a_plain_graph_without_a_canvas_does(self, client: httpx.Client, store: Store) -> None:
        plain = {
            "dataset": {"source": "file", "path": "houses.csv"},
            "target": "price",
            "model": {"type": "ridge_regression", "params": {"alpha": 2.0}},
        }
        first = client.post(EXECUTE, json={"graph": plain, "config": CONFIG}).json()
        assert first["state"] == "submitted"
        store.finish(first["job_id"], (1, 1.5, "search", {"alpha": 0.5}))
        again = client.post(EXECUTE, json={"graph": plain, "config": CONFIG}).json()
        assert (again["state"], again["job_id"]) == ("up_to_date", first["job_id"])


CHANGES: dict[str, tuple[Callable[[Graph], Any], list[str]]] = {
    "configuration": (
        lambda graph: config_of(graph, "tune")["budget"].update(max_trials=6),
        ["config"],
    ),
    "unsearched parameter": (
        lambda graph: config_of(graph, "model")["params"].update(tol=0.01),
        ["parameters"],
    ),
    "upstream step": (lambda graph: config_of(graph, "step0").update(method="minmax"), ["upstream"]),
    "model": (
        lambda graph: config_of(graph, "model").update(model="lasso"),
        ["config", "model"],
    ),
}


class TestStale:
    @pytest.mark.parametrize("name", CHANGES)
    def test_what_changed_is_told(self, client: httpx.Client, tuned: str, name: str) -> None:
        change, changed = CHANGES[name]
        edited(client, tuned, change)
        found = executed(client, tuned, on_stale="reuse")
        assert (found["state"], found["changed"]) == ("stale", changed)
        assert found["outputs"]["best_params"]["value"] == {"alpha": 0.5}
        assert found["message"].startswith("The result of run 1 is reused, though since then ")

    def test_other_data_are_a_change(self, client: httpx.Client, tuned: str, folder: Path) -> None:
        write_table(folder / "houses.csv", 61)
        assert executed(client, tuned, on_stale="reuse")["changed"] == ["data"]

    def test_other_rows_at_the_validation_port_are_a_change(
        self, client: httpx.Client, store: Store, graph: Graph, folder: Path
    ) -> None:
        graph["nodes"].append(node("held", "dataset", source="file", path="held.csv", target="price"))
        graph["edges"].append(edge("held", "tune", "dataset", "validation"))
        pipeline = client.post("/pipelines", json={"graph": graph}).json()["id"]
        job = client.post(JOBS, json={"pipeline_id": pipeline}).json()
        store.finish(job["id"], (1, 1.5, "search", {"alpha": 0.5}))
        assert executed(client, pipeline)["state"] == "up_to_date"
        write_table(folder / "held.csv", 31)
        assert executed(client, pipeline, on_stale="reuse")["changed"] == ["data"]
        assert client.get(f"/pipelines/{pipeline}").json()["stale"] == {"tune": True}

    def test_fail_is_a_conflict_that_says_what_changed(self, client: httpx.Client, tuned: str) -> None:
        edited(client, tuned, CHANGES["configuration"][0])
        edited(client, tuned, CHANGES["upstream step"][0])
        problem = assert_problem(
            client.post(EXECUTE, json={"pipeline_id": tuned, "on_stale": "fail"}), 409, "result_stale"
        )
        assert problem["changed"] == ["config", "upstream"]
        assert problem["detail"] == (
            "The result of run 1 is stale: since then the configuration and the steps before the node "
            "changed. Run the node, or execute with on_stale 'run' or 'reuse'."
        )
        assert client.get(problem["links"]["job"]).json()["run_number"] == 1

    def test_without_a_result_there_is_nothing_to_reuse_and_nothing_to_compare(
        self, client: httpx.Client, pipeline: str
    ) -> None:
        asked = {"pipeline_id": pipeline}
        assert_problem(client.post(EXECUTE, json={**asked, "on_stale": "reuse"}), 404, "nothing_to_reuse")
        assert_problem(client.post(EXECUTE, json={**asked, "on_stale": "fail"}), 409, "no_result")
        assert n_jobs(client) == 0

    def test_of_several_results_the_newest_is_reused(
        self, client: httpx.Client, store: Store, tuned: str
    ) -> None:
        edited(client, tuned, CHANGES["configuration"][0])
        second = executed(client, tuned)
        store.finish(second["job_id"], (1, 1.2, "search", {"alpha": 0.7}))
        edited(client, tuned, CHANGES["upstream step"][0])
        assert executed(client, tuned, on_stale="reuse")["job_id"] == second["job_id"]

    def test_the_first_result_holds_again_when_the_change_is_taken_back(
        self, client: httpx.Client, store: Store, tuned: str
    ) -> None:
        first = executed(client, tuned)["job_id"]
        edited(client, tuned, CHANGES["configuration"][0])
        store.finish(executed(client, tuned)["job_id"], (1, 1.2, "search", {"alpha": 0.7}))
        edited(client, tuned, lambda graph: config_of(graph, "tune")["budget"].update(max_trials=5))
        assert executed(client, tuned)["job_id"] == first


class TestRun:
    def test_a_run_is_submitted_and_the_same_one_is_joined(self, client: httpx.Client, pipeline: str) -> None:
        first, second = executed(client, pipeline), executed(client, pipeline)
        assert (first["state"], second["state"]) == ("submitted", "joined")
        assert first["job_id"] == second["job_id"]
        assert (first["job"]["status"], first["outputs"]) == ("queued", None)
        assert n_jobs(client) == 1

    def test_two_who_ask_at_once_get_one_job(
        self, sqlite_settings: Settings, graph: Graph, folder: Path
    ) -> None:
        settings = sqlite_settings.model_copy(update={"data_roots": (str(folder),)})

        async def both() -> list[Any]:
            async with open_services(settings) as services:
                asked = ExecuteRequest(graph=graph)
                return await asyncio.gather(*(execute(services, Principal(), asked) for _ in range(4)))

        found = asyncio.run(both())
        assert sorted(item.state for item in found) == ["joined", "joined", "joined", "submitted"]
        assert len({item.job.id for item in found}) == 1

    def test_the_same_run_of_another_pipeline_is_not_joined(
        self, client: httpx.Client, pipeline: str, graph: Graph
    ) -> None:
        copy = client.post("/pipelines", json={"graph": graph}).json()["id"]
        jobs = {executed(client, each)["job_id"] for each in (pipeline, copy)}
        assert len(jobs) == 2

    def test_a_run_that_is_being_cancelled_is_not_joined(
        self, client: httpx.Client, store: Store, pipeline: str
    ) -> None:
        job_id = executed(client, pipeline)["job_id"]
        store(lambda db: factories.claim(db, job_id))
        client.post(f"{JOBS}/{job_id}/cancel")
        problem = assert_problem(client.post(EXECUTE, json={"pipeline_id": pipeline}), 409, "already_running")
        assert client.get(problem["links"]["job"]).json()["status"] == "cancelling"

    def test_a_run_that_is_only_stored_is_not_joined(
        self, client: httpx.Client, store: Store, pipeline: str, folder: Path
    ) -> None:
        async def stored(db: Any) -> str:
            async with open_services(
                store.settings.model_copy(update={"data_roots": (str(folder),)})
            ) as services:
                asked = ExecuteRequest(pipeline_id=pipeline)
                prepared = await run_hook.prepare(services, Principal(), asked, "run")
            held = replace(prepared.submission, held=True)
            return str((await db.run(lambda session: service.submit(session, held))).id)

        held = store(stored)
        found = executed(client, pipeline)
        assert found["state"] == "submitted"
        assert found["job_id"] != held

    def test_another_run_of_the_node_in_work_is_a_conflict(self, client: httpx.Client, pipeline: str) -> None:
        executed(client, pipeline)
        edited(client, pipeline, CHANGES["configuration"][0])
        assert_problem(client.post(EXECUTE, json={"pipeline_id": pipeline}), 409, "already_running")

    def test_a_run_id_makes_it_idempotent(self, client: httpx.Client, store: Store, pipeline: str) -> None:
        first = executed(client, pipeline, run_id="once")
        client.post(f"{JOBS}/{first['job_id']}/cancel")
        again = executed(client, pipeline, run_id="once")
        assert (again["state"], again["job_id"]) == ("joined", first["job_id"])

    def test_a_failed_run_is_no_result(self, client: httpx.Client, pipeline: str) -> None:
        first = executed(client, pipeline)
        client.post(f"{JOBS}/{first['job_id']}/cancel")
        again = executed(client, pipeline)
        assert again["state"] == "submitted"
        assert again["job_id"] != first["job_id"]

    def test_the_worker_finds_it(self, client: httpx.Client, store: Store, pipeline: str) -> None:
        job_id = executed(client, pipeline)["job_id"]
        assert store(lambda db: db.run(lambda session: claims.claim(session, job_id, "w"))) is not None


class TestRefusals:
    def test_what_cannot_run_is_refused_with_its_findings(
        self, client: httpx.Client, tuned: str, folder: Path
    ) -> None:
        (folder / "houses.csv").unlink()
        answer = client.post(EXECUTE, json={"pipeline_id": tuned, "on_stale": "reuse"})
        assert answer.status_code == 422
        assert answer.json()["findings"][0]["pointer"] == "/nodes/0/data/config"

    def test_other_kinds_are_not_executed_here(self, client: httpx.Client, tuned: str) -> None:
        answer = client.post("/nodes/model/execute", json={"pipeline_id": tuned})
        assert_problem(answer, 404, "not_executed")

    def test_an_unknown_word_for_stale_is_refused(self, client: httpx.Client, tuned: str) -> None:
        answer = client.post(EXECUTE, json={"pipeline_id": tuned, "on_stale": "guess"})
        assert answer.status_code == 422
        assert answer.json()["pointer"] == "/on_stale"


class TestCanvas:
    def test_an_edge_from_the_report_is_accepted_where_a_report_goes_in(self, graph: Graph) -> None:
        kinds = {
            **node_kinds(),
            "sink": NodeKindSpec(
                "sink",
                "Sink",
                "row_wise",
                inputs=(
                    PortSpec("report", "Report", "report"),
                    PortSpec("table", "Table", "table"),
                ),
            ),
        }
        graph["nodes"].append(node("sink", "sink"))

        def codes(port: str) -> list[str]:
            drawn = {**graph, "edges": [*graph["edges"], edge("tune", "sink", "report", port)]}
            parsed = parse_graph(json.loads(json.dumps(drawn)), 1_000_000)
            return [finding.code for finding in check_graph(parsed, kinds) if finding.severity == "error"]

        assert codes("report") == []
        assert codes("table") == ["port_mismatch"]
