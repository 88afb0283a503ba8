"""Every operation in one router, to be mounted in any FastAPI application.

Opening and closing what the operations use is the router's own lifespan, which the application runs with its
own when the router is included. Operations themselves are in `node.routes`.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer

from hyperparameter_tuning.jobs.reference_host import PipelineGraphs
from hyperparameter_tuning.node.problems import principal_problems
from hyperparameter_tuning.node.routes import (
    artifacts,
    events,
    example_pipelines,
    execution,
    health,
    job_verbs,
    jobs,
    json_patches,
    metrics,
    models,
    nodes,
    pipelines,
    purging,
    reports,
    trials,
)
from hyperparameter_tuning.node.services import STATE_KEY, open_services
from hyperparameter_tuning.registry.left_out import log_left_out
from hyperparameter_tuning.shared.host import Host
from hyperparameter_tuning.shared.settings import REFERENCE_HOST, Settings, get_settings
from hyperparameter_tuning.shared.tracing import start_tracing

# Those that ask the host who may do what.
ROUTERS = (
    jobs.submission_router,
    jobs.router,
    purging.router,
    job_verbs.router,
    trials.router,
    reports.router,
    events.router,
    artifacts.router,
    models.router,
    nodes.router,
    nodes.validation_router,
    json_patches.router,
    execution.router,
)
# Of our own pipelines table: a host with a store of its own has routes of its own for it.
PIPELINE_ROUTERS = (pipelines.saving_router, pipelines.router, example_pipelines.router)

BEARER = HTTPBearer(auto_error=False, description="A token of 'tuning-node token create'.")


def make_router(settings: Settings | None = None, host: Host | None = None) -> APIRouter:
    """Return a router with every operation; those on ``/pipelines`` only where the host keeps graphs there.

    The router never changes tables: when the job store is not of this version, the application's start fails
    with the command to run.

    Args:
        settings: Of this installation; absent: read from the environment.
        host: A host that is open already; absent: the one of the settings, opened and closed by the router.
    """
    used = settings or get_settings()

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[Mapping[str, Any]]:
        log_left_out()
        start_tracing(used, "api")
        async with open_services(used, host) as services:
            yield {STATE_KEY: services}

    whole = APIRouter(lifespan=lifespan)
    # Only to be described: who asks is found out by the routes themselves, before they read a body.
    shown = [Security(BEARER)] if used.auth == "tokens" else []
    for part in (*ROUTERS, *(PIPELINE_ROUTERS if _keeps_pipelines(used, host) else ())):
        whole.include_router(part, responses=principal_problems(), dependencies=shown)
    whole.include_router(health.router)
    whole.include_router(metrics.router)
    return whole


def _keeps_pipelines(settings: Settings, host: Host | None) -> bool:
    if host is None:
        return settings.host == REFERENCE_HOST
    return isinstance(host.graphs, PipelineGraphs)
