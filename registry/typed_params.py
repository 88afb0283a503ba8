"""JSON values become what an estimator must get, by the declared type and never by their spelling.

A browser turns 1.0 into 1, so the type of a value comes from its field. Where a field takes a count or a
fraction, ``number_type`` says which; without it a number above 1 is a count and any other a fraction, since
1.0 is what estimators default to; 1 is a count where fractions end below it. Rows of a search space do not
belong here: see `registry.space_rows`.
"""

import math
from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.base import Bounds, FieldSpec, ModelSpec
from hyperparameter_tuning.registry.names import unknown_name
from hyperparameter_tuning.registry.space import NumberType
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.findings import nearest_name

_TYPE_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "str": "a text",
    "null": "empty (null)",
}
_LONGEST_SHOWN = 60


def known_field(model: ModelSpec, name: str) -> FieldSpec:
    """Return the field of *model* called *name*.

    Raises:
        UnknownNameError: code ``unknown_parameter``, with the nearest and all known names.
    """
    field = model.field(name)
    if field is None:
        names = [item.name for item in model.fields]
        raise unknown_name(f"parameter of {model.label}", name, names, code="unknown_parameter")
    return field


def typed_param(field: FieldSpec, value: Any, number_type: NumberType | None = None) -> Any:
    """Return *value* as the type that the estimator must get.

    Args:
        field: The parameter.
        value: As JSON or Python wrote it; a bool is never a number, a text never None.
        number_type: For a field that takes a count or a fraction: which of the two is meant.

    Raises:
        UserError: code ``wrong_type``, ``out_of_bounds`` or ``unknown_choice``.
    """
    if value is None or isinstance(value, bool):
        wanted = "null" if value is None else "bool"
        if wanted not in field.types:
            raise _wrong_type(field, value)
        return value
    if isinstance(value, str):
        return _typed_text(field, value)
    if isinstance(value, int | float):
        return _typed_number(field, value, number_type)
    raise _wrong_type(field, value)


def typed_params(
    model: ModelSpec, params: Mapping[str, Any], number_types: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return *params* typed by the fields of *model*, in their own order.

    Args:
        model: Whose parameters they are.
        params: Values by name.
        number_types: ``int`` or ``float`` by name, see `typed_param`.

    Raises:
        UnknownNameError: code ``unknown_parameter``.
        UserError: as `typed_param`, with ``details["parameter"]``.
    """
    meant = number_types or {}
    return {
        name: typed_param(known_field(model, name), value, meant.get(name)) for name, value in params.items()
    }


def number_types_of(model: ModelSpec, params: Mapping[str, Any]) -> dict[str, NumberType]:
    """Return what must be stored beside *params* so that JSON does not lose counts and fractions.

    Args:
        model: Whose parameters they are; names it does not know are passed over.
        params: Typed values by name.

    Returns:
        ``int`` or ``float`` for each number of a field that takes both.
    """
    found: dict[str, NumberType] = {}
    for name, value in params.items():
        field = model.field(name)
        if field is None or not field.takes_count_or_fraction or isinstance(value, bool):
            continue
        if isinstance(value, int | float):
            found[name] = "int" if isinstance(value, int) else "float"
    return found


def default_params(model: ModelSpec, seed: int | None = None) -> dict[str, Any]:
    """Return every parameter's default: the library's own, overlaid by the entry's.

    Args:
        model: Whose defaults.
        seed: Seed of the search; a seeded model gets it, so that the same run gives the same result.
    """
    params = {field.name: field.default for field in model.fields} | dict(model.defaults)
    if seed is not None and model.seeded:
        params["random_state"] = seed
    return params


def _typed_text(field: FieldSpec, value: str) -> str:
    if "str" not in field.types:
        raise _wrong_type(field, value)
    if field.choices and value not in field.choices:
        nearest = nearest_name(value, field.choices)
        hint = f" Did you mean '{nearest}'?" if nearest else ""
        raise _refused(
            field,
            "unknown_choice",
            f"{_shown(value)} is no choice of '{field.name}'.{hint} Known: {', '.join(field.choices)}.",
            nearest=nearest,
            known=list(field.choices),
        )
    return value


def _typed_number(field: FieldSpec, value: int | float, number_type: NumberType | None) -> int | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise _refused(field, "out_of_bounds", f"'{field.name}' must be a finite number.")
    if _is_count(field, value, number_type):
        count = _as_int(field, value)
        _check_bounds(field, count, field.int_bounds)
        return count
    fraction = _as_float(field, value)
    _check_bounds(field, fraction, field.float_bounds)
    return fraction


def _is_count(field: FieldSpec, value: int | float, number_type: NumberType | None) -> bool:
    if field.takes_count_or_fraction:
        return _is_count_by_size(field, value) if number_type is None else number_type == "int"
    if not {"int", "float"} & set(field.types):
        raise _wrong_type(field, value)
    return "int" in field.types


def _is_count_by_size(field: FieldSpec, value: int | float) -> bool:
    bounds = field.float_bounds
    return value > 1 or (value == 1 and bounds is not None and not bounds.contains(1.0))


def _as_int(field: FieldSpec, value: int | float) -> int:
    if value != int(value):
        what = "a count for" if field.takes_count_or_fraction else "a value of"
        raise _refused(
            field,
            "wrong_type",
            f"{_shown(value)} cannot be {what} '{field.name}': it must be a whole number.",
        )
    return int(value)


def _as_float(field: FieldSpec, value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        raise _refused(field, "out_of_bounds", f"The number given for '{field.name}' is too large.") from None


def _check_bounds(field: FieldSpec, value: int | float, bounds: Bounds | None) -> None:
    if bounds is None or bounds.contains(value):
        return
    raise _refused(
        field,
        "out_of_bounds",
        f"{_shown(value)} is outside the bounds of '{field.name}': it must be {describe_bounds(bounds)}.",
        low=bounds.low,
        high=bounds.high,
    )


def describe_bounds(bounds: Bounds) -> str:
    """Return the interval in words: ``above 0 and at most 1``."""
    words = []
    if bounds.low is not None:
        words.append(f"{'above' if bounds.exclusive_low else 'at least'} {bounds.low:g}")
    if bounds.high is not None:
        words.append(f"{'below' if bounds.exclusive_high else 'at most'} {bounds.high:g}")
    return " and ".join(words) or "any number"


def _wrong_type(field: FieldSpec, value: Any) -> UserError:
    wanted = " or ".join(_TYPE_WORDS[name] for name in field.types)
    return _refused(field, "wrong_type", f"'{field.name}' takes {wanted}, not {_shown(value)}.")


def _refused(field: FieldSpec, code: str, message: str, **details: Any) -> UserError:
    return UserError(message, code=code, parameter=field.name, **details)


def _shown(value: Any) -> str:
    text = repr(value) if not isinstance(value, str) else f"'{value}'"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
