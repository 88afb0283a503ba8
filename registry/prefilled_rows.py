"""What a new row of a form starts with: the suggested values, or a range around the parameter's default.

Schemas do not belong here (`registry.resolved_rows`).
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.base import Bounds, FieldSpec

Row = Mapping[str, Any]

_SPREAD = 10.0
"""A range without a suggestion is a default divided and multiplied by this."""
_EDGE = 0.01
"""How far a range keeps away from an end that is not allowed itself."""


def prefilled_row(field: FieldSpec, kind: str, suggested: Row | None) -> dict[str, Any]:
    """Return a complete row that the model can be searched by.

    Args:
        field: The parameter.
        kind: One of its `registry.values.row_kinds`.
        suggested: The suggested row of this parameter, of any kind; None where none is.
    """
    if suggested is not None and suggested["kind"] == kind:
        return dict(suggested)
    row: dict[str, Any] = {"kind": kind, "name": field.name}
    if kind == "categorical":
        return row | _choices(field, suggested)
    number_type = {"number_type": kind} if field.takes_count_or_fraction else {}
    return row | number_type | (_whole_range(field) if kind == "int" else _real_range(field))


def _choices(field: FieldSpec, suggested: Row | None) -> dict[str, Any]:
    values: list[Any] = list(field.choices)
    values += [False, True] if "bool" in field.types else []
    number_type: dict[str, Any] = {}
    if not values:
        kind = "int" if "int" in field.types else "float"
        ends = suggested if suggested is not None and suggested["kind"] == kind else None
        ends = ends or (_whole_range(field) if kind == "int" else _real_range(field))
        values = [ends["low"], ends["high"]]
        number_type = {"number_type": kind} if field.takes_count_or_fraction else {}
    return {"choices": values + ([None] if "null" in field.types else [])} | number_type


def _whole_range(field: FieldSpec) -> dict[str, Any]:
    bounds = field.int_bounds or Bounds()
    least = 1 if bounds.low is None else int(bounds.low)
    default = _whole_default(field)
    low = max(least, 1 if default is None else default // 2)
    high = max(low + 1, _SPREAD if default is None else default * 2)
    if bounds.high is not None and high > bounds.high:
        high, low = bounds.high, min(low, int(bounds.high) - 1)
    return {"low": max(low, least), "high": int(high), "log": False}


def _whole_default(field: FieldSpec) -> int | None:
    """Return the default to search around; one below 0 stands for something else, as "no limit"."""
    default = field.default
    return int(default) if _is_number(default) and default >= 0 and default == int(default) else None


def _real_range(field: FieldSpec) -> dict[str, Any]:
    bounds = field.float_bounds or Bounds()
    default = float(field.default) if _is_number(field.default) and field.default > 0 else None
    low, high = (0.0, 1.0) if default is None else (default / _SPREAD, default * _SPREAD)
    if bounds.low is not None and not bounds.contains(low):
        low = bounds.low + (_EDGE if bounds.exclusive_low else 0.0)
    if bounds.high is not None and not bounds.contains(high):
        high = bounds.high - (_EDGE if bounds.exclusive_high else 0.0)
    # A default at the upper end leaves no room above it.
    low = low if low < high else high / _SPREAD
    return {"low": _tidy(low), "high": _tidy(high), "log": field.log and low > 0}


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
