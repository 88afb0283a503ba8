"""The run hook: a request becomes a stored job, or a refusal before anything is stored.

Searching does not belong here, nor does telling the workers: the caller publishes after its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.records import JobRecord, Submission
from hyperparameter_tuning.node.asked_config import asked_config
from hyperparameter_tuning.node.graph_answer import GraphAnswer, answer_graph
from hyperparameter_tuning.node.hooks import judge, refuse
from hyperparameter_tuning.node.job_requests import JobRequest
from hyperparameter_tuning.node.services import Services, require
from hyperparameter_tuning.registry.planning import work_of_task
from hyperparameter_tuning.registry.row_counts import number_of_splits, usable_rows
from hyperparameter_tuning.registry.task import TuningTask
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.fingerprints import fingerprint
from hyperparameter_tuning.shared.graph_paths import upstream_hash
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.migrated_node import MigratedNode
from hyperparameter_tuning.shared.node_kinds import NodeKinds


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that may be stored.

    Attributes:
        submission: What would be stored.
        migrated: What became of nodes of earlier versions, and of such a configuration in the request.
    """

    submission: Submission
    migrated: tuple[MigratedNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Submitted:
    """A stored job.

    Attributes:
        job: The job; an earlier one with ``created`` False when its run_id was submitted before.
        migrated: As of `Prepared`.
    """

    job: JobRecord
    migrated: tuple[MigratedNode, ...] = ()


async def run(services: Services, principal: Principal, request: JobRequest) -> JobRecord:
    """Check *request* and store a job with its outbox row in one transaction.

    Args:
        services: The open doors of this process.
        principal: Who asks.
        request: What is asked.

    Returns:
        The job; an earlier one with ``created`` False when this run_id was submitted before.

    Raises:
        InvalidDocumentError: configuration or graph have errors or open items.
        ConflictError: another job on the node is active.
        NotAllowedError: *principal* may not run the graph.
        UserError: the request does not name a graph and a tuning node.
    """
    return (await submit(services, principal, request)).job


async def submit(services: Services, principal: Principal, request: JobRequest) -> Submitted:
    """Do as `run`, and say what was migrated."""
    prepared = await prepare(services, principal, request, "run")
    job = await services.database.run(lambda session: service.submit(session, prepared.submission))
    return Submitted(job, prepared.migrated)


async def prepare(services: Services, principal: Principal, request: JobRequest, action: str) -> Prepared:
    """Check *request* and return what would be stored.

    Args:
        services: The open doors of this process.
        principal: Who asks; must be allowed to do *action* on the graph.
        request: What is asked.
        action: ``run`` or ``read``.

    Raises:
        InvalidDocumentError: configuration or graph have errors or open items.
        NotAllowedError: *principal* may not do *action*.
        UserError: the request does not name a graph and a tuning node.
    """
    answer = await answer_graph(services, principal, request)
    await require(services, principal, action, answer.ref)
    config, answer = asked_config(request.config, answer)
    judgement = await judge(services, principal, config, answer)
    refuse(judgement)
    assert judgement.config is not None
    assert judgement.task is not None
    submission = submission_of(request, principal, answer, judgement.config, judgement.task, services.kinds)
    return Prepared(submission, answer.migrated)


def _planned_trials(task: TuningTask, answer: GraphAnswer, kinds: NodeKinds) -> int | None:
    """Return how many candidates will be scored, references included; None when that is open yet."""
    if answer.summary is None:
        return None
    rows = usable_rows(answer.plain, answer.summary, task.target, kinds)
    return work_of_task(task, rows=rows, splits=number_of_splits(task.cross_validation)).trials


def submission_of(
    request: JobRequest,
    principal: Principal,
    answer: GraphAnswer,
    config: Mapping[str, Any],
    task: TuningTask,
    kinds: NodeKinds,
) -> Submission:
    """Return what is frozen into the job.

    Args:
        request: Has the run's own choices: run_id, revision, concurrent.
        principal: Who asks.
        answer: The graph as it was read.
        config: Normalised and completed.
        task: What a worker will run.
        kinds: Node kinds of the host.
    """
    summary = answer.summary or DataSummary(rows=0)
    return Submission(
        run_id=request.run_id or service.new_run_id(),
        owner=principal,
        graph_ref=answer.ref,
        node_id=answer.node_id,
        base_revision=answer.revision if answer.ref is not None else request.base_revision,
        config=config,
        plain=answer.plain,
        data_summary=summary,
        fingerprints=_fingerprints(config, answer, summary),
        model_type=task.model.key,
        strategy=task.strategy.value,
        metric=task.metric.key,
        direction=task.metric.direction,
        seed=task.seed,
        write_back_mode=task.write_back.mode,
        concurrent=request.concurrent,
        n_planned=_planned_trials(task, answer, kinds),
    )


def _fingerprints(config: Mapping[str, Any], answer: GraphAnswer, summary: DataSummary) -> dict[str, str]:
    """Return what the worker compares before it starts: other content than at submit fails the job."""
    found = {
        "config": fingerprint(dict(config)),
        "data": summary.fingerprint,
        "upstream": upstream_hash(answer.plain),
    }
    if answer.validation_summary is not None:
        found["validation"] = answer.validation_summary.fingerprint
    return found
