"""Where along a path the candidates of a family stop: what all rules of growing ensembles ask.

How far an ensemble grew and what its prefixes answer does not belong here (each rule's own module).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from hyperparameter_tuning.tasks.evaluation.paths.rule import Params


def longest(wanted: Sequence[Params], name: str) -> Any:
    """Return the largest value of the parameter *name*, which is what has to be fitted."""
    return max(path[name] for path in wanted)


def stops(wanted: Sequence[Params], name: str) -> Iterator[tuple[Any, list[int]]]:
    """Yield each value of the parameter *name* once, smallest first, with the positions that ask for it."""
    positions: dict[Any, list[int]] = {}
    for position, path in enumerate(wanted):
        positions.setdefault(path[name], []).append(position)
    yield from sorted(positions.items())
