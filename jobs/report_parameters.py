"""Parts of a report about parameters: slices, importances, and hints where a range was too narrow.

Importances are computed by the search itself (`tasks.importances`) and only shown here.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs.report_source import ReportSource
from hyperparameter_tuning.jobs.report_trials import Part, shown_note, thinned
from hyperparameter_tuning.registry.base import Bounds, FieldSpec
from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    Dimension,
    FloatDimension,
    IntDimension,
    typed_value,
)
from hyperparameter_tuning.registry.typed_params import known_field

MAX_POINTS = 2_000
MAX_ALL_POINTS = 20_000
EDGE = 0.01
"""Share of a range, in its own scale, that counts as its end."""

MIN_GOOD = 5
"""Good trials below which importances are rough (Optuna's documentation of PED-ANOVA)."""

_KINDS = {IntDimension: "int", FloatDimension: "float", CategoricalDimension: "categorical"}


def slices(source: ReportSource) -> Part:
    """Return each searched parameter against the score, over the largest group that may be compared."""
    compared = source.comparison
    every = [trial for trial in source.trials if trial.number in compared.scores]
    limit = min(MAX_POINTS, MAX_ALL_POINTS // max(len(source.dimensions), 1))
    shown = thinned(every, limit)
    return {
        "resource": compared.resource,
        "total": len(every),
        "note": shown_note(len(shown), len(every)),
        "parameters": [
            _slice(source, dimension, [(trial.number, trial.params) for trial in shown])
            for dimension in source.dimensions.values()
        ],
    }


def importances(source: ReportSource) -> Part:
    """Return the importances that the search told at its end, or why there are none."""
    found = source.job.search.get("importances")
    if found is None:
        have = len(source.comparison.scores)
        state = "unavailable" if source.job.is_terminal else "pending"
        found = {"state": state, "needed": NEEDED, "have": have}
    return {**found, "sentence": _importance_sentence(found)}


NEEDED = 20
"""Comparable candidates that importances need; a test holds it to that of `tasks.importances`."""


def hints(source: ReportSource) -> list[Part]:
    """Return where the best value stands at an end of its range, once the search has ended."""
    best = source.best
    if best is None or not source.job.is_terminal or source.model is None:
        return []
    found = []
    for index, dimension in source.dimensions.items():
        field = known_field(source.model, dimension.name)
        number = _number(field, dimension, best.params.get(dimension.name), best.number_types)
        if number is not None and not isinstance(dimension, CategoricalDimension):
            found += list(_hints(_Range(index, dimension, field), number))
    return found


@dataclass(frozen=True, slots=True)
class _Range:
    """A numeric row, and the field whose bounds it must keep.

    Attributes:
        index: Of the row in the configuration.
    """

    index: int
    row: IntDimension | FloatDimension
    field: FieldSpec

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest value that a candidate can have."""
        values = self.row.values() if isinstance(self.row, IntDimension) or self.row.step else ()
        return (values[0], values[-1]) if values else (self.row.low, self.row.high)

    def share(self, value: float) -> float:
        """Return where *value* stands, from 0 at the low end to 1 at the high one."""
        low, high = self.ends
        if self.row.log:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return (value - low) / (high - low) if high > low else 0.5

    def wider(self, side: str) -> float:
        """Return an end further out on *side*, inside the model's own bounds.

        A logarithmic range goes on by a factor of ten, another one by its own width.
        """
        low, high = self.row.low, self.row.high
        if side == "low":
            far: float = low / 10 if self.row.log else low - (high - low)
        else:
            far = high * 10 if self.row.log else high + (high - low)
        bounds = self.field.int_bounds if isinstance(self.row, IntDimension) else self.field.float_bounds
        return self._rounded(_inside(far, low if side == "low" else high, bounds or Bounds()))

    def _rounded(self, value: float) -> float:
        if isinstance(self.row, IntDimension):
            return max(int(value), 1) if self.row.log else int(value)
        return float(f"{value:.6g}")


def _hints(row: _Range, value: float) -> Iterator[Part]:
    low, high = row.row.low, row.row.high
    if value < low or value > high:
        side, bound = ("low", low) if value < low else ("high", high)
        sentence = (
            f"The best value of '{row.row.name}', {value:g}, lies outside of the range that was searched, "
            f"{low:g} to {high:g}: widen it to {value:g}."
        )
        yield _hint("best_outside_range", row, side, (value, bound, value), sentence)
        return
    share = row.share(value)
    if EDGE < share < 1 - EDGE:
        return
    side = "low" if share <= EDGE else "high"
    bound, suggested = (low if side == "low" else high), row.wider(side)
    if suggested == bound:
        return  # the model takes nothing beyond
    end = "lower" if side == "low" else "upper"
    sentence = (
        f"The best value of '{row.row.name}', {value:g}, is at the {end} end of its range, {low:g} to "
        f"{high:g}: better ones may lie beyond. Try {'from' if side == 'low' else 'up to'} {suggested:g}."
    )
    yield _hint("best_at_bound", row, side, (value, bound, suggested), sentence)


def _hint(code: str, row: _Range, side: str, numbers: tuple[float, float, float], sentence: str) -> Part:
    value, bound, suggested = numbers
    return {
        "code": code,
        "parameter": row.row.name,
        "side": side,
        "value": value,
        "bound": bound,
        "suggested": suggested,
        "pointer": f"/search_space/{row.index}/{side}",
        "sentence": sentence,
    }


def _inside(far: float, near: float, bounds: Bounds) -> float:
    """Return *far*; where *bounds* end before, their limit, or half the way to one that is excluded."""
    if bounds.contains(far):
        return far
    limit = bounds.low if far < near else bounds.high
    assert limit is not None
    return limit if bounds.contains(limit) else (near + limit) / 2


def _number(
    field: FieldSpec, dimension: Dimension, value: Any, number_types: Mapping[str, str]
) -> float | None:
    """Return a numeric value that the row could hold; None for others: a count is no fraction."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    meant = number_types.get(dimension.name)
    if field.takes_count_or_fraction and meant is not None and meant != _KINDS[type(dimension)]:
        return None
    return value


def _slice(
    source: ReportSource, dimension: Dimension, trials: Sequence[tuple[int, Mapping[str, Any]]]
) -> Part:
    is_range = not isinstance(dimension, CategoricalDimension)
    assert source.model is not None
    scores = source.comparison.scores
    placed = ((number, _place(dimension, params.get(dimension.name))) for number, params in trials)
    return {
        "parameter": dimension.name,
        "label": known_field(source.model, dimension.name).label,
        "kind": _KINDS[type(dimension)],
        "log": getattr(dimension, "log", False),
        "low": getattr(dimension, "low", None),
        "high": getattr(dimension, "high", None),
        "choices": None if is_range else list(dimension.values()),
        "points": [
            {"trial": number, "value": place, "score": scores[number]}
            for number, place in placed
            if place is not None
        ],
    }


def _place(dimension: Dimension, value: Any) -> float | None:
    """Return where *value* stands on the axis: itself, or the index of the choice."""
    if not isinstance(dimension, CategoricalDimension):
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    kinds = [typed_value(choice) for choice in dimension.choices]
    return kinds.index(typed_value(value)) if typed_value(value) in kinds else None


def _importance_sentence(found: Mapping[str, Any]) -> str:
    state, have, needed = found["state"], found["have"], found["needed"]
    if state == "ready" and have * found["target_quantile"] < MIN_GOOD:
        return f"From {have} comparable candidates: take the order for a hint, not the numbers."
    return _STATES[state].format(have=have, needed=needed)


_STATES = {
    "ready": "From {have} comparable candidates.",
    "pending": "Computed when the search has ended.",
    "too_few_trials": "{needed} comparable candidates are needed; there are {have}.",
    "unavailable": "The search ended before this was computed.",
}
