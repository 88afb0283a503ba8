"""A patch of ours as RFC 6902, for hosts that keep their graphs themselves and want the standard."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from hyperparameter_tuning.node.contract_route import GraphRoute
from hyperparameter_tuning.node.job_requests import JsonPatchRequest
from hyperparameter_tuning.node.json_patch_answers import (
    JSON_PATCH_RESPONSE,
    JsonPatchResponse,
    json_patch_response,
)
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices, Services, require
from hyperparameter_tuning.shared.errors import StaleRevisionError, UserError
from hyperparameter_tuning.shared.graph import parse_graph
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.json_patches import as_json_patch

router = APIRouter(route_class=GraphRoute, tags=["pipelines"])


@router.post(
    "/json-patch",
    operation_id="export_json_patch",
    response_class=JsonPatchResponse,
    responses={**JSON_PATCH_RESPONSE, **problem_responses(404, 409, 503, body=True)},
    summary="Write a patch as RFC 6902",
)
async def export_json_patch(
    document: JsonPatchRequest, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """Return JSON Patch operations that do to the graph what the patch does, with a test per expectation.

    Places are indexes, so the answer holds for this revision alone; on another its tests fail. It applies all
    or nothing: a value that was edited meanwhile fails it as a whole.
    """
    graph, revision = await _graph(services, principal, document)
    operations = await asyncio.to_thread(as_json_patch, graph, document.patch)
    return json_patch_response(operations, revision)


async def _graph(
    services: Services, principal: Principal, asked: JsonPatchRequest
) -> tuple[Mapping[str, Any], int | None]:
    if (asked.graph is None) == (asked.pipeline_id is None):
        raise UserError(
            "Name the graph either by 'pipeline_id' or in 'graph', not both and not neither.",
            code="graph_missing" if asked.graph is None else "graph_twice",
            pointer="/graph",
        )
    if asked.pipeline_id is None:
        graph = await asyncio.to_thread(parse_graph, asked.graph, services.settings.max_graph_bytes)
        revision = graph.document.get("revision")
        return graph.document, revision if isinstance(revision, int) else None
    await require(services, principal, "read", asked.pipeline_id)
    loaded = await services.host.graphs.load(asked.pipeline_id)
    if asked.base_revision not in (None, loaded.revision):
        raise StaleRevisionError(
            f"The pipeline '{asked.pipeline_id}' is at revision {loaded.revision}, not "
            f"{asked.base_revision}: load it again.",
            pointer="/base_revision",
            revision=loaded.revision,
        )
    return loaded.graph, loaded.revision
