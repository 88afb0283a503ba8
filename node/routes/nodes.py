"""The node kinds of the palette, their descriptors, and what panels ask: validate, resolve, estimate."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute, GraphRoute
from hyperparameter_tuning.node.entity_tags import is_unchanged, quoted
from hyperparameter_tuning.node.estimating import estimate
from hyperparameter_tuning.node.hooks import validate
from hyperparameter_tuning.node.migrated_nodes import migrated_documents
from hyperparameter_tuning.node.panel_documents import (
    EstimateAnswer,
    EstimateRequest,
    PanelRequest,
    ResolutionAnswer,
)
from hyperparameter_tuning.node.pipeline_documents import (
    NodeDescriptor,
    NodeList,
    ValidationAnswer,
    ValidationRequest,
)
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.resolving import resolved_body
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices
from hyperparameter_tuning.registry import descriptor, schema_export
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND
from hyperparameter_tuning.shared.errors import NotFoundError
from hyperparameter_tuning.shared.findings import nearest_name
from hyperparameter_tuning.shared.node_kinds import NodeKinds

router = APIRouter(route_class=ContractRoute, tags=["nodes"])
validation_router = APIRouter(route_class=GraphRoute, tags=["nodes"])


def _question(name: str, answer: type[BaseModel], summary: str) -> dict[str, Any]:
    """Return what the operations that a panel asks have in common."""
    return {
        "path": f"/nodes/{{node_type}}/{name}",
        "operation_id": f"{name}_node",
        "response_model": answer,
        "responses": problem_responses(404, 409, 503, body=True),
        "summary": summary,
    }


@router.get(
    "/nodes",
    operation_id="list_nodes",
    response_model=NodeList,
    responses=problem_responses(),
    summary="List the kinds of node",
)
async def list_nodes(services: CurrentServices) -> Response:
    """Return the descriptor of every kind, in the order of the palette."""
    return ContractResponse(NodeList(items=descriptor.catalogue(settings=services.settings)))


@router.get(
    "/nodes/{node_type}",
    operation_id="get_node",
    response_model=NodeDescriptor,
    responses={
        200: {"content": {"application/schema+json": {"schema": {"type": "object"}}}},
        304: {"description": "You have it already."},
        **problem_responses(404),
    },
    summary="Describe a kind of node",
)
async def get_node(
    node_type: str,
    services: CurrentServices,
    dialect: Annotated[
        Literal["draft-07", "2020-12"] | None,
        Query(description="Only the configuration's JSON Schema, with '$schema' of this dialect."),
    ] = None,
    if_none_match: Annotated[str | None, Header(description="ETags that you have.")] = None,
) -> Response:
    """Return everything an editor needs: ports, configuration schema, UI schemas, defaults, strategies.

    The ETag is the descriptor's ``schema_hash``: as long as it is the same, nothing has changed.
    """
    _known_kind(node_type, services.kinds)
    document = descriptor.node_descriptor(node_type, settings=services.settings)
    tag = quoted(document["schema_hash"] + (f";{dialect}" if dialect else ""))
    if is_unchanged(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    if dialect is not None:
        # A schema document is closed: our version goes with the header only.
        schema = {"$schema": schema_export.DIALECTS[dialect], **document["config_schema"]}
        return JSONResponse(schema, headers={"ETag": tag}, media_type="application/schema+json")
    return ContractResponse(document, headers={"ETag": tag})


@validation_router.post(**_question("validate", ValidationAnswer, "Judge a configuration"))
async def validate_node(
    node_type: str, document: ValidationRequest, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """Say everything that Run would say, without running; a configuration with errors is an answer, too."""
    require_tuning_kind(node_type, services.kinds, "judged")
    judgement = await validate(services, principal, document)
    return ContractResponse(
        ValidationAnswer(
            findings=judgement.documents(),
            config=None if judgement.config is None else dict(judgement.config),
            runnable=judgement.is_runnable,
            migrated=migrated_documents(judgement.migrated),
        )
    )


@validation_router.post(**_question("resolve", ResolutionAnswer, "Narrow the form to a graph"))
async def resolve_node(
    node_type: str, document: PanelRequest, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """Return schema, suggested search space and choices for the connected model and dataset; trains nothing.

    The descriptor's own schema works without it.
    """
    require_tuning_kind(node_type, services.kinds, "resolved")
    return Response(
        await resolved_body(services, principal, document), headers={"Content-Type": "application/json"}
    )


@validation_router.post(**_question("estimate", EstimateAnswer, "Count the work ahead"))
async def estimate_node(
    node_type: str, document: EstimateRequest, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """Return candidates, fits and rounds of what Run would do, and its time by what fits took before."""
    require_tuning_kind(node_type, services.kinds, "estimated")
    return ContractResponse(await estimate(services, principal, document))


def require_tuning_kind(node_type: str, kinds: NodeKinds, deed: str) -> None:
    """Refuse every kind but the tuning node's.

    Args:
        node_type: The kind that a request names.
        kinds: Those that there are.
        deed: What is done to nodes here, as in "nodes are judged".

    Raises:
        NotFoundError: there is no such kind (``unknown_node_type``), or it is another one (``not_<deed>``).
    """
    _known_kind(node_type, kinds)
    if node_type != TUNING_KIND:
        raise NotFoundError(
            f"Only '{TUNING_KIND}' nodes are {deed} here, not '{node_type}'.", code=f"not_{deed}"
        )


def _known_kind(node_type: str, kinds: NodeKinds) -> None:
    if node_type in kinds:
        return
    nearest = nearest_name(node_type, kinds)
    hint = f"; did you mean '{nearest}'?" if nearest else "."
    raise NotFoundError(
        f"There is no kind of node '{node_type}'{hint}", code="unknown_node_type", nearest=nearest
    )
