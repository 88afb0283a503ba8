"""The estimate hook: how much work a configuration asks for, and how long that will take by what fits took.

Counting does not belong here (`registry.estimates`), nor the arithmetic of time (`jobs.durations`).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs import durations, durations_repository, service
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.durations import Duration
from hyperparameter_tuning.jobs.records import JobFilter
from hyperparameter_tuning.node.hooks import Judgement
from hyperparameter_tuning.node.migrated_nodes import MigratedNodeDocument, migrated_documents
from hyperparameter_tuning.node.panel_documents import (
    EstimateAnswer,
    EstimatedLimit,
    EstimatedLimits,
    EstimatedRung,
    EstimatedSeconds,
    EstimateRequest,
)
from hyperparameter_tuning.node.panel_question import PanelQuestion, panel_question
from hyperparameter_tuning.node.problems import FindingDocument
from hyperparameter_tuning.node.services import Services
from hyperparameter_tuning.registry import estimates, validation
from hyperparameter_tuning.registry.estimates import Estimate, Limit
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.settings import Settings

EARLIER_JOBS = 5
NO_REASON_YET = "How long a fit takes is known once a job has scored its first fold."


@dataclass(frozen=True, slots=True)
class Counted:
    """What follows from the question alone.

    Attributes:
        estimate: The work; None where the configuration cannot be read.
        model_type: Key of the model; None while nothing says which.
        parallel: Fits at once.
        findings: Of configuration and graph.
        runnable: Whether Run would be accepted.
        migrated: Nodes, and a configuration, of earlier versions.
    """

    estimate: Estimate | None
    model_type: str | None
    parallel: int
    findings: tuple[FindingDocument, ...]
    runnable: bool
    migrated: tuple[MigratedNodeDocument, ...]


async def estimate(services: Services, principal: Principal, asked: EstimateRequest) -> EstimateAnswer:
    """Say how much work a configuration asks for, without running anything.

    Args:
        services: The open doors of this process; see `node.services.open_services`.
        principal: Who asks; only their own jobs tell how long a fit takes.
        asked: A configuration, and a graph where there is one.

    Raises:
        NotFoundError: there is no job *asked.job_id*.
        UserError: the graph cannot be read; what is merely wrong in it is a finding.
    """
    question = await panel_question(services, principal, asked)
    counted = await services.estimates.answer(question.key, lambda: _counted(services, question))
    async with services.database.read() as session:
        duration = await _duration(session, principal, asked.job_id, question, counted)
    return _answer(services.settings, counted, duration)


def _counted(services: Services, question: PanelQuestion) -> Counted:
    answer, settings = question.answer, services.settings
    reading = validation.read(
        question.config, answer.plain, answer.summary, kinds=services.kinds, settings=settings
    )
    judged, case = validation.judge(reading), reading.case
    judgement = Judgement(judged.findings, answer.findings, judged.config, judged.task)
    asked_jobs = None if case is None else case.config.execution.n_jobs
    return Counted(
        None if case is None else estimates.estimate(case),
        None if case is None or case.model is None else case.model.key,
        _parallel(asked_jobs, settings),
        tuple(judgement.documents()),
        judgement.is_runnable,
        tuple(migrated_documents(answer.migrated)),
    )


def _parallel(asked: int | None, settings: Settings) -> int:
    """Return how many fits a worker on a machine like this one does at once."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    wanted = [count for count in (asked, settings.n_jobs) if count is not None]
    return max(1, min([*wanted, max(1, cores // settings.concurrency)]))


async def _duration(
    session: Session, principal: Principal, job_id: str | None, question: PanelQuestion, counted: Counted
) -> Duration | None:
    if job_id is not None:
        job = await service.get(session, job_id, principal.id)
        job_id = job.id if job.model_type == counted.model_type else None
    if counted.estimate is None or counted.estimate.work is None or counted.model_type is None:
        return None
    limit, full_fits = counted.estimate.max_seconds.in_force, counted.estimate.work.full_fits
    if full_fits is None:
        return None if limit is None else Duration(limit, limit, limit, "time_limit")
    answer = question.answer
    where = JobFilter(
        owner=principal.id, graph_ref=answer.ref, node_id=answer.node_id, model_type=counted.model_type
    )
    if job_id is not None:
        costs = await durations_repository.trial_costs(session, job_id)
        found = durations.from_running(costs, full_fits, counted.parallel)
    else:
        found = await _of_known_jobs(session, where, answer.summary, full_fits, counted.parallel)
    return None if found is None else found.within(limit)


async def _of_known_jobs(
    session: Session, where: JobFilter, summary: DataSummary | None, full_fits: float, parallel: int
) -> Duration | None:
    """Return what the node's running job tells, else what ended ones do."""
    data = DataSummary(rows=0) if summary is None else summary
    jobs = await durations_repository.telling_jobs(session, where, data.fingerprint, EARLIER_JOBS)
    if jobs and jobs[0].is_active:
        costs = await durations_repository.trial_costs(session, jobs[0].id)
        found = durations.from_running(costs, full_fits, parallel)
        if found is not None:
            return found
    ended = [job for job in jobs if not job.is_active]
    return durations.from_earlier(await durations_repository.job_costs(session, ended), full_fits, data.rows)


def _answer(settings: Settings, counted: Counted, duration: Duration | None) -> EstimateAnswer:
    found = counted.estimate
    work = None if found is None else found.work
    numbers: dict[str, Any] = dict.fromkeys(("candidates", "references", "trials", "fits", "basis"))
    if work is not None:
        numbers = {name: getattr(work, name) for name in numbers}
    return EstimateAnswer(
        **numbers,
        folds=None if work is None else work.splits,
        refit=1,
        rungs=[
            EstimatedRung(rung=item.index, rows=item.n_resources, candidates=item.n_candidates)
            for item in (() if work is None else work.rungs)
        ],
        seconds=None if duration is None else _seconds(duration),
        time_basis=None if duration is None else duration.basis,
        limits=_limits(settings, found),
        reasons=list(_reasons(counted, duration)),
        findings=list(counted.findings),
        runnable=counted.runnable,
        migrated=list(counted.migrated),
    )


def _seconds(duration: Duration) -> EstimatedSeconds:
    return EstimatedSeconds(**{name: round(getattr(duration, name), 2) for name in ("low", "likely", "high")})


def _limits(settings: Settings, found: Estimate | None) -> EstimatedLimits:
    def shown(limit: Limit) -> EstimatedLimit:
        return EstimatedLimit(asked=limit.asked, ceiling=limit.ceiling, in_force=limit.in_force)

    trials = Limit(None, settings.max_trials, None) if found is None else found.max_trials
    seconds = Limit(None, settings.max_seconds, None) if found is None else found.max_seconds
    return EstimatedLimits(
        max_trials=shown(trials),
        max_seconds=shown(seconds),
        max_grid_candidates=settings.max_grid_candidates,
    )


def _reasons(counted: Counted, duration: Duration | None) -> Iterator[str]:
    found = counted.estimate
    if found is None:
        yield "The configuration has errors: nothing can be counted."
        return
    yield from found.reasons
    limit = found.max_seconds.in_force
    if duration is None and found.work is not None:
        yield NO_REASON_YET
    elif duration is not None and limit is not None and duration.high >= limit:
        ends = "ends" if duration.likely >= limit else "may end"
        yield f"The time limit of {limit:g} s {ends} the search first."
