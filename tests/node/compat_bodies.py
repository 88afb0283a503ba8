"""Bodies of the first contract, and posting them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.node.conftest import JOBS

COMPAT = {"compat": 1}


def body(**overrides: Any) -> dict[str, Any]:
    """The body of a canvas of that time, on a sample table."""
    values: dict[str, Any] = {
        "dataset_source_id": "breast_cancer",
        "pipeline_id": "canvas-7",
        "node_id": "tune-1",
        "model_types": ["logistic_regression", "random_forest_classifier"],
        "search_strategy": "random",
        "search_space": {},
        "n_iterations": 4,
        "scoring": "accuracy",
        "random_state": 7,
        "metadata": {"note": "mine"},
        "graph": {"nodes": [], "edges": []},
    }
    return values | overrides


def one_model(**overrides: Any) -> dict[str, Any]:
    changed = {"model_types": ["logistic_regression"], "search_space": {"C": [0.1, 1.0, 10.0]}}
    return body(**(changed | overrides))


def accepted(client: httpx.Client, document: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(JOBS, json=document, params=COMPAT)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def stored(client: httpx.Client, document: dict[str, Any]) -> dict[str, Any]:
    """Post a body for one model and return the job of today's contract."""
    (job,) = accepted(client, document)["jobs"]
    found: dict[str, Any] = client.get(f"{JOBS}/{job['id']}").json()
    return found
