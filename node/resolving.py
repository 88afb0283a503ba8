"""The resolve hook: the form of one node, narrowed to its model and its dataset, made once per question.

Narrowing does not belong here (`registry.resolution`); this collects what it needs and keeps its answers.
"""

from hyperparameter_tuning.node.contract import ContractResponse
from hyperparameter_tuning.node.hooks import Judgement
from hyperparameter_tuning.node.migrated_nodes import migrated_documents
from hyperparameter_tuning.node.panel_documents import PanelRequest, ResolutionAnswer
from hyperparameter_tuning.node.panel_question import PanelQuestion, panel_question
from hyperparameter_tuning.node.services import Services
from hyperparameter_tuning.registry import resolution
from hyperparameter_tuning.shared.host import Principal


async def resolve(services: Services, principal: Principal, asked: PanelRequest) -> ResolutionAnswer:
    """Say what the panel of a node shows on this graph, without training anything.

    Args:
        services: The open doors of this process; see `node.services.open_services`.
        principal: Who asks.
        asked: A configuration, and a graph where there is one.

    Raises:
        UserError: the graph cannot be read; what is merely wrong in it is a finding.
    """
    return ResolutionAnswer.model_validate_json(await resolved_body(services, principal, asked))


async def resolved_body(services: Services, principal: Principal, asked: PanelRequest) -> bytes:
    """Return the answer of `resolve` as it goes over the wire."""
    question = await panel_question(services, principal, asked)
    return await services.resolutions.answer(question.key, lambda: _body(services, question))


def _body(services: Services, question: PanelQuestion) -> bytes:
    answer = question.answer
    found = resolution.resolve(
        question.config,
        answer.plain,
        answer.summary,
        kinds=services.kinds,
        settings=services.settings,
        labels=answer.labels,
    )
    judged = found.judged
    judgement = Judgement(judged.findings, answer.findings, judged.config, judged.task)
    shown = ResolutionAnswer(
        **found.document,
        findings=judgement.documents(),
        config=None if judged.config is None else dict(judged.config),
        runnable=judgement.is_runnable,
        migrated=migrated_documents(answer.migrated),
    )
    return bytes(ContractResponse(shown).body)
