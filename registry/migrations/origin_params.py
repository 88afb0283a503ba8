"""Hyperparameters and search spaces of the origin, as the registry's models take them.

Values that cannot be understood stay as they are, for the validator to name with their pointers.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.migrations.origin_values import NOTHING, number, truth
from hyperparameter_tuning.registry.space import NumberType, typed_value
from hyperparameter_tuning.registry.typed_params import typed_param
from hyperparameter_tuning.shared.errors import UserError

Row = dict[str, Any]


@dataclass(slots=True)
class OriginParams:
    """Parameters as they are stored now.

    Attributes:
        values: By name.
        number_types: ``int`` or ``float`` for parameters that take a count or a fraction.
        notes: One sentence per parameter that is written differently now.
    """

    values: dict[str, Any] = field(default_factory=dict)
    number_types: dict[str, NumberType] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def migrate_params(model: ModelSpec | None, params: Mapping[str, Any]) -> OriginParams:
    """Bring a node's hyperparameters to the present form.

    Args:
        model: Whose they are; None where it is not known, and then they stay.
        params: By name, one value each.
    """
    found = OriginParams()
    for name, values in _present(model, {name: [value] for name, value in params.items()}, found.notes):
        found.values[name] = values[0]
        meant = _number_type(_field(model, name), values)
        if meant is not None:
            found.number_types[name] = meant
    return found


def migrate_space(model: ModelSpec | None, space: Mapping[str, Any]) -> tuple[list[Row], list[str]]:
    """Bring a search space ``{name: [values]}`` to rows of choices.

    Args:
        model: Whose parameters they are; None where it is not known.
        space: A list of values per name; a single value stands for a list of one.

    Returns:
        Rows in the same order, and notes.
    """
    rows: list[Row] = []
    notes: list[str] = []
    lists = {name: value if isinstance(value, list) else [value] for name, value in space.items()}
    for name, values in _present(model, lists, notes):
        if not values:
            notes.append(f"'{name}' had no values to search and was left out.")
        elif (known := _field(model, name)) is not None and not known.searchable:
            notes.append(f"'{name}' is set, not searched, and was left out of the search space.")
        else:
            row = {"kind": "categorical", "name": name, "choices": values}
            meant = _number_type(_field(model, name), values)
            rows.append(row if meant is None else {**row, "number_type": meant})
    return rows, notes


def _present(
    model: ModelSpec | None, lists: Mapping[str, list[Any]], notes: list[str]
) -> Iterable[tuple[str, list[Any]]]:
    """Yield each parameter that there still is, with its values in their present spelling."""
    for name, values in lists.items():
        changed = _CHANGED.get(("" if model is None else model.key, name))
        if changed is None:
            yield name, _distinct(_field(model, name), [_value(model, name, value) for value in values])
            continue
        new_name, new_values = changed(values, lists, notes)
        if new_values:
            yield new_name, new_values


def _field(model: ModelSpec | None, name: str) -> FieldSpec | None:
    return None if model is None else model.field(name)


def _value(model: ModelSpec | None, name: str, value: Any) -> Any:
    known = _field(model, name)
    if known is None or not isinstance(value, str) or value in known.choices:
        return value
    folded = value.strip().casefold()
    if folded in NOTHING and "null" in known.types:
        return None
    if (name, folded) == ("max_features", "auto") and model is not None:
        # What "auto" stood for, before scikit-learn 1.3 took the word away.
        return "sqrt" if model.problem_type == "classification" else 1.0
    if known.types[0] == "bool":
        return truth(value, default=False) if folded in ("true", "false") else value
    as_number = number(value)
    return value if as_number is None or not {"int", "float"} & set(known.types) else as_number


def _distinct(known: FieldSpec | None, values: list[Any]) -> list[Any]:
    """The origin searched a value that stood twice once."""
    seen: list[Any] = []
    kept = []
    meant = _number_type(known, values)
    for value in values:
        try:
            typed = typed_value(value if known is None else typed_param(known, value, meant))
        except UserError:
            typed = (type(value).__name__, repr(value))
        if typed not in seen:
            seen.append(typed)
            kept.append(value)
    return kept


def _number_type(known: FieldSpec | None, values: list[Any]) -> NumberType | None:
    """The origin ran 1 as a count and 1.0 as a fraction; a list of both says nothing."""
    numbers = [item for item in values if isinstance(item, int | float) and not isinstance(item, bool)]
    if known is None or not known.takes_count_or_fraction or not numbers:
        return None
    if all(isinstance(item, int) for item in numbers):
        return "int"
    return "float" if all(isinstance(item, float) for item in numbers) else None


def _l1_ratio(values: list[Any], lists: Mapping[str, list[Any]], notes: list[str]) -> tuple[str, list[float]]:
    """A penalty is now a share of L1 (scikit-learn 1.8): l2 is 0, l1 is 1, elasticnet what l1_ratio says."""
    if "l1_ratio" in lists:
        notes.append("'penalty' follows from 'l1_ratio' now and was left out.")
        return "l1_ratio", []
    ratios = [{"l2": 0.0, "l1": 1.0}[value] for value in dict.fromkeys(map(str, values)) if value in _RATIOS]
    if any(str(value) not in _RATIOS for value in values):
        notes.append("'penalty' can no longer be switched off and is l2 instead; a great C comes close.")
    if set(ratios) <= {0.0}:
        return "l1_ratio", []  # the default
    notes.append("'penalty' is written as 'l1_ratio' now: l2 is 0, l1 is 1.")
    return "l1_ratio", ratios


def _gone(name: str, reason: str) -> "Changed":
    def leave_out(
        _values: list[Any], _lists: Mapping[str, list[Any]], notes: list[str]
    ) -> tuple[str, list[Any]]:
        notes.append(f"'{name}' was left out: {reason}.")
        return name, []

    return leave_out


Changed = Callable[[list[Any], Mapping[str, list[Any]], list[str]], tuple[str, list[Any]]]
_RATIOS = frozenset({"l1", "l2"})
_CHANGED: Mapping[tuple[str, str], Changed] = {
    ("logistic_regression", "penalty"): _l1_ratio,
    ("logistic_regression", "multi_class"): _gone("multi_class", "scikit-learn decides it by the solver"),
}
"""By (model, parameter): what became of parameters that scikit-learn has taken away since."""
