"""What the tests of the canvas's side panel take for answers of the API is what the API answers.

To write them anew after a change of the contract: RECORD_FIXTURES=1 pytest tests/node/test_panel_fixtures.py
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "editor" / "src" / "panel" / "fixtures"
TUNING = "/nodes/hyperparameter_tuning"
# Shown nowhere, and long.
LEFT_OUT = ("jsonforms",)


def penguins(**config: Any) -> dict[str, Any]:
    graph = json.loads((ROOT / "frontend-schema" / "examples" / "penguins.json").read_text())
    node = next(node for node in graph["nodes"] if node["id"] == "tune")
    node["data"]["config"] = config
    return {"graph": graph, "node_id": "tune"}


HIGH_BELOW_LOW = [{"kind": "float", "name": "C", "low": 1.0, "high": 0.1, "log": True}]
OF_ANOTHER_MODEL = [{"kind": "int", "name": "max_depth", "low": 2, "high": 6}]
JUDGED = ("findings", "config", "runnable")
# Path and body of the question, and what is kept of the answer; the form of a fresh node is the descriptor's.
ANSWERS: dict[str, tuple[str, dict[str, Any] | None, tuple[str, ...]]] = {
    "penguins": (f"{TUNING}/resolve", penguins(), ()),
    "penguins_wrong_range": (f"{TUNING}/resolve", penguins(search_space=HIGH_BELOW_LOW), JUDGED),
    "penguins_other_model": (f"{TUNING}/resolve", penguins(search_space=OF_ANOTHER_MODEL), JUDGED),
    "fresh_node": (f"{TUNING}/resolve", {"config": {}}, (*JUDGED, "model", "targets", "metrics")),
    "estimate": (f"{TUNING}/estimate", penguins(), ()),
    "logistic_regression": (
        "/model-hyperparameters/logistic_regression",
        None,
        ("label", "fields", "defaults"),
    ),
}


def without_long_parts(document: Any) -> Any:
    if isinstance(document, list):
        return [without_long_parts(item) for item in document]
    if not isinstance(document, dict):
        return document
    return {key: without_long_parts(value) for key, value in document.items() if key not in LEFT_OUT}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_panel_is_tested_with_what_the_api_answers(client: httpx.Client, name: str) -> None:
    path, body, kept = ANSWERS[name]
    answer = client.get(path) if body is None else client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    told = {key: value for key, value in without_long_parts(answer.json()).items() if not kept or key in kept}
    file = FIXTURES / f"{name}.json"
    if os.environ.get("RECORD_FIXTURES"):
        file.write_text(json.dumps(told, indent=2) + "\n")
    assert json.loads(file.read_text()) == told, "Write the fixtures anew; this module's first lines say how."
