"""What bad input gets: a sentence and a pointer before any work starts, or a failed job that says why."""

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack

DIABETES = {"source": "sample", "name": "diabetes", "target": "target"}
PENGUINS = {"source": "file", "path": "examples/penguins.csv", "target": "species"}
ROW = {"kind": "float", "name": "alpha", "low": 0.1, "high": 1.0}


def refused(stack: Stack, config: dict[str, Any], **graph: Any) -> dict[str, Any]:
    drawn = tuning_graph(graph.pop("dataset", DIABETES), graph.pop("model", "ridge_regression"), **graph)
    pipeline = stack.create_pipeline(drawn)
    answer = stack.request(
        "POST",
        "/hyperparameter-tuning-jobs",
        json={"pipeline_id": pipeline, "node_id": "tune", "config": config},
    )
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem: dict[str, Any] = answer.json()
    assert "Traceback" not in answer.text
    return problem


CASES = {
    "strategy": ({"strategy": {"name": "grdi"}}, "/strategy/name", "grid"),
    "metric": ({"objective": {"metric": "rsme"}}, "/objective/metric", "rmse"),
    "parameter": ({"search_space": [ROW | {"name": "alhpa"}]}, "/search_space/0/name", "alpha"),
    "upside down": ({"search_space": [ROW | {"low": 2.0}]}, "/search_space/0", "2"),
    "log at zero": ({"search_space": [ROW | {"low": 0.0, "log": True}]}, "/search_space/0", "log"),
    "unbounded grid": ({"strategy": {"name": "grid"}, "search_space": [ROW]}, "/search_space/0", "alpha"),
    "huge grid": (
        {
            "strategy": {"name": "grid"},
            "search_space": [
                ROW | {"grid_points": 1000, "log": False},
                {"kind": "int", "name": "max_iter", "low": 1, "high": 100000},
            ],
        },
        "/search_space",
        "100,000,000",
    ),
    "no limit": (
        {"strategy": {"name": "random"}, "budget": {"max_trials": None, "max_seconds": None}},
        "/budget",
        "max_trials",
    ),
    "zero trials": ({"budget": {"max_trials": 0}}, "/budget/max_trials", "1"),
    "other kind of metric": ({"objective": {"metric": "accuracy"}}, "/objective/metric", "regression"),
}


@pytest.mark.parametrize("name", CASES)
def test_a_bad_configuration_is_refused_where_it_is_bad(stack: Stack, name: str) -> None:
    config, pointer, word = CASES[name]
    problem = refused(stack, config)
    assert problem["pointer"].startswith(pointer)
    assert word.casefold() in problem["detail"].casefold()


class TestGraph:
    def test_an_unknown_model_names_the_nearest(self, stack: Stack) -> None:
        assert "ridge_regression" in refused(stack, {}, model="rigde_regression")["detail"]

    def test_a_missing_target_is_named(self, stack: Stack) -> None:
        problem = refused(stack, {}, dataset=DIABETES | {"target": "prise"})
        assert "prise" in problem["detail"]

    def test_unprepared_columns_name_their_remedy(self, stack: Stack) -> None:
        problem = refused(stack, {}, dataset=PENGUINS, model="decision_tree_classifier")
        assert problem["code"] == "unprepared_columns"
        assert "encode" in problem["detail"].casefold()

    def test_a_dataset_outside_the_roots_is_refused_without_its_path(self, stack: Stack) -> None:
        problem = refused(stack, {}, dataset={"source": "file", "path": "../../etc/passwd", "target": "x"})
        assert "/etc" not in problem["detail"].replace("../../etc/passwd", "")

    def test_fewer_rows_than_folds_is_refused(self, stack: Stack) -> None:
        folder = stack.data_dir / "data"
        folder.mkdir(exist_ok=True)
        (folder / "tiny.csv").write_text("a,b\n1,1.0\n2,2.0\n3,3.5\n")
        problem = refused(stack, {}, dataset={"source": "file", "path": "tiny.csv", "target": "b"})
        assert "5" in problem["detail"]

    def test_one_class_only_is_refused(self, stack: Stack) -> None:
        folder = stack.data_dir / "data"
        folder.mkdir(exist_ok=True)
        (folder / "one.csv").write_text("a,b\n" + "".join(f"{i},yes\n" for i in range(40)))
        problem = refused(
            stack,
            {},
            dataset={"source": "file", "path": "one.csv", "target": "b"},
            model="decision_tree_classifier",
        )
        assert problem["code"] == "one_class"
        assert "'b'" in problem["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"config": {"budget": {"max_seconds": NaN}}}', 400),
        (b'{"config": {"budget": {"max_seconds": 1e999}}}', 400),
        (b"[" * 30 + b"]" * 30, 400),
        (b'{"run_id": "' + b"x" * 1_100_000 + b'"}', 413),
    ],
    ids=["NaN", "infinite", "deep", "large"],
)
def test_a_hostile_body_is_refused(stack: Stack, body: bytes, status: int) -> None:
    answer = stack.request(
        "POST", "/hyperparameter-tuning-jobs", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {status, 422}
    assert answer.headers["content-type"].startswith("application/problem+json")


class TestFailedJobs:
    def test_a_table_that_changed_between_submit_and_run_fails_with_a_sentence(self, stack: Stack) -> None:
        folder: Path = stack.data_dir / "data"
        folder.mkdir(exist_ok=True)
        table = folder / "changing.csv"
        rows = "".join(f"{i},{i * 2.0}\n" for i in range(60))
        table.write_text("a,b\n" + rows)
        graph = tuning_graph({"source": "file", "path": "changing.csv", "target": "b"}, "ridge_regression")
        # Another long job keeps the only worker busy, so that the table can change before the claim.
        long = {
            "budget": {"max_trials": 2000},
            "search_space": [{"kind": "float", "name": "max_samples", "low": 0.5, "high": 1.0}],
        }
        busy = stack.create_pipeline(tuning_graph(DIABETES, "random_forest_regressor", config=long))
        first = stack.submit(pipeline_id=busy, node_id="tune")
        stack.wait(first["id"], states={"running"})
        job = stack.submit(pipeline_id=stack.create_pipeline(graph), node_id="tune")
        table.write_text("a,b\n" + rows.replace("2.0", "3.0"))
        stack.request("POST", f"/hyperparameter-tuning-jobs/{first['id']}/cancel")

        ended = stack.wait(job["id"])
        assert ended["status"] == "failed"
        assert ended["error"]["code"] == "dataset_changed"
        assert "Traceback" not in ended["error"]["message"]

    def test_all_candidates_failing_reports_the_most_frequent_error(self, stack: Stack) -> None:
        # Multinomial naive Bayes refuses negative features, whatever its parameters.
        folder: Path = stack.data_dir / "data"
        folder.mkdir(exist_ok=True)
        (folder / "negative.csv").write_text("a,b\n" + "".join(f"{-i},{'xy'[i % 2]}\n" for i in range(60)))
        graph = tuning_graph({"source": "file", "path": "negative.csv", "target": "b"}, "multinomial_nb")
        job = stack.submit(pipeline_id=stack.create_pipeline(graph), node_id="tune")
        ended = stack.wait(job["id"])
        assert ended["status"] == "failed"
        assert ended["error"]["code"] == "all_trials_failed"
        assert "negative" in ended["error"]["message"].casefold()
