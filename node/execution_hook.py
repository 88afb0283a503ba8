"""The execute hook: the node within a whole-pipeline run, which takes an earlier result where it still holds.

Whether it holds is found in `jobs.up_to_date`; what the outputs look like is in `node.execution_views`.
"""

from dataclasses import dataclass
from typing import Literal

from hyperparameter_tuning.jobs import up_to_date
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.up_to_date import Freshness
from hyperparameter_tuning.node.job_requests import ExecuteRequest
from hyperparameter_tuning.node.run_hook import Prepared, prepare
from hyperparameter_tuning.node.services import Services, require
from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.migrated_node import MigratedNode

ExecutionState = Literal["up_to_date", "stale", "submitted", "joined"]

PART_NAMES = {
    "config": "the configuration",
    "data": "the data",
    "upstream": "the steps before the node",
    "model": "the model",
    "parameters": "parameters of the model node that are not searched",
}
"""What a part of a run's fingerprint is called in a sentence; see `jobs.fingerprints.PARTS`."""


@dataclass(frozen=True, slots=True)
class Execution:
    """What became of executing the node.

    Attributes:
        state: ``up_to_date``: the job's outputs hold; ``stale``: they are reused as they are; ``submitted``
            or ``joined``: the job is on its way.
        job: The job whose outputs count, or will.
        fingerprint: Of the run that was asked for.
        changed: Parts of the fingerprint that differ from the job's; see `jobs.fingerprints.PARTS`.
        migrated: What became of nodes of earlier versions, and of such a configuration in the request.
    """

    state: ExecutionState
    job: JobRecord
    fingerprint: str
    changed: tuple[str, ...] = ()
    migrated: tuple[MigratedNode, ...] = ()

    @property
    def has_outputs(self) -> bool:
        """Whether there are outputs to go on with."""
        return self.state in ("up_to_date", "stale")

    @property
    def message(self) -> str:
        """Say in one sentence what became of it."""
        return SENTENCES[self.state].format(run=self.job.run_number, changed=changed_names(self.changed))


SENTENCES: dict[ExecutionState, str] = {
    "up_to_date": "The result of run {run} is up to date.",
    "stale": "The result of run {run} is reused, though since then {changed} changed.",
    "submitted": "Run {run} is on its way.",
    "joined": "Run {run} does the same and was there before.",
}


async def execute(services: Services, principal: Principal, request: ExecuteRequest) -> Execution:
    """Return the outputs of a job that did the same run, or do as *request* says where there is none.

    Args:
        services: The open doors of this process; see `node.services.open_services`. The caller publishes a
            submitted job (`Services.publish`) after its answer.
        principal: Who asks.
        request: What is asked.

    Raises:
        InvalidDocumentError: configuration or graph have errors or open items.
        ConflictError: nothing is up to date and the request says ``fail`` (``result_stale`` with the changed
            parts, ``no_result`` without any result), or another run of the node has not ended.
        NotFoundError: there is no result to reuse (``nothing_to_reuse``).
        NotAllowedError: *principal* may not run the graph, and nothing is up to date.
        UserError: the request does not name a graph and a tuning node.
    """
    prepared = await prepare(services, principal, request, "read")
    submission, migrated = prepared.submission, prepared.migrated
    seen = await services.database.run(lambda session: up_to_date.look_up(session, submission), write=False)
    if seen.current is not None:
        return Execution("up_to_date", seen.current, seen.fingerprint, migrated=migrated)
    if request.on_stale == "run":
        return await _run(services, principal, prepared)
    if request.on_stale == "fail":
        raise _refusal(seen)
    if seen.newest is None:
        raise NotFoundError(
            "There is nothing to reuse: no run of this node has succeeded yet.", code="nothing_to_reuse"
        )
    return Execution("stale", seen.newest, seen.fingerprint, seen.changed, migrated)


def changed_names(changed: tuple[str, ...]) -> str:
    """Return parts of the fingerprint as people call them, in a list for a sentence."""
    *others, last = [PART_NAMES[part] for part in changed] or ["something"]
    return f"{', '.join(others)} and {last}" if others else last


async def _run(services: Services, principal: Principal, prepared: Prepared) -> Execution:
    submission, migrated = prepared.submission, prepared.migrated
    await require(services, principal, "run", submission.graph_ref)
    job = await services.database.run(lambda session: up_to_date.join_or_submit(session, submission))
    if job.created:
        return Execution("submitted", job, job.fingerprint, migrated=migrated)
    # It may have ended between the look and the step.
    state: ExecutionState = "up_to_date" if job.state == "succeeded" else "joined"
    return Execution(state, job, job.fingerprint, migrated=migrated)


def _refusal(seen: Freshness) -> ConflictError:
    if seen.newest is None:
        return ConflictError(
            "The node has no result yet: run it, or execute with on_stale 'run'.", code="no_result"
        )
    return ConflictError(
        f"The result of run {seen.newest.run_number} is stale: since then {changed_names(seen.changed)} "
        "changed. Run the node, or execute with on_stale 'run' or 'reuse'.",
        code="result_stale",
        job_id=seen.newest.id,
        changed=list(seen.changed),
    )
