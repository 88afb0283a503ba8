"""How the worker ends its job: succeeded, failed or cancelled, once.

What is written onto the graph afterwards is decided in `jobs.patches_built` and carried out by
`jobs.write_back`. Functions flush and never commit; commit durably.
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.jobs import (
    events_repository,
    repository,
    trials_repository,
    write_backs_repository,
)
from hyperparameter_tuning.jobs.chosen_parameters import chosen_parameters
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.parameters import Parameters
from hyperparameter_tuning.jobs.patches_built import Baseline, applied_fingerprint, build_patches
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.jobs.stored_text import storable
from hyperparameter_tuning.shared.errors import StaleTransitionError
from hyperparameter_tuning.shared.node_kinds import NodeKinds

MAX_MESSAGE = 2_000


async def succeed(
    session: Session, job_id: str, token: str, outcome: Mapping[str, Any], *, kinds: NodeKinds | None = None
) -> JobRecord:
    """End the job with its result, and store in the same transaction what is to be written back.

    Args:
        session: An open write transaction.
        job_id: The job.
        token: Its lease token.
        outcome: JSON document:
            ``best_trial`` number of the chosen trial, ``best_score`` natural unit, ``best_params``,
            ``number_types`` of them; ``reason`` why the search ended; ``metrics`` any document of final
            metrics; ``tuned_model`` ``{artifact_key, sha256, size, input: raw | prepared, columns,
            steps?, ...}`` or None; ``prepared_model`` the same for the final step alone, where it was stored;
            ``cautions`` labels that the result carries; ``warnings`` sentences; ``path_checks`` the
            engine's path rules, each with what a plain fit of one of its cells showed. Further keys are kept.
        kinds: Node kinds; absent: the registry's.

    Raises:
        StaleTransitionError: *token* does not hold the job any more, or it is being cancelled: then call
            `cancelled`.
    """
    model = outcome.get("tuned_model") or {}
    files = [outcome.get(name) for name in ("tuned_model", "prepared_model")]
    values = {
        "outcome": dict(outcome),
        "reason": outcome.get("reason"),
        "best_trial": outcome["best_trial"],
        "best_score": outcome["best_score"],
        "best_params": dict(outcome["best_params"]),
        "artifact_key": model.get("artifact_key"),
        "artifact_sha256": model.get("sha256"),
        "artifact_size": model.get("size"),
        "artifact_keys": [file["artifact_key"] for file in files if file],
        "error_code": None,
        "error_message": None,
    }
    told = {name: values[name] for name in ("reason", "best_trial", "best_score", "best_params")}
    job = await repository.move(session, job_id, "succeed", values, guard=repository.Guard(token), data=told)
    await trials_repository.abandon_open(session, job_id)
    await _store_patches(session, job, outcome, kinds)
    return await _present(session, job_id)


async def fail(session: Session, job_id: str, token: str, code: str, message: str) -> JobRecord:
    """End the job with an error; finished trials stay readable.

    A job that was being cancelled ends cancelled: that is what the person asked.

    Args:
        session: An open write transaction.
        job_id: The job.
        token: Its lease token.
        code: Stable machine string.
        message: One sentence for the person at the canvas.

    Raises:
        StaleTransitionError: *token* does not hold the job any more.
    """
    job = await _held(session, job_id, token)
    await trials_repository.abandon_open(session, job_id)
    if job.state is JobState.CANCELLING:
        data = {"reason": job.reason}
        return await repository.move(
            session, job_id, "fail_while_cancelling", guard=repository.Guard(token), data=data
        )
    safe = storable(message, MAX_MESSAGE)
    values = {"error_code": code[:100], "error_message": safe, "reason": "error"}
    told = {"code": code[:100], "message": safe}
    return await repository.move(session, job_id, "fail", values, guard=repository.Guard(token), data=told)


async def cancelled(session: Session, job_id: str, token: str, reason: str | None = None) -> JobRecord:
    """End a job that was asked to cancel, or to stop before it had a complete trial.

    Args:
        session: An open write transaction.
        job_id: The job.
        token: Its lease token.
        reason: ``no_trials`` for a stop without anything to keep; absent: what the cancel said.

    Raises:
        StaleTransitionError: *token* does not hold the job any more, or nobody asked.
    """
    job = await _held(session, job_id, token)
    await trials_repository.abandon_open(session, job_id)
    values = {"reason": reason or job.reason}
    return await repository.move(
        session, job_id, "cancelled", values, guard=repository.Guard(token), data=values
    )


async def _held(session: Session, job_id: str, token: str) -> JobRecord:
    job = await repository.touch(session, job_id, token)
    if job is None:
        raise StaleTransitionError(f"Job {job_id} is no longer held by this worker.", job_id=job_id)
    return job


async def _present(session: Session, job_id: str) -> JobRecord:
    job = await repository.get(session, job_id)
    if job is None:
        raise StaleTransitionError(f"Job {job_id} does not exist any more.", job_id=job_id)
    return job


async def _store_patches(
    session: Session, job: JobRecord, outcome: Mapping[str, Any], kinds: NodeKinds | None
) -> None:
    baselines = [
        Baseline(trial.number, trial.score, Parameters(trial.params, trial.number_types), trial.targets)
        for trial in await trials_repository.trials(session, job.id, origins=("baseline", "defaults"))
    ]
    chosen = await trials_repository.trial(session, job.id, outcome["best_trial"])
    origin = chosen.origin if chosen else "search"
    await _store_applied_fingerprint(session, job, outcome, origin)
    planned = build_patches(job, outcome, kinds, baselines=baselines, origin=origin)
    for patch in planned:
        await write_backs_repository.add(session, job.id, patch)
    events = [
        ("writeback.proposed", {"patch_id": patch.patch_id, "kind": patch.kind, "reason": patch.reason})
        for patch in planned
        if patch.state == "proposed"
    ]
    if events:
        await events_repository.append(session, job.id, events)


async def _store_applied_fingerprint(
    session: Session, job: JobRecord, outcome: Mapping[str, Any], origin: str
) -> None:
    """Note what the graph will be once the result is on it, so that a run of that finds this job."""
    params = chosen_parameters(job, outcome["best_params"], outcome.get("number_types") or {}, origin)
    noted = {**job.fingerprints, "applied": applied_fingerprint(job, params)}
    await repository.set_values(session, job.id, {"fingerprints": noted})
