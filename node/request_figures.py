"""What one API process has answered since it started: how often, with what, and how long it took.

How it is shown does not belong here (`node.metrics_text`), nor what all processes share (`jobs.figures`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds up to which answers are counted together, the usual ones of Prometheus."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What is counted together.

    Attributes:
        method: Of the request.
        route: Template of the path as the contract has it: ids not filled in, without a prefix of a host.
        status: HTTP status.
    """

    method: str
    route: str
    status: int


@dataclass(slots=True)
class Durations:
    """How long answers took until they began.

    Attributes:
        counts: Answers per bound; the last counts those beyond all.
        total: Seconds of all together.
    """

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one answer."""
        place = next((index for index, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
        self.counts[place] += 1
        self.total += seconds

    def cumulated(self) -> Iterator[tuple[float, int]]:
        """Yield (bound, answers up to it), the last with infinity."""
        count = 0
        for bound, of_bound in zip((*BOUNDS, float("inf")), self.counts, strict=True):
            count += of_bound
            yield bound, count


class RequestFigures:
    """Counts the answers of one application; of one event loop.

    Attributes:
        answers: By what is counted together.
    """

    def __init__(self) -> None:
        self.answers: dict[Answered, Durations] = {}

    def count(self, answered: Answered, seconds: float) -> None:
        """Count one answer that began after *seconds*."""
        self.answers.setdefault(answered, Durations()).add(seconds)
