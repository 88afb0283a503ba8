"""The rows of one model as branches of a schema: one per parameter and kind of row, and per fixed parameter.

Which rows are suggested does not belong here (`registry.suggestions`), nor the rest of the form
(`registry.resolved_form`). Both tags of a branch, the kind and the parameter, are constants: stock forms then
add filled rows, find the branch of a saved row again, and keep the types of its values.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.form_fields import HINT
from hyperparameter_tuning.registry.parameter_schema import (
    bounds_schema,
    edited_schema,
    one_of_several,
    parameter_schema,
)
from hyperparameter_tuning.registry.prefilled_rows import prefilled_row
from hyperparameter_tuning.registry.safe_schema import Schema
from hyperparameter_tuning.registry.values import row_kinds

Row = Mapping[str, Any]

_KIND_WORDS = {"int": "whole numbers", "float": "real numbers", "categorical": "choices"}
_COUNT_WORDS = {"int": "counts", "float": "shares", "categorical": "choices"}
_NUMBER_LABELS = {"int": "Counts", "float": "Fractions", None: "By their size"}
# A field that shows nothing: an input that is merely hidden cannot hold an empty value without a complaint.
_UNSEEN = {"ui:field": "NullField", "ui:label": False}


def search_branches(
    model: ModelSpec, suggested: Sequence[Row], generic: Mapping[str, Schema], kept: Sequence[Sequence[str]]
) -> list[Schema]:
    """Return the branches of a row of the search space, what is suggested first.

    Args:
        model: Whose parameters are searched.
        suggested: Rows whose values new rows start with.
        generic: The branches of the static schema by kind.
        kept: Kind and name of saved rows that are no rows of this model: they get a branch of their own, so
            that no form drops or changes them.
    """
    by_name = {row["name"]: row for row in suggested}
    first = [field for name in by_name if (field := model.field(name)) is not None]
    fields = [*first, *(field for field in model.fields if field.name not in by_name)]
    branches = []
    for field in fields:
        row = by_name.get(field.name)
        kinds = sorted(row_kinds(field), key=lambda kind: row is None or kind != row["kind"])
        branches += [_branch(model, field, generic[kind], prefilled_row(field, kind, row)) for kind in kinds]
    return branches + [_kept_branch(model, generic[kind], kind, name) for kind, name in kept]


def fixed_branches(
    model: ModelSpec, held: Mapping[str, Any], generic: Schema, kept: Sequence[str]
) -> list[Schema]:
    """Return the branches of a fixed parameter.

    Args:
        model: Whose parameters may be fixed.
        held: What the model node holds now, complete: new rows start with it.
        generic: The row of the static schema.
        kept: Names of saved rows that are no parameters of this model.
    """
    branches = [_fixed_branch(field, held[field.name], generic) for field in model.fields]
    return branches + [_named(deepcopy(generic), f"{name} (not in {model.label})", name) for name in kept]


def _branch(model: ModelSpec, field: FieldSpec, generic: Schema, row: Row) -> Schema:
    kind = row["kind"]
    words = (_COUNT_WORDS if field.takes_count_or_fraction else _KIND_WORDS)[kind]
    branch = _named(deepcopy(generic), f"{field.label}: {words}", field.name)
    branch["description"] = field.description or f"{field.label} of {model.label}."
    parts = branch["properties"]
    if kind == "categorical":
        _type_choices(parts["choices"], field)
    else:
        limits = bounds_schema(field.int_bounds if kind == "int" else field.float_bounds)
        for end in ("low", "high"):
            parts[end] = _without_limits(parts[end]) | limits if limits else parts[end]
    parts["number_type"] = _number_type(field, kind, parts["number_type"])
    for name, value in row.items():
        if name not in ("kind", "name"):
            parts[name]["default"] = value
    return branch


def _named(branch: Schema, title: str, name: str) -> Schema:
    """Make the parameter a second tag, right behind the kind."""
    tag = {**branch["properties"]["name"], "const": name, "default": name, "readOnly": True}
    tags = {key: part for key, part in branch["properties"].items() if "const" in part}
    rest = {key: part for key, part in branch["properties"].items() if key != "name"}
    required = list(dict.fromkeys([*tags, "name", *branch["required"]]))
    return branch | {"title": title, "properties": {**tags, "name": tag, **rest}, "required": required}


def _kept_branch(model: ModelSpec, generic: Schema, kind: str, name: str) -> Schema:
    field = model.field(name)
    if field is None:
        return _named(deepcopy(generic), f"{name} (not in {model.label})", name)
    return _named(deepcopy(generic), f"{field.label}: {_KIND_WORDS[kind]} (not possible)", name)


def _without_limits(part: Schema) -> Schema:
    return {key: value for key, value in part.items() if not key.lower().endswith(("minimum", "maximum"))}


def _type_choices(part: Schema, field: FieldSpec) -> None:
    value = parameter_schema(field)
    texts_only = "enum" in value
    if value["type"] in ("boolean", ["boolean", "null"]):
        value["enum"] = [True, False] + ([None] if "null" in field.types else [])
    if "enum" in value:
        value[HINT] = {"labels": [_shown(item) for item in value["enum"]]}
        part |= {"uniqueItems": True, HINT: {"ui": {"ui:widget": "checkboxes"}, **value[HINT]}}
    part["items"] = one_of_several(value) | {"title": "Value"}
    if not texts_only and field.choices:
        part["description"] = f"Numbers, or {', '.join(field.choices)}."


def _shown(value: Any) -> str:
    return {None: "None", True: "Yes", False: "No"}.get(value, str(value))


def _number_type(field: FieldSpec, kind: str, generic: Schema) -> Schema:
    """Ask only where nothing else says whether numbers are counts or shares."""
    if field.takes_count_or_fraction and kind == "categorical":
        return generic
    values = [kind, None] if field.takes_count_or_fraction else [None]
    known = {"labels": [_NUMBER_LABELS[value] for value in values], "ui": dict(_UNSEEN)}
    return generic | {"enum": values, "default": values[0], HINT: known}


def _fixed_branch(field: FieldSpec, held: Any, generic: Schema) -> Schema:
    branch = _named(deepcopy(generic), field.label, field.name)
    if field.description:
        branch["description"] = field.description
    parts = branch["properties"]
    # The branch says already what the parameter is.
    value = {key: part for key, part in edited_schema(field).items() if key != "description"}
    parts["value"] = value | {"title": "Value", "default": held}
    number = isinstance(held, int | float) and not isinstance(held, bool)
    parts["number_type"] = _number_type(field, "categorical", parts["number_type"])
    if field.takes_count_or_fraction and number:
        parts["number_type"] = parts["number_type"] | {"default": "int" if isinstance(held, int) else "float"}
    return branch
