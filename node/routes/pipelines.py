"""Pipelines of the reference host: saved with revisions, never refused for what the canvas's checks say.

They are not mounted for hosts with a store of their own; jobs reach either through `shared.host`.
"""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from starlette.responses import Response

from hyperparameter_tuning.jobs import pipelines_repository, service
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import JobFilter, Page, PipelineRecord
from hyperparameter_tuning.jobs.status import ACTIVE
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute, GraphRoute
from hyperparameter_tuning.node.entity_tags import is_unchanged, quoted, required_revision
from hyperparameter_tuning.node.migrated_nodes import migrated_documents
from hyperparameter_tuning.node.newer_nodes import refuse_changed_newer
from hyperparameter_tuning.node.opened_graph import open_graph
from hyperparameter_tuning.node.pipeline_documents import (
    NewPipelineRequest,
    PipelineDocument,
    PipelineList,
    PipelineRequest,
    PipelineSummary,
)
from hyperparameter_tuning.node.problems import FindingDocument, problem_responses
from hyperparameter_tuning.node.result_freshness import look_for_stale_results
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices, Services, require
from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError, StaleRevisionError
from hyperparameter_tuning.shared.host import Principal

saving_router = APIRouter(route_class=GraphRoute, tags=["pipelines"])
router = APIRouter(route_class=ContractRoute, tags=["pipelines"])

IfMatch = Annotated[str | None, Header(description="The ETag that your change is based on; * for any.")]
IfNoneMatch = Annotated[str | None, Header(description="ETags that you have.")]


@saving_router.post(
    "/pipelines",
    operation_id="create_pipeline",
    status_code=201,
    response_model=PipelineDocument,
    responses=problem_responses(409, 503, body=True),
    summary="Keep a new pipeline",
)
async def create_pipeline(
    document: NewPipelineRequest, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """Store a graph as revision 1 of a new pipeline."""
    await asyncio.to_thread(open_graph, services, document.graph)
    async with services.database.write() as session:
        if document.id is not None and await _exists(session, document.id):
            raise ConflictError(
                f"There is a pipeline '{document.id}' already.", code="id_taken", pointer="/id"
            )
        stored = await pipelines_repository.create(
            session, document.graph, name=document.name or "", owner_id=principal.id, pipeline_id=document.id
        )
    answer = await _document(services, principal, stored)
    return ContractResponse(answer, 201, {"ETag": quoted(stored.revision)})


@router.get(
    "/pipelines",
    operation_id="list_pipelines",
    response_model=PipelineList,
    responses=problem_responses(503),
    summary="List pipelines, newest first",
)
async def list_pipelines(
    services: CurrentServices,
    principal: CurrentPrincipal,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[str | None, Query(description="The 'next' of the page before.")] = None,
) -> Response:
    """Return one page of your pipelines, without their graphs."""
    async with services.database.read() as session:
        page = await pipelines_repository.find(session, Page(limit=limit, after=after), owner_id=principal.id)
    items = [PipelineSummary(**_summary(item)) for item in page.pipelines]
    return ContractResponse(PipelineList(items=items, next=page.next))


@router.get(
    "/pipelines/{pipeline_id}",
    operation_id="get_pipeline",
    response_model=PipelineDocument,
    responses={304: {"description": "You have it already."}, **problem_responses(404, 503)},
    summary="Open a pipeline",
)
async def get_pipeline(
    pipeline_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return the graph, what the canvas's checks say, and the ETag to save it again with.

    Nodes of earlier versions come in their present form; what is stored changes with the next save.

    While a tuning node has a result, the answer depends on the data, too, and always comes whole.
    """
    await require(services, principal, "read", pipeline_id)
    async with services.database.read() as session:
        stored = await pipelines_repository.get(session, pipeline_id)
    tag = quoted(stored.revision)
    answer = await _document(services, principal, stored)
    if answer.stale == {} and is_unchanged(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return ContractResponse(answer, headers={"ETag": tag})


@saving_router.put(
    "/pipelines/{pipeline_id}",
    operation_id="save_pipeline",
    response_model=PipelineDocument,
    responses=problem_responses(404, 412, 428, 503, body=True),
    summary="Save a pipeline",
)
async def save_pipeline(
    pipeline_id: str,
    document: PipelineRequest,
    services: CurrentServices,
    principal: CurrentPrincipal,
    if_match: IfMatch = None,
) -> Response:
    """Store the graph as the next revision. A graph with findings is saved too: work is never lost.

    A node of a version that this server does not know yet may be moved, connected and deleted; what it holds
    must stay as it is.
    """
    revision = required_revision(if_match)
    await require(services, principal, "write", pipeline_id)
    await asyncio.to_thread(open_graph, services, document.graph)
    try:
        async with services.database.write() as session:
            present = await pipelines_repository.get(session, pipeline_id)
            if revision in (None, present.revision):
                refuse_changed_newer(present.graph, document.graph, services.kinds)
            revision = present.revision if revision is None else revision
            stored = await pipelines_repository.save(
                session, pipeline_id, document.graph, revision, name=document.name
            )
    except StaleRevisionError as error:
        raise _precondition_failed(error) from error
    answer = await _document(services, principal, stored)
    return ContractResponse(answer, headers={"ETag": quoted(stored.revision)})


@router.delete(
    "/pipelines/{pipeline_id}",
    operation_id="delete_pipeline",
    status_code=204,
    responses=problem_responses(404, 409, 412, 428, 503),
    summary="Delete a pipeline",
)
async def delete_pipeline(
    pipeline_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    if_match: IfMatch = None,
) -> Response:
    """Delete a pipeline with all its revisions; its ended jobs stay, with their trials and models.

    While a job runs on it that is refused: the job's result would have nowhere to go.
    """
    revision = required_revision(if_match)
    await require(services, principal, "write", pipeline_id)
    try:
        async with services.database.write() as session:
            await _refuse_busy(session, principal, pipeline_id)
            await pipelines_repository.remove(session, pipeline_id, revision)
    except StaleRevisionError as error:
        raise _precondition_failed(error) from error
    return Response(status_code=204)


async def _refuse_busy(session: Session, principal: Principal, pipeline_id: str) -> None:
    # Others may have sent a canvas under the same name; their jobs write nothing here.
    where = JobFilter(owner=principal.id, graph_ref=pipeline_id, states=tuple(ACTIVE))
    active = (await service.find(session, where, Page(limit=1))).jobs
    if active:
        raise ConflictError(
            f"Job {active[0].id} on this pipeline has not ended. Cancel it or let it end, then delete.",
            code="job_active",
            job_id=active[0].id,
        )


def _precondition_failed(error: StaleRevisionError) -> StaleRevisionError:
    return StaleRevisionError(error.message, code="precondition_failed", **error.details)


async def _exists(session: Session, pipeline_id: str) -> bool:
    try:
        await pipelines_repository.get(session, pipeline_id)
    except NotFoundError:
        return False
    return True


def _summary(stored: PipelineRecord) -> dict[str, Any]:
    return {
        "id": stored.id,
        "name": stored.name,
        "revision": stored.revision,
        "created_at": stored.created_at,
        "updated_at": stored.updated_at,
    }


async def _document(services: Services, principal: Principal, stored: PipelineRecord) -> PipelineDocument:
    opened = await asyncio.to_thread(open_graph, services, stored.graph)
    return PipelineDocument(
        **_summary(stored),
        graph=dict(opened.graph.document),
        findings=[FindingDocument(**item.as_document(), source="graph") for item in opened.findings],
        migrated=migrated_documents(opened.migrated),
        stale=await look_for_stale_results(services, principal, opened.graph.document),
    )
