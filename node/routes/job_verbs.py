"""What a person does with a job: cancel, stop, resume; and with its result: preview, apply, revert."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query, Request
from starlette.responses import Response

from hyperparameter_tuning.jobs import service, write_back
from hyperparameter_tuning.jobs.records import JobRecord, WriteBackRecord
from hyperparameter_tuning.jobs.write_back import Choice
from hyperparameter_tuning.node.compat_answers import Compat, old_answer
from hyperparameter_tuning.node.compat_documents import OldJob
from hyperparameter_tuning.node.compat_views import cancel_message
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute
from hyperparameter_tuning.node.job_documents import (
    JobDocument,
    Preview,
    PreviewRow,
    WriteBackAnswer,
)
from hyperparameter_tuning.node.job_requests import (
    JOBS_PATH,
    ApplyChoice,
    ApplyRequest,
    PreviewQuery,
    ResumeRequest,
    RevertRequest,
)
from hyperparameter_tuning.node.job_views import job_document, job_links, write_back_document
from hyperparameter_tuning.node.json_patch_answers import JSON_PATCH_RESPONSE, json_patch_response
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices, Services, require
from hyperparameter_tuning.registry.stored_config import refuse_unavailable
from hyperparameter_tuning.shared.errors import ConflictError
from hyperparameter_tuning.shared.host import Principal

router = APIRouter(route_class=ContractRoute, tags=["jobs"])
REVERT_CONFLICT = "changed_since_apply"
JOB_PATH = JOBS_PATH + "/{job_id}"
VERB_PROBLEMS = problem_responses(404, 409, 503)
BODY_VERB_PROBLEMS = problem_responses(404, 409, 503, body=True)


def _accepted(operation_id: str, summary: str, problems: Any = VERB_PROBLEMS) -> dict[str, Any]:
    return {
        "operation_id": operation_id,
        "status_code": 202,
        "response_model": JobDocument,
        "responses": problems,
        "summary": summary,
    }


@router.post(
    JOB_PATH + "/cancel",
    **_accepted("cancel_job", "Discard a run") | {"response_model": OldJob | JobDocument},
)
async def cancel_job(
    request: Request,
    job_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    compat: Compat = False,
) -> Response:
    """End the search and write nothing back; the trials so far stay readable. Asking twice is fine."""
    async with services.database.write() as session:
        before = await service.get(session, job_id, owner=principal.id)
        # The first contract has a sentence, not a refusal, for a job that ended before.
        kept = compat and before.is_terminal
        job = before if kept else await service.request_cancel(session, job_id)
    if compat:
        return await old_answer(request, services, job, 202, cancel_message(before))
    return ContractResponse(job_document(job, job_links(request, job_id)), 202)


@router.post(JOB_PATH + "/start", **_accepted("start_job", "Send a job that was only stored"))
async def start_job(
    request: Request,
    job_id: str,
    background: BackgroundTasks,
    services: CurrentServices,
    principal: CurrentPrincipal,
) -> Response:
    """Give a job that was stored with ``run_tuning: false`` to the workers. Asking twice is fine."""
    async with services.database.write() as session:
        await service.get(session, job_id, owner=principal.id)
        job = await service.start(session, job_id)
    background.add_task(services.publish, job.id)
    return ContractResponse(job_document(job, job_links(request, job_id)), 202, background=background)


@router.post(JOB_PATH + "/stop", **_accepted("stop_job", "Finish early"))
async def stop_job(
    request: Request, job_id: str, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """End the search and keep the best so far: it is refitted, stored and written back as at any end."""
    async with services.database.write() as session:
        await service.get(session, job_id, owner=principal.id)
        job = await service.request_stop(session, job_id)
    return ContractResponse(job_document(job, job_links(request, job_id)), 202)


@router.post(
    JOB_PATH + "/resume",
    **_accepted("resume_job", "Go on where a job ended", problem_responses(404, 409, 429, 503, body=True)),
)
async def resume_job(
    request: Request,
    job_id: str,
    background: BackgroundTasks,
    services: CurrentServices,
    principal: CurrentPrincipal,
    document: ResumeRequest | None = None,
) -> Response:
    """Make a new job from a finished one: what it has scored is copied, and the budget may be raised."""
    asked = document or ResumeRequest()
    old = await _own_job(services, principal, job_id)
    await require(services, principal, "run", old.graph_ref)
    steps = [step["kind"] for step in old.plain.get("steps") or ()]
    refuse_unavailable(
        old.config, services.settings, model=old.model_type, steps=steps, providers=old.providers
    )
    async with services.database.write() as session:
        job = await service.resume(session, job_id, asked.budget, run_id=asked.run_id)
    background.add_task(services.publish, job.id)
    links = job_links(request, job.id)
    return ContractResponse(job_document(job, links), 202, {"Location": links["self"]}, background=background)


@router.get(
    JOB_PATH + "/apply-preview",
    operation_id="preview_apply",
    response_model=Preview,
    responses={**JSON_PATCH_RESPONSE, **VERB_PROBLEMS},
    summary="See before and after",
)
async def preview_apply(
    job_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    asked: Annotated[PreviewQuery, Query()],
) -> Response:
    """Show each value that applying would change, with what stands in the way; nothing is changed.

    As json-patch: the same as RFC 6902, with a test for every expectation. Its places hold for the revision
    in the header alone.
    """
    job = await _own_job(services, principal, job_id)
    await require(services, principal, "read", job.graph_ref)
    wanted = (services.database, services.host, job_id, _choice(asked))
    if asked.format == "json-patch":
        return json_patch_response(
            *await write_back.preview_json_patch(*wanted, base_revision=asked.base_revision)
        )
    rows = await write_back.preview(*wanted)
    return ContractResponse(Preview(id=job_id, rows=[PreviewRow(**row) for row in rows]))


@router.post(
    JOB_PATH + "/apply",
    operation_id="apply_job",
    response_model=WriteBackAnswer,
    responses=BODY_VERB_PROBLEMS,
    summary="Put parameters onto the model nodes",
)
async def apply_job(
    job_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    document: ApplyRequest | None = None,
) -> Response:
    """Write any complete trial, whole or in part, onto any of the model nodes; all or nothing per node.

    A value that somebody edited since the run started is a conflict, never overwritten silently.
    """
    asked = document or ApplyRequest()
    job = await _own_job(services, principal, job_id)
    if job.graph_ref is not None:
        await require(services, principal, "write", job.graph_ref)
    record = await write_back.apply(
        services.database, services.host, job_id, _choice(asked), applied=asked.applied
    )
    services.events.wake()
    return _answer(record)


@router.post(
    JOB_PATH + "/revert",
    operation_id="revert_job",
    response_model=WriteBackAnswer,
    responses=BODY_VERB_PROBLEMS,
    summary="Undo what was applied",
)
async def revert_job(
    job_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    document: RevertRequest | None = None,
) -> Response:
    """Restore what the model nodes held before; values edited since are a conflict here, too."""
    asked = document or RevertRequest()
    job = await _own_job(services, principal, job_id)
    if job.graph_ref is not None:
        await require(services, principal, "write", job.graph_ref)
    record = await write_back.revert(services.database, services.host, job_id, applied=asked.applied)
    services.events.wake()
    return _answer(record)


async def _own_job(services: Services, principal: Principal, job_id: str) -> JobRecord:
    async with services.database.read() as session:
        return await service.get(session, job_id, owner=principal.id)


def _choice(asked: ApplyChoice) -> Choice:
    return Choice(
        trial=asked.trial,
        params=None if asked.params is None else tuple(asked.params),
        targets=None if asked.targets is None else tuple(asked.targets),
        overwrite=asked.overwrite,
    )


def _answer(record: WriteBackRecord) -> Response:
    """Answer with the patch, or refuse where nothing at all could be written.

    Raises:
        ConflictError: every node had a value that was edited since.
    """
    document = write_back_document(record)
    if record.state == "conflict" or (record.conflicts and record.reason == REVERT_CONFLICT):
        raise ConflictError(
            _conflict_sentence(record),
            code="write_back_conflict",
            reason=record.reason,
            conflicts=document.conflicts,
            patch_id=record.patch_id,
        )
    return ContractResponse(WriteBackAnswer(id=record.job_id, write_back=document))


def _conflict_sentence(record: WriteBackRecord) -> str:
    if not record.conflicts:
        return f"Nothing was written: {record.reason or 'the graph has changed'}."
    places = ", ".join(f"{item.get('path')} of '{item.get('node_id')}'" for item in record.conflicts[:3])
    more = f" and {len(record.conflicts) - 3} more" if len(record.conflicts) > 3 else ""
    return (
        f"Nothing was written, since somebody changed {places}{more} after the run started. "
        "Look at the preview, then apply with 'overwrite' if the new values are the better ones."
    )
