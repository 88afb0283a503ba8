"""The JSON Schema of one hyperparameter's value, from its declared types and bounds.

Rows of a search space do not belong here (`registry.config`), nor typing of values (`registry.values`).
"""

from copy import deepcopy
from typing import Any

from hyperparameter_tuning.registry.base import Bounds, FieldSpec
from hyperparameter_tuning.registry.scalar_forms import SCALAR_BRANCHES

# JSON has one kind of number: where both are declared, "number" stands for them.
_JSON_TYPES = {"str": "string", "float": "number", "int": "integer", "bool": "boolean", "null": "null"}
_ORDER = ("str", "float", "int", "bool", "null")


def parameter_schema(field: FieldSpec) -> dict[str, Any]:
    """Return the schema of a value of *field*, without its default.

    Bounds are those of the union of counts and fractions; `registry.values.typed_param` checks each alone.
    """
    types = [_JSON_TYPES[name] for name in _ORDER if name in field.types]
    if "number" in types and "integer" in types:
        types.remove("integer")
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types, "title": field.label}
    if field.description:
        schema["description"] = field.description
    if field.choices and not {"int", "float"} & set(field.types):
        schema["enum"] = [*field.choices, *_other_choices(field)]
    return schema | _limits(field)


def edited_schema(field: FieldSpec) -> dict[str, Any]:
    """Return the schema of a value of *field* for a form, without its default.

    A text or a number is a union: of a list of types, stock forms would make every number a text.
    """
    value = parameter_schema(field)
    if not {"string", "number"} <= set(value["type"]):
        return value
    told = {key: value[key] for key in ("title", "description") if key in value}
    return told | one_of_several(value)


def one_of_several(value: dict[str, Any]) -> dict[str, Any]:
    """Return values of several types as a union that stock forms can edit, without title and description.

    The limits are those of its numbers.
    """
    bare = {key: item for key, item in value.items() if key not in ("description", "title")}
    if "enum" in value or isinstance(value["type"], str):
        return bare
    limits = {key: item for key, item in bare.items() if key != "type"}
    numbers = {kind: SCALAR_BRANCHES["number"] | limits | {"type": kind} for kind in ("number", "integer")}
    branches = [numbers.get(kind) or SCALAR_BRANCHES[kind] for kind in value["type"]]
    return {"oneOf": deepcopy(branches)}


def bounds_schema(bounds: Bounds | None) -> dict[str, float]:
    """Return the keywords that say *bounds*; none where they are open."""
    return {} if bounds is None else _low([bounds]) | _high([bounds])


def _other_choices(field: FieldSpec) -> list[bool | None]:
    booleans: list[bool | None] = [True, False] if "bool" in field.types else []
    return booleans + ([None] if "null" in field.types else [])


def _limits(field: FieldSpec) -> dict[str, float]:
    bounds = [item for item in (field.int_bounds, field.float_bounds) if item is not None]
    numeric = len({"int", "float"} & set(field.types))
    if not bounds or len(bounds) < numeric:
        return {}
    return _low(bounds) | _high(bounds)


def _low(bounds: list[Bounds]) -> dict[str, float]:
    if any(item.low is None for item in bounds):
        return {}
    least = min(bounds, key=lambda item: (item.low, item.exclusive_low))
    assert least.low is not None
    return {"exclusiveMinimum" if least.exclusive_low else "minimum": least.low}


def _high(bounds: list[Bounds]) -> dict[str, float]:
    if any(item.high is None for item in bounds):
        return {}
    greatest = max(bounds, key=lambda item: (item.high, not item.exclusive_high))
    assert greatest.high is not None
    return {"exclusiveMaximum" if greatest.exclusive_high else "maximum": greatest.high}
