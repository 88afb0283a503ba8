"""Which columns a preparation step works on: planned by kind or name, found by name when it is fitted.

What is done to them does not belong here.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hyperparameter_tuning.shared.columns import NUMERIC_KINDS, Column
from hyperparameter_tuning.shared.findings import Finding, nearest_name

TEXT_KINDS: frozenset[str] = frozenset({"category", "text"})
_NAMES = {"datetime": "dates", "category": "texts", "text": "texts"}


def chosen_columns(
    config: Mapping[str, Any], columns: Sequence[Column], kinds: frozenset[str] | set[str]
) -> tuple[tuple[Column, ...], tuple[Finding, ...]]:
    """Return the columns that a step works on, and what is wrong with the choice.

    Args:
        config: Its ``columns`` names them; empty takes every column of *kinds*.
        columns: Columns that reach the step.
        kinds: Kinds that the step can work on.
    """
    named = list(dict.fromkeys(config.get("columns") or ()))
    if not named:
        return tuple(column for column in columns if column.dtype in kinds and "*" not in column.name), ()
    by_name = {column.name: column for column in columns}
    fitting = {name for name in named if name in by_name and by_name[name].dtype in kinds}
    findings = [_refusal(index, name, by_name) for index, name in enumerate(named) if name not in fitting]
    return tuple(by_name[name] for name in named if name in fitting), tuple(findings)


def _refusal(index: int, name: str, by_name: Mapping[str, Column]) -> Finding:
    pointer = f"/config/columns/{index}"
    if name in by_name:
        held = _NAMES.get(by_name[name].dtype, "numbers")
        return Finding(
            pointer, "wrong_type", "error", f"Column '{name}' holds {held}: this step cannot work on it."
        )
    nearest = nearest_name(name, by_name)
    hint = f" Did you mean '{nearest}'?" if nearest else ""
    fix = {"op": "replace", "value": nearest} if nearest else None
    return Finding(pointer, "unknown_column", "error", f"No column '{name}' reaches this step.{hint}", fix)


def needs_numbers(columns: Sequence[Column], step: str) -> tuple[Finding, ...]:
    """Return an error when a step that works on all columns at once meets texts, dates or gaps."""
    unfit = [column.name for column in columns if column.dtype not in NUMERIC_KINDS or column.missing]
    if not unfit:
        return ()
    shown = ", ".join(f"'{name}'" for name in unfit[:5]) + (
        f" and {len(unfit) - 5} more" if len(unfit) > 5 else ""
    )
    message = f"{step} needs numbers without gaps: impute and encode {shown} before it."
    return (Finding("", "unprepared_columns", "error", message),)


def replaced(
    columns: Sequence[Column], chosen: Sequence[Column], change: Callable[[Column], Column]
) -> tuple[Column, ...]:
    """Return *columns* with each of the *chosen* changed."""
    names = {column.name for column in chosen}
    return tuple(change(column) if column.name in names else column for column in columns)


def pattern_of(columns: Sequence[Column]) -> str:
    """Return a regular expression that matches exactly the names of *columns*; none matches nothing."""
    if not columns:
        return r"[^\s\S]"
    return "^(?:" + "|".join(_escaped(column.name) for column in columns) + ")$"


def _escaped(name: str) -> str:
    # pandas may match with RE2, which takes an escape before punctuation only.
    return re.sub(r"([^\w\s])", lambda match: re.escape(match[1]), name)


def for_columns(*parts: tuple[str, Any, Sequence[Column]]) -> Any:
    """Make an unfitted transformer that works on some columns and passes the others on.

    Args:
        *parts: (name, transformer, columns it works on).
    """
    from sklearn.compose import ColumnTransformer, make_column_selector

    return ColumnTransformer(
        [
            (name, transformer, make_column_selector(pattern=pattern_of(columns)))
            for name, transformer, columns in parts
            if columns
        ],
        remainder="passthrough",
        verbose_feature_names_out=False,
    )
