"""Bad input gets a status, a code, a pointer and a sentence, and nothing is stored."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.node.conftest import DIABETES, JOBS, answering

ROW = {"kind": "float", "name": "alpha", "low": 0.1, "high": 1.0}
PLAIN = {"dataset": DIABETES, "model": {"type": "ridge_regression"}, "target": "target"}

# name: config, code, pointer, word of the sentence
CONFIGS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "strategy": ({"strategy": {"name": "grdi"}}, "unknown_strategy", "/strategy/name", "grid"),
    "metric": ({"objective": {"metric": "rsme"}}, "unknown_metric", "/objective/metric", "rmse"),
    "parameter": (
        {"search_space": [ROW | {"name": "alhpa"}]},
        "unknown_parameter",
        "/search_space/0/name",
        "alpha",
    ),
    "upside down": ({"search_space": [ROW | {"low": 2.0}]}, "range_order", "/search_space/0/low", "2"),
    "log at zero": (
        {"search_space": [ROW | {"low": 0.0, "log": True}]},
        "log_needs_positive",
        "/search_space/0/low",
        "log",
    ),
    "unbounded grid": (
        {"strategy": {"name": "grid"}, "search_space": [ROW]},
        "grid_unbounded",
        "/search_space/0",
        "alpha",
    ),
    "zero trials": ({"budget": {"max_trials": 0}}, "out_of_bounds", "/budget/max_trials", "1"),
    "unknown key": ({"budgett": {}}, "unknown_field", "/budgett", "budget"),
}


def leaving_by(output: str) -> dict[str, Any]:
    return {"steps": [{"kind": "split", "config": {}, "output": output}]}


TEST_ROWS = leaving_by("test")

# name: body of the request, status, code, pointer
REQUESTS: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "no graph": ({}, 422, "graph_missing", "/graph"),
    "two graphs": ({"pipeline_id": "a", "graph": PLAIN}, 422, "graph_twice", "/graph"),
    "unknown form": ({"graph": {"boxes": []}}, 422, "unknown_graph_form", "/graph"),
    "unknown field": ({"graph": PLAIN, "nodeid": "a"}, 422, "unknown_field", "/nodeid"),
    "wrong type": ({"graph": PLAIN, "base_revision": "x"}, 422, "invalid_value", "/base_revision"),
    "a number for a yes": ({"graph": PLAIN, "concurrent": 1}, 422, "invalid_value", "/concurrent"),
    "a yes for a number": ({"graph": PLAIN, "base_revision": True}, 422, "invalid_value", "/base_revision"),
    "no such pipeline": ({"pipeline_id": "nowhere"}, 404, "not_found", ""),
    "nothing to tune": ({"graph": {"nodes": [], "edges": []}}, 422, "no_tuning_node", "/nodes"),
    "no canvas": ({"graph": {"nodes": "x", "edges": []}}, 422, "invalid_graph", "/nodes"),
    "plain without sense": ({"graph": {"dataset": DIABETES, "steps": 3}}, 422, "invalid_graph", "/steps"),
    "unknown model": (
        {"graph": PLAIN | {"model": {"type": "rigde_regression"}}},
        422,
        "unknown_model",
        "/model",
    ),
    "no such target": ({"graph": PLAIN | {"target": "prise"}}, 422, "target_unknown", "/target"),
    "dataset outside the roots": (
        {"graph": PLAIN | {"dataset": {"source": "file", "path": "../x.csv"}}},
        422,
        "dataset_outside_roots",
        "/dataset",
    ),
    "test rows to learn from": ({"graph": PLAIN | TEST_ROWS}, 422, "test_rows_in_search", "/steps/0/output"),
    "test rows that judge": (
        {"graph": PLAIN | {"validation": TEST_ROWS}},
        422,
        "test_rows_in_search",
        "/validation/steps/0/output",
    ),
    "no such output to learn from": (
        {"graph": PLAIN | leaving_by("trian")},
        422,
        "unknown_output",
        "/steps/0/output",
    ),
    "no such output that judges": (
        {"graph": PLAIN | {"validation": leaving_by("vaildation")}},
        422,
        "unknown_output",
        "/validation/steps/0/output",
    ),
    "no such file": (
        {"graph": PLAIN | {"dataset": {"source": "file", "path": "x.csv"}}},
        422,
        "dataset_missing",
        "/dataset",
    ),
}

# name: bytes, media type, status, code
BODIES: dict[str, tuple[bytes, str, int, str]] = {
    "no JSON": (b"{", "application/json", 400, "invalid_json"),
    "NaN": (b'{"config": {"budget": {"max_seconds": NaN}}}', "application/json", 400, "not_finite"),
    "infinite": (b'{"config": {"budget": {"max_seconds": 1e999}}}', "application/json", 400, "not_finite"),
    "no UTF-8": (b'{"run_id": "\xff"}', "application/json", 400, "invalid_json"),
    "twice the same key": (b'{"run_id": "a", "run_id": "b"}', "application/json", 400, "invalid_json"),
    "a list": (b"[]", "application/json", 422, "wrong_type"),
    "nothing": (b"", "application/json", 422, "missing"),
    "a form": (b"run_id=a", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    "deep": (b"[" * 300 + b"]" * 300, "application/json", 400, "too_deep"),
    "large": (b'{"run_id": "' + b"x" * 8_100_000 + b'"}', "application/json", 413, "body_too_large"),
}


def assert_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["code"] == code, problem
    assert problem["status"] == status
    assert problem["type"].endswith(code)
    assert problem["detail"].endswith((".", "?"))
    assert "Traceback" not in answer.text
    assert problem["contract_version"] == answer.headers["HPT-Contract-Version"]
    return problem


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any) -> Any:
    """One API for the whole table: what is refused leaves nothing behind."""
    import shutil

    from hyperparameter_tuning.node.app import create_app
    from hyperparameter_tuning.shared.settings import Settings

    settings = Settings(data_dir=tmp_path_factory.mktemp("bad-input"))
    shutil.copy(sqlite_template, settings.data_dir / "tuning.db")
    with answering(create_app(settings)) as client:
        yield client
        assert client.get(JOBS).json()["items"] == []


class TestConfig:
    @pytest.mark.parametrize("name", CONFIGS)
    def test_a_bad_configuration_is_refused_where_it_is_bad(self, untouched: httpx.Client, name: str) -> None:
        config, code, pointer, word = CONFIGS[name]
        problem = assert_problem(untouched.post(JOBS, json={"graph": PLAIN, "config": config}), 422, code)
        assert problem["pointer"] == pointer
        assert word in problem["detail"]
        first = problem["findings"][0]
        assert (first["pointer"], first["source"], first["severity"]) == (pointer, "config", "error")

    def test_every_finding_is_told_at_once(self, untouched: httpx.Client) -> None:
        config = {"search_space": [ROW | {"low": 2.0}], "objective": {"metric": "accuracy"}}
        problem = assert_problem(
            untouched.post(JOBS, json={"graph": PLAIN, "config": config}), 422, "range_order"
        )
        assert {"range_order", "metric_mismatch"} <= {finding["code"] for finding in problem["findings"]}


class TestRequest:
    @pytest.mark.parametrize("name", REQUESTS)
    def test_a_bad_request_is_refused_where_it_is_bad(self, untouched: httpx.Client, name: str) -> None:
        body, status, code, pointer = REQUESTS[name]
        problem = assert_problem(untouched.post(JOBS, json=body), status, code)
        assert problem.get("pointer", "") == pointer


class TestBody:
    @pytest.mark.parametrize("name", BODIES)
    def test_a_bad_body_is_refused_before_it_is_read_as_a_document(
        self, untouched: httpx.Client, name: str
    ) -> None:
        content, media_type, status, code = BODIES[name]
        answer = untouched.post(JOBS, content=content, headers={"Content-Type": media_type})
        assert_problem(answer, status, code)

    def test_a_body_of_unknown_length_is_counted_while_it_arrives(self, untouched: httpx.Client) -> None:
        sent = []

        def parts() -> Any:
            yield b'{"patience": "'
            for _ in range(200):
                sent.append(1)
                yield b"x" * 100_000

        answer = untouched.post(
            f"{JOBS}/some/apply", content=parts(), headers={"Content-Type": "application/json"}
        )
        assert_problem(answer, 413, "body_too_large")

    def test_only_graphs_may_be_larger_than_one_megabyte(self, untouched: httpx.Client) -> None:
        padded = {"nodes": [], "edges": [], "notes": ["x" * 1000] * 2000}
        assert_problem(untouched.post(JOBS, json={"graph": padded}), 422, "no_tuning_node")
        assert_problem(untouched.post(f"{JOBS}/some/apply", json=padded), 413, "body_too_large")


class TestPaths:
    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", f"{JOBS}/nothing", 404, "not_found"),
            ("GET", f"{JOBS}/nothing/trials", 404, "not_found"),
            ("GET", f"{JOBS}/nothing/events", 404, "not_found"),
            ("GET", f"{JOBS}/nothing/artifact", 404, "not_found"),
            ("POST", f"{JOBS}/nothing/cancel", 404, "not_found"),
            ("POST", f"{JOBS}/nothing/stop", 404, "not_found"),
            ("POST", f"{JOBS}/nothing/resume", 404, "not_found"),
            ("POST", f"{JOBS}/nothing/apply", 404, "not_found"),
            ("POST", f"{JOBS}/nothing/revert", 404, "not_found"),
            ("GET", f"{JOBS}/nothing/apply-preview", 404, "not_found"),
            ("DELETE", f"{JOBS}/nothing", 404, "not_found"),
            ("GET", "/pipelines/nothing", 404, "not_found"),
            ("GET", "/nodes/hyperparameter_tunin", 404, "unknown_node_type"),
            ("GET", "/model-hyperparameters/rigde", 404, "unknown_model"),
            ("GET", "/hyperparameter-tuning/best-params/rigde", 404, "unknown_model"),
            ("GET", f"{JOBS}?limit=0", 422, "invalid_value"),
            ("GET", f"{JOBS}?limti=3", 422, "unknown_field"),
            ("GET", f"{JOBS}?after=x", 422, "invalid_cursor"),
            ("GET", "/nothing/at/all", 404, "not_found"),
            ("PATCH", JOBS, 405, "method_not_allowed"),
        ],
    )
    def test_a_bad_address_gets_a_problem_document(
        self, untouched: httpx.Client, method: str, path: str, status: int, code: str
    ) -> None:
        assert_problem(untouched.request(method, path), status, code)

    def test_an_unknown_name_comes_with_the_nearest_known_one(self, untouched: httpx.Client) -> None:
        assert "ridge" in untouched.get("/model-hyperparameters/rigde_regression").json()["detail"]
        assert "hyperparameter_tuning" in untouched.get("/nodes/hyperparameter_tunin").json()["detail"]
