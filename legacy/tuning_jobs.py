"""Jobs by the old service functions: created, looked at, purged, in the session of the caller.

These commit the session they are given, as they always did; nothing else in this package does.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from pydantic import ValidationError

from hyperparameter_tuning.jobs import repository, service
from hyperparameter_tuning.jobs.artifact_removal import remove_artifacts
from hyperparameter_tuning.jobs.counters_repository import last_inline_run_number
from hyperparameter_tuning.jobs.database import Session, settings_of
from hyperparameter_tuning.jobs.records import JobFilter, Page
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.legacy_imports.field_reading import first_field, read_field
from hyperparameter_tuning.legacy_imports.old_errors import OldCallError, value_errors
from hyperparameter_tuning.legacy_imports.tuning_job import TuningJob, tuning_jobs
from hyperparameter_tuning.node.compat_requests import OldJobRequest
from hyperparameter_tuning.node.compat_run import prepare_old, store_old
from hyperparameter_tuning.node.services import open_services
from hyperparameter_tuning.shared.host import Principal

_log = structlog.get_logger(__name__)
_RENAMED_FIELDS = {"metadata": ("job_metadata", "metadata"), "n_iterations": ("n_iterations", "n_iter")}
_LOCAL = "local"


async def create_tuning_job(
    session: Session, payload: Any, *, user_id: Any = None, model_type_override: str | None = None
) -> TuningJob:
    """Check a payload, store one job of it, and commit.

    The job is sent by the keeper in any case, and at once by `dispatch_hyperparameter_tuning_job`; one with
    ``run_tuning`` False only by the latter.

    Args:
        session: In the database that has our tables.
        payload: The fields of `node.compat_requests.OldJobRequest`, in an object or a dictionary.
        user_id: Whose job it is.
        model_type_override: The model; absent: the payload's first one.

    Raises:
        OldCallError: the node or the model is missing, or anything else stands in the way; nothing is stored.
    """
    request = _request(payload, model_type_override)
    owner = Principal(_LOCAL if user_id is None else str(user_id))
    with value_errors():
        async with open_services(settings_of(session), check=False) as services:
            prepared = await prepare_old(services, owner, request)
        (made,) = await tuning_jobs(session, await store_old(session, prepared))
    # The last statement: some sessions take none after it.
    await session.commit()
    return made


async def get_tuning_job(session: Session, job_id: str) -> TuningJob | None:
    """Return a job, or None."""
    job = await repository.get(session, job_id)
    return None if job is None else (await tuning_jobs(session, [job]))[0]


async def list_tuning_jobs(
    session: Session,
    *,
    user_id: Any = None,
    dataset_source_id: str | None = None,
    pipeline_id: str | None = None,
    node_id: str | None = None,
    limit: int = 20,
) -> list[TuningJob]:
    """Return the newest jobs that match; what is None does not restrict.

    Raises:
        OldCallError: the limit is outside 1 to 100.
    """
    where = JobFilter(
        owner=None if user_id is None else str(user_id),
        dataset_source_id=dataset_source_id,
        graph_ref=pipeline_id,
        node_id=node_id,
    )
    with value_errors():
        page = await service.find(session, where, Page(limit=limit))
    return await tuning_jobs(session, list(page.jobs))


async def purge_tuning_jobs(  # noqa: PLR0913 - the signature is the old one
    session: Session,
    *,
    statuses: Iterable[Any] | None = None,
    older_than: datetime | timedelta | None = None,
    dataset_source_id: str | None = None,
    pipeline_id: str | None = None,
    limit: int | None = None,
    dry_run: bool = False,
) -> int:
    """Delete jobs that have ended, oldest first, with their files, and commit.

    Args:
        session: In the database that has our tables.
        statuses: Only these; unknown ones are logged and passed over.
        older_than: Only jobs that finished before this moment, or longer ago than this span.
        dataset_source_id: Only jobs on these data.
        pipeline_id: Only jobs of this canvas.
        limit: Most jobs at once.
        dry_run: Only count.

    Returns:
        How many went, or would go.

    Raises:
        OldCallError: no filter was given, or a status names jobs that have not ended.
    """
    states = None if statuses is None else _states(statuses)
    if states == ():
        return 0
    where = JobFilter(
        states=states or (),
        older_than_seconds=_seconds_ago(older_than),
        dataset_source_id=dataset_source_id,
        graph_ref=pipeline_id,
    )
    with value_errors():
        purged = await service.purge(session, where, dry_run=dry_run, limit=limit)
    if not dry_run:
        await session.commit()
        await remove_artifacts(settings_of(session), purged.artifact_keys)
    return len(purged.job_ids)


async def _resolve_next_run_number(
    session: Session, *, dataset_source_id: str | None = None, node_id: str, model_type: str | None = None
) -> int:
    """Return the number that the next job of a node would get; looking takes none.

    Args:
        session: In the database that has our tables.
        dataset_source_id: Runs are counted whatever their data, so it changes nothing.
        node_id: The tuning node.
        model_type: The model; absent: one more than the greatest of any model.
    """
    return await last_inline_run_number(session, node_id, model_type) + 1


def _request(payload: Any, model: str | None) -> OldJobRequest:
    values: dict[str, Any] = {}
    for name in OldJobRequest.model_fields:
        value = first_field(payload, *_RENAMED_FIELDS.get(name, (name,)))
        if value is not None:
            values[name] = value.model_dump() if hasattr(value, "model_dump") else value
    named = values.get("model_types") or [read_field(payload, "model_type", "")]
    values["model_types"] = [model] if model else [name for name in named if name][:1]
    for name, sentence in _NEEDED.items():
        if not values.get(name):
            raise OldCallError(sentence, code="missing", pointer=f"/{name}")
    try:
        return OldJobRequest.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(str(part) for part in first["loc"])
        raise OldCallError(f"'{place}': {first['msg']}.", pointer=f"/{place}") from error


_NEEDED = {
    "node_id": "The payload names no tuning node: set 'node_id'.",
    "model_types": "The payload names no model: set 'model_types' or 'model_type'.",
}


def _states(statuses: Iterable[Any]) -> tuple[JobState, ...]:
    listed = [statuses] if isinstance(statuses, str) else list(statuses)
    words = [str(getattr(status, "value", status)).strip().lower() for status in listed]
    unknown = [word for word in words if word not in set(JobState)]
    if unknown:
        _log.warning("unknown_statuses_ignored", statuses=unknown)
    return tuple(JobState(word) for word in dict.fromkeys(words) if word not in unknown)


def _seconds_ago(moment: datetime | timedelta | None) -> float | None:
    if moment is None:
        return None
    if isinstance(moment, timedelta):
        return moment.total_seconds()
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (datetime.now(UTC) - aware).total_seconds()
