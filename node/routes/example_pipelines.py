"""The example pipelines: an editor offers them, and keeps a copy with ``POST /pipelines``.

They read the packaged tables, which a host with data of its own need not have: they are mounted where
`node.routes.pipelines` is.
"""

from fastapi import APIRouter
from starlette.responses import Response

from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute
from hyperparameter_tuning.node.example_pipelines import EXAMPLES
from hyperparameter_tuning.node.pipeline_documents import ExamplePipelineDocument, ExamplePipelineList
from hyperparameter_tuning.node.problems import problem_responses

router = APIRouter(route_class=ContractRoute, tags=["pipelines"])


@router.get(
    "/example-pipelines",
    operation_id="list_example_pipelines",
    response_model=ExamplePipelineList,
    responses=problem_responses(),
    summary="List the example pipelines",
)
async def list_example_pipelines() -> Response:
    """Return every example with its graph, the one to start with first."""
    items = [
        ExamplePipelineDocument(
            id=example.id, name=example.name, description=example.description, graph=example.graph
        )
        for example in EXAMPLES
    ]
    return ContractResponse(ExamplePipelineList(items=items))
