"""Example answers for the API's page; a test holds each to its document's model.

Example requests stand beside their models.
"""

from typing import Any

from hyperparameter_tuning.node.contract import CONTRACT_VERSION

Example = dict[str, Any]

JOB_ID = "5f0c7e0f9a7d4b7f8f0e6a0c1d2b3a49"
JOB_PATH = f"/hyperparameter-tuning-jobs/{JOB_ID}"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
STARTED = "2026-11-23T12:00:00+00:00"
ENDED = "2026-11-23T12:01:07+00:00"
_VERSION: Example = {"contract_version": CONTRACT_VERSION}

JOB: Example = {
    **_VERSION,
    "id": JOB_ID,
    "run_id": "run-2026-11-23-1",
    "run_number": 3,
    "name": "More trees",
    "note": None,
    "pipeline_id": "penguins",
    "node_id": "tune",
    "base_revision": 4,
    "status": "succeeded",
    "stop_requested": False,
    "cancel_requested": False,
    "stopped_by": "max_trials",
    "error": None,
    "model_type": "random_forest_classifier",
    "strategy": "random",
    "metric": "log_loss",
    "direction": "minimize",
    "seed": 42,
    "write_back_mode": "propose",
    "concurrent": False,
    "resumed_from": None,
    "progress": {
        "done": 32,
        "planned": 32,
        "units_done": 160,
        "units_planned": 160,
        "fraction": 1.0,
        "eta_seconds": None,
    },
    "counts": {"complete": 32, "failed": 0, "pruned": 0},
    "best": {
        "trial": 17,
        "score": 0.0412,
        "params": {"max_depth": 9, "n_estimators": 240},
        "number_types": {},
    },
    "baseline": {
        "trial": 0,
        "score": 0.0688,
        "params": {"max_depth": 2, "n_estimators": 20},
        "number_types": {},
    },
    "artifact": {
        "href": f"{JOB_PATH}/artifact",
        "document": f"{JOB_PATH}/artifact/document",
        "sha256": SHA256,
        "size": 482113,
        "input": "raw",
        "trusted_types": [],
    },
    "cautions": [],
    "fingerprints": {"data": f"sha256:{SHA256}", "run": f"sha256:{SHA256}"},
    "providers": [],
    "write_backs": [
        {"patch_id": f"{JOB_ID}.result", "kind": "result", "state": "applied", "revision": 5},
        {"patch_id": f"{JOB_ID}.params", "kind": "params", "state": "proposed"},
    ],
    "attempts": 1,
    "worker": "host-1:4711",
    "last_seq": 214,
    "created": True,
    "migrated": [],
    "created_at": STARTED,
    "updated_at": ENDED,
    "started_at": STARTED,
    "finished_at": ENDED,
    "links": {"self": JOB_PATH, "events": f"{JOB_PATH}/events", "trials": f"{JOB_PATH}/trials"},
}
EXECUTION: Example = {
    **_VERSION,
    "state": "up_to_date",
    "job_id": JOB_ID,
    "fingerprint": f"sha256:{SHA256}",
    "changed": [],
    "message": "The result of run 3 is up to date.",
    "outputs": {
        "best_params": {
            "type": "params",
            "value": {"max_depth": 9, "n_estimators": 240, "max_features": 0.5},
            "number_types": {"max_features": "float"},
        },
        "tuned_model": {
            "type": "model.trained.pipeline",
            "artifact": JOB["artifact"],
            "input": "raw",
            "columns": [{"name": "bill_length_mm", "dtype": "number"}],
            "steps": ["scale"],
        },
        "trials": {
            "type": "table",
            "href": f"{JOB_PATH}/trials",
            "formats": {
                "csv": f"{JOB_PATH}/trials?format=csv",
                "parquet": f"{JOB_PATH}/trials?format=parquet",
            },
            "columns": [
                {"name": "number", "dtype": "number"},
                {"name": "param_max_depth", "dtype": "number"},
            ],
        },
        "report": {"type": "report", "href": f"{JOB_PATH}/report"},
    },
    "job": JOB,
}
JOB_LIST: Example = {**_VERSION, "items": [JOB], "next": None}
TRIAL: Example = {
    "number": 17,
    "origin": "search",
    "state": "complete",
    "params": {"max_depth": 9, "n_estimators": 240, "max_features": 0.5},
    "number_types": {"max_features": "float"},
    "resource": 1.0,
    "rung": None,
    "n_folds": 5,
    "score": 0.0412,
    "std": 0.0093,
    "scores": {"log_loss": 0.0412},
    "error": None,
    "started_at": STARTED,
    "finished_at": ENDED,
    "how": ["fitted"],
    "folds": None,
}
TRIAL_LIST: Example = {
    **_VERSION,
    "job_id": JOB_ID,
    "metric": "log_loss",
    "direction": "minimize",
    "items": [TRIAL],
    "next": None,
}
EVENT: Example = {
    **_VERSION,
    "job_id": JOB_ID,
    "seq": 58,
    "type": "best.updated",
    "at": STARTED,
    "data": {
        "trial": 17,
        "score": 0.0412,
        "params": {"max_depth": 9, "n_estimators": 240},
        "number_types": {},
    },
}
PURGE: Example = {**_VERSION, "dry_run": True, "count": 1, "job_ids": ["0c5c0f4bd1f24ee7a4a1f2dd2f9a3f11"]}
EVENT_TICKET: Example = {
    **_VERSION,
    "ticket": "J2hbVRSxUyBqJ0CYaLPZ7FhNfYp1m5w0cXo9mKzq3tE",
    "expires_in": 30,
}
EVENT_LIST: Example = {**_VERSION, "items": [EVENT], "next_after": 58, "terminal": False}
PREVIEW_ROW: Example = {
    "node_id": "model",
    "label": "Random forest",
    "path": "/data/config/params/max_depth",
    "op": "set",
    "before": 2,
    "before_absent": False,
    "after": 9,
    "after_absent": False,
    "changed": True,
    "conflict": None,
}
PREVIEW: Example = {**_VERSION, "id": JOB_ID, "rows": [PREVIEW_ROW]}
WRITE_BACK: Example = {
    **_VERSION,
    "id": JOB_ID,
    "write_back": {"patch_id": f"{JOB_ID}.apply.17", "kind": "params", "state": "applied", "revision": 6},
}
ARTIFACT_DOCUMENT: Example = {
    **_VERSION,
    "job_id": JOB_ID,
    "model_type": "random_forest_classifier",
    "href": f"{JOB_PATH}/artifact?input=raw",
    "sha256": SHA256,
    "size": 482113,
    "input": "raw",
    "columns": [{"name": "bill_length_mm", "dtype": "number"}, {"name": "island", "dtype": "category"}],
    "steps": ["impute", "encode"],
    "steps_before": [],
    "target": {"name": "species", "dtype": "category"},
    "classes": ["Adelie", "Chinstrap", "Gentoo"],
    "trusted_types": [],
    "allowed_types": ["numpy.dtype", "sklearn.tree._tree.Tree"],
    "cautions": [],
}
BEST_PARAMS: Example = {
    **_VERSION,
    "model_type": "random_forest_classifier",
    "available": True,
    "comparable": True,
    "job_id": JOB_ID,
    "pipeline_id": "penguins",
    "node_id": "tune",
    "run_number": 3,
    "best_params": {"max_depth": 9, "n_estimators": 240},
    "number_types": {},
    "best_score": 0.0412,
    "metric": "log_loss",
    "direction": "minimize",
    "strategy": "random",
    "finished_at": ENDED,
    "best": JOB,
    "newest": JOB,
    "message": "Best log_loss of 3 runs on the same data with the same kind of validation.",
}
VALIDATION: Example = {
    **_VERSION,
    "findings": [
        {
            "pointer": "/search_space/0/low",
            "code": "range_order",
            "severity": "error",
            "message": "The range of 'max_depth' is empty: 12 must be below 4.",
            "source": "config",
        }
    ],
    "config": None,
    "runnable": False,
}
NODE: Example = {
    **_VERSION,
    "descriptor_version": 1,
    "type": "hyperparameter_tuning",
    "type_version": 1,
    "display_name": "Tune hyperparameters",
    "schema_hash": f"sha256:{SHA256}",
}
NODE_LIST: Example = {**_VERSION, "items": [NODE]}
MODEL: Example = {
    **_VERSION,
    "model_type": "ridge_regression",
    "label": "Ridge regression",
    "problem_type": "regression",
    "aliases": ["ridge"],
    "fields": [{"name": "alpha", "label": "Penalty", "types": ["float"], "default": 1.0}],
    "defaults": {"alpha": 1.0},
    "suggested": {
        "full": [
            {"kind": "float", "name": "alpha", "enabled": True, "low": 0.001, "high": 1000.0, "log": True}
        ],
        "trimmed": [{"kind": "categorical", "name": "alpha", "enabled": True, "choices": [0.1, 1.0, 10.0]}],
    },
}
PIPELINE_SUMMARY: Example = {
    **_VERSION,
    "id": "penguins",
    "name": "Penguins",
    "revision": 4,
    "created_at": STARTED,
    "updated_at": ENDED,
}
PIPELINE_LIST: Example = {**_VERSION, "items": [PIPELINE_SUMMARY], "next": None}
HEALTH: Example = {**_VERSION, "status": "ok"}
READINESS: Example = {
    **_VERSION,
    "status": "not_ready",
    "checks": {
        "database": {"ok": True, "message": "The job store answers."},
        "broker": {"ok": True, "message": "Redis answers."},
        "keeper": {"ok": False, "message": "No keeper runs. Start one: tuning-node keeper"},
    },
}
