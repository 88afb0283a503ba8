"""What ``tuning-node jobs`` does, with open services; printing is in `node.commands.job_tables`."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs import report, service, write_back
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import (
    JobFilter,
    JobRecord,
    Page,
    Purged,
    TrialRecord,
    WriteBackRecord,
)
from hyperparameter_tuning.jobs.retention import purge_all
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.jobs.write_back import Choice
from hyperparameter_tuning.node.commands.report_lines import reported
from hyperparameter_tuning.node.contract import plain_document
from hyperparameter_tuning.node.job_views import job_document, trial_document
from hyperparameter_tuning.node.services import Services
from hyperparameter_tuning.shared.errors import NotFoundError, UserError
from hyperparameter_tuning.shared.findings import nearest_name

ID_LENGTH = 32
LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Seen:
    """One run, looked at closely.

    Attributes:
        job: The run.
        trials: All its candidates.
        write_backs: Its patches.
        report: How its search went; see `jobs.report`.
    """

    job: JobRecord
    trials: tuple[TrialRecord, ...]
    write_backs: tuple[WriteBackRecord, ...]
    report: Mapping[str, Any]


async def find(services: Services, limit: int, names: Sequence[str]) -> list[JobRecord]:
    """Return the newest runs."""
    async with services.database.read() as session:
        page = await service.find(session, JobFilter(states=states(names)), Page(limit=limit))
    return list(page.jobs)


async def look(services: Services, job_id: str) -> Seen:
    """Read everything about one run."""
    async with services.database.read() as session:
        job = await _named(session, job_id)
        source = await report.read_source(session, job, services.kinds)
        write_backs = await service.write_backs(session, job.id)
    found = await asyncio.to_thread(report.report_of, source)
    return Seen(job, tuple(source.trials), tuple(write_backs), found)


async def cancel(services: Services, job_id: str) -> JobRecord:
    """Ask to discard a run."""
    async with services.database.write() as session:
        return await service.request_cancel(session, (await _named(session, job_id)).id)


async def stop(services: Services, job_id: str) -> JobRecord:
    """Ask to finish a run early."""
    async with services.database.write() as session:
        return await service.request_stop(session, (await _named(session, job_id)).id)


async def resume(services: Services, job_id: str, budget: Mapping[str, Any]) -> JobRecord:
    """Make a new run that goes on with a finished one."""
    async with services.database.write() as session:
        job = await service.resume(session, (await _named(session, job_id)).id, budget)
    await services.publish(job.id)
    return job


async def preview(services: Services, job_id: str, choice: Choice) -> list[dict[str, Any]]:
    """Return what applying would change."""
    async with services.database.read() as session:
        job = await _named(session, job_id)
    return await write_back.preview(services.database, services.host, job.id, choice)


async def apply(services: Services, job_id: str, choice: Choice) -> WriteBackRecord:
    """Write a trial's parameters onto the pipeline of the run.

    Raises:
        UserError: the run had no pipeline of the host's, so there is nothing to write onto.
    """
    async with services.database.read() as session:
        job = await _named(session, job_id)
    if job.graph_ref is None:
        raise UserError(
            "This run was of a pipeline file, not of a stored pipeline: use 'tuning-node run FILE --apply'.",
            code="inline_graph",
        )
    return await write_back.apply(services.database, services.host, job.id, choice)


async def purge(services: Services, where: JobFilter, *, dry_run: bool) -> Purged:
    """Delete runs that have ended, or say which would go."""
    return await purge_all(services.database, where, dry_run=dry_run)


def states(names: Sequence[str]) -> tuple[JobState, ...]:
    """Return the states called *names*.

    Raises:
        UserError: there is none called so; the sentence lists them.
    """
    known = {state.value: state for state in JobState}
    for name in names:
        if name not in known:
            nearest = nearest_name(name, known)
            hint = f" Did you mean '{nearest}'?" if nearest else ""
            raise UserError(
                f"There is no state '{name}'.{hint} Known: {', '.join(known)}.", code="unknown_state"
            )
    return tuple(known[name] for name in names)


def document(job: JobRecord) -> dict[str, Any]:
    """Return a run as the API shows it, without links."""
    return plain_document(job_document(job, {}, whole=False))


def seen_document(seen: Seen) -> dict[str, Any]:
    """Return a run with its trials as the API shows them, without links."""
    shown = plain_document(job_document(seen.job, {}, write_backs=seen.write_backs))
    trials = [trial_document(trial).model_dump(mode="json") for trial in seen.trials]
    return {**shown, "trials": trials, **reported(seen.report)}


async def _named(session: Session, job_id: str) -> JobRecord:
    """Return the run whose id begins so.

    Raises:
        NotFoundError: none or more than one does.
    """
    if len(job_id) >= ID_LENGTH:
        return await service.get(session, job_id)
    page = await service.find(session, JobFilter(), Page(limit=LOOKED_AT))
    matching = [job for job in page.jobs if job.id.startswith(job_id)]
    if len(matching) == 1:
        return matching[0]
    raise NotFoundError(
        f"{'No' if not matching else 'More than one'} recent run has an id that begins with '{job_id}'. "
        "'tuning-node jobs list' shows them."
    )
