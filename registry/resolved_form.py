"""The form of one node on one graph: the static form, narrowed to the connected model and dataset.

Where the facts come from does not belong here (`registry.resolution`), nor the rows of the search space
(`registry.resolved_rows`). The narrowed schema keeps to the same subset as the static one, and accepts every
document that was saved by it: a name that fits no more stays among the choices, for the validator to judge.
"""

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import Any

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.config_sections import AUTO_METRIC
from hyperparameter_tuning.registry.form_fields import HINT
from hyperparameter_tuning.registry.offer import Offer
from hyperparameter_tuning.registry.published_config import PublishedForm, named_schema, published_form
from hyperparameter_tuning.registry.resolved_rows import fixed_branches, search_branches
from hyperparameter_tuning.registry.safe_schema import Schema

FORMS_KEPT = 64
_UNSEEN = {"ui:widget": "hidden", "ui:field": "NullField", "ui:label": False}


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What a form is narrowed to; plain JSON values only, since the text of them is the key of the cache.

    Attributes:
        model: Key of the model in force; None while nothing says which.
        nodes: Names of the connected model nodes; empty where the model is chosen, not connected.
        models: Keys to choose from where nothing is connected.
        suggested: Rows that are suggested.
        held: Current parameters of the model node, complete.
        kept_rows: Kind and name of saved rows that are no rows of the model.
        kept_fixed: Names of saved fixed parameters that are not the model's.
        columns: Names of the dataset's columns.
        group_columns: Those that may group the rows.
        time_columns: Those that may order them.
        declared_target: The target that a node upstream declares.
        problem_types: Problem types to choose from.
        metrics: Keys of the metrics that fit; empty while nothing says which.
        auto: Label of the metric that "auto" stands for, and why; None while that is open.
        saved: What the configuration names now, by field.
    """

    model: str | None = None
    nodes: Sequence[str] = ()
    models: Sequence[str] = ()
    suggested: Sequence[Mapping[str, Any]] = ()
    held: Mapping[str, Any] = field(default_factory=dict)
    kept_rows: Sequence[Sequence[str]] = ()
    kept_fixed: Sequence[str] = ()
    columns: Sequence[str] = ()
    group_columns: Sequence[str] = ()
    time_columns: Sequence[str] = ()
    declared_target: str | None = None
    problem_types: Sequence[str] = ()
    metrics: Sequence[str] = ()
    auto: Sequence[str] | None = None
    saved: Mapping[str, Any] = field(default_factory=dict)


def resolved_form(offer: Offer, facts: FormFacts) -> PublishedForm:
    """Return schema and UI schemas, narrowed.

    Args:
        offer: Strategies, models and metrics of this installation.
        facts: What to narrow to; the same facts give the same object, which nobody may change.
    """
    return _form(offer, json.dumps(asdict(facts), sort_keys=False))


@lru_cache(maxsize=FORMS_KEPT)
def _form(offer: Offer, text: str) -> PublishedForm:
    facts = FormFacts(**json.loads(text))
    schema = deepcopy(named_schema(offer))
    parts = schema["properties"]
    model = next((spec for spec in offer.models if spec.key == facts.model), None)
    parts["model"] = _model(parts["model"], facts, model, offer)
    parts["problem_type"] = _among(parts["problem_type"], facts.problem_types, facts.saved["problem_type"])
    _target(parts["target"], facts)
    _metrics(parts["objective"]["properties"], facts)
    _columns(parts["cross_validation"]["oneOf"], facts)
    if model is not None:
        _rows(parts, facts, model)
    return published_form(schema)


def _model(part: Schema, facts: FormFacts, model: ModelSpec | None, offer: Offer) -> Schema:
    if not facts.nodes or model is None:
        return _among(part, [*facts.models, None], facts.saved["model"])
    connected = _among(part, [model.key, None], facts.saved["model"])
    nodes = " and ".join(facts.nodes)
    connected[HINT] = connected[HINT] | {"ui": connected[HINT]["ui"] | _UNSEEN}
    return connected | {"readOnly": True, "description": f"{model.label}, from {nodes}."}


def _among(part: Schema, values: Sequence[Any], saved: Any) -> Schema:
    """Narrow an enum to *values* and the saved one, with their labels, in its own order."""
    labels = dict(zip(part["enum"], part[HINT]["labels"], strict=True))
    wanted = {*values, saved} if values else set(part["enum"])
    kept = [value for value in part["enum"] if value in wanted]
    return part | {"enum": kept, HINT: part[HINT] | {"labels": [labels[value] for value in kept]}}


def _target(part: Schema, facts: FormFacts) -> None:
    if not facts.columns:
        return
    names = list(dict.fromkeys([*facts.columns, *_present(facts.saved["target"])]))
    declared = facts.declared_target
    empty = "Choose a column" if declared is None else f"As declared upstream: {declared}"
    _choose(part, [*names, None], [*names, empty])


def _choose(part: Schema, values: Sequence[Any], labels: Sequence[str]) -> None:
    for limit in ("minLength", "maxLength"):
        part.pop(limit, None)
    part["enum"] = list(values)
    part[HINT] = part.get(HINT, {}) | {"labels": list(labels)}


def _present(value: Any) -> list[Any]:
    return [] if value is None else [value]


def _metrics(parts: dict[str, Schema], facts: FormFacts) -> None:
    if not facts.metrics:
        return
    parts["metric"] = _among(parts["metric"], [AUTO_METRIC, *facts.metrics], facts.saved["metric"])
    extra = parts["additional_metrics"]
    saved = set(facts.saved["additional_metrics"])
    items = _among(extra["items"], [*facts.metrics, *saved], None)
    parts["additional_metrics"] = extra | {
        "items": items,
        HINT: extra[HINT] | {"labels": items[HINT]["labels"]},
    }
    if facts.auto is not None:
        label, reason = facts.auto
        metric = parts["metric"]
        labels = [f"Automatic: {label}", *metric[HINT]["labels"][1:]]
        parts["metric"] = metric | {"description": reason, HINT: metric[HINT] | {"labels": labels}}


def _columns(branches: list[Schema], facts: FormFacts) -> None:
    by_kind = {branch["properties"]["kind"]["const"]: branch["properties"] for branch in branches}
    saved = facts.saved["column"]
    groups = list(dict.fromkeys([*facts.group_columns, *_present(saved)]))
    times = list(dict.fromkeys([*facts.time_columns, *_present(saved)]))
    if facts.columns and groups:
        _choose(by_kind["group_k_fold"]["column"], groups, groups)
    if facts.columns:
        _choose(by_kind["time_series"]["column"], [*times, None], [*times, "The table's own order"])


def _rows(parts: dict[str, Schema], facts: FormFacts, model: ModelSpec) -> None:
    rows, fixed = parts["search_space"], parts["fixed_params"]
    generic = {branch["properties"]["kind"]["const"]: branch for branch in rows["items"]["oneOf"]}
    rows["items"] = {
        "title": rows["items"]["title"],
        "oneOf": search_branches(model, facts.suggested, generic, facts.kept_rows),
    }
    rows["description"] = f"Parameters of {model.label}. Empty: the space suggested for it and the data."
    fixed["items"] = {
        "title": fixed["items"]["title"],
        "oneOf": fixed_branches(model, facts.held, fixed["items"], facts.kept_fixed),
    }
