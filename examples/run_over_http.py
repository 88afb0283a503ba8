"""A whole run from another program, over HTTP alone.

Run as ``python examples/run_over_http.py http://127.0.0.1:8321`` beside ``tuning-node serve``.
"""

import sys
import time

import httpx

TASK = {
    "graph": {
        "dataset": {"source": "sample", "name": "breast_cancer", "target": "target"},
        "steps": [{"kind": "scale"}],
        "model": {"type": "logistic_regression", "params": {"C": 1.0}},
    },
    "config": {"strategy": {"name": "optuna"}, "budget": {"max_trials": 10}},
}
ENDED = {"succeeded", "failed", "cancelled"}


def main(url: str) -> None:
    """Submit, wait, and print what was found."""
    with httpx.Client(base_url=url, timeout=30) as api:
        job = api.post("/hyperparameter-tuning-jobs", json=TASK).raise_for_status().json()
        while job["status"] not in ENDED:
            time.sleep(0.2)
            job = api.get(job["links"]["self"]).raise_for_status().json()
    best = job["best"] or {}
    print(f"{job['status']}: {job['metric']} {best.get('score')} with {best.get('params')}")


if __name__ == "__main__":
    main(sys.argv[1])
