"""Models as the panel shows them, and the best parameters found for them so far."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from hyperparameter_tuning.jobs import repository
from hyperparameter_tuning.jobs.records import JobFilter, JobRecord
from hyperparameter_tuning.node.best_results import BestResult, best_result
from hyperparameter_tuning.node.compat_documents import OldBestParams
from hyperparameter_tuning.node.compat_views import old_best, read_told
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute
from hyperparameter_tuning.node.job_documents import BestParams, JobDocument
from hyperparameter_tuning.node.job_requests import BestQuery
from hyperparameter_tuning.node.job_views import job_document, job_links
from hyperparameter_tuning.node.pipeline_documents import ModelHyperparameters
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices
from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.offer import missing_reason
from hyperparameter_tuning.registry.values import default_params, rows_from_space
from hyperparameter_tuning.shared.errors import NotFoundError, UnknownNameError

router = APIRouter(route_class=ContractRoute, tags=["models"])

ProblemType = Annotated[
    Literal["classification", "regression"] | None, Query(description="For names that stand for two models.")
]
COMPARED_JOBS = 1_000


@router.get(
    "/model-hyperparameters/{model_type}",
    operation_id="get_model_hyperparameters",
    response_model=ModelHyperparameters,
    responses=problem_responses(404),
    summary="List a model's hyperparameters",
)
async def get_model_hyperparameters(model_type: str, problem_type: ProblemType = None) -> Response:
    """Return fields with types and bounds, the defaults in force, and the suggested search space."""
    model = _known_model(model_type, problem_type)
    if isinstance(model, NotFoundError):
        raise model
    return ContractResponse(
        ModelHyperparameters(
            model_type=model.key,
            label=model.label,
            problem_type=model.problem_type,
            aliases=list(model.aliases),
            available=missing_reason(model) is None,
            reason=missing_reason(model),
            fields=[asdict(item) for item in model.fields],
            defaults=default_params(model),
            suggested={
                "full": rows_from_space(model, model.suggested),
                "trimmed": rows_from_space(model, model.suggested_grid),
            },
        )
    )


@router.get(
    "/hyperparameter-tuning/best-params/{model_type}",
    operation_id="get_best_params",
    response_model=OldBestParams | BestParams,
    responses=problem_responses(404, 503),
    summary="Find the best parameters so far",
)
async def get_best_params(
    request: Request,
    model_type: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    asked: Annotated[BestQuery, Query()],
) -> Response:
    """Return the best SCORE among succeeded jobs that may be compared, and the newest job beside it.

    Scores are compared only where metric, dataset content and kind of validation are the same. Results of a
    model whose package is no longer installed are answered, too.
    """
    model = _known_model(model_type, asked.problem_type)
    key, label = (model.key, model.label) if isinstance(model, ModelSpec) else (model_type, model_type)
    where = JobFilter(
        owner=principal.id,
        graph_ref=asked.pipeline_id,
        node_id=asked.node_id,
        model_type=key,
        dataset_source_id=asked.dataset_source_id,
    )
    async with services.database.read() as session:
        jobs = await repository.succeeded(session, where, COMPARED_JOBS)
        if isinstance(model, NotFoundError) and not jobs:
            raise model
        found = best_result(jobs, metric=asked.metric, data=asked.dataset_fingerprint)
        told = await read_told(session, [found.best] if found.best is not None else [])
    if asked.compat:
        of_best = None if found.best is None else told[found.best.id]
        return ContractResponse(old_best(key, found.best, of_best, found.sentence(label)))
    return ContractResponse(_best_params(request, key, label, found))


def _known_model(model_type: str, problem_type: str | None) -> ModelSpec | NotFoundError:
    """Return the model, or the answer that there is none."""
    try:
        return get_model(model_type, problem_type)
    except UnknownNameError as error:
        return NotFoundError(error.message, code=error.code, **error.details)


def _best_params(request: Request, key: str, label: str, found: BestResult) -> BestParams:
    def shown(job: JobRecord | None) -> JobDocument | None:
        return None if job is None else job_document(job, job_links(request, job.id), whole=False)

    return BestParams(
        model_type=key,
        available=found.best is not None,
        comparable=found.comparable,
        **({} if found.best is None else _of_the_best(found.best)),
        best=shown(found.best),
        newest=shown(found.newest),
        message=found.sentence(label),
    )


def _of_the_best(job: JobRecord) -> dict[str, Any]:
    names = ("node_id", "run_number", "best_params", "best_score", "metric", "direction", "strategy")
    return {
        **{name: getattr(job, name) for name in names},
        "job_id": job.id,
        "pipeline_id": job.graph_ref,
        "number_types": (job.outcome or {}).get("number_types") or {},
        "finished_at": job.finished_at,
    }
