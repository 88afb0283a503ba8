"""The one validator of a configuration, for panel, API and worker alike.

Order: limits of any document, other spellings, the published schema, the Pydantic model, and the rules
between fields, which stand in the ``rules_*`` modules. It is pure: callers bring the graph in its plain
form and the summary of the data.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from hyperparameter_tuning.registry.completion import completed
from hyperparameter_tuning.registry.config import TuningConfig, config_model
from hyperparameter_tuning.registry.document_limits import limit_findings, parse_document
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.normalisation import normalise
from hyperparameter_tuning.registry.offer import Offer, live_offer
from hyperparameter_tuning.registry.published_config import published_config
from hyperparameter_tuning.registry.rules_data import DATA_RULES
from hyperparameter_tuning.registry.rules_features import FEATURE_RULES
from hyperparameter_tuning.registry.rules_folds import FOLD_RULES
from hyperparameter_tuning.registry.rules_model import MODEL_RULES
from hyperparameter_tuning.registry.rules_objective import OBJECTIVE_RULES
from hyperparameter_tuning.registry.rules_space import SPACE_RULES
from hyperparameter_tuning.registry.rules_strategy import STRATEGY_RULES
from hyperparameter_tuning.registry.schema_findings import model_findings, schema_findings
from hyperparameter_tuning.registry.task import TuningTask, task_of
from hyperparameter_tuning.registry.tuning_case import TuningCase, problem_type_hint
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.shared.settings import Settings, get_settings

Rule = Callable[[TuningCase], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    *DATA_RULES,
    *MODEL_RULES,
    *SPACE_RULES,
    *STRATEGY_RULES,
    *OBJECTIVE_RULES,
    *FOLD_RULES,
    *FEATURE_RULES,
)

_SEVERITIES = ("error", "todo", "warning")


@dataclass(frozen=True)
class Validation:
    """What the validator says.

    Attributes:
        findings: Errors first, then open items, then warnings; pointers into *config*.
        config: The document in its published form; completed where it has no error; None when it is no
            object at all.
        task: What the worker would run; only without errors and open items, and with the data's summary.
        notes: One sentence per other spelling that was read.
    """

    findings: tuple[Finding, ...]
    config: dict[str, Any] | None
    task: TuningTask | None
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that refuse."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def todos(self) -> tuple[Finding, ...]:
        """The open items of the checklist."""
        return tuple(finding for finding in self.findings if finding.severity == "todo")


@dataclass(frozen=True)
class Reading:
    """A configuration as far as it can be read.

    Attributes:
        case: What the rules look at; None while the document is refused before that.
        document: The normalised document; None when it is no object, or too much to look into.
        findings: Why there is no case.
        notes: One sentence per other spelling that was read.
    """

    case: TuningCase | None
    document: dict[str, Any] | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def validate(
    document: Any,
    plain: PlainForm | None,
    summary: DataSummary | None,
    *,
    kinds: NodeKinds | None = None,
    settings: Settings | None = None,
) -> Validation:
    """Judge a configuration against its graph and its data.

    Args:
        document: The configuration as an author wrote it, plain JSON values; None or ``{}`` is all defaults.
        plain: The graph; None or an empty form while nothing is connected.
        summary: What is known of the dataset; None while it is unread, and then nothing is said about it.
        kinds: Node kinds of the host; absent: the registry's.
        settings: The server's ceilings; absent: this process's own.

    Returns:
        Findings, the completed configuration, and the task when it can run.
    """
    return judge(read(document, plain, summary, kinds=kinds, settings=settings))


def read(
    document: Any,
    plain: PlainForm | None,
    summary: DataSummary | None,
    *,
    kinds: NodeKinds | None = None,
    settings: Settings | None = None,
) -> Reading:
    """Read a configuration without judging it; arguments as for `validate`."""
    graph, settings = plain or PlainForm(), settings or get_settings()
    refusals = limit_findings(document)
    if refusals:
        return Reading(None, findings=_sorted(list(refusals)))
    connected = graph.model.type if graph.model is not None else None
    normalised, notes = normalise(document, _hint(document, graph, summary), connected, settings)
    known = normalised if isinstance(normalised, dict) else None
    config, findings = _read(normalised, live_offer(settings))
    if config is None:
        return Reading(None, known, _sorted(findings), notes)
    case = TuningCase(config, graph, summary, settings, node_kinds() if kinds is None else kinds)
    return Reading(case, known, (), notes)


def judge(reading: Reading) -> Validation:
    """Judge what was read."""
    if reading.case is None:
        return Validation(reading.findings, reading.document, None, reading.notes)
    return _judged(reading.case, reading.notes)


def _hint(document: Any, plain: PlainForm, summary: DataSummary | None) -> str | None:
    """Say what the data tell about the problem, for names that stand for two models."""
    name = (document.get("target") if isinstance(document, Mapping) else None) or plain.target
    known = summary is not None and isinstance(name, str)
    return problem_type_hint("auto", summary.column(name) if known else None)  # type: ignore[union-attr,arg-type]


def _read(document: Any, offer: Offer) -> tuple[TuningConfig | None, list[Finding]]:
    """Read a normalised document by the published schema, then by the model behind it."""
    findings = schema_findings(published_config(offer).schema, document)
    if findings:
        return None, findings
    try:
        return config_model(offer.strategies).model_validate(document), []
    except ValidationError as refusal:
        return None, model_findings(refusal, document)


def _judged(case: TuningCase, notes: tuple[str, ...]) -> Validation:
    findings = _sorted([finding for rule in RULES for finding in rule(case)])
    config = completed(case)
    blocked = any(finding.severity != "warning" for finding in findings)
    if blocked or case.summary is None:
        return Validation(findings, config, None, notes)
    # The worker has the completed document only: the task is made from nothing else here, too.
    stored = type(case.config).model_validate(config)
    return Validation(findings, config, task_of(replace(case, config=stored)), notes)


def _sorted(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: _SEVERITIES.index(finding.severity)))


__all__ = ["RULES", "Reading", "Rule", "Validation", "judge", "parse_document", "read", "validate"]
