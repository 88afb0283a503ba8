"""The validate hook: a configuration judged against a graph and its data, the same for panel, API and worker.

Rules do not belong here (`registry.validation`); this collects what they need.
"""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.node.gone_packages import with_packages
from hyperparameter_tuning.node.graph_answer import GraphAnswer
from hyperparameter_tuning.node.panel_question import panel_question
from hyperparameter_tuning.node.pipeline_documents import ValidationRequest
from hyperparameter_tuning.node.problems import FindingDocument
from hyperparameter_tuning.node.services import Services
from hyperparameter_tuning.registry import validation
from hyperparameter_tuning.registry.task import TuningTask
from hyperparameter_tuning.shared import held_out_rows, splitter_outputs
from hyperparameter_tuning.shared.errors import InvalidDocumentError
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.migrated_node import MigratedNode


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be said of a configuration on a graph.

    Attributes:
        config_findings: With pointers into the normalised configuration.
        graph_findings: With pointers into the graph.
        config: The normalised and completed configuration; None where it could not be read.
        task: What a worker would run; None while anything stands in the way.
        migrated: What became of the graph's nodes of earlier versions.
    """

    config_findings: tuple[Finding, ...]
    graph_findings: tuple[Finding, ...]
    config: Mapping[str, Any] | None
    task: TuningTask | None
    migrated: tuple[MigratedNode, ...] = ()

    @property
    def stands_in_the_way(self) -> bool:
        """Whether a run is refused: an error, or an open item of the checklist."""
        return any(finding.severity != "warning" for finding in (*self.config_findings, *self.graph_findings))

    @property
    def is_runnable(self) -> bool:
        """Whether Run would be accepted."""
        return self.task is not None and not self.stands_in_the_way

    def documents(self) -> list[FindingDocument]:
        """Return every finding with the document it points into, the errors first."""
        ordered = [
            *_documents(self.graph_findings, "graph"),
            *_documents(self.config_findings, "config"),
        ]
        return sorted(ordered, key=lambda item: SEVERITIES.index(item.severity))


SEVERITIES = ("error", "todo", "warning")


async def validate(services: Services, principal: Principal, asked: ValidationRequest) -> Judgement:
    """Say everything that Run would say, without running.

    Args:
        services: The open doors of this process; see `node.services.open_services`.
        principal: Who asks.
        asked: A configuration, and a graph where there is one; without a configuration, the one saved in it.

    Raises:
        UserError: the graph cannot be read; what is merely wrong in it is a finding.
    """
    question = await panel_question(services, principal, asked)
    return await judge(services, principal, question.config, question.answer)


async def judge(
    services: Services, principal: Principal, config: Mapping[str, Any], answer: GraphAnswer
) -> Judgement:
    """Judge *config* on the graph of *answer*.

    Rules may look at prepared columns, which loads scikit-learn once: off the event loop.
    """
    judged = await asyncio.to_thread(
        validation.validate,
        config,
        answer.plain,
        answer.summary,
        kinds=services.kinds,
        settings=services.settings,
    )
    on_config, on_graph = await with_packages(
        services, principal, answer, _not_told(judged.findings, answer.findings), answer.findings
    )
    return Judgement(
        on_config,
        on_graph,
        judged.config,
        judged.task,
        answer.migrated,
    )


def refuse(judgement: Judgement) -> None:
    """Refuse to run what has errors or open items.

    Raises:
        InvalidDocumentError: with every finding, each naming its document.
    """
    if not judgement.stands_in_the_way:
        return
    findings = (*judgement.graph_findings, *judgement.config_findings)
    blocking = sorted(
        (item for item in findings if item.severity != "warning"),
        key=lambda item: SEVERITIES.index(item.severity),
    )
    error = InvalidDocumentError(blocking)
    error.details["findings"] = [item.model_dump(exclude_none=True) for item in judgement.documents()]
    error.details["source"] = "graph" if blocking[0] in judgement.graph_findings else "config"
    raise error


_TOLD_OF_THE_GRAPH = frozenset(
    {held_out_rows.CODE, splitter_outputs.UNKNOWN_OUTPUT, splitter_outputs.SAME_ROWS}
)
"""Codes of what is found in a graph and, by callers that have none but the plain form, in that."""


def _not_told(findings: Iterable[Finding], graph_findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Leave out what the graph is told at the very place already."""
    told = {finding.code for finding in graph_findings} & _TOLD_OF_THE_GRAPH
    return tuple(finding for finding in findings if finding.code not in told)


def _documents(findings: Iterable[Finding], source: str) -> list[FindingDocument]:
    return [FindingDocument(**finding.as_document(), source=source) for finding in findings]
