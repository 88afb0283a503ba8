"""The execute hook over HTTP."""

from fastapi import APIRouter, BackgroundTasks, Request
from starlette.responses import Response

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.records import TrialRecord
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import GraphRoute
from hyperparameter_tuning.node.execution_documents import ExecuteAnswer
from hyperparameter_tuning.node.execution_hook import Execution, execute
from hyperparameter_tuning.node.execution_views import node_outputs
from hyperparameter_tuning.node.job_requests import ExecuteRequest
from hyperparameter_tuning.node.job_views import job_document, job_links
from hyperparameter_tuning.node.migrated_nodes import migrated_documents
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.routes.jobs import with_link
from hyperparameter_tuning.node.routes.nodes import require_tuning_kind
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices, Services
from hyperparameter_tuning.shared.errors import ConflictError

router = APIRouter(route_class=GraphRoute, tags=["nodes"])


@router.post(
    "/nodes/{node_type}/execute",
    operation_id="execute_node",
    response_model=ExecuteAnswer,
    responses={
        202: {"model": ExecuteAnswer, "description": "The run is on its way."},
        **problem_responses(404, 409, 429, 503, body=True),
    },
    summary="Run the node within its pipeline",
)
async def execute_node(
    request: Request,
    node_type: str,
    document: ExecuteRequest,
    background: BackgroundTasks,
    services: CurrentServices,
    principal: CurrentPrincipal,
) -> Response:
    """Give the outputs of a run that still holds, at once; else run, reuse or fail, as 'on_stale' says."""
    require_tuning_kind(node_type, services.kinds, "executed")
    try:
        execution = await execute(services, principal, document)
    except ConflictError as error:
        raise with_link(request, error) from None
    if execution.state == "submitted":
        background.add_task(services.publish, execution.job.id)
    shown = await _shown_trials(services, execution) if execution.has_outputs else []
    answer = _answer(request, execution, shown)
    headers = {"Location": answer.job.links["self"]}
    return ContractResponse(answer, 200 if execution.has_outputs else 202, headers, background=background)


async def _shown_trials(services: Services, execution: Execution) -> list[TrialRecord]:
    async with services.database.read() as session:
        return await service.column_trials(session, execution.job.id)


def _answer(request: Request, execution: Execution, shown: list[TrialRecord]) -> ExecuteAnswer:
    job = execution.job
    links = job_links(request, job.id)
    return ExecuteAnswer(
        state=execution.state,
        job_id=job.id,
        fingerprint=execution.fingerprint,
        changed=list(execution.changed),
        message=execution.message,
        outputs=node_outputs(job, links, shown) if execution.has_outputs else None,
        job=job_document(job, links, whole=False),
        migrated=migrated_documents(execution.migrated),
    )
