"""The whole chain from the API to the written-back graph, for every strategy on both installations."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from skops.io import load

from hyperparameter_tuning.registry.models import model_specs
from hyperparameter_tuning.registry.services import strategy_specs
from hyperparameter_tuning.registry.values import default_params
from hyperparameter_tuning.shared.artifacts import ALLOWED_TYPES
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack

STRATEGIES = [spec.value for spec in strategy_specs()]
BUDGETS: dict[str, dict[str, Any]] = {
    "grid": {},
    "random": {"max_trials": 5},
    "halving": {},
    "halving_random": {"max_trials": 6},
    "optuna": {"max_trials": 5},
}
CLASSIFIER = {
    "dataset": {"source": "file", "path": "examples/penguins.csv", "target": "species"},
    "model": "decision_tree_classifier",
    "steps": (("impute", {}), ("encode", {})),
    "params": {"max_depth": 1},
    "rows": [
        {"kind": "int", "name": "max_depth", "low": 1, "high": 4},
        {"kind": "categorical", "name": "criterion", "choices": ["gini", "entropy"]},
    ],
    "metric": "balanced_accuracy",
}
REGRESSOR = {
    "dataset": {"source": "sample", "name": "diabetes", "target": "target"},
    "model": "ridge_regression",
    "steps": (("split", {"test_size": 0.2}), ("scale", {})),
    "params": {"alpha": 1000.0},
    "rows": [{"kind": "float", "name": "alpha", "low": 0.01, "high": 100, "log": True, "grid_points": 6}],
    "metric": "rmse",
}


TASKS = {"classifier": CLASSIFIER, "regressor": REGRESSOR}


def sent(stack: Stack, task: dict[str, Any], strategy: str, mode: str) -> tuple[str, str]:
    """The pipeline and its job, on its way."""
    config = {
        "strategy": {"name": strategy},
        "search_space": task["rows"],
        "budget": BUDGETS[strategy] | {"max_seconds": 120},
        "cross_validation": {"kind": "k_fold", "folds": 3},
        "objective": {"metric": task["metric"]},
        "write_back": {"mode": mode},
        # A grid by a pool; the others without the seconds that its processes take to start.
        "execution": {"n_jobs": 2 if strategy == "grid" else 1},
    }
    graph = tuning_graph(
        task["dataset"], task["model"], steps=task["steps"], params=task["params"], config=config
    )
    pipeline = stack.create_pipeline(graph)
    return pipeline, str(stack.submit(pipeline_id=pipeline, node_id="tune")["id"])


def submitted(stack: Stack, task: dict[str, Any], strategy: str, mode: str) -> tuple[str, dict[str, Any]]:
    pipeline, job_id = sent(stack, task, strategy, mode)
    return pipeline, stack.settled(job_id)


@pytest.fixture(scope="module")
def chain(stack: Stack) -> dict[tuple[str, str], tuple[str, str]]:
    """Pipeline and job of every strategy and task: all are sent at once, so that one is worked on while
    another is looked at."""
    return {
        (strategy, name): sent(stack, task, strategy, "auto")
        for strategy in STRATEGIES
        for name, task in TASKS.items()
    }


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("strategy", STRATEGIES)
class TestChain:
    def test_a_strategy_runs_to_the_parameters_on_the_model_node(
        self, stack: Stack, chain: Any, strategy: str, name: str, tmp_path: Path
    ) -> None:
        task, (pipeline, job_id) = TASKS[name], chain[strategy, name]
        job = stack.settled(job_id)

        best = job["best"]["params"]
        after = stack.node(pipeline, "model")["data"]["config"]["params"]
        # What the node leaves out is the model's default: a trial of the defaults need not write them all.
        effective = default_params(model_specs()[task["model"]], job["seed"]) | after
        assert {key: effective[key] for key in best} == best
        assert after != task["params"]

        result = stack.node(pipeline, "tune")["data"]["result"]
        assert result["best_params"] == best
        assert result["score"] == job["best"]["score"]

        artifact = stack.request("GET", f"/hyperparameter-tuning-jobs/{job['id']}/artifact")
        assert artifact.status_code == 200
        assert hashlib.sha256(artifact.content).hexdigest() == job["artifact"]["sha256"]
        stored = tmp_path / "model.skops"
        stored.write_bytes(artifact.content)
        model = load(stored, trusted=list(ALLOWED_TYPES))
        assert {key: model.get_params()[f"model__{key}"] for key in best} == best

    def test_its_trials_agree_with_what_the_job_reports(
        self, stack: Stack, chain: Any, strategy: str, name: str
    ) -> None:
        task, (_, job_id) = TASKS[name], chain[strategy, name]
        job = stack.settled(job_id)
        trials = stack.get(f"/hyperparameter-tuning-jobs/{job['id']}/trials?limit=500")["items"]
        assert [trial["number"] for trial in trials] == list(range(len(trials)))
        assert trials[0]["origin"] == "baseline"
        assert trials[0]["params"].items() >= task["params"].items()

        whole = [trial for trial in trials if trial["state"] == "complete" and trial["resource"] == 1.0]
        better = max if job["direction"] == "maximize" else min
        assert job["best"]["score"] == better(trial["score"] for trial in whole)
        assert np.isfinite([trial["score"] for trial in whole]).all()


class TestProposal:
    def test_propose_leaves_the_model_node_until_somebody_applies_and_revert_restores_it(
        self, stack: Stack
    ) -> None:
        pipeline, job = submitted(stack, CLASSIFIER, "grid", "propose")
        before = stack.node(pipeline, "model")["data"]["config"]
        assert before["params"] == CLASSIFIER["params"]
        path = f"/hyperparameter-tuning-jobs/{job['id']}"

        applied = stack.request("POST", f"{path}/apply", json={})
        assert applied.status_code == 200, applied.text
        after = stack.node(pipeline, "model")["data"]["config"]["params"]
        effective = default_params(model_specs()[CLASSIFIER["model"]], job["seed"]) | after
        assert effective.items() >= job["best"]["params"].items()
        assert after != before["params"]

        reverted = stack.request("POST", f"{path}/revert", json={})
        assert reverted.status_code == 200, reverted.text
        assert stack.node(pipeline, "model")["data"]["config"]["params"] == before["params"]

    def test_a_value_edited_since_the_run_started_is_a_conflict(self, stack: Stack) -> None:
        pipeline, job = submitted(stack, CLASSIFIER, "grid", "propose")
        answer = stack.request("GET", f"/pipelines/{pipeline}")
        graph = answer.json()["graph"]
        for item in graph["nodes"]:
            if item["id"] == "model":
                item["data"]["config"]["params"]["max_depth"] = 9
        saved = stack.request(
            "PUT",
            f"/pipelines/{pipeline}",
            json={"name": "pipeline", "graph": graph},
            headers={"If-Match": answer.headers["ETag"]},
        )
        assert saved.status_code == 200, saved.text

        applied = stack.request("POST", f"/hyperparameter-tuning-jobs/{job['id']}/apply", json={})
        assert applied.status_code == 409, applied.text
        assert stack.node(pipeline, "model")["data"]["config"]["params"]["max_depth"] == 9
