"""Operations on jobs: run, list, look, name, delete.

Verbs on a running or finished job are in `node.routes.job_verbs`, its trials and events in modules of their
own.
"""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Request
from starlette.responses import Response

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.artifact_removal import remove_artifacts
from hyperparameter_tuning.jobs.records import JobFilter, Page
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.node import run_hook
from hyperparameter_tuning.node.compat_answers import (
    Compat,
    old_answer,
    old_batch_answer,
    old_list_answer,
    old_submitted_answer,
)
from hyperparameter_tuning.node.compat_documents import OldJob, OldJobBatch, OldJobList
from hyperparameter_tuning.node.compat_requests import AnyJobRequest, OldJobRequest
from hyperparameter_tuning.node.compat_run import run_old
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute, GraphRoute
from hyperparameter_tuning.node.job_documents import JobDocument, JobList
from hyperparameter_tuning.node.job_requests import (
    JOBS_PATH,
    JobQuery,
    JobWords,
)
from hyperparameter_tuning.node.job_views import job_document, job_links
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices, Services
from hyperparameter_tuning.shared.errors import ConflictError
from hyperparameter_tuning.shared.host import Principal

submission_router = APIRouter(route_class=GraphRoute, tags=["jobs"])
router = APIRouter(route_class=ContractRoute, tags=["jobs"])


@submission_router.post(
    JOBS_PATH,
    operation_id="submit_job",
    status_code=202,
    response_model=OldJobBatch | OldJob | JobList | JobDocument,
    responses=problem_responses(404, 409, 429, 503, body=True),
    summary="Run the tuning node",
)
async def submit_job(
    request: Request,
    document: AnyJobRequest,
    background: BackgroundTasks,
    services: CurrentServices,
    principal: CurrentPrincipal,
    compat: Compat = False,
) -> Response:
    """Check configuration, graph and data, store the job, and answer at once; workers do the rest.

    A body of the first contract makes one job per model type, all or none, and is answered by a list of them;
    with ``compat=1`` in its own words.
    """
    if isinstance(document, OldJobRequest):
        return await _submit_old(request, document, background, services, principal, compat)
    try:
        submitted = await run_hook.submit(services, principal, document)
    except ConflictError as error:
        raise with_link(request, error) from None
    job = submitted.job
    if job.created:
        background.add_task(services.publish, job.id)
    if compat:
        return await old_submitted_answer(request, services, submitted, background)
    links = job_links(request, job.id)
    answer = job_document(job, links, migrated=submitted.migrated)
    return ContractResponse(answer, 202, {"Location": links["self"]}, background=background)


async def _submit_old(
    request: Request,
    document: OldJobRequest,
    background: BackgroundTasks,
    services: Services,
    principal: Principal,
    compat: bool,
) -> Response:
    batch = await run_old(services, principal, document)
    if document.run_tuning:
        for job in batch.jobs:
            background.add_task(services.publish, job.id)
    if compat:
        return await old_batch_answer(request, services, batch, background)
    items = [
        job_document(job, job_links(request, job.id), migrated=batch.migrated, whole=False)
        for job in batch.jobs
    ]
    return ContractResponse(JobList(items=items, next=None), 202, background=background)


@router.get(
    JOBS_PATH,
    operation_id="list_jobs",
    response_model=OldJobList | JobList,
    responses=problem_responses(503),
    summary="List jobs, newest first",
)
async def list_jobs(
    request: Request,
    services: CurrentServices,
    principal: CurrentPrincipal,
    asked: Annotated[JobQuery, Query()],
) -> Response:
    """Return one page of your jobs; 'next' leads to the following one and is null at the end."""
    where = JobFilter(
        owner=principal.id,
        graph_ref=asked.pipeline_id,
        dataset_source_id=asked.dataset_source_id,
        node_id=asked.node_id,
        model_type=asked.model_type,
        states=tuple(JobState(name) for name in asked.status),
        has_applied_params=asked.applied,
    )
    async with services.database.read() as session:
        page = await service.find(session, where, Page(limit=asked.limit, after=asked.after))
    if asked.compat:
        return await old_list_answer(services, page.jobs)
    items = [job_document(job, job_links(request, job.id), whole=False) for job in page.jobs]
    return ContractResponse(JobList(items=items, next=page.next))


@router.get(
    JOBS_PATH + "/{job_id}",
    operation_id="get_job",
    response_model=OldJob | JobDocument,
    responses=problem_responses(404, 503),
    summary="Look at a job",
)
async def get_job(
    request: Request,
    job_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    compat: Compat = False,
) -> Response:
    """Return a job with its progress, its best candidate, its baseline and its patches."""
    if compat:
        async with services.database.read() as session:
            job = await service.get(session, job_id, owner=principal.id)
        return await old_answer(request, services, job, 200)
    return ContractResponse(await whole_document(request, services, principal, job_id))


@router.patch(
    JOBS_PATH + "/{job_id}",
    operation_id="describe_job",
    response_model=JobDocument,
    responses=problem_responses(404, 503, body=True),
    summary="Name a job, or note something about it",
)
async def describe_job(
    request: Request,
    job_id: str,
    document: JobWords,
    services: CurrentServices,
    principal: CurrentPrincipal,
) -> Response:
    """Set what people call a job and note about it, in whatever state it is; nothing else changes."""
    async with services.database.write() as session:
        await service.get(session, job_id, owner=principal.id)
        await service.describe(session, job_id, document.model_dump(exclude_unset=True))
    return ContractResponse(await whole_document(request, services, principal, job_id))


@router.delete(
    JOBS_PATH + "/{job_id}",
    operation_id="delete_job",
    status_code=204,
    responses=problem_responses(404, 409, 503),
    summary="Delete a job that has ended",
)
async def delete_job(job_id: str, services: CurrentServices, principal: CurrentPrincipal) -> Response:
    """Delete a job with its trials, events, patches and tuned model."""
    async with services.database.write() as session:
        await service.get(session, job_id, owner=principal.id)
        purged = await service.delete(session, job_id)
    await remove_artifacts(services.settings, purged.artifact_keys)
    return Response(status_code=204)


def with_link(request: Request, error: ConflictError) -> ConflictError:
    """Return *error* with a link to the job that it names, where it names one."""
    if "job_id" in error.details:
        error.details["links"] = {"job": job_links(request, error.details["job_id"])["self"]}
    return error


async def whole_document(
    request: Request, services: Services, principal: Principal, job_id: str
) -> JobDocument:
    """Read everything about one job.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    async with services.database.read() as session:
        job = await service.get(session, job_id, owner=principal.id)
        baseline = await service.trial(session, job_id, 0)
        write_backs = await service.write_backs(session, job_id)
    links = job_links(request, job_id)
    return job_document(job, links, baseline=baseline, write_backs=write_backs)
