"""How long a search will take, from what fits took before: of the running job, or of earlier ones.

How many fits there are does not belong here (`registry.planned_work`), nor reading what is stored
(`jobs.durations_repository`). Costs are per full fit, that is a candidate on one fold with all rows: a round
of a halving on a tenth of the rows counts a tenth.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

TimeBasis = Literal["running_job", "earlier_jobs", "time_limit"]

_ONE_SAMPLE = 3.0
"""Cost of the first candidates against the mean of all: searched parameters such as the number of trees
commonly span a factor of six, so the mean lies within three of either end."""
_FEW = 3
_ONE_JOB = 2.0
_SEVERAL_JOBS = 1.25


@dataclass(frozen=True, slots=True)
class TrialCost:
    """What one trial of a running job has cost so far.

    Attributes:
        full_fits: Its scored folds, each weighed by its share of the rows.
        seconds: Fitting and scoring, on one core.
    """

    full_fits: float
    seconds: float


@dataclass(frozen=True, slots=True)
class JobCost:
    """What an earlier job cost.

    Attributes:
        full_fits: Its scored folds, each weighed by its share of the rows.
        seconds: Wall time from its start to its end, the refit included.
        rows: Rows of its dataset.
        same_data: Whether its dataset had the content that is asked about.
    """

    full_fits: float
    seconds: float
    rows: int
    same_data: bool


@dataclass(frozen=True, slots=True)
class Duration:
    """Wall seconds of a search with its refit.

    Attributes:
        low: It will hardly take less.
        likely: The best guess.
        high: It will hardly take more.
        basis: What the guess rests on.
    """

    low: float
    likely: float
    high: float
    basis: TimeBasis

    def within(self, limit: float | None) -> "Duration":
        """Return the duration with *limit* ending the search."""
        if limit is None or self.high <= limit:
            return self
        low, likely, high = (min(value, limit) for value in (self.low, self.likely, self.high))
        return Duration(low, likely, high, "time_limit" if low == limit else self.basis)


def from_running(trials: Sequence[TrialCost], full_fits: float, parallel: int) -> Duration | None:
    """Return the duration that the trials of a running job let expect; None before its first fold.

    Args:
        trials: At least one scored fold each, trial 0 first.
        full_fits: Of the whole search.
        parallel: Fits at once.
    """
    if not trials or full_fits <= 0:
        return None
    mean = sum(trial.seconds for trial in trials) / sum(trial.full_fits for trial in trials)
    rates = [trial.seconds / trial.full_fits for trial in trials]
    low, high = mean / _ONE_SAMPLE, mean * _ONE_SAMPLE
    if len(rates) >= _FEW:
        # Two standard errors of a mean: most sums of so many draws lie inside.
        spread = 2 * statistics.stdev(rates) / len(rates) ** 0.5
        low, high = max(low, mean - spread), min(high, mean + spread)
    # One more for the refit, which nothing runs beside.
    searched = full_fits / max(parallel, 1) + 1
    return Duration(low * searched, mean * searched, high * searched, "running_job")


def from_earlier(jobs: Sequence[JobCost], full_fits: float, rows: int) -> Duration | None:
    """Return the duration that earlier jobs let expect; None where there is none to go by.

    Jobs on the same data count where there are some; else the others, in proportion to their rows.

    Args:
        jobs: Succeeded ones.
        full_fits: Of the whole search.
        rows: Rows of the dataset.
    """
    usable = [job for job in jobs if job.full_fits > 0 and job.seconds > 0]
    same = [job for job in usable if job.same_data]
    rates = [job.seconds / job.full_fits * _scale(job, rows) for job in same or usable]
    if not rates or full_fits <= 0:
        return None
    widen = _ONE_JOB if len(rates) == 1 else _SEVERAL_JOBS
    return Duration(
        min(rates) / widen * full_fits,
        statistics.median(rates) * full_fits,
        max(rates) * widen * full_fits,
        "earlier_jobs",
    )


def _scale(job: JobCost, rows: int) -> float:
    return 1.0 if job.same_data or not job.rows or not rows else rows / job.rows
