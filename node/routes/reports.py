"""The report of a job: the value of the tuning node's port ``report``."""

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from hyperparameter_tuning.jobs import report, service
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute
from hyperparameter_tuning.node.execution_views import trials_table
from hyperparameter_tuning.node.job_requests import JOBS_PATH
from hyperparameter_tuning.node.job_views import job_links
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.report_documents import JobReport
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices

router = APIRouter(route_class=ContractRoute, tags=["jobs"])


@router.get(
    JOBS_PATH + "/{job_id}/report",
    operation_id="get_report",
    response_model=JobReport,
    responses=problem_responses(404, 503),
    summary="Read how a search went",
)
async def get_report(
    request: Request, job_id: str, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """Return history, rounds, importances, slices, hints and failures; partly while the search goes on."""
    async with services.database.read() as session:
        job = await service.get(session, job_id, owner=principal.id)
        source = await report.read_source(session, job, services.kinds)
    # Thousands of candidates take a moment that other requests need not wait for.
    found = await asyncio.to_thread(report.report_of, source)
    links = job_links(request, job_id)
    table = trials_table(links, source.trials).model_dump(exclude={"type"})
    return ContractResponse(
        {**found, "trials": table, "links": {"self": links["report"], "job": links["self"]}}
    )
