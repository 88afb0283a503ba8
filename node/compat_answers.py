"""Responses in the words of the first contract; operations of `node.routes` give them under ``compat=1``."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from starlette.background import BackgroundTask
from starlette.responses import Response

from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.node.compat_documents import OldJob, OldJobBatch, OldJobList
from hyperparameter_tuning.node.compat_run import SubmittedBatch
from hyperparameter_tuning.node.compat_views import Told, old_job, old_summary, read_told
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.job_views import job_links
from hyperparameter_tuning.node.migrated_nodes import migrated_documents
from hyperparameter_tuning.node.run_hook import Submitted
from hyperparameter_tuning.node.services import Services

Compat = Annotated[bool, Query(description="Answer in the words of the first contract.")]


async def old_answer(
    request: Request,
    services: Services,
    job: JobRecord,
    status: int,
    message: str | None = None,
) -> Response:
    """Answer with one job."""
    told = await _told(services, [job])
    return ContractResponse(_document(request, job, told[job.id], message), status)


async def old_submitted_answer(
    request: Request, services: Services, submitted: Submitted, background: BackgroundTask
) -> Response:
    """Answer with the job that a body of today's contract made."""
    told = await _told(services, [submitted.job])
    document = _document(request, submitted.job, told[submitted.job.id])
    document.migrated = migrated_documents(submitted.migrated)
    return ContractResponse(document, 202, background=background)


async def old_batch_answer(
    request: Request, services: Services, batch: SubmittedBatch, background: BackgroundTask
) -> Response:
    """Answer with the jobs that one request made."""
    told = await _told(services, batch.jobs)
    jobs = [_document(request, job, told[job.id]) for job in batch.jobs]
    answer = OldJobBatch(jobs=jobs, total=len(jobs), migrated=migrated_documents(batch.migrated))
    return ContractResponse(answer, 202, background=background)


async def old_list_answer(services: Services, jobs: Sequence[JobRecord]) -> Response:
    """Answer with a page of jobs."""
    told = await _told(services, jobs)
    return ContractResponse(
        OldJobList(jobs=[old_summary(job, told[job.id]) for job in jobs], total=len(jobs))
    )


async def _told(services: Services, jobs: Sequence[JobRecord]) -> dict[str, Told]:
    async with services.database.read() as session:
        return await read_told(session, jobs)


def _document(request: Request, job: JobRecord, told: Told, message: str | None = None) -> OldJob:
    href = job_links(request, job.id)["artifact"] if job.artifact_key is not None else None
    return old_job(job, told, href, message)
