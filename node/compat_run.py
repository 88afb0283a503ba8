"""Runs the first contract's body: every model is judged before any job is stored, and all are stored or none.

What fields mean is in `node.compat_payload`. Telling the workers is the caller's, after the commit.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hyperparameter_tuning.jobs import requests_repository, service
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import JobRecord, Submission
from hyperparameter_tuning.node.compat_payload import old_config, old_dataset, old_finding, old_plain_form
from hyperparameter_tuning.node.compat_requests import OldJobRequest
from hyperparameter_tuning.node.graph_answer import GraphAnswer, answer_graph
from hyperparameter_tuning.node.hooks import SEVERITIES, Judgement, judge
from hyperparameter_tuning.node.job_requests import GraphQuestion, JobRequest
from hyperparameter_tuning.node.problems import FindingDocument
from hyperparameter_tuning.node.run_hook import submission_of
from hyperparameter_tuning.node.services import Services, datasets_of, require
from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.task import TuningTask
from hyperparameter_tuning.registry.tuning_case import problem_type_hint
from hyperparameter_tuning.shared.errors import InvalidDocumentError, UserError
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.migrated_node import MigratedNode
from hyperparameter_tuning.shared.plain_form import PlainForm


@dataclass(frozen=True, slots=True)
class Prepared:
    """One job of the batch, ready to be stored.

    Attributes:
        submission: What is frozen into the job.
        document: What the caller sent, as it is answered again.
        migrated: What became of the canvas's nodes of earlier versions.
    """

    submission: Submission
    document: Mapping[str, Any]
    migrated: tuple[MigratedNode, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmittedBatch:
    """The stored jobs of one request.

    Attributes:
        jobs: One per model.
        migrated: What became of the canvas's nodes of earlier versions.
    """

    jobs: Sequence[JobRecord]
    migrated: tuple[MigratedNode, ...] = ()


async def run_old(services: Services, principal: Principal, request: OldJobRequest) -> SubmittedBatch:
    """Store one job per model, in one transaction.

    Raises:
        UserError: something of the body, of the graph or of the data stands in the way; nothing is stored.
    """
    prepared = await prepare_old(services, principal, request)
    jobs = await services.database.run(lambda session: store_old(session, prepared))
    return SubmittedBatch(jobs, prepared[0].migrated if prepared else ())


async def prepare_old(services: Services, principal: Principal, request: OldJobRequest) -> list[Prepared]:
    """Judge every model of *request*; see `run_old`."""
    answer = await _answer(services, principal, request)
    await require(services, principal, "run", answer.ref)
    models = await asyncio.to_thread(_models, request, answer)
    return [await _prepare(services, principal, request, answer, model) for model in models]


async def store_old(session: Session, prepared: Sequence[Prepared]) -> list[JobRecord]:
    """Store what was judged; the session's transaction makes it all or nothing."""
    jobs = []
    for one in prepared:
        job = await service.submit(session, one.submission)
        await requests_repository.add(session, job.id, one.document)
        jobs.append(job)
    return jobs


async def _answer(services: Services, principal: Principal, request: OldJobRequest) -> GraphAnswer:
    """Read the canvas; data that it does not name are those of ``dataset_source_id``."""
    answer = GraphAnswer(PlainForm(node_id=request.node_id), node_id=request.node_id)
    if request.graph.nodes:
        drawn = {"dataset_source_id": request.dataset_source_id, **request.graph.model_dump()}
        question = GraphQuestion(graph=drawn, node_id=request.node_id)
        answer = await answer_graph(services, principal, question)
    if _names_data(answer.plain.dataset or {}, request):
        return answer
    dataset = old_dataset(request.dataset_source_id)
    try:
        summary = await datasets_of(services, principal).summary(dataset)
    except UserError as error:
        error.pointer = "/dataset_source_id"
        raise
    # What the node says besides, the target among it, stays.
    kept = {name: value for name, value in (answer.plain.dataset or {}).items() if name not in _SOURCE_KEYS}
    plain = PlainForm.model_validate({**answer.plain.model_dump(), "dataset": {**kept, **dataset}})
    others = tuple(item for item in answer.findings if item.pointer != answer.dataset_pointer)
    return replace(answer, plain=plain, summary=summary, findings=others)


_SOURCE_KEYS = frozenset({"source", "path", "name"})


def _names_data(dataset: Mapping[str, Any], request: OldJobRequest) -> bool:
    """Say whether the canvas itself names what to read; the caller's id in a node is no name of ours yet."""
    return bool(dataset.get("source")) and dataset.get("path") != request.dataset_source_id


def _models(request: OldJobRequest, answer: GraphAnswer) -> list[ModelSpec]:
    """Return the models that are named, each once whatever its spelling."""
    target = request.meta("target_column", "targetColumn") or answer.plain.target
    column = answer.summary.column(target) if answer.summary is not None and target else None
    kind = problem_type_hint(request.meta("problem_type") or "auto", column)
    try:
        return list(
            {spec.key: spec for spec in (get_model(name, kind) for name in request.model_types)}.values()
        )
    except UserError as error:
        error.pointer = "/model_types"
        raise


async def _prepare(
    services: Services, principal: Principal, request: OldJobRequest, answer: GraphAnswer, model: ModelSpec
) -> Prepared:
    connected = answer.plain.model
    is_target = connected is not None and _same_model(connected.type, model)
    own = replace(answer, plain=old_plain_form(answer.plain, request, model, is_target))
    config = old_config(request, model, answer.saved_config, answer.plain.validation is not None)
    judgement = await judge(services, principal, config, own)
    task = _refuse(judgement)
    asked = JobRequest(node_id=request.node_id, concurrent=True)
    submission = submission_of(asked, principal, own, dict(judgement.config or {}), task, services.kinds)
    held = replace(submission, held=not request.run_tuning)
    return Prepared(held, request.model_dump(mode="json") | {"model_type": model.key}, answer.migrated)


def _same_model(name: str, model: ModelSpec) -> bool:
    try:
        return get_model(name, model.problem_type).key == model.key
    except UserError:
        return False


def _refuse(judgement: Judgement) -> TuningTask:
    """Return the task, or refuse with pointers into the body that was sent.

    Raises:
        InvalidDocumentError: configuration or graph have errors or open items.
    """
    if judgement.task is not None and not judgement.stands_in_the_way:
        return judgement.task
    own = [old_finding(item) for item in judgement.config_findings]
    drawn = [replace(item, pointer=f"/graph{item.pointer}") for item in judgement.graph_findings]
    ordered = sorted([*drawn, *own], key=lambda finding: SEVERITIES.index(finding.severity))
    error = InvalidDocumentError([finding for finding in ordered if finding.severity != "warning"])
    error.details["findings"] = [
        FindingDocument(**finding.as_document(), source="body").model_dump(exclude_none=True)
        for finding in ordered
    ]
    raise error
