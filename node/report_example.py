"""The example of a report for the API's page; a test holds it to its document's model."""

from hyperparameter_tuning.node.examples import EXECUTION, JOB, JOB_ID, JOB_PATH, Example

_BEST = JOB["best"]["params"]
_TRIALS = EXECUTION["outputs"]["trials"]

REPORT: Example = {
    "contract_version": JOB["contract_version"],
    "job_id": JOB_ID,
    "run_number": 3,
    "status": "succeeded",
    "final": True,
    "model_type": "random_forest_classifier",
    "strategy": "random",
    "metric": "log_loss",
    "direction": "minimize",
    "metric_reason": "Log loss: the default where there are more than two classes.",
    "error": None,
    "ending": {
        "reason": "max_trials",
        "sentence": "The number of candidates that the budget allows was scored.",
        "budget": {"max_trials": 30, "max_seconds": 600.0},
    },
    "evaluation": {
        "kind": "k_fold",
        "splits": 5,
        "rows": 344,
        "sentence": "Each candidate is judged on 5 folds.",
    },
    "labels": [],
    "notes": [
        {
            "code": "best_of_many",
            "sentence": "The best score is the best of many on the same folds: on new rows it is likely "
            "to be a little worse.",
        }
    ],
    "warnings": [],
    "counts": JOB["counts"],
    "baseline": {
        "trial": 0,
        "origin": "baseline",
        "state": "complete",
        "score": 0.0688,
        "std": 0.0121,
        "params": JOB["baseline"]["params"],
        "number_types": {},
    },
    "best": {
        "trial": 17,
        "origin": "search",
        "state": "complete",
        "score": 0.0412,
        "std": 0.0093,
        "params": _BEST,
        "number_types": {},
    },
    "gain": {
        "absolute": 0.0276,
        "relative": 0.401,
        "folds_better": 5,
        "folds": 5,
        "sentence": "The best log_loss is 0.0412; with the current parameters it is 0.0688.",
    },
    "spread": {
        "least": 0.0305,
        "greatest": 0.0561,
        "std": 0.0093,
        "folds": [{"repeat": 0, "fold": 0, "score": 0.0305, "baseline": 0.0602}],
    },
    "history": {
        "total": 32,
        "note": None,
        "points": [
            {
                "trial": 0,
                "origin": "baseline",
                "state": "complete",
                "score": 0.0688,
                "best": 0.0688,
                "seconds": 0.8,
                "resource": 1.0,
                "rung": None,
            }
        ],
    },
    "rungs": [],
    "importances": {
        "state": "ready",
        "needed": 20,
        "have": 30,
        "resource": 1.0,
        "method": "ped_anova",
        "target_quantile": 0.1,
        "values": [
            {"parameter": "max_depth", "importance": 0.71},
            {"parameter": "n_estimators", "importance": 0.29},
        ],
        "sentence": "From 30 comparable candidates: take the order for a hint, not the numbers.",
    },
    "slices": {
        "resource": 1.0,
        "total": 30,
        "note": None,
        "parameters": [
            {
                "parameter": "max_depth",
                "label": "Depth",
                "kind": "int",
                "log": False,
                "low": 1,
                "high": 9,
                "choices": None,
                "points": [{"trial": 17, "value": 9, "score": 0.0412}],
            }
        ],
    },
    "hints": [
        {
            "code": "best_at_bound",
            "parameter": "max_depth",
            "side": "high",
            "value": 9,
            "bound": 9,
            "suggested": 17,
            "pointer": "/search_space/0/high",
            "sentence": "The best value of 'max_depth', 9, is at the upper end of its range, 1 to 9: better "
            "ones may lie beyond. Try up to 17.",
        }
    ],
    "failures": [],
    "timing": {
        "seconds": 67.0,
        "fits": 160,
        "fits_per_second": 2.39,
        "fit_seconds": 118.4,
        "score_seconds": 3.1,
        "refit_seconds": 0.9,
    },
    "trials": {
        "href": _TRIALS["href"],
        "formats": _TRIALS["formats"],
        "columns": _TRIALS["columns"],
    },
    "links": {"self": f"{JOB_PATH}/report", "job": JOB_PATH},
}
