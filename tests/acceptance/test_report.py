"""Real searches, executed, and their reports worked out again from the table of trials."""

from typing import Any

import optuna
import pytest
from optuna.distributions import BaseDistribution, FloatDistribution, IntDistribution
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack

EXECUTE = "/nodes/hyperparameter_tuning/execute"
DEPTH = {"kind": "int", "name": "max_depth", "low": 2, "high": 9}
LEAF = {"kind": "int", "name": "min_samples_leaf", "low": 1, "high": 30}
ALPHA = {"kind": "float", "name": "alpha", "low": 1e-3, "high": 10.0, "log": True}
CLASSIFIER = ({"source": "sample", "name": "iris", "target": "target"}, "decision_tree_classifier")
REGRESSOR = ({"source": "sample", "name": "diabetes", "target": "target"}, "ridge_regression")
TASKS: dict[str, tuple[Any, str, dict[str, Any], list[dict[str, Any]], str]] = {
    "random, classifier": (CLASSIFIER, "random", {"max_trials": 24}, [DEPTH, LEAF], "log_loss"),
    "optuna, regressor": (REGRESSOR, "optuna", {"max_trials": 24}, [ALPHA], "rmse"),
    "halving, classifier": (CLASSIFIER, "halving_random", {"max_trials": 24}, [DEPTH, LEAF], "accuracy"),
}


def importances(rows: list[dict[str, Any]], scores: dict[int, float], trials: Any, sign: int) -> Any:
    """Optuna's own answer for these trials."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    kinds = {"int": IntDistribution, "float": FloatDistribution}
    distributions: dict[str, BaseDistribution] = {
        row["name"]: kinds[row["kind"]](row["low"], row["high"], log=row.get("log", False)) for row in rows
    }
    study = optuna.create_study(direction="maximize")
    for trial in trials:
        if trial["number"] in scores:
            study.add_trial(
                optuna.trial.create_trial(
                    params=trial["params"],
                    distributions=distributions,
                    value=sign * scores[trial["number"]],
                )
            )
    return get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())


def best_so_far(trials: list[dict[str, Any]], better: Any) -> list[float | None]:
    """The best score of whole folds up to each trial."""
    best: list[float] = []
    expected = []
    for trial in trials:
        if trial["score"] is not None and trial["resource"] == 1.0:
            best = [better([*best, trial["score"]])]
        expected.append(best[0] if best else None)
    return expected


def assert_rungs_agree(
    rungs: list[dict[str, Any]], strategy: str, trials: list[dict[str, Any]], compared: dict[int, float]
) -> None:
    if strategy == "halving_random":
        first, *later = rungs
        assert {item["trial"]: item["score"] for item in first["candidates"]} == compared
        assert all(item["total"] < first["total"] == 24 for item in later)
        went_on = sorted((compared[item["trial"]] for item in later[0]["candidates"]), reverse=True)
        assert went_on == [item["score"] for item in first["candidates"][: len(went_on)]]
    else:
        assert rungs == []
        assert compared.items() <= {trial["number"]: trial["score"] for trial in trials}.items()


@pytest.mark.parametrize("name", TASKS)
def test_a_search_is_executed_once_and_its_report_agrees_with_its_trials(
    embedded_stack: Stack, name: str
) -> None:
    stack = embedded_stack
    (dataset, model), strategy, budget, rows, metric = TASKS[name]
    config = {
        "strategy": {"name": strategy},
        "search_space": rows,
        "budget": {**budget, "max_seconds": 120},
        "cross_validation": {"kind": "k_fold", "folds": 3},
        "objective": {"metric": metric},
    }
    pipeline = stack.create_pipeline(tuning_graph(dataset, model, config=config))
    asked = {"pipeline_id": pipeline}
    submitted = stack.request("POST", EXECUTE, json=asked).json()
    job = stack.settled(submitted["job_id"])
    again = stack.request("POST", EXECUTE, json=asked).json()
    assert (submitted["state"], again["state"], again["job_id"]) == ("submitted", "up_to_date", job["id"])

    outputs = again["outputs"]
    assert outputs["best_params"]["value"] == job["best"]["params"]
    assert outputs["tuned_model"]["artifact"] == job["artifact"]
    trials = stack.get(f"{outputs['trials']['href']}?limit=500")["items"]
    report = stack.get(outputs["report"]["href"])

    expected = best_so_far(trials, max if job["direction"] == "maximize" else min)
    points = report["history"]["points"]
    assert [point["best"] for point in points] == expected
    assert [point["score"] for point in points] == [trial["score"] for trial in trials]
    assert report["gain"]["absolute"] == pytest.approx(abs(job["best"]["score"] - job["baseline"]["score"]))

    compared = {point["trial"]: point["score"] for point in report["slices"]["parameters"][0]["points"]}
    found = report["importances"]
    assert (found["state"], found["have"]) == ("ready", len(compared))
    sign = 1 if job["direction"] == "maximize" else -1
    assert {item["parameter"]: item["importance"] for item in found["values"]} == pytest.approx(
        importances(rows, compared, trials, sign)
    )
    assert_rungs_agree(report["rungs"], strategy, trials, compared)


def test_a_cancelled_search_keeps_a_report(embedded_stack: Stack) -> None:
    stack = embedded_stack
    config = {"search_space": [DEPTH, LEAF], "budget": {"max_trials": 200_000, "max_seconds": 60}}
    job = stack.submit(graph=tuning_graph(*CLASSIFIER, config=config), node_id="tune")
    path = f"/hyperparameter-tuning-jobs/{job['id']}"
    events = stack.get(f"{path}/events?after=0&wait=20", headers={"Accept": "application/json"})
    while not any(event["type"] == "trial.finished" for event in events["items"]):
        after = events["next_after"]
        events = stack.get(f"{path}/events?after={after}&wait=20", headers={"Accept": "application/json"})
    partial = stack.get(f"{path}/report")
    assert (partial["final"], partial["importances"]["state"]) == (False, "pending")
    assert partial["history"]["total"] > 0
    stack.request("POST", f"{path}/cancel")
    assert stack.wait(job["id"])["status"] == "cancelled"
    report = stack.get(f"{path}/report")
    assert report["importances"]["state"] in ("ready", "too_few_trials")
    assert report["ending"]["reason"] == "user"
