"""The first contract's jobs afterwards: looked at, cancelled, best parameters; and what bad input gets."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.compat_documents import OldBestParams, OldJob, OldJobBatch, OldJobList
from hyperparameter_tuning.node.compat_requests import OldJobRequest
from tests.jobs import factories
from tests.node.compat_bodies import COMPAT, accepted, one_model
from tests.node.conftest import JOBS, Store


class TestLooking:
    def test_a_job_has_every_column_as_it_was_sent(self, client: httpx.Client) -> None:
        (made,) = accepted(client, one_model(target_node_id="model-9"))["jobs"]
        answer = client.get(f"{JOBS}/{made['id']}", params=COMPAT)
        job = answer.json()
        OldJob.model_validate(job)
        sent = one_model()
        for name in ("search_space", "n_iterations", "scoring", "random_state", "graph", "node_id"):
            assert job[name] == sent[name], name
        assert job["metadata"] == {"note": "mine", "target_node_id": "model-9"}
        assert (job["target_node_id"], job["progress"], job["error_message"]) == ("model-9", 0, None)

    def test_the_list_knows_the_callers_names(self, client: httpx.Client) -> None:
        first = accepted(client, one_model())["jobs"][0]["id"]
        second = accepted(client, one_model(pipeline_id="other", node_id="tune-2"))["jobs"][0]["id"]

        def listed(**query: Any) -> list[str]:
            page = client.get(JOBS, params={**COMPAT, **query}).json()
            OldJobList.model_validate(page)
            assert page["total"] == len(page["jobs"])
            return [job["id"] for job in page["jobs"]]

        assert listed() == [second, first]
        assert listed(pipeline_id="canvas-7") == [first]
        assert listed(node_id="tune-2") == [second]
        assert listed(dataset_source_id="breast_cancer") == [second, first]
        assert listed(dataset_source_id="iris") == []
        assert listed(limit=1) == [second]
        assert client.get(JOBS, params={**COMPAT, "limit": 101}).status_code == 422

    def test_a_finished_job_shows_its_result(self, client: httpx.Client, store: Store) -> None:
        done = store.succeeded()
        job = client.get(f"{JOBS}/{done.id}", params=COMPAT).json()
        assert (job["status"], job["progress"], job["current_step"]) == ("succeeded", 100, "Finished")
        assert (job["best_params"], job["best_score"]) == ({"max_depth": 7}, 0.9)
        assert [(row["rank"], row["mean_test_score"]) for row in job["results"]] == [(1, 0.9), (2, 0.5)]
        assert job["metrics"]["search"]["n_candidates"] == 2
        assert job["artifact_uri"] == f"{JOBS}/{done.id}/artifact"
        assert job["pipeline_id"] == done.graph_ref

    def test_an_unknown_job_is_404(self, client: httpx.Client) -> None:
        assert client.get(f"{JOBS}/nobody", params=COMPAT).status_code == 404
        assert client.post(f"{JOBS}/nobody/cancel", params=COMPAT).status_code == 404


class TestCancel:
    def test_a_waiting_job_is_cancelled(self, client: httpx.Client) -> None:
        (job,) = accepted(client, one_model())["jobs"]
        answer = client.post(f"{JOBS}/{job['id']}/cancel", params=COMPAT)
        assert answer.status_code == 202
        assert answer.json()["status"] == "cancelled"
        assert answer.json()["message"] == "The job was cancelled."

    def test_a_running_job_reads_as_cancelled_at_once(self, client: httpx.Client, store: Store) -> None:
        job = store(factories.claimed)
        answer = client.post(f"{JOBS}/{job.id}/cancel", params=COMPAT).json()
        assert (answer["status"], answer["current_step"]) == ("cancelled", "Ending the search")

    def test_an_ended_job_keeps_its_end_and_the_answer_says_so(
        self, client: httpx.Client, store: Store
    ) -> None:
        done = store.succeeded()
        answer = client.post(f"{JOBS}/{done.id}/cancel", params=COMPAT)
        assert answer.status_code == 202
        assert (answer.json()["status"], answer.json()["message"]) == (
            "succeeded",
            "The job has already succeeded.",
        )


class TestBestParams:
    PATH = "/hyperparameter-tuning/best-params/decision_tree_classifier"

    def test_the_best_score_in_the_old_shape(self, client: httpx.Client, store: Store) -> None:
        best = store.succeeded(best=0.9)
        store.succeeded(best=0.7)
        answer = client.get(self.PATH, params=COMPAT).json()
        OldBestParams.model_validate(answer)
        assert (answer["available"], answer["job_id"], answer["best_score"]) == (True, best.id, 0.9)
        assert answer["best_params"] == {"max_depth": 7}
        assert (answer["scoring"], answer["search_strategy"]) == ("accuracy", "random")
        assert client.get(self.PATH, params={**COMPAT, "pipeline_id": "none"}).json()["available"] is False

    def test_without_a_result_it_says_so(self, client: httpx.Client) -> None:
        answer = client.get(self.PATH, params=COMPAT).json()
        assert (answer["available"], answer["best_params"]) == (False, None)
        assert answer["message"].startswith("There is no finished tuning")

    def test_an_unknown_model_is_404(self, client: httpx.Client) -> None:
        assert client.get("/hyperparameter-tuning/best-params/forrest", params=COMPAT).status_code == 404


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "model": ({"model_types": ["logistic_regresion"]}, "/model_types", "'logistic_regression'"),
    "strategy": ({"search_strategy": "radnom"}, "/search_strategy", "'random'"),
    "scoring": ({"scoring": "acuracy"}, "/scoring", "'accuracy'"),
    "parameter": ({"search_space": {"CC": [1.0]}}, "/search_space", "CC"),
    "value": ({"search_space": {"C": [-1.0]}}, "/search_space", "C"),
    "space text": ({"search_space": "{C"}, "/search_space", "JSON"),
    "empty values": ({"search_space": {"C": []}}, "/search_space/C", "'C'"),
    "baseline": ({"baseline_hyperparameters": {"max_itr": 1}}, "/baseline_hyperparameters", "'max_iter'"),
    "folds": ({"cross_validation": {"enabled": True, "folds": 1}}, "/cross_validation/folds", "2 to 50"),
    "folds kind": (
        {"cross_validation": {"enabled": True, "strategy": "kfolds"}},
        "/cross_validation/strategy",
        "'kfold'",
    ),
    "target": ({"metadata": {"target_column": "targte"}}, "/metadata/target_column", "'target'"),
    "no model": ({"model_types": [" "]}, "/model_types", ""),
    "no iterations": ({"n_iterations": 0}, "/n_iterations", ""),
    "misspelt field": ({"n_iteration": 3}, "/n_iteration", "n_iteration"),
}


class TestBadInput:
    @pytest.mark.parametrize("case", BAD)
    def test_it_is_named_with_its_place_and_nothing_is_stored(self, client: httpx.Client, case: str) -> None:
        change, pointer, word = BAD[case]
        answer = client.post(JOBS, json=one_model(**change), params=COMPAT)
        assert answer.status_code == 422, answer.text
        problem = answer.json()
        assert problem["pointer"] == pointer, problem
        assert word in problem["detail"], problem
        assert client.get(JOBS, params=COMPAT).json()["total"] == 0

    def test_a_body_that_is_no_json_is_400(self, client: httpx.Client) -> None:
        answer = client.post(JOBS, content="{", params=COMPAT, headers={"Content-Type": "application/json"})
        assert answer.status_code == 400

    def test_what_is_wrong_with_a_body_of_today_is_still_said_of_it(self, client: httpx.Client) -> None:
        problem = client.post(JOBS, json={"grph": {}}).json()
        assert (problem["status"], problem["pointer"]) == (422, "/grph")


class TestOpenApi:
    def test_both_bodies_and_both_answers_are_described(self) -> None:
        document = create_app().openapi()
        submit = document["paths"][JOBS]["post"]
        bodies = str(submit["requestBody"]["content"]["application/json"]["schema"])
        assert "JobRequest" in bodies
        assert "OldJobRequest" in bodies
        assert "OldJobBatch" in str(submit["responses"]["202"])
        assert "compat" in [parameter["name"] for parameter in document["paths"][JOBS]["get"]["parameters"]]

    @pytest.mark.parametrize("model", [OldJobRequest, OldJob, OldJobBatch, OldJobList, OldBestParams])
    def test_every_example_is_of_its_document(self, model: Any) -> None:
        for example in model.model_config["json_schema_extra"]["examples"]:
            model.model_validate(example)
