"""Example questions of a panel and their answers, for the API's page."""

from typing import Any

from pydantic import JsonValue

from hyperparameter_tuning.node.contract import CONTRACT_VERSION

Example = dict[str, Any]

REQUESTS: list[JsonValue] = [
    {"pipeline_id": "penguins", "node_id": "tune"},
    {
        "graph": {
            "dataset": {"source": "sample", "name": "breast_cancer", "target": "target"},
            "model": {"type": "k_neighbors_classifier", "params": {"n_neighbors": 5}},
        },
        "config": {"strategy": {"name": "halving"}, "cross_validation": {"kind": "k_fold", "folds": 3}},
    },
]
_ROW: Example = {
    "kind": "int",
    "name": "n_neighbors",
    "enabled": True,
    "low": 1,
    "high": 24,
    "step": 1,
    "log": False,
}
RESOLUTION: Example = {
    "contract_version": CONTRACT_VERSION,
    "config_schema": {"title": "Tune hyperparameters", "type": "object", "properties": {}},
    "ui_schema": {"rjsf": {"ui:order": ["*"]}, "jsonforms": {"type": "VerticalLayout", "elements": []}},
    "default_config": {"strategy": {"name": "random"}},
    "schema_hash": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "model": {
        "key": "k_neighbors_classifier",
        "label": "K nearest neighbours (classifier)",
        "problem_type": "classification",
        "connected": True,
        "nodes": [{"node_id": "model", "label": "Neighbours", "params": {"n_neighbors": 5}}],
        "unavailable": None,
    },
    "suggested_search_space": [_ROW],
    "suggested": {"full": [_ROW], "trimmed": []},
    "suggestion_notes": [
        "Neighbours: cut, since the smallest part that a candidate learns from has 24 rows."
    ],
    "targets": [
        {
            "value": "species",
            "dtype": "category",
            "distinct": 3,
            "missing": 0,
            "fits": True,
            "reason": None,
        }
    ],
    "metrics": {
        "auto": {
            "value": "log_loss",
            "label": "Log loss",
            "direction": "minimize",
            "reason": "Log loss: more than two classes, and the model gives probabilities.",
        },
        "choices": [{"value": "accuracy", "label": "Accuracy", "direction": "maximize"}],
    },
    "findings": [],
    "config": {"strategy": {"name": "random"}},
    "runnable": True,
    "migrated": [],
}
ESTIMATE: Example = {
    "contract_version": CONTRACT_VERSION,
    "candidates": 30,
    "references": 2,
    "trials": 32,
    "folds": 5,
    "fits": 160,
    "refit": 1,
    "rungs": [],
    "basis": "exact",
    "seconds": {"low": 4.1, "likely": 8.3, "high": 16.5},
    "time_basis": "earlier_jobs",
    "limits": {
        "max_trials": {"asked": 30, "ceiling": 10000, "in_force": 30},
        "max_seconds": {"asked": 600, "ceiling": 86400, "in_force": 600},
        "max_grid_candidates": 10000,
    },
    "reasons": [],
    "findings": [],
    "runnable": True,
    "migrated": [],
}
