"""What this installation does, in numbers, as Prometheus scrapes them."""

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import Response

from hyperparameter_tuning.node.contract_route import OpenRoute
from hyperparameter_tuning.node.metrics_access import refuse_strangers
from hyperparameter_tuning.node.problems import principal_problems, problem_responses
from hyperparameter_tuning.node.services import CurrentServices

router = APIRouter(route_class=OpenRoute, tags=["health"])

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get(
    "/metrics",
    operation_id="get_metrics",
    response_class=Response,
    responses={
        200: {"description": "The figures.", "content": {"text/plain": {"schema": {"type": "string"}}}},
        **principal_problems(),
        **problem_responses(),
    },
    summary="Read the metrics",
)
async def get_metrics(request: Request, services: CurrentServices) -> Response:
    """Return figures of the installation, the same at every API process, and of this process.

    Where ``HPT_METRICS_TOKEN`` is set, it must be sent as a bearer token; else only this machine may read.
    """
    refuse_strangers(request, services.settings)
    # Loaded here: whoever does not watch need not wait for it.
    from hyperparameter_tuning.node.metrics_text import metrics_text

    figures = await services.gauge.read()
    text = await asyncio.to_thread(metrics_text, figures, services.requests, services.events.readers)
    return Response(text, media_type=MEDIA_TYPE)
