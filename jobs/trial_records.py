"""Trials and units as stored; frozen values without rules.

Scores are in the metric's natural unit. What a search reports does not belong here (`jobs.progress`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

TrialState = Literal["running", "complete", "failed", "pruned", "abandoned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRecord:
    """One candidate of a job.

    Attributes:
        number: 0 is the baseline; contiguous.
        origin: ``baseline``, ``defaults`` or ``search``.
        state: ``abandoned`` when its worker was lost before it ended.
        params: Hyperparameters, JSON values.
        number_types: ``int`` or ``float`` where JSON cannot say.
        targets: Model nodes whose current parameters these are; baselines only.
        resource: Share of the rows of its latest rung, 1.0 for all.
        rung: Round of a halving.
        n_folds: Folds scored at that resource.
        score: Mean of the metric over them; None unless complete.
        std: Standard deviation of it.
        scores: Mean per metric.
        error: The first fold's error.
    """

    number: int
    origin: str
    state: TrialState
    params: Mapping[str, Any]
    number_types: Mapping[str, str]
    targets: tuple[str, ...]
    resource: float | None
    rung: int | None
    n_folds: int
    score: float | None
    std: float | None
    scores: Mapping[str, float]
    error: str | None
    started_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldRecord:
    """One unit: a candidate on one fold with a share of the rows.

    Attributes:
        trial: Number of the candidate.
        resource: Share of the rows, 1.0 for all.
        repeat: Repeat of the cross-validation.
        fold: Fold within the repeat.
        state: ``complete`` or ``failed``.
        scores: Per metric.
        fit_seconds: Wall time of the fit.
        score_seconds: Wall time of the scoring.
        error: One line when failed.
        how: How the score came about.
    """

    trial: int
    resource: float
    repeat: int
    fold: int
    state: str
    scores: Mapping[str, float]
    fit_seconds: float | None
    score_seconds: float | None
    error: str | None
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldSum:
    """The units of one candidate with one share of the rows, summed up.

    Attributes:
        trial: Number of the candidate.
        resource: Share of the rows, 1.0 for all.
        n: Units.
        n_complete: Units that did not fail.
        score: Mean of one metric over the units that have it; None where none has.
        fit_seconds: Wall time of the fits, summed up; ``score_seconds`` likewise.
    """

    trial: int
    resource: float
    n: int
    n_complete: int
    score: float | None
    fit_seconds: float
    score_seconds: float
