"""What a panel asks with every change: the form narrowed to the graph, and the work ahead."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import httpx
import jsonschema
import pytest

from hyperparameter_tuning import node
from hyperparameter_tuning.node import examples, panel_examples, resolving
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.panel_documents import EstimateAnswer, ResolutionAnswer
from hyperparameter_tuning.node.services import open_services
from hyperparameter_tuning.registry.descriptor import tuning_descriptor
from hyperparameter_tuning.registry.schema_export import export_schema
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import edge
from tests.acceptance.graphs import node as drawn
from tests.jobs import factories
from tests.node.conftest import DIABETES, JOBS, Store, answering
from tests.node.test_bad_input import assert_problem

NODE = "/nodes/hyperparameter_tuning"
PLAIN = {"dataset": DIABETES, "model": {"type": "ridge_regression"}, "target": "target"}
Json = dict[str, Any]


def asked(client: httpx.Client, what: str, **body: Any) -> Json:
    answer = client.post(f"{NODE}/{what}", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["HPT-Contract-Version"] == answer.json()["contract_version"]
    document: Json = answer.json()
    return document


def codes(document: Json) -> list[str]:
    return [finding["code"] for finding in document["findings"]]


def with_second_model(graph: Json, model: str, **params: Any) -> Json:
    second = deepcopy(graph)
    second["nodes"].append(drawn("another", "model", model=model, params=params))
    second["edges"] += [edge("data", "another"), edge("tune", "another", "best_params", "params")]
    return second


class TestResolve:
    def test_it_is_the_same_for_every_form_of_a_graph(
        self, client: httpx.Client, pipeline: str, graph: Json
    ) -> None:
        plain = PLAIN | {"model": {"type": "ridge_regression", "params": {"alpha": 2.0}}}
        stored, inline = asked(client, "resolve", pipeline_id=pipeline), asked(client, "resolve", graph=graph)
        assert stored == inline
        assert asked(client, "resolve", graph={"ref": pipeline, "revision": 1}) == inline
        form = asked(client, "resolve", graph=plain)
        assert (
            form["config_schema"]["properties"]["search_space"]
            == inline["config_schema"]["properties"]["search_space"]
        )
        assert form["suggested_search_space"] == inline["suggested_search_space"]

    def test_its_answer_keeps_the_published_schema(self, client: httpx.Client, graph: Json) -> None:
        for body in ({}, {"graph": graph}, {"graph": graph, "config": {"budget": {"max_trials": 0}}}):
            jsonschema.validate(asked(client, "resolve", **body), export_schema("resolution", "2020-12"))

    def test_the_model_node_is_named_as_people_call_it(self, client: httpx.Client, graph: Json) -> None:
        graph["nodes"][-1]["data"]["label"] = "My ridge"
        found = asked(client, "resolve", graph=graph)
        assert found["model"]["nodes"] == [
            {"node_id": "model", "label": "My ridge", "params": {"alpha": 2.0}}
        ]
        assert "My ridge" in found["config_schema"]["properties"]["model"]["description"]

    def test_a_configuration_that_was_sent_goes_before_the_saved_one(
        self, client: httpx.Client, graph: Json
    ) -> None:
        graph["nodes"][-2]["data"]["config"] = {"strategy": {"name": "grid"}}
        saved = asked(client, "resolve", graph=graph)
        assert saved["suggested_search_space"] == saved["suggested"]["trimmed"]
        sent = asked(client, "resolve", graph=graph, config={})
        assert sent["suggested_search_space"] == sent["suggested"]["full"]

    def test_drag_connect_run_searches_what_was_suggested(self, client: httpx.Client, pipeline: str) -> None:
        suggested = asked(client, "resolve", pipeline_id=pipeline)["suggested_search_space"]
        stored = client.post(JOBS, json={"pipeline_id": pipeline}).json()["config"]["search_space"]
        assert [
            {name: whole[name] for name in row} for row, whole in zip(suggested, stored, strict=True)
        ] == suggested

    def test_the_descriptor_works_without_it_and_says_that_it_is_there(self, client: httpx.Client) -> None:
        descriptor = client.get(NODE).json()
        assert descriptor["capabilities"]["resolve"] is True
        assert descriptor["capabilities"]["estimate"] is True
        assert client.get("/nodes/scale").json()["capabilities"]["resolve"] is False
        found = asked(client, "resolve")
        assert found["config_schema"] == tuning_descriptor()["config_schema"]
        assert found["default_config"] == tuning_descriptor()["default_config"]

    @pytest.mark.parametrize("what", ["resolve", "estimate"])
    def test_bad_questions_are_refused_in_a_sentence(
        self, client: httpx.Client, graph: Json, what: str
    ) -> None:
        assert_problem(client.post(f"/nodes/scale/{what}", json={}), 404, f"not_{what}d")
        assert_problem(client.post(f"/nodes/nothing/{what}", json={}), 404, "unknown_node_type")
        assert_problem(client.post(f"{NODE}/{what}", json={"graph": {"a": 1}}), 422, "unknown_graph_form")
        assert_problem(client.post(f"{NODE}/{what}", json={"pipeline_id": "gone"}), 404, "not_found")
        stale = {"graph": graph, "node_id": "nowhere"}
        assert_problem(client.post(f"{NODE}/{what}", json=stale), 422, "unknown_node")
        assert_problem(client.post(f"{NODE}/{what}", json={"confg": {}}), 422, "unknown_field")


class TestChecklist:
    @pytest.mark.parametrize("what", ["resolve", "estimate", "validate"])
    def test_a_freshly_dropped_node_has_a_checklist_and_nothing_red(
        self, client: httpx.Client, what: str
    ) -> None:
        alone = {"nodes": [drawn("tune", "hyperparameter_tuning")], "edges": []}
        found = asked(client, what, graph=alone)
        assert {finding["severity"] for finding in found["findings"]} == {"todo"}
        assert sorted(codes(found)) == ["choose_model", "choose_target", "connect_dataset"]
        assert found["runnable"] is False

    def test_each_step_takes_one_item_off(self, client: httpx.Client, graph: Json) -> None:
        graph["nodes"][0]["data"]["config"] = {"source": "sample", "name": "diabetes"}
        graph["edges"] = [item for item in graph["edges"] if item["target"] != "model"]
        assert codes(asked(client, "resolve", graph=graph)) == ["choose_model"]
        graph["edges"].append(edge("tune", "model", "best_params", "params"))
        assert asked(client, "resolve", graph=graph)["runnable"] is True


class TestTargets:
    def test_two_models_of_one_type_are_both_fed(self, client: httpx.Client, graph: Json) -> None:
        both = with_second_model(graph, "ridge_regression", alpha=7.0)
        found = asked(client, "resolve", graph=both)
        assert [item["node_id"] for item in found["model"]["nodes"]] == ["another", "model"]
        assert found["runnable"] is True
        # Both nodes' parameters and the library's defaults are scored beside the candidates.
        assert asked(client, "estimate", graph=both)["references"] == 3

    def test_two_types_are_refused_naming_both(self, client: httpx.Client, graph: Json) -> None:
        two = with_second_model(graph, "lasso")
        for what in ("resolve", "estimate", "validate"):
            found = asked(client, what, graph=two)
            (finding,) = [item for item in found["findings"] if item["code"] == "models_differ"]
            assert (finding["severity"], finding["source"]) == ("error", "graph")
            for name in ("'another'", "lasso", "'model'", "ridge_regression"):
                assert name in finding["message"]
            assert found["runnable"] is False
        refused = client.post(JOBS, json={"graph": two})
        assert_problem(refused, 422, "models_differ")

    def test_another_path_of_the_data_is_a_warning_on_a_canvas(
        self, client: httpx.Client, graph: Json
    ) -> None:
        graph["nodes"].append(drawn("scale", "scale", method="standard"))
        graph["edges"] = [
            item for item in graph["edges"] if (item["source"], item["target"]) != ("data", "model")
        ]
        graph["edges"] += [edge("data", "scale"), edge("scale", "model")]
        found = asked(client, "resolve", graph=graph)
        assert codes(found) == ["path_differs"]
        assert found["runnable"] is True

    def test_and_in_the_plain_form(self, client: httpx.Client) -> None:
        targets = [{"node_id": "m", "path_differs": True}]
        found = asked(client, "resolve", graph=PLAIN | {"node_id": "tune", "targets": targets})
        assert codes(found) == ["path_differs"]


class TestChangedModel:
    def test_rows_of_the_model_before_can_be_replaced_by_the_suggested_ones(
        self, client: httpx.Client, graph: Json
    ) -> None:
        row = {"kind": "int", "name": "max_depth", "low": 2, "high": 6}
        graph["nodes"][-2]["data"]["config"] = {"search_space": [row]}
        found = asked(client, "resolve", graph=graph)
        (finding,) = found["findings"]
        assert finding["message"].startswith("'max_depth' is not in Ridge")
        assert finding["fix"]["title"] == "Remove this row"
        jsonschema.validate(found["config"], found["config_schema"])
        (operation,) = finding["alternatives"][0]["patch"]
        mended = found["config"] | {operation["path"][1:]: operation["value"]}
        assert asked(client, "resolve", graph=graph, config=mended)["runnable"] is True


class TestKept:
    def test_an_answer_is_made_once_until_something_changes(
        self, client: httpx.Client, pipeline: str, graph: Json, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[Any] = []
        original = resolving.resolution.resolve
        monkeypatch.setattr(
            resolving.resolution,
            "resolve",
            lambda *args, **more: (made.append(1), original(*args, **more))[1],
        )
        first = asked(client, "resolve", pipeline_id=pipeline)
        assert asked(client, "resolve", pipeline_id=pipeline) == first
        assert len(made) == 1
        graph["nodes"][-1]["data"]["config"]["params"] = {"alpha": 3.0}
        client.put(f"/pipelines/{pipeline}", json={"graph": graph}, headers={"If-Match": '"1"'})
        changed = asked(client, "resolve", pipeline_id=pipeline)
        assert changed["model"]["nodes"][0]["params"] == {"alpha": 3.0}
        assert len(made) == 2

    def test_changed_data_give_another_answer(self, sqlite_settings: Settings) -> None:
        root = sqlite_settings.data_dir / "tables"
        root.mkdir()
        table = root / "t.csv"
        settings = sqlite_settings.model_copy(update={"data_roots": (str(root),)})
        plain = PLAIN | {"dataset": {"source": "file", "path": "t.csv"}, "target": "y"}
        with answering(create_app(settings)) as client:
            table.write_text("a,y\n" + "".join(f"{index},{index * 2.5}\n" for index in range(40)))
            first = asked(client, "resolve", graph=plain)
            table.write_text("b,y\n" + "".join(f"{index},{index * 3.5}\n" for index in range(50)))
            assert [item["value"] for item in first["targets"]] == ["a", "y"]
            again = asked(client, "resolve", graph=plain)
        assert [item["value"] for item in again["targets"]] == ["b", "y"]


class TestEstimate:
    def test_it_counts_what_a_job_then_plans(self, client: httpx.Client, pipeline: str) -> None:
        config = {"strategy": {"name": "halving"}}
        found = asked(client, "estimate", pipeline_id=pipeline, config=config)
        assert found["rungs"][0]["rung"] == 0
        assert found["trials"] == found["candidates"] + found["references"]
        job = client.post(JOBS, json={"pipeline_id": pipeline, "config": config}).json()
        assert job["progress"]["planned"] == found["trials"]

    def test_its_answer_keeps_the_published_schema(self, client: httpx.Client, graph: Json) -> None:
        for body in ({}, {"graph": graph}, {"graph": graph, "config": {"budget": {"max_trials": 0}}}):
            jsonschema.validate(asked(client, "estimate", **body), export_schema("estimate", "2020-12"))

    def test_without_anything_to_go_by_the_time_is_open_and_said_so(
        self, client: httpx.Client, pipeline: str
    ) -> None:
        found = asked(client, "estimate", pipeline_id=pipeline)
        assert (found["fits"], found["basis"], found["refit"], found["folds"]) == (160, "exact", 1, 5)
        assert (found["seconds"], found["time_basis"]) == (None, None)
        assert found["reasons"][-1].startswith("How long a fit takes is known once")
        assert found["limits"]["max_seconds"]["asked"] == 600

    def test_the_first_fold_of_a_running_job_tells_the_time(
        self, client: httpx.Client, pipeline: str, store: Store
    ) -> None:
        job_id = client.post(
            JOBS, json={"pipeline_id": pipeline, "config": {"execution": {"n_jobs": 1}}}
        ).json()["id"]

        async def first_fold(db: Any) -> None:
            job = await factories.claim(db, job_id)
            await factories.told(
                db, job, factories.started(0, "baseline"), factories.unit(0, fit_seconds=0.5)
            )

        store(first_fold)
        config = {"execution": {"n_jobs": 1}}
        found = asked(client, "estimate", pipeline_id=pipeline, config=config)
        assert found["time_basis"] == "running_job"
        assert found["seconds"]["likely"] == pytest.approx(0.501 * 161, abs=0.02)
        named = asked(client, "estimate", graph=PLAIN, config=config, job_id=job_id)
        assert named["time_basis"] == "running_job"
        short = asked(
            client, "estimate", pipeline_id=pipeline, config=config | {"budget": {"max_seconds": 10}}
        )
        assert short["time_basis"] == "time_limit"
        assert short["reasons"] == ["The time limit of 10 s ends the search first."]

    def test_earlier_jobs_on_the_same_data_tell_the_time(
        self, client: httpx.Client, pipeline: str, store: Store
    ) -> None:
        job = client.post(JOBS, json={"pipeline_id": pipeline}).json()
        store.succeeded(
            model_type="ridge_regression",
            data_summary={"rows": 442, "columns": [], "fingerprint": job["fingerprints"]["data"]},
        )
        found = asked(client, "estimate", graph=PLAIN)
        assert found["time_basis"] == "earlier_jobs"
        assert found["seconds"]["low"] <= found["seconds"]["likely"] <= found["seconds"]["high"]
        other_model = asked(client, "estimate", graph=PLAIN | {"model": {"type": "lasso"}})
        assert other_model["seconds"] is None

    def test_another_owners_job_is_not_there(self, client: httpx.Client, store: Store) -> None:
        job = store.succeeded(owner=Principal("somebody"))
        assert_problem(client.post(f"{NODE}/estimate", json={"job_id": job.id}), 404, "not_found")

    def test_a_configuration_that_cannot_be_read_counts_nothing(
        self, client: httpx.Client, graph: Json
    ) -> None:
        found = asked(client, "estimate", graph=graph, config={"budget": {"max_trials": 0}})
        assert (found["candidates"], found["fits"], found["basis"]) == (None, None, None)
        assert found["findings"][0]["pointer"] == "/budget/max_trials"
        assert found["reasons"] == ["The configuration has errors: nothing can be counted."]


class TestSpeed:
    @pytest.mark.parametrize("what", ["resolve", "estimate"])
    def test_once_warm_an_answer_takes_at_most_three_times_that_of_the_descriptor(
        self, client: httpx.Client, pipeline: str, graph: Json, what: str
    ) -> None:
        bodies = [{"pipeline_id": pipeline}, {"graph": graph}]
        ratios = []
        for _ in range(ATTEMPTS):
            descriptor, stored, inline = alternating(
                lambda: client.get(NODE),
                *(lambda body=body: client.post(f"{NODE}/{what}", json=body) for body in bodies),
            )
            ratios.append(max(stored, inline) / descriptor)
            if ratios[-1] <= 3.0:
                return
        pytest.fail(f"{what} took {ratios} times as long as the descriptor")


ATTEMPTS = 3
"""Others may use the machine: one quiet moment shows what the code can do."""


def alternating(*calls: Callable[[], httpx.Response]) -> list[float]:
    """Return the median seconds of each call, made in turns."""
    seconds: list[list[float]] = [[] for _ in calls]
    for _ in range(25):
        for call, taken in zip(calls, seconds, strict=True):
            begin = time.perf_counter()
            assert call().status_code == 200
            taken.append(time.perf_counter() - begin)
    return [statistics.median(taken[5:]) for taken in seconds]


class TestHooks:
    async def test_both_are_python_functions_alike(self, sqlite_settings: Settings, graph: Json) -> None:
        from hyperparameter_tuning.node.panel_documents import EstimateRequest, PanelRequest

        async with open_services(sqlite_settings) as services:
            resolved = await node.resolve(services, Principal(), PanelRequest(graph=graph))
            estimated = await node.estimate(services, Principal(), EstimateRequest(graph=graph))
            for number in range(80):
                request = EstimateRequest(graph=graph, config={"execution": {"seed": number}})
                await node.estimate(services, Principal(), request)
            assert len(services.estimates) == 64
        assert resolved.model is not None
        assert resolved.model.key == "ridge_regression"
        assert estimated.fits == 160


class TestExamples:
    def test_the_examples_are_what_is_answered(self) -> None:
        assert ResolutionAnswer.model_validate(panel_examples.RESOLUTION).runnable
        assert EstimateAnswer.model_validate(panel_examples.ESTIMATE).trials == 32
        assert examples.VALIDATION["runnable"] is False
