"""Other spellings of rows: entries of a map, rows without a kind, and rows that fix a value.

Whole configurations do not belong here (`registry.normalisation`); what cannot be understood stays.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hyperparameter_tuning.registry.base import FieldSpec
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.shared.errors import UnknownNameError

Fields = Callable[[str], FieldSpec | None]
FIXED = "fixed"


def named_row(name: str, row: Any) -> Any:
    """Return the row that an entry of a map stands for: a list of values, or a row without its name."""
    if isinstance(row, list):
        return {"kind": "categorical", "name": name, "choices": row}
    return {**row, "name": name} if isinstance(row, Mapping) else row


def fields_of(model: Any, problem_type: str | None) -> Fields:
    """Return the look-up of a model's fields; an unknown model has none."""
    try:
        found = get_model(model, problem_type) if isinstance(model, str) else None
    except UnknownNameError:
        found = None
    return lambda name: None if found is None else found.field(name)


def tagged_row(row: Any, fields: Fields) -> Any:
    """Return *row* with the kind that its keys and its parameter's declared type tell, where it has none."""
    if not isinstance(row, Mapping) or "kind" in row:
        return row
    if "choices" in row:
        return {"kind": "categorical", **row}
    if "value" in row:
        return {"kind": FIXED, **row}
    if "low" not in row or "high" not in row:
        return row
    return {"kind": _range_kind(row, fields(str(row.get("name")))), **row}


def _range_kind(row: Mapping[str, Any], field: FieldSpec | None) -> str:
    declared = {"int", "float"} & set(field.types) if field is not None else set()
    if len(declared) == 1:
        return declared.pop()
    if row.get("number_type") in ("int", "float"):
        return str(row["number_type"])
    ends = (row["low"], row["high"])
    return "int" if all(isinstance(end, int) and not isinstance(end, bool) for end in ends) else "float"


def is_fixed(row: Any) -> bool:
    """Say whether a row fixes a value."""
    return isinstance(row, Mapping) and row.get("kind") == FIXED


def fixed_param(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fixed parameter that a row of kind ``fixed`` stands for."""
    return {key: value for key, value in row.items() if key not in ("kind", "enabled")}
