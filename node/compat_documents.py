"""What the first contract answers: jobs, their list, a batch, the best parameters.

How a stored job becomes one is in `node.compat_views`; today's documents are in `node.job_documents`.
"""

from datetime import datetime
from typing import Any, Literal

from pydantic import ConfigDict, Field

from hyperparameter_tuning.node.examples import ENDED, JOB_ID, JOB_PATH, STARTED
from hyperparameter_tuning.node.job_documents import AnswerDocument
from hyperparameter_tuning.node.migrated_nodes import MigratedNodeDocument

OldStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]

_SUMMARY: dict[str, Any] = {
    "id": JOB_ID,
    "dataset_source_id": "breast_cancer",
    "pipeline_id": "canvas-7",
    "node_id": "tune-1",
    "status": "succeeded",
    "run_number": 3,
    "model_type": "logistic_regression",
    "search_strategy": "random",
    "metadata": {"target_column": "target", "target_node_id": "model-1"},
    "metrics": {"search": {"strategy": "random", "n_candidates": 10, "best_score": 0.98}},
    "results": [{"rank": 1, "mean_test_score": 0.98, "std_test_score": 0.01, "params": {"C": 1.0}}],
    "best_params": {"C": 1.0},
    "best_score": 0.98,
    "error_message": None,
    "progress": 100,
    "current_step": "Finished",
    "created_at": STARTED,
    "updated_at": ENDED,
}
_JOB: dict[str, Any] = {
    **_SUMMARY,
    "user_id": "local",
    "search_space": {"C": [0.1, 1.0, 10.0]},
    "baseline_hyperparameters": None,
    "n_iterations": 10,
    "scoring": "accuracy",
    "random_state": 42,
    "cross_validation": {"enabled": True, "strategy": "auto", "folds": 5},
    "graph": {"nodes": [], "edges": []},
    "artifact_uri": f"{JOB_PATH}/artifact",
    "started_at": STARTED,
    "finished_at": ENDED,
    "target_node_id": "model-1",
    "message": None,
    "migrated": [],
}


class OldJobSummary(AnswerDocument):
    """A job in a list, in the words of the first contract.

    Attributes:
        metadata: What the caller sent to be kept, ``target_node_id`` with it.
        metrics: ``search`` and what the worker reported at the end.
        results: The ten best candidates; ``mean_test_score`` is in the metric's natural unit.
        progress: Per cent.
    """

    id: str
    dataset_source_id: str
    pipeline_id: str
    node_id: str
    status: OldStatus
    run_number: int
    model_type: str
    search_strategy: str
    metadata: dict[str, Any] | None
    metrics: dict[str, Any] | None
    results: list[dict[str, Any]] | None
    best_params: dict[str, Any] | None
    best_score: float | None
    error_message: str | None
    progress: int
    current_step: str | None
    created_at: datetime
    updated_at: datetime


class OldJob(OldJobSummary):
    """A whole job, in the words of the first contract.

    Attributes:
        search_space: As it was sent; of jobs that were not sent so, the rows in force.
        artifact_uri: Where the tuned model can be read.
        message: What a cancel has to say.
        migrated: What was of earlier versions in the request that made it; of POST only.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_JOB]})

    user_id: str | None
    search_space: Any
    baseline_hyperparameters: Any
    n_iterations: int | None
    scoring: str | None
    random_state: int | None
    cross_validation: dict[str, Any] | None
    graph: dict[str, Any]
    artifact_uri: str | None
    started_at: datetime | None
    finished_at: datetime | None
    target_node_id: str | None
    message: str | None = None
    migrated: list[MigratedNodeDocument] = Field(default_factory=list)


class OldJobBatch(AnswerDocument):
    """The jobs of one request; ``total`` is how many there are.

    Attributes:
        migrated: What was of earlier versions in the request.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"jobs": [_JOB], "total": 1, "migrated": []}]})

    jobs: list[OldJob]
    total: int
    migrated: list[MigratedNodeDocument] = Field(default_factory=list)


class OldJobList(AnswerDocument):
    """The newest jobs; ``total`` is how many of them are here."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"jobs": [_SUMMARY], "total": 1}]})

    jobs: list[OldJobSummary]
    total: int


class OldBestParams(AnswerDocument):
    """The best parameters of a model so far; without any, ``available`` is false and ``message`` says so."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "available": True,
                    **{name: _JOB[name] for name in ("model_type", "pipeline_id", "node_id", "run_number")},
                    "job_id": JOB_ID,
                    **{name: _JOB[name] for name in ("best_params", "best_score", "scoring", "finished_at")},
                    **{name: _JOB[name] for name in ("search_strategy", "n_iterations")},
                }
            ]
        }
    )

    available: bool
    model_type: str
    job_id: str | None = None
    pipeline_id: str | None = None
    node_id: str | None = None
    run_number: int | None = None
    best_params: dict[str, Any] | None = None
    best_score: float | None = None
    scoring: str | None = None
    finished_at: datetime | None = None
    search_strategy: str | None = None
    n_iterations: int | None = None
    message: str | None = None
