"""Warnings of fits and scores: caught per unit, told once per search.

A search fits thousands of times; the same sentence a thousand times hides the one that matters.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Caught = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class WarningCount:
    """One distinct warning of a search.

    Attributes:
        category: Full name of the class, for example ``sklearn.exceptions.ConvergenceWarning``.
        message: First line of the warning.
        units: Number of units that gave it.
    """

    category: str
    message: str
    units: int

    @property
    def name(self) -> str:
        """The class's own name."""
        return self.category.rpartition(".")[2]


@contextmanager
def caught_warnings() -> Iterator[Caught]:
    """Collect the distinct warnings of the block instead of printing them.

    Yields:
        A list that is filled, in order of appearance, when the block ends.
    """
    distinct: Caught = []
    with warnings.catch_warnings(record=True) as records:
        warnings.simplefilter("always")
        try:
            yield distinct
        finally:
            distinct.extend(dict.fromkeys(warning_key(record.category, record.message) for record in records))


def warning_key(category: type[Warning], message: Warning | str) -> tuple[str, str]:
    """Return a warning as it is kept: full name of its class, and its text."""
    return _full_name(category), str(message)


class WarningTally:
    """Counts distinct warnings over the units of a search."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], None] = {}
        self._units: Counter[tuple[str, str]] = Counter()

    def add(self, unit_warnings: Iterable[tuple[str, str]]) -> None:
        """Count the warnings of one more unit."""
        told = dict.fromkeys(unit_warnings)
        self._texts.update(told)
        self._units.update({(category, _first_line(text)) for category, text in told})

    def texts(self) -> Caught:
        """Return each distinct warning: full name of its class, and its whole text."""
        return list(self._texts)

    def counts(self) -> tuple[WarningCount, ...]:
        """Return the first line of each distinct warning with its number of units.

        Convergence warnings differ only in their numbers, so they become one line per class.
        """
        merged: dict[tuple[str, str], int] = {}
        converging: dict[str, tuple[str, int]] = {}
        for (category, line), units in self._units.items():
            if category.endswith(".ConvergenceWarning"):
                first, so_far = converging.get(category, (line, 0))
                converging[category] = (first, so_far + units)
            else:
                merged[(category, line)] = units
        merged.update({(category, first): units for category, (first, units) in converging.items()})
        return tuple(WarningCount(*key, units) for key, units in merged.items())


def _full_name(category: type[Warning]) -> str:
    return f"{category.__module__}.{category.__qualname__}"


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0] if lines else ""
