"""Measures two calls against each other on a machine that does other things too: by turns, as ratios.

What is called does not belong here (`benchmarks.engine`).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

CALIBRATION_STEPS = 300_000
CALIBRATIONS = 5
MOST_DRIFT = 0.15


@dataclass(frozen=True)
class Cost:
    """What one call cost.

    Attributes:
        wall: Seconds by the clock.
        cpu: Seconds of this process and all its children.
    """

    wall: float
    cpu: float


@dataclass(frozen=True)
class Comparison:
    """Paired measurements, theirs over ours: above 1 ours is cheaper.

    Attributes:
        cpu: CPU ratio of each pair.
        wall: Wall ratio of each pair.
        ours: Median cost of ours.
        drifted: Pairs whose calibrations differed by more than `MOST_DRIFT`: their wall is unreliable, and
            the median tells more than the worst.
    """

    cpu: list[float]
    wall: list[float]
    ours: Cost
    drifted: int

    @property
    def median_cpu(self) -> float:
        """Median of the paired CPU ratios."""
        return statistics.median(self.cpu)

    @property
    def median_wall(self) -> float:
        """Median of the paired wall ratios."""
        return statistics.median(self.wall)


def cost_of(call: Callable[[], Any]) -> Cost:
    """Return what *call* costs, worker processes included; they must live on afterwards."""
    cpu, wall = _cpu(), time.perf_counter()
    call()
    return Cost(time.perf_counter() - wall, _cpu() - cpu)


def compare(theirs: Callable[[], Any], ours: Callable[[], Any], pairs: int) -> Comparison:
    """Measure A B, B A, A B ...: whatever drifts on the machine hits both."""
    measured: list[tuple[Cost, Cost]] = []
    drifted = 0
    for index in range(pairs):
        before = _calibration()
        if index % 2 == 0:
            a = cost_of(theirs)
            between = _calibration()
            b = cost_of(ours)
        else:
            b = cost_of(ours)
            between = _calibration()
            a = cost_of(theirs)
        drifted += not _is_steady(before, between, _calibration())
        measured.append((a, b))
    ours_cost = Cost(
        statistics.median(b.wall for _, b in measured), statistics.median(b.cpu for _, b in measured)
    )
    return Comparison(
        [a.cpu / b.cpu for a, b in measured], [a.wall / b.wall for a, b in measured], ours_cost, drifted
    )


def _calibration() -> float:
    """Return the shortest of a few equal loops: one interruption does not make a machine busy."""
    seconds = []
    for _ in range(CALIBRATIONS):
        begin, total = time.perf_counter(), 0
        for number in range(CALIBRATION_STEPS):
            total += number
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


def _is_steady(*seconds: float) -> bool:
    return max(seconds) <= min(seconds) * (1 + MOST_DRIFT)


def _cpu() -> float:
    process = psutil.Process()
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.Error):
            times = each.cpu_times()
            total += times.user + times.system
    return total
