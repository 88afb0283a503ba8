"""Every packaged example opens, runs and applies."""

import importlib.resources
import json

import pytest

from tests.acceptance.stack import Stack

EXAMPLES = importlib.resources.files("hyperparameter_tuning.frontend_schema") / "examples"
NAMES = sorted(item.name for item in EXAMPLES.iterdir() if item.name.endswith(".json"))


@pytest.mark.parametrize("name", NAMES)
def test_an_example_opens_runs_and_applies(stack: Stack, name: str) -> None:
    graph = json.loads((EXAMPLES / name).read_text())
    (tune,) = [node["id"] for node in graph["nodes"] if node["type"] == "hyperparameter_tuning"]
    (target,) = [edge["target"] for edge in graph["edges"] if edge["sourceHandle"] == "best_params"]
    pipeline = stack.create_pipeline(graph, name)
    job = stack.submit(pipeline_id=pipeline, node_id=tune, config={"budget": {"max_trials": 4}})
    stack.settled(job["id"])

    trials = stack.get(f"/hyperparameter-tuning-jobs/{job['id']}/trials?limit=100")["items"]
    searched = next(trial for trial in trials if trial["origin"] == "search" and trial["state"] == "complete")
    applied = stack.request(
        "POST", f"/hyperparameter-tuning-jobs/{job['id']}/apply", json={"trial": searched["number"]}
    )
    assert applied.status_code == 200, applied.text
    params = stack.node(pipeline, target)["data"]["config"]["params"]
    assert params.items() >= searched["params"].items()
