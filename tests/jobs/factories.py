"""Submissions, messages and graphs that tests of jobs start from; each test says only what it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from uuid import uuid4

from hyperparameter_tuning.jobs import claims, finishing, progress, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord, Submission

_numbers = count()
MODEL = "decision_tree_classifier"
CONFIG: dict[str, Any] = {
    "strategy": {"name": "random"},
    "search_space": [{"kind": "int", "name": "max_depth", "low": 1, "high": 9, "enabled": True}],
    "fixed_params": [],
    "budget": {"max_trials": 5, "max_seconds": 60.0},
    "write_back": {"mode": "propose", "attach_model": True, "min_gain": 0.0},
}


def target(node_id: str = "model", **params: Any) -> dict[str, Any]:
    return {"node_id": node_id, "kind": "model", "params": params, "number_types": {}}


def plain(*targets: Mapping[str, Any], **overrides: Any) -> dict[str, Any]:
    chosen = list(targets) or [target(max_depth=1)]
    return {
        "dataset": {"source": "sample", "name": "iris"},
        "steps": [{"node_id": "scale", "kind": "scale", "config": {"method": "standard"}}],
        "model": {"type": MODEL, "params": dict(chosen[0]["params"]), "number_types": {}},
        "target": "species",
        "node_id": "tune",
        "targets": chosen,
        **overrides,
    }


def submission(**overrides: Any) -> Submission:
    values: dict[str, Any] = {
        "run_id": uuid4().hex,
        "graph_ref": f"pipeline-{uuid4().hex[:8]}-{next(_numbers)}",
        "node_id": "tune",
        "config": CONFIG,
        "plain": plain(),
        "data_summary": {"rows": 150, "columns": [], "fingerprint": "sha256:data"},
        "model_type": MODEL,
        "strategy": "random",
        "metric": "accuracy",
        "direction": "maximize",
    }
    return Submission(**(values | overrides))


async def submitted(db: Database, **overrides: Any) -> JobRecord:
    asked = submission(**overrides)
    return await db.run(lambda session: service.submit(session, asked))


async def claimed(db: Database, **overrides: Any) -> JobRecord:
    job = await submitted(db, **overrides)
    return await claim(db, job.id)


async def claim(db: Database, job_id: str) -> JobRecord:
    job = await db.run(lambda session: claims.claim(session, job_id, "worker-1"))
    assert job is not None
    return job


async def told(db: Database, job: JobRecord, *messages: Mapping[str, Any]) -> None:
    token = job.lease_token or ""
    await db.run(lambda session: progress.record(session, job.id, token, messages), durable=False)


async def present(db: Database, job_id: str) -> JobRecord:
    return await db.run(lambda session: service.get(session, job_id), write=False)


def started(trial: int, origin: str = "search", **overrides: Any) -> dict[str, Any]:
    values = {"trial": trial, "origin": origin, "params": {"max_depth": trial + 1}, "number_types": {}}
    return {"type": "trial.started", **values, **overrides}


def unit(trial: int, fold: int = 0, **overrides: Any) -> dict[str, Any]:
    values = {
        "resource": 1.0,
        "repeat": 0,
        "fold": fold,
        "state": "complete",
        "scores": {"accuracy": 0.5},
        "fit_seconds": 0.01,
        "score_seconds": 0.001,
        "error": None,
        "how": "fitted",
    }
    return {"type": "unit", "trial": trial, **values, **overrides}


def finished(trial: int, score: float | None = 0.5, **overrides: Any) -> dict[str, Any]:
    values = {
        "state": "complete" if score is not None else "failed",
        "resource": 1.0,
        "n_folds": 1,
        "score": score,
        "std": 0.0,
        "scores": {} if score is None else {"accuracy": score},
        "error": None if score is not None else "ValueError: no",
    }
    return {"type": "trial.finished", "trial": trial, **values, **overrides}


def whole_trial(
    trial: int, score: float | None = 0.5, origin: str = "search", **params: Any
) -> list[dict[str, Any]]:
    begin = started(trial, origin, params=params) if params else started(trial, origin)
    return [begin, unit(trial), finished(trial, score)]


def outcome(
    trial: int, score: float, number_types: Mapping[str, str] | None = None, **params: Any
) -> dict[str, Any]:
    return {
        "best_trial": trial,
        "best_score": score,
        "best_params": params,
        "number_types": dict(number_types or {}),
        "reason": "max_trials",
        "tuned_model": {
            "artifact_key": "k/m.skops",
            "sha256": "ab",
            "size": 3,
            "input": "raw",
            "columns": [],
        },
    }


async def succeeded(
    db: Database,
    *,
    base: float = 0.5,
    best: float = 0.9,
    cautions: Sequence[str] = (),
    models: Mapping[str, Any] | None = None,
    **overrides: Any,
) -> JobRecord:
    """A job whose trial 0 is its model node's parameters and whose trial 1 won with max_depth 7."""
    job = await claimed(db, **overrides)
    held = (job.plain["targets"] or [target()])[0]["params"]
    baseline = {"max_depth": None, **held}
    await told(db, job, *whole_trial(0, base, "baseline", **baseline), *whole_trial(1, best, max_depth=7))
    token = job.lease_token or ""
    done = {**outcome(1, best, max_depth=7), "cautions": list(cautions), **(models or {})}
    return await db.run(lambda session: finishing.succeed(session, job.id, token, done))


async def searched(db: Database) -> JobRecord:
    """A job that has told importances, and whose best candidate stands at the end of its range."""
    job = await claimed(db)
    values = [{"parameter": "max_depth", "importance": 0.75}]
    message = {"type": "search.importances", "state": "ready", "needed": 20, "have": 60, "resource": 1.0}
    message |= {"method": "ped_anova", "target_quantile": 0.1, "values": values}
    await told(db, job, message, *whole_trial(0, 0.5, "baseline"), *whole_trial(1, 0.9, max_depth=9))
    token, done = job.lease_token or "", outcome(1, 0.9, max_depth=9)
    return await db.run(lambda session: finishing.succeed(session, job.id, token, done))


def graph(*models: Mapping[str, Any]) -> dict[str, Any]:
    """A canvas with a tuning node and model nodes, `target` documents."""
    nodes: list[dict[str, Any]] = [
        {"id": "tune", "type": "hyperparameter_tuning", "data": {"config": {}}, "position": {"x": 1, "y": 2}}
    ]
    for model in models or [target(max_depth=1)]:
        config = {
            "model": MODEL,
            "params": dict(model["params"]),
            "number_types": dict(model["number_types"]),
        }
        nodes.append({"id": model["node_id"], "type": "model", "data": {"label": "Tree", "config": config}})
    return {"graph_version": 1, "nodes": nodes, "edges": []}
