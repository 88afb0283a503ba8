"""The resolve hook's rules: what the panel of one node on one graph needs, narrowed to model and dataset.

Narrowing the form does not belong here (`registry.resolved_form`), nor judging (`registry.validation`).
Nothing is trained and nothing is read: callers bring the graph in its plain form and the data's summary.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hyperparameter_tuning.registry import validation
from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec
from hyperparameter_tuning.registry.descriptor import schema_hash
from hyperparameter_tuning.registry.metrics import auto_metric, unfit_reason
from hyperparameter_tuning.registry.offer import Offer, installed, live_offer, missing_reason
from hyperparameter_tuning.registry.published_config import default_config
from hyperparameter_tuning.registry.resolved_form import FormFacts, resolved_form
from hyperparameter_tuning.registry.rules_data import target_fits_problem
from hyperparameter_tuning.registry.suggestions import suggested_rows, suggestion_notes
from hyperparameter_tuning.registry.task import baseline_params
from hyperparameter_tuning.registry.tuning_case import TuningCase, problem_type_hint
from hyperparameter_tuning.registry.validation import Reading, Validation
from hyperparameter_tuning.registry.values import default_params, row_kinds
from hyperparameter_tuning.shared.columns import Column, DataSummary
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.shared.settings import Settings

Document = dict[str, Any]
_NOT_ORDERED = frozenset({"category", "text"})


@dataclass(frozen=True)
class Resolution:
    """What resolve says.

    Attributes:
        judged: What the one validator says of the configuration.
        document: Everything else, as plain JSON values; nobody may change it.
    """

    judged: Validation
    document: Document


def resolve(
    document: Any,
    plain: PlainForm | None,
    summary: DataSummary | None,
    *,
    kinds: NodeKinds | None = None,
    settings: Settings | None = None,
    labels: Mapping[str, str] | None = None,
) -> Resolution:
    """Narrow the form of the tuning node to its model and its dataset.

    A part of the configuration that cannot be read is a finding, and narrows nothing.

    Args:
        document: The configuration as it stands in the panel.
        plain: The graph; None or an empty form while nothing is connected.
        summary: What is known of the dataset; None while it is unread.
        kinds: Node kinds of the host; absent: the registry's.
        settings: Whose strategies and ceilings count; absent: this process's own.
        labels: What people call the model nodes, by node id.
    """
    reading = validation.read(document, plain, summary, kinds=kinds, settings=settings)
    case = _readable(reading, plain, summary, kinds, settings)
    offer = installed(live_offer(case.settings))
    facts = _form_facts(case, offer, labels or {})
    form = resolved_form(offer, facts)
    shown: Document = {
        "config_schema": form.schema,
        "ui_schema": {"rjsf": form.rjsf, "jsonforms": form.jsonforms},
        "default_config": default_config(offer),
    }
    shown["schema_hash"] = schema_hash(shown)
    return Resolution(validation.judge(reading), shown | _choices(case, offer, labels or {}))


def _readable(reading: Reading, plain: Any, summary: Any, kinds: Any, settings: Any) -> TuningCase:
    """Return the case of what can be read: the parts that findings point into are left at their defaults."""
    document = dict(reading.document or {})
    while reading.case is None:
        wrong = {finding.pointer.split("/")[1] for finding in reading.findings if "/" in finding.pointer}
        kept = {key: value for key, value in document.items() if key not in wrong}
        # A finding on the whole, or on a part that is absent, leaves nothing to take out but everything.
        document = kept if len(kept) < len(document) else {}
        reading = validation.read(document, plain, summary, kinds=kinds, settings=settings)
    return reading.case


def _form_facts(case: TuningCase, offer: Offer, labels: Mapping[str, str]) -> FormFacts:
    model = case.model if case.model is not None and case.model in offer.models else None
    metrics, auto = _metric_facts(case, model, offer)
    columns = () if case.summary is None else case.summary.columns
    others = [column for column in columns if column.name != case.target_name and not column.missing]
    return FormFacts(
        model=None if model is None else model.key,
        nodes=_nodes(case, labels),
        models=[spec.key for spec in offer.models if _fits(case, spec.problem_type)],
        suggested=[dict(row) for row in case.suggested_rows],
        held={} if model is None else _held(case, model),
        kept_rows=[] if model is None else _kept_rows(case, model),
        kept_fixed=[]
        if model is None
        else [row.name for row in case.config.fixed_params if model.field(row.name) is None],
        columns=[column.name for column in columns],
        group_columns=[column.name for column in others],
        time_columns=[column.name for column in others if column.dtype not in _NOT_ORDERED],
        declared_target=case.plain.target,
        problem_types=[] if model is None else ["auto", model.problem_type],
        metrics=[spec.key for spec in metrics],
        auto=None if auto is None else (auto[0].label, auto[1]),
        saved={
            "model": case.config.model,
            "target": case.config.target,
            "problem_type": case.config.problem_type,
            "metric": case.config.objective.metric,
            "additional_metrics": list(case.config.objective.additional_metrics),
            "column": getattr(case.config.cross_validation, "column", None),
        },
    )


def _nodes(case: TuningCase, labels: Mapping[str, str]) -> list[str]:
    if case.plain.model is None:
        return []
    named = [_node_name(target.node_id, labels) for target in case.plain.targets]
    return named or ["the graph"]


def _node_name(node_id: str, labels: Mapping[str, str]) -> str:
    label = labels.get(node_id)
    return f"node '{node_id}'" if label in (None, node_id) else f"node '{label}' ({node_id})"


def _fits(case: TuningCase, problem_type: str) -> bool:
    wanted = problem_type_hint(case.config.problem_type, case.target)
    return wanted in (None, problem_type)


def _held(case: TuningCase, model: ModelSpec) -> Document:
    """Return what the model node holds, or the defaults where it holds what its model does not take."""
    try:
        return baseline_params(case, model)
    except UserError:
        return default_params(model, case.config.execution.seed)


def _kept_rows(case: TuningCase, model: ModelSpec) -> list[tuple[str, str]]:
    named = [(row.kind, row.name) for row in case.config.search_space]
    return list(dict.fromkeys(item for item in named if not _is_row_of(model, *item)))


def _is_row_of(model: ModelSpec, kind: str, name: str) -> bool:
    field = model.field(name)
    return field is not None and kind in row_kinds(field)


def _metric_facts(
    case: TuningCase, model: ModelSpec | None, offer: Offer
) -> tuple[list[MetricSpec], tuple[MetricSpec, str] | None]:
    if model is None:
        return [spec for spec in offer.metrics if any(_fits(case, kind) for kind in spec.problem_types)], None
    fitting = [spec for spec in offer.metrics if unfit_reason(spec, model, case.n_classes) is None]
    if model.problem_type == "classification" and not case.n_classes:
        return fitting, None
    return fitting, auto_metric(model.problem_type, case.n_classes, model.has_scores, model.has_probabilities)


def _choices(case: TuningCase, offer: Offer, labels: Mapping[str, str]) -> Document:
    metrics, auto = _metric_facts(case, case.model, offer)
    return {
        "model": None if case.model is None else _model(case, case.model, labels),
        **_suggested(case),
        "targets": list(_targets(case)),
        "metrics": {
            "auto": None if auto is None else _metric(auto[0]) | {"reason": auto[1]},
            "choices": [_metric(spec) for spec in metrics],
        },
    }


def _model(case: TuningCase, model: ModelSpec, labels: Mapping[str, str]) -> Document:
    return {
        "key": model.key,
        "label": model.label,
        "problem_type": model.problem_type,
        "connected": case.plain.model is not None,
        "nodes": [
            {"node_id": target.node_id, "label": labels.get(target.node_id), "params": dict(target.params)}
            for target in case.plain.targets
        ],
        "unavailable": missing_reason(model),
    }


def _suggested(case: TuningCase) -> Document:
    """Return the rows for the chosen strategy, and for strategies over ranges and over lists."""
    if case.model is None:
        nothing: Document = {"full": [], "trimmed": []}
        return {"suggested_search_space": [], "suggested": nothing, "suggestion_notes": []}
    model, facts = case.model, case.data_facts
    return {
        "suggested_search_space": [dict(row) for row in case.suggested_rows],
        "suggested": {
            "full": suggested_rows(model, lists=False, facts=facts),
            "trimmed": suggested_rows(model, lists=True, facts=facts),
        },
        "suggestion_notes": suggestion_notes(model, facts, lists=case.needs_lists),
    }


def _metric(spec: MetricSpec) -> Document:
    return {"value": spec.key, "label": spec.label, "direction": spec.direction}


def _targets(case: TuningCase) -> Iterator[Document]:
    for column in () if case.summary is None else case.summary.columns:
        reason = _unfit_target(case, column)
        yield {
            "value": column.name,
            "dtype": column.dtype,
            "distinct": column.distinct,
            "missing": column.missing,
            "fits": reason is None,
            "reason": reason,
        }


def _unfit_target(case: TuningCase, column: Column) -> str | None:
    """Return why a column cannot be predicted by the model, in the validator's own words."""
    config = case.config.model_copy(update={"target": column.name})
    found: Iterator[Finding] = target_fits_problem(replace(case, config=config))
    return next((finding.message for finding in found), None)
