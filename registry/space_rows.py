"""Rows of a configuration become typed dimensions, and dimensions become rows again.

Defaults and aliases of row documents are settled before (`registry.normalisation`); every refusal here
carries a JSON pointer below the row's own.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    Dimension,
    FloatDimension,
    IntDimension,
    NumberType,
    Scalar,
    Space,
    typed_value,
)
from hyperparameter_tuning.registry.typed_params import known_field, typed_param
from hyperparameter_tuning.shared.errors import UserError

Row = Mapping[str, Any]


def row_kinds(field: FieldSpec) -> tuple[str, ...]:
    """Return the kinds of row that *field* can be searched by; none for a field that is only set."""
    if not field.searchable:
        return ()
    return (*(kind for kind in ("int", "float") if kind in field.types), "categorical")


def dimension_from_row(model: ModelSpec, row: Row, pointer: str = "") -> Dimension:
    """Return the dimension that an enabled, normalised row stands for.

    Args:
        model: Whose parameter the row names.
        row: ``{kind: int | float | categorical, name, ...}`` with the keys of DESIGN.md section 3.
        pointer: JSON pointer of the row, for errors.

    Raises:
        UserError: code ``unknown_parameter``, ``not_searchable``, ``wrong_type``, ``out_of_bounds``,
            ``unknown_choice``, ``range_order``, ``log_needs_positive``, ``log_excludes_step``,
            ``step_or_grid_points``, ``bad_step`` or ``duplicate_choice``, with its pointer.
    """
    name = str(row.get("name"))
    field = _at(f"{pointer}/name", known_field, model, name)
    if not field.searchable:
        raise _refused("not_searchable", f"'{name}' is set, not searched.", f"{pointer}/name")
    kind = str(row.get("kind"))
    if kind not in row_kinds(field):
        kinds = " or ".join(row_kinds(field))
        raise _refused("wrong_type", f"'{name}' is searched by {kinds} rows, not {kind}.", f"{pointer}/kind")
    return _READERS[kind](field, row, pointer)


def space_from_rows(model: ModelSpec, rows: Iterable[Row], pointer: str = "/search_space") -> Space:
    """Return the space of the enabled rows, in their order.

    Args:
        model: Whose parameters the rows name.
        rows: Normalised rows; those with ``enabled: false`` are passed over.
        pointer: JSON pointer of the list, for errors.

    Raises:
        UserError: as `dimension_from_row`, or code ``duplicate_parameter``.
    """
    found: dict[str, Dimension] = {}
    for index, row in enumerate(rows):
        if not row.get("enabled", True):
            continue
        dimension = dimension_from_row(model, row, f"{pointer}/{index}")
        if dimension.name in found:
            message = f"'{dimension.name}' stands in two rows; each parameter has one."
            raise _refused("duplicate_parameter", message, f"{pointer}/{index}/name")
        found[dimension.name] = dimension
    return tuple(found.values())


def rows_from_space(model: ModelSpec, space: Space) -> list[dict[str, Any]]:
    """Return *space* as a configuration stores it: `space_from_rows` gives it back.

    Raises:
        UserError: code ``wrong_type``; choices mix the count 1 with fractions, which one row cannot say.
    """
    return [_row(known_field(model, dimension.name), dimension) for dimension in space]


def _read_int(field: FieldSpec, row: Row, pointer: str) -> IntDimension:
    _check_number_type(row, "int", pointer)
    low, high = (_bound(field, row, end, "int", pointer) for end in ("low", "high"))
    log, step = bool(row.get("log", False)), row.get("step")
    _check_range(field, (low, high), log, pointer)
    if log and step not in (None, 1):
        raise _refused("log_excludes_step", "A logarithmic row has no step.", f"{pointer}/step")
    step = 1 if step is None else step
    if isinstance(step, bool) or not isinstance(step, int | float) or step < 1 or step != int(step):
        raise _refused("bad_step", "The step must be a whole number of at least 1.", f"{pointer}/step")
    return IntDimension(field.name, int(low), int(high), int(step), log)


def _read_float(field: FieldSpec, row: Row, pointer: str) -> FloatDimension:
    _check_number_type(row, "float", pointer)
    low, high = (_bound(field, row, end, "float", pointer) for end in ("low", "high"))
    log, step, points = bool(row.get("log", False)), row.get("step"), row.get("grid_points")
    _check_range(field, (low, high), log, pointer)
    if step is not None:
        _check_step(step, log, points, pointer)
    return FloatDimension(
        field.name,
        low,
        high,
        None if step is None else float(step),
        log,
        None if points is None else int(points),
    )


def _check_step(step: Any, log: bool, points: Any, pointer: str) -> None:
    if log:
        raise _refused("log_excludes_step", "A logarithmic row has no step.", f"{pointer}/step")
    if points is not None:
        message = "Say either the step or the number of grid points."
        raise _refused("step_or_grid_points", message, f"{pointer}/grid_points")
    if isinstance(step, bool) or not isinstance(step, int | float) or not step > 0:
        raise _refused("bad_step", "The step must be above 0.", f"{pointer}/step")


def _read_categorical(field: FieldSpec, row: Row, pointer: str) -> CategoricalDimension:
    meant = cast("NumberType | None", row.get("number_type"))
    choices: list[Scalar] = []
    for index, value in enumerate(row.get("choices") or ()):
        typed = _at(f"{pointer}/choices/{index}", typed_param, field, value, meant)
        if typed_value(typed) in map(typed_value, choices):
            message = f"{value!r} stands twice among the choices of '{field.name}'."
            raise _refused("duplicate_choice", message, f"{pointer}/choices/{index}")
        choices.append(typed)
    if not choices:
        raise _refused("no_choices", f"'{field.name}' has no choices.", f"{pointer}/choices")
    return CategoricalDimension(field.name, tuple(choices))


_READERS: dict[str, Callable[[FieldSpec, Row, str], Dimension]] = {
    "int": _read_int,
    "float": _read_float,
    "categorical": _read_categorical,
}


def _check_number_type(row: Row, kind: NumberType, pointer: str) -> None:
    if row.get("number_type") not in (None, kind):
        raise _refused(
            "wrong_type", f"A row of kind {kind} cannot hold the other type.", f"{pointer}/number_type"
        )


def _bound(field: FieldSpec, row: Row, end: str, kind: NumberType, pointer: str) -> Any:
    value = row.get(end)
    if value is None or isinstance(value, bool | str):
        raise _refused("wrong_type", f"'{field.name}' needs a number here.", f"{pointer}/{end}")
    return _at(f"{pointer}/{end}", typed_param, field, value, kind)


def _check_range(field: FieldSpec, ends: tuple[float, float], log: bool, pointer: str) -> None:
    low, high = ends
    if low >= high:
        message = f"The range of '{field.name}' is empty: {low:g} must be below {high:g}."
        raise _refused("range_order", message, f"{pointer}/low")
    if log and low <= 0:
        message = f"A logarithmic range starts above 0, but '{field.name}' starts at {low:g}."
        raise _refused("log_needs_positive", message, f"{pointer}/low")


def _row(field: FieldSpec, dimension: Dimension) -> dict[str, Any]:
    row: dict[str, Any] = {"kind": _KINDS[type(dimension)], "name": dimension.name, "enabled": True}
    if isinstance(dimension, CategoricalDimension):
        return row | _number_type(field, dimension) | {"choices": list(dimension.choices)}
    if field.takes_count_or_fraction:
        row["number_type"] = row["kind"]
    row |= {"low": dimension.low, "high": dimension.high, "log": dimension.log}
    extras = {"step": dimension.step}
    if isinstance(dimension, FloatDimension):
        extras["grid_points"] = dimension.grid_points
    return row | {key: value for key, value in extras.items() if value is not None}


_KINDS = {IntDimension: "int", FloatDimension: "float", CategoricalDimension: "categorical"}


def _number_type(field: FieldSpec, dimension: CategoricalDimension) -> dict[str, NumberType]:
    numbers = [value for value in dimension.choices if isinstance(value, int | float)]
    if not field.takes_count_or_fraction or not numbers:
        return {}
    if all(isinstance(value, int) for value in numbers):
        return {"number_type": "int"}
    if all(isinstance(value, float) for value in numbers):
        return {"number_type": "float"}
    if any(typed_value(value) == ("int", 1) for value in numbers):
        raise UserError(
            f"The choices of '{field.name}' mix the count 1 with fractions, which one row cannot hold.",
            code="wrong_type",
        )
    return {}


def _at(pointer: str, function: Any, *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except UserError as error:
        error.pointer = pointer
        raise


def _refused(code: str, message: str, pointer: str) -> UserError:
    return UserError(message, code=code, pointer=pointer)
