"""The two values that cross the one seam between strategies and scoring.

A strategy yields `Request`s and is sent `Result`s. How a score is made is not known on this side of the
seam, and why a candidate was proposed is not known on the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hyperparameter_tuning.tasks.evaluation.unit_callbacks import UnitCallbacks

ResultState = Literal["complete", "failed"]
How = Literal["fitted", "prefix", "shared", "continued", "recorded"]
"""``fitted`` by itself; ``prefix`` of another candidate's fit; ``shared`` the steps before the model with
others; ``continued`` from the candidate's own fit of an earlier round, whose fit time is that of the rest;
``recorded`` before this search. A family's fit time is divided equally among its members."""


@dataclass(frozen=True, slots=True)
class Request:
    """Score one candidate on some folds with some of the rows.

    Attributes:
        trial: Number of the candidate within the search, from 0; the same candidate keeps it over rungs
            and folds.
        params: Typed hyperparameters, without the pipeline's prefix.
        resource: Share of each fold's rows in (0, 1], drawn as scikit-learn's halving draws it (resampled,
            so 1.0 is a permutation); None leaves the folds untouched.
        splits: Indexes of the folds to score, repeats counted on; None is all.
        rung: Round of a halving, for the reader.
        prefix_of: Number of the drawn candidate whose fit holds this one; None for a drawn candidate. Budgets
            count those.
        callbacks: By fold, who is told of its fit by scikit-learn's callbacks; None is nobody.
    """

    trial: int
    params: Mapping[str, Any]
    resource: float | None = None
    splits: tuple[int, ...] | None = None
    rung: int | None = None
    prefix_of: int | None = None
    callbacks: Mapping[int, UnitCallbacks] | None = None


@dataclass(frozen=True, slots=True)
class FoldResult:
    """One unit of work: a candidate on one fold.

    Attributes:
        split: Index of the fold, repeats counted on.
        state: ``failed`` when fitting or scoring raised, or a score that is needed was not finite.
        scores: Test score per metric key, in scikit-learn's sign (greater is better). A failed fold keeps
            those that could be computed: look at *state* before using them.
        train_scores: The same on the training part, only where asked for.
        fit_seconds: Wall time of the fit.
        score_seconds: Wall time of the scoring.
        error: One line ``Class: message`` when failed.
        how: How the score came about.
        failed_in: The step that raised.
        warnings: Full class name and text of each distinct warning that the unit gave.
        traces: Text of the traceback of each error, for users of the library; jobs tell of `error` only.
    """

    split: int
    state: ResultState
    scores: Mapping[str, float] = field(default_factory=dict)
    train_scores: Mapping[str, float] = field(default_factory=dict)
    fit_seconds: float = 0.0
    score_seconds: float = 0.0
    error: str | None = None
    how: How = "fitted"
    failed_in: Literal["fit", "score"] | None = None
    warnings: tuple[tuple[str, str], ...] = ()
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a request.

    Attributes:
        request: The request itself.
        folds: One entry per asked fold, in their order.
    """

    request: Request
    folds: tuple[FoldResult, ...]

    @property
    def state(self) -> ResultState:
        """``complete`` when every asked fold is; a candidate with a failed fold never wins."""
        return "complete" if all(fold.state == "complete" for fold in self.folds) else "failed"

    @property
    def error(self) -> str | None:
        """The first fold's error, or None."""
        return next((fold.error for fold in self.folds if fold.error), None)
