"""Whether this process lives, and whether everything is there that a run needs."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import OpenRoute
from hyperparameter_tuning.node.ending import ENDING_SENTENCE, is_ending
from hyperparameter_tuning.node.pipeline_documents import Health, Readiness
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.readiness import Check, checks
from hyperparameter_tuning.node.services import CurrentServices, knows_who_asks

router = APIRouter(route_class=OpenRoute, tags=["health"])


@router.get(
    "/healthz",
    operation_id="get_health",
    response_model=Health,
    responses=problem_responses(),
    summary="Does the process answer?",
)
async def get_health() -> Response:
    """Answer, without looking at anything else."""
    return ContractResponse(Health(status="ok"))


@router.get(
    "/readyz",
    operation_id="get_readiness",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "Something is missing."}, **problem_responses()},
    summary="Is everything there that a run needs?",
)
async def get_readiness(request: Request, services: CurrentServices) -> Response:
    """Look at the job store, the queue, and whether a keeper works; a process that ends is not ready.

    Only who is signed in is told more.
    """
    if is_ending():
        found = {"process": Check(False, ENDING_SENTENCE)}
    else:
        found = await checks(services.settings, services.database)
    ready = all(check.ok for check in found.values())
    shown = ("ok", "message") if await knows_who_asks(request, services) else ("ok",)
    answer = {
        "status": "ready" if ready else "not_ready",
        "checks": {name: {part: getattr(check, part) for part in shown} for name, check in found.items()},
    }
    return ContractResponse(answer, 200 if ready else 503)
