"""Saving pipelines: nobody's work is lost, and nobody's is overwritten."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.node.conftest import JOBS
from tests.node.test_bad_input import assert_problem


class TestCreate:
    def test_it_is_revision_one_and_keeps_unknown_keys(
        self, client: httpx.Client, graph: dict[str, Any]
    ) -> None:
        graph["theme"] = {"dark": True}
        graph["nodes"][0]["measured"] = {"width": 3}
        answer = client.post("/pipelines", json={"name": "Mine", "graph": graph})
        stored = client.get(f"/pipelines/{answer.json()['id']}").json()
        assert (answer.headers["ETag"], stored["revision"], stored["name"]) == ('"1"', 1, "Mine")
        assert stored["graph"]["theme"] == {"dark": True}
        assert stored["graph"]["nodes"][0]["measured"] == {"width": 3}

    def test_an_id_may_be_chosen_once(self, client: httpx.Client, graph: dict[str, Any]) -> None:
        assert client.post("/pipelines", json={"id": "mine", "graph": graph}).json()["id"] == "mine"
        assert_problem(client.post("/pipelines", json={"id": "mine", "graph": graph}), 409, "id_taken")

    @pytest.mark.parametrize("bad", ["../x", "a b", "", ".hidden"])
    def test_an_id_is_a_plain_name(self, client: httpx.Client, graph: dict[str, Any], bad: str) -> None:
        assert_problem(client.post("/pipelines", json={"id": bad, "graph": graph}), 422, "invalid_value")


class TestRead:
    def test_who_has_the_revision_gets_no_body(self, client: httpx.Client, pipeline: str) -> None:
        path = f"/pipelines/{pipeline}"
        assert client.get(path, headers={"If-None-Match": '"1"'}).status_code == 304
        assert client.get(path, headers={"If-None-Match": '"2"'}).status_code == 200

    def test_the_list_has_no_graphs(self, client: httpx.Client, pipeline: str) -> None:
        (item,) = client.get("/pipelines").json()["items"]
        assert (item["id"], item["name"]) == (pipeline, "Diabetes")
        assert "graph" not in item


class TestSave:
    @pytest.mark.parametrize(
        ("headers", "status", "code"),
        [
            ({}, 428, "if_match_required"),
            ({"If-Match": '"7"'}, 412, "precondition_failed"),
            ({"If-Match": '"abc"'}, 412, "precondition_failed"),
        ],
    )
    def test_it_needs_the_revision_that_the_change_is_based_on(
        self,
        client: httpx.Client,
        pipeline: str,
        graph: dict[str, Any],
        headers: dict[str, str],
        status: int,
        code: str,
    ) -> None:
        answer = client.put(f"/pipelines/{pipeline}", json={"graph": graph}, headers=headers)
        assert_problem(answer, status, code)
        assert client.get(f"/pipelines/{pipeline}").json()["revision"] == 1

    def test_of_two_who_change_the_same_revision_one_is_refused(
        self, client: httpx.Client, pipeline: str, graph: dict[str, Any]
    ) -> None:
        path, headers = f"/pipelines/{pipeline}", {"If-Match": '"1"'}
        assert client.put(path, json={"graph": graph}, headers=headers).headers["ETag"] == '"2"'
        problem = assert_problem(
            client.put(path, json={"graph": graph}, headers=headers), 412, "precondition_failed"
        )
        assert problem["revision"] == 2

    def test_a_graph_with_findings_is_saved_and_they_are_told(
        self, client: httpx.Client, pipeline: str, graph: dict[str, Any]
    ) -> None:
        graph["edges"][0]["targetHandle"] = "nothing"
        answer = client.put(f"/pipelines/{pipeline}", json={"graph": graph}, headers={"If-Match": '"1"'})
        assert answer.status_code == 200
        assert [finding["code"] for finding in answer.json()["findings"]] == ["unknown_handle"]
        assert client.get(f"/pipelines/{pipeline}").json()["findings"] == answer.json()["findings"]

    def test_what_is_no_graph_is_refused(self, client: httpx.Client, pipeline: str) -> None:
        answer = client.put(f"/pipelines/{pipeline}", json={"graph": {"nodes": 3}}, headers={"If-Match": "*"})
        assert assert_problem(answer, 422, "invalid_graph")["pointer"] == "/nodes"


class TestDelete:
    @pytest.mark.parametrize(
        ("headers", "status", "code"),
        [({}, 428, "if_match_required"), ({"If-Match": '"7"'}, 412, "precondition_failed")],
    )
    def test_it_needs_the_revision_that_was_seen(
        self, client: httpx.Client, pipeline: str, headers: dict[str, str], status: int, code: str
    ) -> None:
        assert_problem(client.delete(f"/pipelines/{pipeline}", headers=headers), status, code)
        assert client.get(f"/pipelines/{pipeline}").status_code == 200

    def test_it_is_gone_and_its_id_is_free(
        self, client: httpx.Client, pipeline: str, graph: dict[str, Any]
    ) -> None:
        path, headers = f"/pipelines/{pipeline}", {"If-Match": '"1"'}
        assert client.delete(path, headers=headers).status_code == 204
        assert_problem(client.get(path), 404, "not_found")
        assert_problem(client.delete(path, headers=headers), 404, "not_found")
        assert client.get("/pipelines").json()["items"] == []
        again = client.post("/pipelines", json={"id": pipeline, "graph": graph})
        assert (again.status_code, again.json()["revision"]) == (201, 1)

    def test_while_a_job_runs_on_it_it_stays_and_afterwards_the_job_does(
        self, client: httpx.Client, pipeline: str
    ) -> None:
        job = client.post(JOBS, json={"pipeline_id": pipeline}).json()
        path = f"/pipelines/{pipeline}"
        problem = assert_problem(client.delete(path, headers={"If-Match": "*"}), 409, "job_active")
        assert problem["job_id"] == job["id"]
        client.post(job["links"]["cancel"])
        assert client.delete(path, headers={"If-Match": "*"}).status_code == 204
        assert client.get(job["links"]["self"]).json()["pipeline_id"] == pipeline
        assert_problem(client.post(job["links"]["apply"]), 409, "not_succeeded")
