"""What an editor asks before anything runs: node kinds, schemas, hyperparameters, findings."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest

from hyperparameter_tuning.registry.descriptor import tuning_descriptor
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.schema_export import export_schema
from tests.acceptance.graphs import tuning_graph
from tests.node.conftest import DIABETES
from tests.node.test_bad_input import assert_problem

NODE = "/nodes/hyperparameter_tuning"


class TestDescriptor:
    def test_the_palette_has_every_kind_in_its_order(self, client: httpx.Client) -> None:
        items = client.get("/nodes").json()["items"]
        assert [item["type"] for item in items] == list(node_kinds())

    def test_the_descriptor_is_the_registrys(self, client: httpx.Client) -> None:
        found = client.get(NODE).json()
        assert found.pop("contract_version")
        assert found == tuning_descriptor()

    def test_who_has_it_already_gets_no_body(self, client: httpx.Client) -> None:
        first = client.get(NODE)
        tag = first.headers["ETag"]
        assert tag == f'"{first.json()["schema_hash"]}"'
        again = client.get(NODE, headers={"If-None-Match": f'"other", W/{tag}'})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(NODE, headers={"If-None-Match": '"other"'}).status_code == 200

    @pytest.mark.parametrize(
        ("dialect", "validator"),
        [("draft-07", jsonschema.Draft7Validator), ("2020-12", jsonschema.Draft202012Validator)],
    )
    def test_a_dialect_gives_the_configuration_schema_for_standalone_use(
        self, client: httpx.Client, dialect: str, validator: Any
    ) -> None:
        answer = client.get(NODE, params={"dialect": dialect})
        schema = answer.json()
        validator.check_schema(schema)
        assert schema["$schema"] == validator.META_SCHEMA["$schema"]
        validator(schema).validate(client.get(NODE).json()["default_config"])
        assert answer.headers["ETag"] != client.get(NODE).headers["ETag"]

    def test_an_unknown_dialect_is_refused(self, client: httpx.Client) -> None:
        assert_problem(client.get(NODE, params={"dialect": "draft-04"}), 422, "invalid_value")


class TestValidate:
    def test_a_freshly_dropped_node_has_a_checklist_and_no_error(self, client: httpx.Client) -> None:
        found = client.post(f"{NODE}/validate", json={}).json()
        assert not found["runnable"]
        assert {finding["severity"] for finding in found["findings"]} == {"todo"}

    def test_its_answer_keeps_the_published_schema(self, client: httpx.Client, graph: dict[str, Any]) -> None:
        found = client.post(
            f"{NODE}/validate", json={"graph": graph, "config": {"budget": {"max_trials": 0}}}
        )
        jsonschema.validate(found.json(), export_schema("validation", "2020-12"))

    def test_a_good_configuration_is_runnable_and_comes_back_complete(
        self, client: httpx.Client, graph: dict[str, Any]
    ) -> None:
        found = client.post(
            f"{NODE}/validate", json={"graph": graph, "config": {"strategy": "random"}}
        ).json()
        assert found["runnable"], found["findings"]
        assert found["config"]["strategy"]["name"] == "random"
        assert found["config"]["search_space"]

    def test_a_finding_of_the_graph_says_so(self, client: httpx.Client, graph: dict[str, Any]) -> None:
        graph["nodes"][0]["data"]["config"] = {"source": "file", "path": "nowhere.csv", "target": "y"}
        found = client.post(f"{NODE}/validate", json={"graph": graph}).json()
        first = found["findings"][0]
        assert (first["source"], first["pointer"], first["code"]) == (
            "graph",
            "/nodes/0/data/config",
            "dataset_missing",
        )

    def test_a_half_drawn_branch_elsewhere_stops_nobody(
        self, client: httpx.Client, graph: dict[str, Any]
    ) -> None:
        graph["nodes"].append(
            {"id": "lone", "type": "scale", "position": {"x": 0, "y": 0}, "data": {"config": {}}}
        )
        graph["edges"].append({"id": "x", "source": "gone", "target": "lone", "targetHandle": "dataset"})
        assert client.post(f"{NODE}/validate", json={"graph": graph}).json()["runnable"]

    def test_a_stored_pipeline_is_named_by_its_id(self, client: httpx.Client, pipeline: str) -> None:
        assert client.post(f"{NODE}/validate", json={"pipeline_id": pipeline}).json()["runnable"]

    def test_the_plain_form_needs_no_canvas(self, client: httpx.Client) -> None:
        plain = {"dataset": DIABETES, "model": {"type": "ridge_regression"}, "target": "target"}
        assert client.post(f"{NODE}/validate", json={"graph": plain}).json()["runnable"]

    def test_test_rows_are_refused_once_and_in_one_sentence_in_either_form(
        self, client: httpx.Client
    ) -> None:
        canvas = tuning_graph(DIABETES, "ridge_regression", steps=(("split", {}),))
        edge = next(edge for edge in canvas["edges"] if edge["target"] == "tune")
        edge["sourceHandle"] = "test"
        label = next(node["data"]["label"] for node in canvas["nodes"] if node["id"] == "tune")
        step = {"kind": "split", "config": {}, "output": "test"}
        model = {"type": "ridge_regression"}
        plain = {"dataset": DIABETES, "steps": [step], "model": model, "node_id": label}
        found = [
            [item for item in answer["findings"] if item["code"] == "test_rows_in_search"]
            for answer in (
                client.post(f"{NODE}/validate", json={"graph": form}).json() for form in (canvas, plain)
            )
        ]
        ((drawn,), (said,)) = found
        assert drawn["message"] == said["message"]
        assert (drawn["source"], drawn["pointer"]) == (
            "graph",
            f"/edges/{canvas['edges'].index(edge)}",
        )
        assert (said["source"], said["pointer"]) == ("graph", "/steps/0/output")

    def test_the_same_rows_at_both_ports_are_told_once_in_either_form(self, client: httpx.Client) -> None:
        canvas = tuning_graph(DIABETES, "ridge_regression", steps=(("split", {}),))
        edge = next(edge for edge in canvas["edges"] if edge["target"] == "tune")
        canvas["edges"].append({**edge, "id": "again", "targetHandle": "validation"})
        steps = [{"kind": "split", "config": {}, "output": "train"}]
        model = {"type": "ridge_regression"}
        plain = {"dataset": DIABETES, "steps": steps, "validation": {"steps": steps}, "model": model}
        for form, pointer in ((canvas, f"/edges/{len(canvas['edges']) - 1}"), (plain, "/validation")):
            answer = client.post(f"{NODE}/validate", json={"graph": form}).json()
            assert answer["runnable"] is True
            (told,) = [item for item in answer["findings"] if item["code"] == "same_rows_at_both_ports"]
            assert (told["source"], told["pointer"], told["severity"]) == ("graph", pointer, "warning")

    def test_an_output_that_a_splitter_has_not_is_told_once(self, client: httpx.Client) -> None:
        steps = [{"kind": "split", "config": {}, "output": "trian"}]
        plain = {"dataset": DIABETES, "steps": steps, "model": {"type": "ridge_regression"}}
        answer = client.post(f"{NODE}/validate", json={"graph": plain}).json()
        (told,) = answer["findings"]
        assert (told["code"], told["pointer"]) == ("unknown_output", "/steps/0/output")
        assert told["message"].endswith("Did you mean 'train'?")

    def test_other_kinds_are_not_judged_here(self, client: httpx.Client) -> None:
        assert_problem(client.post("/nodes/scale/validate", json={}), 404, "not_judged")


class TestModels:
    def test_a_model_shows_fields_defaults_and_both_suggested_spaces(self, client: httpx.Client) -> None:
        found = client.get("/model-hyperparameters/ridge_regression").json()
        assert found["problem_type"] == "regression"
        names = [field["name"] for field in found["fields"]]
        assert "alpha" in names
        assert found["defaults"]["alpha"] == 1.0
        assert found["suggested"]["full"]
        assert found["suggested"]["trimmed"]

    def test_a_name_for_two_models_needs_the_problem(self, client: httpx.Client) -> None:
        path = "/model-hyperparameters/random_forest"
        assert_problem(client.get(path), 404, "ambiguous_model")
        found = client.get(path, params={"problem_type": "regression"}).json()
        assert found["model_type"] == "random_forest_regressor"


class TestHealth:
    def test_the_process_answers(self, client: httpx.Client) -> None:
        assert client.get("/healthz").json()["status"] == "ok"

    def test_it_is_not_ready_without_a_keeper_and_says_what_to_do(self, client: httpx.Client) -> None:
        answer = client.get("/readyz")
        assert answer.status_code == 503
        found = answer.json()
        assert found["status"] == "not_ready"
        assert found["checks"]["database"]["ok"]
        assert found["checks"]["broker"]["ok"]
        assert "tuning-node keeper" in found["checks"]["keeper"]["message"]
