"""The trials of a job, in pages for programs and as tables for people."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import FoldRecord, JobRecord
from hyperparameter_tuning.jobs.trial_tables import to_csv, to_parquet
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute
from hyperparameter_tuning.node.job_documents import TrialList
from hyperparameter_tuning.node.job_requests import JOBS_PATH, TrialQuery
from hyperparameter_tuning.node.job_views import trial_document
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices

router = APIRouter(route_class=ContractRoute, tags=["jobs"])

TABLES: dict[str, tuple[str, Callable[[Sequence[dict[str, Any]]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", to_csv),
    "parquet": ("application/vnd.apache.parquet", to_parquet),
}


@router.get(
    JOBS_PATH + "/{job_id}/trials",
    operation_id="list_trials",
    response_model=TrialList,
    responses={
        200: {
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
            }
        },
        **problem_responses(404, 503),
    },
    summary="List the candidates of a job",
)
async def list_trials(
    job_id: str,
    services: CurrentServices,
    principal: CurrentPrincipal,
    asked: Annotated[TrialQuery, Query()],
) -> Response:
    """Return candidates in their order, scores in natural units; trial 0 is the model node's own parameters.

    CSV and Parquet hold all of them. CSV cells that a spreadsheet would run as a formula start with a quote.
    """
    async with services.database.read() as session:
        job = await service.get(session, job_id, owner=principal.id)
        if asked.format == "json":
            return ContractResponse(await _page(session, job, asked))
        rows = await service.table_rows(session, job_id)
    media_type, write = TABLES[asked.format]
    body = await asyncio.to_thread(write, rows)
    name = f"{job.model_type}-run-{job.run_number}-trials.{asked.format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=media_type, headers=headers)


async def _page(session: Session, job: JobRecord, asked: TrialQuery) -> TrialList:
    # One more than asked says whether there is a following page.
    found = await service.trials(session, job.id, after=asked.after, limit=asked.limit + 1)
    shown = found[: asked.limit]
    numbers = [trial.number for trial in shown]
    ways = await service.ways(session, job.id, numbers[0], numbers[-1]) if shown else {}
    units = await _units(session, job.id, numbers) if asked.folds else {}
    items = [trial_document(trial, ways.get(trial.number, ()), units.get(trial.number)) for trial in shown]
    return TrialList(
        job_id=job.id,
        metric=job.metric,
        direction=job.direction,
        items=items,
        next=items[-1].number if len(found) > len(shown) else None,
    )


async def _units(session: Session, job_id: str, numbers: list[int]) -> dict[int, list[FoldRecord]]:
    """Return the units of each of the trials; an empty list for one that has none yet."""
    units: dict[int, list[FoldRecord]] = {number: [] for number in numbers}
    for unit in await service.folds(session, job_id, numbers):
        units[unit.trial].append(unit)
    return units
