"""What the schema shows works: every kind of validation and every limit, through the whole chain."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.acceptance.graphs import edge, tuning_graph
from tests.acceptance.stack import Stack

ROWS = 120
SPACE = [{"kind": "float", "name": "alpha", "low": 0.01, "high": 100, "log": True}]


@pytest.fixture(scope="module")
def table(embedded_stack: Stack) -> dict[str, Any]:
    """A regression table with a group and a date."""
    rng = np.random.default_rng(0)
    x, group = rng.normal(size=ROWS), rng.integers(0, 6, size=ROWS)
    y = 3 * x + group + rng.normal(scale=0.1, size=ROWS)
    lines = [f"{x[i]:.6f},{group[i]},2024-{1 + i // 28:02d}-{1 + i % 28:02d},{y[i]:.6f}" for i in range(ROWS)]
    folder: Path = embedded_stack.data_dir / "data"
    folder.mkdir(exist_ok=True)
    (folder / "grouped.csv").write_text("\n".join(["x,group,day,y", *lines]) + "\n")
    return {"source": "file", "path": "grouped.csv", "target": "y"}


def ended(stack: Stack, graph: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
    whole = {"search_space": SPACE, "budget": {"max_trials": 4}} | config
    pipeline = stack.create_pipeline(graph)
    return stack.settled(stack.submit(pipeline_id=pipeline, node_id="tune", config=whole)["id"])


def n_folds(stack: Stack, job: dict[str, Any]) -> int:
    trials = stack.get(f"/hyperparameter-tuning-jobs/{job['id']}/trials?limit=100")["items"]
    (count,) = {trial["n_folds"] for trial in trials if trial["state"] == "complete"}
    return int(count)


class TestValidation:
    @pytest.mark.parametrize(
        ("validation", "folds"),
        [
            ({"kind": "k_fold", "folds": 3, "repeats": 2}, 6),
            ({"kind": "group_k_fold", "column": "group", "folds": 3}, 3),
            ({"kind": "time_series", "folds": 4, "gap": 2, "column": "day"}, 4),
            ({"kind": "holdout", "test_size": 0.25}, 1),
        ],
        ids=lambda value: value["kind"] if isinstance(value, dict) else "",
    )
    def test_each_kind_divides_the_rows_its_own_way(
        self, embedded_stack: Stack, table: dict[str, Any], validation: dict[str, Any], folds: int
    ) -> None:
        # The date is no feature: only the validation over time takes it out of the table.
        drawn = table if validation["kind"] == "time_series" else without_day(embedded_stack, table)
        job = ended(embedded_stack, tuning_graph(drawn, "ridge_regression"), {"cross_validation": validation})
        assert n_folds(embedded_stack, job) == folds

    def test_the_validation_port_is_scored_on_its_own_rows(
        self, embedded_stack: Stack, table: dict[str, Any]
    ) -> None:
        split = ("split", {"test_size": 0.2, "validation_size": 0.25})
        graph = tuning_graph(without_day(embedded_stack, table), "ridge_regression", steps=(split,))
        graph["edges"].append(edge("step0", "tune", "validation", "validation"))
        config = {"cross_validation": {"kind": "validation_port"}}
        job = ended(embedded_stack, graph, config | {"selection": {"refit_on": "train_and_validation"}})
        assert n_folds(embedded_stack, job) == 1


class TestLimits:
    @pytest.mark.parametrize(
        ("budget", "reason"),
        [
            ({"max_trials": 50, "target_score": 1000.0}, "target_score"),
            ({"max_trials": 500, "no_improvement_trials": 3}, "no_improvement"),
            ({"max_trials": 10000, "max_seconds": 2}, "max_seconds"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_a_limit_ends_the_search_and_the_best_is_kept(
        self, embedded_stack: Stack, table: dict[str, Any], budget: dict[str, Any], reason: str
    ) -> None:
        graph = tuning_graph(without_day(embedded_stack, table), "ridge_regression")
        job = ended(embedded_stack, graph, {"budget": budget, "objective": {"metric": "rmse"}})
        assert job["stopped_by"] == reason
        assert job["best"] is not None

    def test_additional_metrics_are_stored_with_every_trial(
        self, embedded_stack: Stack, table: dict[str, Any]
    ) -> None:
        graph = tuning_graph(without_day(embedded_stack, table), "ridge_regression")
        objective = {"metric": "rmse", "additional_metrics": ["r2", "mae"]}
        job = ended(embedded_stack, graph, {"objective": objective})
        trials = embedded_stack.get(f"/hyperparameter-tuning-jobs/{job['id']}/trials")["items"]
        assert all(set(trial["scores"]) == {"rmse", "r2", "mae"} for trial in trials)


def without_day(stack: Stack, table: dict[str, Any]) -> dict[str, Any]:
    """The same table without its date, which no reference node takes."""
    folder = stack.data_dir / "data"
    lines = [line.split(",") for line in (folder / "grouped.csv").read_text().splitlines()]
    kept = [",".join([line[0], line[1], line[3]]) for line in lines]
    (folder / "plain.csv").write_text("\n".join(kept) + "\n")
    return table | {"path": "plain.csv"}
