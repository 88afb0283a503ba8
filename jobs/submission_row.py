"""Turns a submission into the row of a fresh job, and refuses texts that the store cannot hold.

Whether the submission makes sense does not belong here: `registry.validation` said so before.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from hyperparameter_tuning.jobs.fingerprints import RunContent, run_fingerprint
from hyperparameter_tuning.jobs.models import JOBS
from hyperparameter_tuning.jobs.records import Submission
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.jobs.stored_text import check_text
from hyperparameter_tuning.registry.providers import job_names, providers_of
from hyperparameter_tuning.shared.errors import UserError

_FRESH: dict[str, Any] = {
    "state": JobState.QUEUED.value,
    "stop_requested": False,
    "cancel_requested": False,
    "attempts": 0,
    "search": {},
    "n_units": 0,
    "n_complete": 0,
    "n_failed": 0,
    "n_pruned": 0,
    "artifact_keys": [],
    "forwarded_seq": 0,
}
_TEXTS = ("run_id", "owner_id", "graph_ref", "node_id", "model_type", "strategy", "metric")
_AS_THEY_ARE = (
    "run_id",
    "base_revision",
    "model_type",
    "strategy",
    "metric",
    "direction",
    "seed",
    "write_back_mode",
    "concurrent",
    "resumed_from",
    "n_planned",
)


def submission_row(submission: Submission) -> dict[str, Any]:
    """Return the columns of a new job, without its run number.

    Raises:
        UserError: a text is empty, too long, or holds characters that a database refuses.
    """
    plain = document(submission.plain)
    summary = document(submission.data_summary)
    config = dict(submission.config)
    run = fingerprint_of(submission)
    row = _FRESH | {name: getattr(submission, name) for name in _AS_THEY_ARE}
    row |= {
        "id": uuid4().hex,
        "owner_id": submission.owner.id,
        "owner_claims": dict(submission.owner.claims),
        "graph_ref": submission.graph_ref or "",
        "node_id": submission.node_id or "",
        "config": config,
        "plain": plain,
        "data_summary": summary,
        "providers": _providers(submission, plain),
        "fingerprints": {**submission.fingerprints, "run": run},
        "run_fingerprint": run,
    }
    for name in _TEXTS:
        check_text(name, row[name], JOBS.c[name].type.length)  # type: ignore[attr-defined]
    for name in ("run_id", "owner_id"):
        if not row[name]:
            raise UserError(f"'{name}' must not be empty.", pointer=f"/{name}")
    return row


def run_content(submission: Submission) -> RunContent:
    """Return what the fingerprint of the run is made of."""
    return RunContent(
        submission.config,
        document(submission.plain),
        str(document(submission.data_summary).get("fingerprint", "")),
        submission.fingerprints.get("validation"),
    )


def fingerprint_of(submission: Submission) -> str:
    """Return the run fingerprint that the job will have."""
    run = run_content(submission)
    return run_fingerprint(run.config, run.plain, run.data_fingerprint, run.validation_fingerprint)


def _providers(submission: Submission, plain: Mapping[str, Any]) -> list[dict[str, str]]:
    return providers_of(
        job_names(submission.strategy, submission.model_type, submission.metric, submission.config, plain)
    )


def document(value: BaseModel | Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON form of a model, or a copy of what is one already."""
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else dict(value)
