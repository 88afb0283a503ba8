"""Patches as RFC 6902 over HTTP: another program applies them to the graph it has, and gets what we would."""

from __future__ import annotations

from typing import Any

import httpx
import jsonpatch
import pytest

from hyperparameter_tuning.shared.patches import apply_patch
from tests.jobs import factories
from tests.node.conftest import JOBS, Store
from tests.node.test_bad_input import assert_problem

MEDIA_TYPE = "application/json-patch+json"


def graph_of(client: httpx.Client, pipeline: str) -> Any:
    return client.get(f"/pipelines/{pipeline}").json()["graph"]


def without_revision(graph: Any) -> Any:
    return {key: value for key, value in graph.items() if key != "revision"}


class TestPreview:
    def test_a_host_that_applies_it_has_the_graph_that_apply_gives(
        self,
        client: httpx.Client,
        on_a_pipeline: tuple[str, str],
    ) -> None:
        job_id, pipeline = on_a_pipeline
        before = graph_of(client, pipeline)
        answer = client.get(f"{JOBS}/{job_id}/apply-preview", params={"format": "json-patch"})
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == MEDIA_TYPE
        assert answer.headers["HPT-Graph-Revision"] == str(before["revision"])
        assert client.post(f"{JOBS}/{job_id}/apply", json={}).status_code == 200
        after = graph_of(client, pipeline)
        theirs = jsonpatch.apply_patch(before, answer.json())
        assert without_revision(theirs) == without_revision(after)
        assert theirs != before

    def test_another_revision_is_refused(
        self,
        client: httpx.Client,
        on_a_pipeline: tuple[str, str],
    ) -> None:
        asked = {"format": "json-patch", "base_revision": 99}
        answer = client.get(f"{JOBS}/{on_a_pipeline[0]}/apply-preview", params=asked)
        problem = assert_problem(answer, 409, "stale_revision")
        assert problem["revision"] == 1

    def test_a_graph_that_is_not_kept_here_is_to_be_sent(self, client: httpx.Client, store: Store) -> None:
        job = store.succeeded(graph_ref=None)
        answer = client.get(f"{JOBS}/{job.id}/apply-preview", params={"format": "json-patch"})
        problem = assert_problem(answer, 409, "graph_not_kept")
        assert "POST /json-patch" in problem["detail"]


class TestExport:
    def patch(self, client: httpx.Client, job_id: str) -> Any:
        answer = client.post(f"{JOBS}/{job_id}/apply", json={})
        assert answer.status_code == 200, answer.text
        return answer.json()["write_back"]

    def test_an_inline_graph_is_sent_with_the_patch_that_apply_gave(
        self, client: httpx.Client, store: Store, graph: dict[str, Any]
    ) -> None:
        params = {"max_depth": 1}
        graph["nodes"][-1]["data"]["config"] = {"model": "random_forest_classifier", "params": params}
        job = store.succeeded(graph_ref=None, plain=factories.plain(params=params))
        patch = self.patch(client, job.id)["patch"]
        answer = client.post("/json-patch", json={"graph": graph, "patch": patch})
        assert answer.status_code == 200, answer.text
        assert answer.headers["HPT-Graph-Revision"] == "0"
        outcome = apply_patch(graph, patch)
        assert outcome.conflicts == ()
        assert jsonpatch.apply_patch(graph, answer.json()) == outcome.graph

    def test_the_inverse_undoes_it(
        self,
        client: httpx.Client,
        on_a_pipeline: tuple[str, str],
    ) -> None:
        job_id, pipeline = on_a_pipeline
        before = graph_of(client, pipeline)
        written = self.patch(client, job_id)
        present = graph_of(client, pipeline)
        back = {"patch_id": "back", "ops": written["inverse"]}
        answer = client.post("/json-patch", json={"pipeline_id": pipeline, "patch": back})
        theirs = jsonpatch.apply_patch(present, answer.json())
        assert without_revision(theirs) == without_revision(before)

    def test_a_value_edited_since_fails_its_test(
        self,
        client: httpx.Client,
        on_a_pipeline: tuple[str, str],
    ) -> None:
        job_id, pipeline = on_a_pipeline
        graph = graph_of(client, pipeline)
        operations = client.get(f"{JOBS}/{job_id}/apply-preview", params={"format": "json-patch"}).json()
        graph["nodes"][-1]["data"]["config"]["params"]["max_depth"] = 4
        with pytest.raises(jsonpatch.JsonPatchTestFailed):
            jsonpatch.apply_patch(graph, operations)

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, "graph_missing"),
            ({"graph": {"nodes": []}, "pipeline_id": "x"}, "graph_twice"),
            ({"graph": {"nodes": 3}}, "invalid_graph"),
        ],
    )
    def test_bad_input_is_told(self, client: httpx.Client, body: dict[str, Any], code: str) -> None:
        assert_problem(client.post("/json-patch", json={"patch": {"patch_id": "p"}, **body}), 422, code)

    def test_what_is_no_patch_is_told(self, client: httpx.Client) -> None:
        body = {"graph": {"nodes": []}, "patch": {"ops": [{"op": "move"}]}}
        assert_problem(client.post("/json-patch", json=body), 422, "invalid_patch")

    def test_an_unknown_or_changed_pipeline_is_told(self, client: httpx.Client, pipeline: str) -> None:
        patch = {"patch": {"patch_id": "p"}}
        assert_problem(client.post("/json-patch", json={**patch, "pipeline_id": "no"}), 404, "not_found")
        asked = {**patch, "pipeline_id": pipeline, "base_revision": 7}
        assert_problem(client.post("/json-patch", json=asked), 409, "stale_revision")
