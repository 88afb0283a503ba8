"""Stored jobs as the first contract's documents; nothing is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hyperparameter_tuning.jobs import requests_repository, trials_repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import JobRecord, TrialRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.node.compat_documents import OldBestParams, OldJob, OldJobSummary, OldStatus
from hyperparameter_tuning.node.job_views import progress_of

SHOWN_CANDIDATES = 10

OLD_STATUS: Mapping[JobState, OldStatus] = {
    JobState.QUEUED: "queued",
    JobState.RUNNING: "running",
    JobState.STOPPING: "running",
    JobState.CANCELLING: "cancelled",
    JobState.SUCCEEDED: "succeeded",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "cancelled",
}
"""Today's states in the five words of the first contract."""

_STEPS: Mapping[JobState, str] = {
    JobState.QUEUED: "Waiting for a worker",
    JobState.STOPPING: "Fitting the best candidate",
    JobState.CANCELLING: "Ending the search",
    JobState.SUCCEEDED: "Finished",
    JobState.FAILED: "Failed",
    JobState.CANCELLED: "Cancelled",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What is read beside a job.

    Attributes:
        document: What its caller sent; empty for jobs of today's contract.
        leading: Its best candidates, the best first.
    """

    document: Mapping[str, Any]
    leading: Sequence[TrialRecord] = ()


async def read_told(session: Session, jobs: Sequence[JobRecord]) -> dict[str, Told]:
    """Read what the documents of these jobs need, by job id."""
    sent = await requests_repository.documents(session, [job.id for job in jobs])
    return {
        job.id: Told(
            sent.get(job.id, {}),
            await trials_repository.leading(session, job.id, job.direction == "maximize", SHOWN_CANDIDATES),
        )
        for job in jobs
    }


def old_summary(job: JobRecord, told: Told) -> OldJobSummary:
    """Return a job as lists show it."""
    return OldJobSummary(**_summary(job, told))


def old_job(job: JobRecord, told: Told, artifact: str | None = None, message: str | None = None) -> OldJob:
    """Return a whole job.

    Args:
        job: The record.
        told: What was read beside it.
        artifact: Where its tuned model can be read.
        message: What a cancel has to say.
    """
    return OldJob(**_summary(job, told), **_details(job, told), artifact_uri=artifact, message=message)


def old_best(model: str, job: JobRecord | None, told: Told | None, message: str) -> OldBestParams:
    """Return the best parameters of a model, or the sentence that there are none."""
    if job is None or told is None:
        return OldBestParams(available=False, model_type=model, message=message)
    values = {**_summary(job, told), **_details(job, told)}
    names = OldBestParams.model_fields.keys() & values.keys() - {"model_type"}
    return OldBestParams(
        available=True, model_type=model, job_id=job.id, **{name: values[name] for name in names}
    )


def cancel_message(before: JobRecord) -> str:
    """Say what a cancel came to, given the job as it was before."""
    if before.is_terminal:
        return f"The job has already {_ENDED[before.state]}."
    return "The job is being cancelled." if before.state is not JobState.QUEUED else "The job was cancelled."


_ENDED = {
    JobState.SUCCEEDED: "succeeded",
    JobState.FAILED: "failed",
    JobState.CANCELLED: "been cancelled",
}


def _summary(job: JobRecord, told: Told) -> dict[str, Any]:
    document = told.document
    return {
        "id": job.id,
        "dataset_source_id": document.get("dataset_source_id", _dataset_name(job)),
        "pipeline_id": document.get("pipeline_id", job.graph_ref or ""),
        "node_id": job.node_id or "",
        "status": OLD_STATUS[job.state],
        "run_number": job.run_number,
        "model_type": job.model_type,
        "search_strategy": job.strategy,
        "metadata": _metadata(document),
        "metrics": _metrics(job),
        "results": _results(told.leading) or (job.outcome or {}).get("results") or None,
        "best_params": None if job.best_params is None else dict(job.best_params),
        "best_score": job.best_score,
        "error_message": job.error_message,
        "progress": _per_cent(job, document),
        "current_step": _STEPS.get(job.state) or document.get("current_step") or _running_step(job),
        "created_at": job.created_at,
        "updated_at": job.updated_at,
    }


def _details(job: JobRecord, told: Told) -> dict[str, Any]:
    document, config = told.document, job.config
    return {
        "user_id": job.owner.id,
        "search_space": document.get("search_space") or _space(config.get("search_space") or ()),
        "baseline_hyperparameters": document.get("baseline_hyperparameters"),
        "n_iterations": document.get("n_iterations") or (config.get("budget") or {}).get("max_trials"),
        "scoring": document.get("scoring") or job.metric,
        "random_state": job.seed,
        "cross_validation": document.get("cross_validation") or config.get("cross_validation"),
        "graph": document.get("graph") or {"nodes": [], "edges": []},
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "target_node_id": document.get("target_node_id"),
    }


def _metadata(document: Mapping[str, Any]) -> dict[str, Any] | None:
    kept = dict(document.get("metadata") or {})
    if document.get("target_node_id"):
        kept["target_node_id"] = document["target_node_id"]
    return kept or None


def _metrics(job: JobRecord) -> dict[str, Any] | None:
    if job.outcome is None:
        return None
    search = {
        "strategy": job.strategy,
        "selected_strategy": job.strategy,
        "scoring": job.metric,
        "direction": job.direction,
        "n_candidates": job.n_complete + job.n_failed + job.n_pruned,
        "best_index": job.best_trial,
        "best_score": job.best_score,
    }
    return {**(job.outcome.get("metrics") or {}), "search": search, "model_type": job.model_type}


def _results(leading: Sequence[TrialRecord]) -> list[dict[str, Any]]:
    return [
        {
            "rank": rank,
            "mean_test_score": trial.score,
            "std_test_score": trial.std,
            "params": dict(trial.params),
        }
        for rank, trial in enumerate(leading, 1)
    ]


def _space(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {row["name"]: row["choices"] if "choices" in row else dict(row) for row in rows}


def _dataset_name(job: JobRecord) -> str:
    dataset = job.plain.get("dataset") or {}
    named = (dataset.get(name) for name in ("name", "path", "table"))
    return str(next((value for value in named if value), ""))


def _per_cent(job: JobRecord, document: Mapping[str, Any]) -> int:
    """Return how far a job is; one that its caller drives says so itself."""
    if "progress" in document and not job.is_terminal:
        return int(document["progress"])
    return round(100 * (progress_of(job, datetime.now(UTC)).fraction or 0.0))


def _running_step(job: JobRecord) -> str:
    done = job.n_complete + job.n_failed + job.n_pruned
    planned = job.search.get("trials", job.n_planned)
    return f"Candidate {done + 1}" + ("" if planned is None else f" of {planned}")
