"""One draw as several requests: its own, and those of the shorter fits that are read off its fit.

Which lengths there are is in `registry.free_prefixes`; that they cost no fit of their own is the evaluator's
doing, which finds out by itself that one candidate's fit holds another's.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from hyperparameter_tuning.registry.free_prefixes import FreePrefixes
from hyperparameter_tuning.tasks.evaluation.requests import Request

Group = tuple[Request, ...]


def group_of(number: int, params: Mapping[str, Any], path: FreePrefixes | None) -> Group:
    """Return the requests of one draw, the shortest first: of equal scores the simpler model's wins.

    Args:
        number: Of the group's first candidate.
        params: The draw, without the length.
        path: None makes the draw alone the group.
    """
    if path is None:
        return (Request(number, params),)
    *shorter, longest = path.values
    drawn = number + len(shorter)
    return (
        *(
            Request(number + index, {**params, path.name: value}, prefix_of=drawn)
            for index, value in enumerate(shorter)
        ),
        Request(drawn, {**params, path.name: longest}),
    )


def groups_of(draws: Iterable[Mapping[str, Any]], path: FreePrefixes | None) -> Iterator[Group]:
    """Yield the group of each draw, candidates numbered on."""
    number = 0
    for params in draws:
        group = group_of(number, params, path)
        number += len(group)
        yield group
