"""Pipelines with searches that have ended, made over HTTP: no look waits for them again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import TERMINAL
from tests.browser.screens.visit import Visit

WINE = {"source": "sample", "name": "wine", "target": "target"}
DIABETES = {"source": "sample", "name": "diabetes", "target": "target"}

FEW: dict[str, Any] = {"budget": {"max_trials": 12}}
HALVING: dict[str, Any] = {
    "strategy": {"name": "halving"},
    "cross_validation": {"kind": "k_fold", "folds": 3},
}
LOSS: dict[str, Any] = {"objective": {"metric": "rmse"}, "budget": {"max_trials": 12}}
SOME_FAIL: dict[str, Any] = {
    "strategy": {"name": "grid"},
    "search_space": [
        {"kind": "categorical", "name": "solver", "choices": ["svd", "cholesky", "lbfgs"]},
        {"kind": "categorical", "name": "alpha", "choices": [0.01, 0.1, 1.0, 10.0]},
    ],
}
ALL_FAIL: dict[str, Any] = {
    "search_space": [{"kind": "categorical", "name": "solver", "choices": ["lbfgs"]}],
    "strategy": {"name": "grid"},
}
MANY: dict[str, Any] = {"budget": {"max_trials": 400}, "cross_validation": {"kind": "holdout"}}


def laid_out(graph: dict[str, Any]) -> dict[str, Any]:
    """Return the graph with its nodes beside each other instead of on top of each other."""
    for index, each in enumerate(graph["nodes"]):
        each["position"] = {"x": 40 + 260 * index, "y": 80 + 60 * index}
    return graph


def searched(
    visit: Visit,
    dataset: dict[str, Any],
    model: str,
    config: Mapping[str, Any],
    *,
    params: dict[str, Any] | None = None,
    steps: tuple[tuple[str, dict[str, Any]], ...] = (("scale", {}),),
    runs: int = 1,
) -> list[dict[str, Any]]:
    """Store a pipeline, run its node so many times, and return the jobs once everything has ended."""
    graph = laid_out(tuning_graph(dataset, model, steps=steps, params=params, config=dict(config)))
    pipeline = visit.stack.create_pipeline(graph, f"{model} on {dataset.get('name', 'a file')}")
    return [again(visit, pipeline) for _ in range(runs)]


def again(visit: Visit, pipeline: str) -> dict[str, Any]:
    """Run the node of a stored pipeline, and return the job once it has ended."""
    job = visit.stack.submit(pipeline_id=pipeline, node_id="tune")
    ended = visit.stack.wait(job["id"], states=TERMINAL)
    return visit.stack.settled(job["id"]) if ended["status"] == "succeeded" else ended
