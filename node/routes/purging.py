"""Deletes many jobs that have ended; deleting one is in `node.routes.jobs`."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from hyperparameter_tuning.jobs.records import JobFilter
from hyperparameter_tuning.jobs.reference_host import LocalPrincipal
from hyperparameter_tuning.jobs.retention import purge_all
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.contract_route import ContractRoute
from hyperparameter_tuning.node.job_requests import JOBS_PATH
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.purge_documents import PurgeAnswer, PurgeRequest
from hyperparameter_tuning.node.services import CurrentPrincipal, CurrentServices, Services
from hyperparameter_tuning.shared.errors import NotAllowedError, UserError
from hyperparameter_tuning.shared.host import Principal

router = APIRouter(route_class=ContractRoute, tags=["jobs"])

SHOWN_IDS = 1_000


@router.post(
    JOBS_PATH + "/purge",
    operation_id="purge_jobs",
    response_model=PurgeAnswer,
    responses=problem_responses(503, body=True),
    summary="Delete jobs that have ended",
)
async def purge_jobs(
    document: PurgeRequest, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """Delete your ended jobs that match, with trials, events, patches and tuned models; live ones stay.

    Jobs go in portions: a failure on the way leaves those before it deleted, and asking again goes on.
    """
    if document.older_than_days is None and not document.states and document.owner is None:
        raise UserError(
            "Say which jobs to delete: older_than_days (0 is all) or states.", code="filter_required"
        )
    days = document.older_than_days
    where = JobFilter(
        owner=_owner(services, principal, document.owner),
        states=tuple(JobState(name) for name in document.states),
        older_than_seconds=None if days is None else timedelta(days=days).total_seconds(),
    )
    purged = await purge_all(services.database, where, dry_run=document.dry_run)
    ids = list(purged.job_ids[:SHOWN_IDS])
    return ContractResponse(PurgeAnswer(dry_run=document.dry_run, count=len(purged.job_ids), job_ids=ids))


def _owner(services: Services, principal: Principal, asked: str | None) -> str:
    """Return whose jobs may go: where everybody is the local person, that is the operator.

    Raises:
        NotAllowedError: they are somebody else's.
    """
    if asked is None or asked == principal.id:
        return principal.id
    if isinstance(services.host.principals, LocalPrincipal):
        return asked
    raise NotAllowedError("You may delete your own jobs only.", pointer="/owner")
