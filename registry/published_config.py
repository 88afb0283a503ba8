"""The published form of the configuration: schema, UI schemas and defaults for what is on offer.

Fields do not belong here (`registry.config`), nor the subset that schemas keep to (`registry.safe_schema`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec, StrategySpec
from hyperparameter_tuning.registry.config import config_model
from hyperparameter_tuning.registry.config_sections import AUTO_METRIC
from hyperparameter_tuning.registry.form_fields import HINT
from hyperparameter_tuning.registry.offer import Offer
from hyperparameter_tuning.registry.safe_schema import Schema, hinted_schema
from hyperparameter_tuning.registry.ui_schema import jsonforms_ui, rjsf_ui

_TEXT_LIMITS = ("minLength", "maxLength")


@dataclass(frozen=True, slots=True)
class PublishedForm:
    """What a panel needs to show a configuration.

    Attributes:
        schema: JSON Schema in the safe subset, without ``$schema``.
        rjsf: UI schema for react-jsonschema-form.
        jsonforms: UI schema for JSON Forms.
    """

    schema: Schema
    rjsf: dict[str, Any]
    jsonforms: dict[str, Any]


@lru_cache(maxsize=8)
def published_config(offer: Offer) -> PublishedForm:
    """Return the form of the tuning node's configuration.

    Args:
        offer: The names that may be chosen.
    """
    return published_form(named_schema(offer))


@lru_cache(maxsize=8)
def named_schema(offer: Offer) -> Schema:
    """Return the schema with every name on offer, form hints still inside; nobody may change it."""
    named: Schema = _with_names(hinted_schema(config_model(offer.strategies)), offer)
    return named


def published_form(hinted: Schema) -> PublishedForm:
    """Return the form of a schema with hints."""
    return PublishedForm(without_hints(hinted), rjsf_ui(hinted), jsonforms_ui(hinted))


def strategy_defaults(offer: Offer) -> dict[str, dict[str, Any]]:
    """Return a complete configuration per strategy: what a panel starts with when it is chosen."""
    return {spec.value: _default_config(spec, offer) for spec in offer.strategies}


def default_config(offer: Offer) -> dict[str, Any]:
    """Return the complete configuration of a fresh node."""
    return _default_config(offer.strategies[0], offer)


def _default_config(spec: StrategySpec, offer: Offer) -> dict[str, Any]:
    document = {"strategy": {"name": spec.value}, "budget": {"max_trials": spec.default_max_trials}}
    return config_model(offer.strategies).model_validate(document).model_dump(mode="json")


def without_hints(node: Any) -> Any:
    """Return a copy of a schema without the hints for forms."""
    if isinstance(node, list):
        return [without_hints(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: without_hints(value) for key, value in node.items() if key != HINT}


def _with_names(node: Any, offer: Offer) -> Any:
    """Fill in what only the offer knows: names to choose from, titles of strategies, first values."""
    if isinstance(node, list):
        return [_with_names(item, offer) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {key: _with_names(value, offer) if key != HINT else value for key, value in node.items()}
    known = schema.get(HINT, {})
    if not isinstance(known, Mapping):
        return schema  # a property that happens to have the hint's name
    if "prefill" in known:
        schema["default"] = known["prefill"]
    if known.get("registered") == "strategies":
        return _named_strategies(schema, offer.strategies)
    if "registered" in known:
        return _named_choices(schema, _names(known["registered"], offer))
    return schema


def _named_strategies(schema: Schema, specs: tuple[StrategySpec, ...]) -> Schema:
    """Title each branch; a single strategy is a union of one, so that panels meet one shape."""
    if "oneOf" not in schema:
        branch = {key: value for key, value in schema.items() if key != HINT}
        tag = branch["properties"]["name"]
        tag |= {"const": tag.pop("enum")[0], "readOnly": True}
        schema = {"title": schema["title"], "oneOf": [branch | {"required": ["name"]}], HINT: schema[HINT]}
    by_value = {spec.value: spec for spec in specs}
    for branch in schema["oneOf"]:
        spec = by_value[branch["properties"]["name"]["const"]]
        branch |= {"title": spec.label, "description": spec.description}
    return schema


def _names(registered: str, offer: Offer) -> dict[str, str]:
    """Return value and label of each name, in the order of the list."""
    specs: tuple[ModelSpec, ...] | tuple[MetricSpec, ...] = offer.metrics
    if registered == "models":
        specs = offer.models
    names = {spec.key: spec.label for spec in specs}
    return {AUTO_METRIC: "Automatic"} | names if registered == "metrics_or_auto" else names


def _named_choices(schema: Schema, names: dict[str, str]) -> Schema:
    labels = list(names.values())
    if schema["type"] == "array":
        items = {"type": "string", "enum": list(names)}
        # Renderers look for the labels of a multiple choice beside the list or beside its items.
        chosen = {"labels": labels, "ui": {"ui:widget": "checkboxes"}}
        return schema | {"items": items | {HINT: {"labels": labels}}, "uniqueItems": True, HINT: chosen}
    nullable = "null" in schema["type"]
    values = [*names, None] if nullable else list(names)
    shown = [*labels, "As connected"] if nullable else labels
    bare = {key: value for key, value in schema.items() if key not in _TEXT_LIMITS}
    return bare | {"enum": values, HINT: schema[HINT] | {"labels": shown}}
