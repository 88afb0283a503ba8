"""Reads the graph that a request names, in whichever form, and asks the host about its dataset.

Nothing is judged here: `shared.graph`, `shared.graph_paths` and `registry.validation` find what is wrong.
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from hyperparameter_tuning.node.job_requests import GraphQuestion
from hyperparameter_tuning.node.opened_graph import open_graph
from hyperparameter_tuning.node.services import Services, datasets_of, require
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.errors import InvalidDocumentError, StaleRevisionError, UserError
from hyperparameter_tuning.shared.findings import Finding, json_pointer, nearest_name
from hyperparameter_tuning.shared.graph import Graph
from hyperparameter_tuning.shared.graph_paths import plain_form, tuning_nodes
from hyperparameter_tuning.shared.held_out_rows import held_out_rows_taken
from hyperparameter_tuning.shared.host import Datasets, Principal
from hyperparameter_tuning.shared.migrated_node import MigratedNode
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.shared.splitter_outputs import (
    SAME_ROWS,
    SAME_ROWS_SENTENCE,
    same_rows_at_both_ports,
    unknown_outputs,
)


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """What a request's graph says about one tuning node.

    Attributes:
        plain: The plain form.
        findings: What is wrong with the graph, with pointers into it.
        ref: The host's name of the pipeline; None for an inline graph.
        revision: Its revision; None for an inline graph.
        node_id: The tuning node; None for a plain form without one.
        saved_config: The configuration saved in the node; None for a plain form.
        summary: What the host says of the dataset; None where nothing is connected or it cannot be read.
        dataset_pointer: Where the dataset stands in the graph.
        validation_summary: What the host says of the validation port's own dataset, where it has one.
        validation_pointer: Where that dataset stands in the graph.
        labels: What people call the model nodes downstream, by node id.
        migrated: What became of the graph's nodes of earlier versions.
    """

    plain: PlainForm
    findings: tuple[Finding, ...] = ()
    ref: str | None = None
    revision: int | None = None
    node_id: str | None = None
    saved_config: Mapping[str, Any] | None = None
    summary: DataSummary | None = None
    dataset_pointer: str = "/dataset"
    validation_summary: DataSummary | None = None
    validation_pointer: str = "/validation/dataset"
    labels: Mapping[str, str] = field(default_factory=dict)
    migrated: tuple[MigratedNode, ...] = ()


async def answer_graph(services: Services, principal: Principal, question: GraphQuestion) -> GraphAnswer:
    """Read the graph of *question* down to the plain form, and its dataset's summary.

    Raises:
        UserError: the request names no graph or more than one, or the graph has no such tuning node.
        NotFoundError: the host has no such pipeline.
        NotAllowedError: *principal* may not send graphs along.
        StaleRevisionError: the pipeline was saved since the editor read it.
    """
    document = _one_document(question)
    form = next((form for form, keys in FORMS.items() if keys & document.keys()), None)
    if form != "ref":
        await require(services, principal, "read", None)
    if form == "ref":
        answer = await _referenced(services, principal, question, document)
    elif form == "canvas":
        answer = await asyncio.to_thread(_drawn, services, document, question.node_id)
    elif form == "plain":
        answer = _plain(services, document, question.node_id)
    else:
        raise UserError(
            "The graph must be {ref, revision}, a canvas {nodes, edges}, or the plain form {dataset, model}.",
            code="unknown_graph_form",
            pointer="/graph",
        )
    datasets = datasets_of(services, principal)
    return await _with_validation(datasets, await _with_summary(datasets, answer))


# The first form of which a key is present.
FORMS: Mapping[str, frozenset[str]] = {
    "ref": frozenset({"ref"}),
    "canvas": frozenset({"nodes", "edges"}),
    "plain": frozenset(PlainForm.model_fields),
}


def _one_document(question: GraphQuestion) -> Mapping[str, Any]:
    if (question.pipeline_id is None) == (question.graph is None):
        raise UserError(
            "Name the graph either by 'pipeline_id' or in 'graph', not both and not neither.",
            code="graph_missing" if question.graph is None else "graph_twice",
            pointer="/graph",
        )
    if question.graph is not None:
        return question.graph
    return {"ref": question.pipeline_id, "revision": question.base_revision}


async def _referenced(
    services: Services, principal: Principal, question: GraphQuestion, document: Mapping[str, Any]
) -> GraphAnswer:
    ref, revision = document["ref"], document.get("revision", question.base_revision)
    if not isinstance(ref, str) or not ref:
        raise UserError("'ref' must be the name of a pipeline.", code="wrong_type", pointer="/graph/ref")
    await require(services, principal, "read", ref)
    loaded = await services.host.graphs.load(ref)
    if revision is not None and revision != loaded.revision:
        raise StaleRevisionError(
            f"The pipeline '{ref}' is at revision {loaded.revision}, not {revision}: somebody saved it "
            "since. Load it again, then run.",
            pointer="/base_revision",
            revision=loaded.revision,
        )
    answer = await asyncio.to_thread(_drawn, services, loaded.graph, question.node_id)
    # A host that opened it migrated has told everything; what is left then is what no step knows.
    migrated = loaded.migrated or answer.migrated
    return replace(answer, ref=ref, revision=loaded.revision, migrated=migrated)


def _drawn(services: Services, document: Mapping[str, Any], node_id: str | None) -> GraphAnswer:
    opened = open_graph(services, document)
    graph = opened.graph
    node_id = _tuning_node(graph, node_id, services)
    plain, findings = plain_form(graph, node_id, services.kinds)
    node = graph.nodes[node_id]
    return GraphAnswer(
        plain,
        findings=(*findings, *_concerning(graph, node_id, opened.findings)),
        node_id=node_id,
        saved_config=services.kinds[node.type].config_of(node.data),
        dataset_pointer=_pointer_to(graph, plain.dataset_node_id, services.kinds),
        validation_pointer=_pointer_to(graph, _validation_node(graph, plain, services.kinds), services.kinds),
        labels={target.node_id: graph.nodes[target.node_id].label for target in plain.targets},
        migrated=opened.migrated,
    )


def _validation_node(graph: Graph, plain: PlainForm, kinds: NodeKinds) -> str | None:
    own = None if plain.validation is None else plain.validation.dataset
    sources = (
        (name, kinds[node.type].config_of(node.data))
        for name, node in graph.nodes.items()
        if node.type in kinds and kinds[node.type].fold_policy == "source"
    )
    return next((name for name, config in sources if own is not None and config == own), None)


def _pointer_to(graph: Graph, node_id: str | None, kinds: NodeKinds) -> str:
    node = graph.nodes.get(node_id or "")
    if node is None:
        return "/nodes"
    return json_pointer("nodes", node.index, "data") + kinds[node.type].config_path


def _plain(services: Services, document: Mapping[str, Any], node_id: str | None) -> GraphAnswer:
    try:
        plain = PlainForm.model_validate(document)
    except ValidationError as error:
        findings = [
            Finding(
                json_pointer(*item["loc"]), "invalid_graph", "error", f"{_place(item['loc'])}: {item['msg']}."
            )
            for item in error.errors()
        ]
        raise InvalidDocumentError(findings) from error
    return GraphAnswer(plain, findings=_ways(plain, services.kinds), node_id=node_id or plain.node_id)


def _ways(plain: PlainForm, kinds: NodeKinds) -> tuple[Finding, ...]:
    """Return what is wrong with the ways to the tuning node, which a canvas tells of its edges."""
    same = same_rows_at_both_ports(plain, kinds)
    warning = Finding("/validation", SAME_ROWS, "warning", SAME_ROWS_SENTENCE)
    return (*held_out_rows_taken(plain, kinds), *unknown_outputs(plain, kinds), *([warning] if same else ()))


def _place(location: tuple[int | str, ...]) -> str:
    return "'" + ".".join(str(part) for part in location) + "'"


def _tuning_node(graph: Graph, node_id: str | None, services: Services) -> str:
    known = tuning_nodes(graph, services.kinds)
    if node_id is None:
        if len(known) == 1:
            return known[0]
        if not known:
            raise UserError(
                f"The graph has no tuning node: add one, of type '{TUNING_KIND}', before the model.",
                code="no_tuning_node",
                pointer="/nodes",
            )
        raise UserError(
            f"The graph has several tuning nodes, {', '.join(known)}: say by 'node_id' (on the command line: "
            "--node) which one is meant.",
            code="node_id_missing",
            pointer="/node_id",
            known=list(known),
        )
    if node_id in known:
        return node_id
    if node_id in graph.nodes:
        kind = graph.nodes[node_id].type
        raise UserError(
            f"Node '{node_id}' is of type '{kind}', not '{TUNING_KIND}'.",
            code="wrong_node",
            pointer="/node_id",
        )
    nearest = nearest_name(node_id, known)
    hint = f"; did you mean '{nearest}'?" if nearest else "."
    raise UserError(
        f"The graph has no node '{node_id}'{hint}", code="unknown_node", pointer="/node_id", nearest=nearest
    )


def _concerning(graph: Graph, node_id: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Keep what concerns this run: a half-drawn branch elsewhere on the canvas stops nobody."""
    waiting = [node_id, *(edge.target for edge in graph.outgoing(node_id))]
    concerned: set[str] = set()
    while waiting:
        current = waiting.pop()
        if current not in concerned:
            concerned.add(current)
            waiting += [edge.source for edge in graph.incoming(current)]
    keys = {"edges": "target", "nodes": "id"}
    for finding in findings:
        part, index, *_ = finding.pointer.removeprefix("/").split("/")
        if graph.document[part][int(index)].get(keys[part]) in concerned:
            yield finding


async def _with_summary(datasets: Datasets, answer: GraphAnswer) -> GraphAnswer:
    dataset = answer.plain.dataset
    if dataset is None:
        return answer
    try:
        return replace(answer, summary=await datasets.summary(dataset))
    except UserError as error:
        # What a person can mend about the dataset stands beside everything else they can mend.
        finding = Finding(answer.dataset_pointer, error.code, "error", error.message)
        return replace(answer, findings=(*answer.findings, finding))


async def _with_validation(datasets: Datasets, answer: GraphAnswer) -> GraphAnswer:
    dataset = None if answer.plain.validation is None else answer.plain.validation.dataset
    if dataset is None:
        return answer
    try:
        summary = await datasets.summary(dataset)
    except UserError as error:
        finding = Finding(answer.validation_pointer, error.code, "error", error.message)
        return replace(answer, findings=(*answer.findings, finding))
    missing = _missing_columns(answer, summary)
    return replace(answer, validation_summary=summary, findings=(*answer.findings, *missing))


def _missing_columns(answer: GraphAnswer, summary: DataSummary) -> Iterator[Finding]:
    if answer.summary is None:
        return
    there = {column.name for column in summary.columns}
    lost = [f"'{column.name}'" for column in answer.summary.columns if column.name not in there]
    if lost:
        shown = ", ".join(lost[:SHOWN_COLUMNS]) + (" and others" if len(lost) > SHOWN_COLUMNS else "")
        message = f"The validation table lacks columns of the training table: {shown}."
        yield Finding(answer.validation_pointer, "validation_columns_missing", "error", message)


SHOWN_COLUMNS = 3
