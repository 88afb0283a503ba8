"""The contract as a document: every operation described, every example true, every answer versioned."""

from __future__ import annotations

import json
import math
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from hyperparameter_tuning.node import (
    execution_documents,
    job_documents,
    job_requests,
    pipeline_documents,
    problems,
    report_documents,
)
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.contract import CONTRACT_VERSION, ContractResponse, finite

OPENAPI = create_app().openapi()
ALL = [operation for path in OPENAPI["paths"].values() for operation in path.values()]
OPERATIONS = {operation["operationId"]: operation for operation in ALL}
# What editors generate code from; a name here never changes.
NAMES = {
    "apply_job", "cancel_job", "create_pipeline", "delete_job", "delete_pipeline", "describe_job",
    "download_artifact",
    "export_json_patch",
    "execute_node",
    "follow_job_events", "get_best_params", "get_health", "get_job", "get_model_hyperparameters",
    "get_node", "get_pipeline", "get_readiness", "get_report", "list_jobs", "list_nodes", "list_pipelines",
    "list_trials", "preview_apply", "resume_job", "revert_job", "save_pipeline", "start_job", "stop_job",
    "submit_job", "validate_node",
}  # fmt: skip
DOCUMENTS = sorted(
    {
        item
        for module in (
            execution_documents,
            job_documents,
            job_requests,
            pipeline_documents,
            problems,
            report_documents,
        )
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, BaseModel) and "json_schema_extra" in item.model_config
    },
    key=lambda item: item.__name__,
)


def schema_of(content: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = content["schema"]
    for part in schema.get("anyOf", []):
        schema = part if "$ref" in part else schema
    if "$ref" in schema:
        found: dict[str, Any] = OPENAPI["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    return schema


class TestOpenApi:
    def test_the_operations_keep_their_names(self) -> None:
        assert set(OPERATIONS) >= NAMES
        assert len(OPERATIONS) == len(ALL)

    @pytest.mark.parametrize("name", sorted(OPERATIONS))
    def test_an_operation_says_what_it_does_and_what_can_go_wrong(self, name: str) -> None:
        operation = OPERATIONS[name]
        assert operation["summary"]
        assert operation["description"]
        failures = {status: answer for status, answer in operation["responses"].items() if int(status) >= 400}
        assert "500" in failures
        assert ("401" in failures) != (name in ("get_health", "get_readiness"))
        assert "HTTPValidationError" not in json.dumps(operation)
        for status, answer in failures.items():
            assert answer["description"]
            assert "application/problem+json" in answer["content"] or (name, status) == (
                "get_readiness",
                "503",
            )

    @pytest.mark.parametrize("name", sorted(OPERATIONS))
    def test_an_operation_shows_an_example_of_what_it_takes_and_gives(self, name: str) -> None:
        operation = OPERATIONS[name]
        if "requestBody" in operation:
            assert schema_of(operation["requestBody"]["content"]["application/json"])["examples"]
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json")
            if int(status) < 300 and content is not None:
                assert schema_of(content)["examples"]

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda item: item.__name__)
    def test_every_example_is_of_its_document(self, document: type[BaseModel]) -> None:
        for example in document.model_config["json_schema_extra"]["examples"]:  # type: ignore[index,call-overload]
            document.model_validate(example)


class TestAnswers:
    @pytest.mark.parametrize(
        "path", ["/nodes", "/healthz", "/hyperparameter-tuning-jobs", "/pipelines", "/nowhere"]
    )
    def test_every_answer_says_its_version(self, client: httpx.Client, path: str) -> None:
        answer = client.get(path)
        assert answer.headers["HPT-Contract-Version"] == CONTRACT_VERSION
        assert answer.json()["contract_version"] == CONTRACT_VERSION

    def test_no_answer_has_a_number_that_json_lacks(self) -> None:
        document = {"a": math.nan, "b": [math.inf, {"c": -math.inf}], "d": 1.5}
        assert finite(document) == {"a": None, "b": [None, {"c": None}], "d": 1.5}
        assert json.loads(ContractResponse(document).body)["b"] == [None, {"c": None}]

    def test_what_goes_wrong_on_our_side_is_logged_and_not_told(
        self, client: httpx.Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def broken(**_: Any) -> Any:
            raise KeyError("secret-inner-name")

        monkeypatch.setattr("hyperparameter_tuning.registry.descriptor.catalogue", broken)
        answer = client.get("/nodes")
        assert answer.status_code == 500
        problem = answer.json()
        assert (problem["code"], problem["status"]) == ("internal_error", 500)
        assert "secret-inner-name" not in answer.text
        assert problem["instance"] in caplog.text
        assert "secret-inner-name" in caplog.text
