"""A worker that dies in the middle: another goes on where it was, and nothing is scored into two trials."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack, serving

LEASE = {
    "HPT_LEASE_SECONDS": "3",
    "HPT_HEARTBEAT_SECONDS": "1",
    "HPT_SELF_STOP_SECONDS": "2.5",
    "HPT_RECONCILE_SECONDS": "1",
}
CONFIG = {
    # No two candidates share a fit: they end one by one, and the worker dies between two of them.
    "search_space": [
        {"kind": "int", "name": "n_estimators", "low": 20, "high": 60},
        {"kind": "float", "name": "max_samples", "low": 0.5, "high": 1.0},
    ],
    "budget": {"max_trials": 20},
    "cross_validation": {"kind": "k_fold", "folds": 3},
}
DATASET = {"source": "sample", "name": "breast_cancer", "target": "target"}


@pytest.fixture(scope="module")
def short_lease(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation that notices a silent worker after three seconds."""
    with serving(Path(tmp_path_factory.mktemp("lease")), LEASE) as running:
        yield running


def workers(stack: Stack) -> list[psutil.Process]:
    children = psutil.Process(stack.process.pid).children(recursive=True)
    return [child for child in children if "celery" in child.cmdline()]


# In short it is `tests/faults/test_killed_workers.py`, at one moment.
@pytest.mark.long
def test_a_job_survives_the_death_of_its_worker(short_lease: Stack) -> None:
    pipeline = short_lease.create_pipeline(tuning_graph(DATASET, "random_forest_classifier", config=CONFIG))
    path = f"/hyperparameter-tuning-jobs/{short_lease.submit(pipeline_id=pipeline, node_id='tune')['id']}"
    deadline = time.monotonic() + 60
    while short_lease.get(path)["counts"]["complete"] < 5:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    before = short_lease.get(f"{path}/trials?limit=100")["items"]

    os.kill(workers(short_lease)[0].pid, signal.SIGKILL)
    job = short_lease.settled(path.rpartition("/")[2])

    assert job["attempts"] == 2
    after = short_lease.get(f"{path}/trials?limit=100")["items"]
    assert [trial["number"] for trial in after] == list(range(21))
    scores = {trial["number"]: trial["score"] for trial in after}
    for trial in before:
        if trial["state"] == "complete":
            assert scores[trial["number"]] == trial["score"]
    events = short_lease.get(f"{path}/events?after=0", headers={"Accept": "application/json"})["items"]
    assert [event["type"] for event in events].count("job.succeeded") == 1
