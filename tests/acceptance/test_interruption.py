"""Stop keeps the best, cancel discards, resume goes on: on a real worker, while it works."""

import time
from typing import Any

import pytest

from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack

LONG = {
    "strategy": {"name": "random"},
    # No two candidates share a fit: they end one by one.
    "search_space": [
        {"kind": "int", "name": "n_estimators", "low": 20, "high": 60},
        {"kind": "float", "name": "max_samples", "low": 0.5, "high": 1.0},
    ],
    "cross_validation": {"kind": "k_fold", "folds": 3},
}


def running(stack: Stack, max_trials: int = 2000) -> tuple[str, dict[str, Any]]:
    """Start a random search and wait until three of its candidates are complete."""
    config = LONG | {"budget": {"max_trials": max_trials, "max_seconds": 300}}
    dataset = {"source": "sample", "name": "breast_cancer", "target": "target"}
    pipeline = stack.create_pipeline(tuning_graph(dataset, "random_forest_classifier", config=config))
    job = stack.submit(pipeline_id=pipeline, node_id="tune")
    deadline = time.monotonic() + 60
    while (job := stack.get(f"/hyperparameter-tuning-jobs/{job['id']}"))["counts"]["complete"] < 3:
        assert time.monotonic() < deadline, job
        time.sleep(0.1)
    return pipeline, job


class TestStop:
    def test_it_ends_early_and_keeps_the_best(self, stack: Stack) -> None:
        pipeline, job = running(stack)
        answer = stack.request("POST", f"/hyperparameter-tuning-jobs/{job['id']}/stop")
        assert answer.status_code == 202, answer.text
        ended = stack.settled(job["id"])
        assert ended["stopped_by"] == "user"
        assert ended["counts"]["complete"] < 2000
        assert stack.node(pipeline, "tune")["data"]["result"]["best_params"] == ended["best"]["params"]


class TestCancel:
    def test_it_discards_and_leaves_the_graph_alone(self, stack: Stack) -> None:
        pipeline, job = running(stack)
        before = stack.get(f"/pipelines/{pipeline}")["graph"]
        assert stack.request("POST", f"/hyperparameter-tuning-jobs/{job['id']}/cancel").status_code == 202
        assert stack.wait(job["id"])["status"] == "cancelled"
        assert stack.get(f"/pipelines/{pipeline}")["graph"] == before
        assert stack.get(f"/hyperparameter-tuning-jobs/{job['id']}/trials")["items"]


class TestResume:
    def test_a_new_job_goes_on_with_the_finished_units(self, stack: Stack) -> None:
        _, job = running(stack, max_trials=20)
        stack.request("POST", f"/hyperparameter-tuning-jobs/{job['id']}/cancel")
        assert stack.wait(job["id"])["status"] == "cancelled"
        old = stack.get(f"/hyperparameter-tuning-jobs/{job['id']}/trials?limit=500")["items"]
        done = [trial for trial in old if trial["state"] == "complete"]

        answer = stack.request(
            "POST",
            f"/hyperparameter-tuning-jobs/{job['id']}/resume",
            json={"budget": {"max_trials": 22}},
        )
        assert answer.status_code == 202, answer.text
        resumed = stack.settled(answer.json()["id"])
        assert resumed["resumed_from"] == job["id"]
        new = stack.get(f"/hyperparameter-tuning-jobs/{resumed['id']}/trials?limit=500")["items"]
        assert sum(trial["origin"] == "search" for trial in new) == 22
        kept = {trial["number"]: (trial["params"], trial["score"]) for trial in new}
        for trial in done:
            assert kept[trial["number"]] == (trial["params"], trial["score"])


class TestEvents:
    def test_a_reader_who_comes_late_gets_every_event_once_and_in_order(self, stack: Stack) -> None:
        dataset = {"source": "sample", "name": "diabetes", "target": "target"}
        config = {"budget": {"max_trials": 3}}
        pipeline = stack.create_pipeline(tuning_graph(dataset, "ridge_regression", config=config))
        job = stack.settled(stack.submit(pipeline_id=pipeline, node_id="tune")["id"])
        page = stack.get(
            f"/hyperparameter-tuning-jobs/{job['id']}/events?after=0", headers={"Accept": "application/json"}
        )
        events = page["items"]
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        types = [event["type"] for event in events]
        assert types[0] == "job.queued"
        assert types.count("job.succeeded") == 1
        assert "trial.finished" in types


@pytest.mark.parametrize("verb", ["stop", "cancel"])
def test_a_finished_job_refuses_politely(stack: Stack, verb: str) -> None:
    dataset = {"source": "sample", "name": "diabetes", "target": "target"}
    config = {"budget": {"max_trials": 1}}
    pipeline = stack.create_pipeline(tuning_graph(dataset, "ridge_regression", config=config))
    job = stack.settled(stack.submit(pipeline_id=pipeline, node_id="tune")["id"])
    answer = stack.request("POST", f"/hyperparameter-tuning-jobs/{job['id']}/{verb}")
    assert answer.status_code == 409
    assert "succeeded" in answer.json()["detail"]
