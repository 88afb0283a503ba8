"""What a panel asks about one node: its configuration, and what the graph says of it.

Answers do not belong here: see `node.hooks`, `node.resolving` and `node.estimating`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.node.asked_config import asked_config
from hyperparameter_tuning.node.graph_answer import GraphAnswer, answer_graph
from hyperparameter_tuning.node.panel_documents import PanelRequest
from hyperparameter_tuning.node.services import Services
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.plain_form import PlainForm


@dataclass(frozen=True, slots=True)
class PanelQuestion:
    """A configuration on a graph.

    Attributes:
        config: The one that was sent, else the one saved in the node, else all defaults.
        answer: What the graph says.
    """

    config: Mapping[str, Any]
    answer: GraphAnswer

    @property
    def key(self) -> str:
        """A text that two questions share only when every pure answer to them is the same."""
        answer = self.answer
        findings = [finding.as_document() for finding in answer.findings]
        migrated = [node.as_document() for node in answer.migrated]
        parts = [self.config, _content(answer.summary), findings, dict(answer.labels), migrated]
        return answer.plain.model_dump_json() + json.dumps(parts, separators=(",", ":"))


async def panel_question(services: Services, principal: Principal, asked: PanelRequest) -> PanelQuestion:
    """Read what is asked about; a node that is on no graph yet is fine.

    Raises:
        UserError: the graph cannot be read; what is merely wrong in it is a finding.
    """
    answer = GraphAnswer(PlainForm(node_id=asked.node_id))
    if asked.graph is not None or asked.pipeline_id is not None:
        answer = await answer_graph(services, principal, asked)
    return PanelQuestion(*asked_config(asked.config, answer))


def _content(summary: DataSummary | None) -> str | None:
    """A fingerprint stands for the columns; hosts that give none are taken at their word."""
    if summary is None:
        return None
    return summary.fingerprint or summary.model_dump_json()
