"""Fits one candidate on a prepared fold, going on from its own shorter fit where this process has kept it.

Which candidates may come again longer does not belong here (`growth`).
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hyperparameter_tuning.tasks.evaluation.division import final_step, with_params
from hyperparameter_tuning.tasks.evaluation.families import Family
from hyperparameter_tuning.tasks.evaluation.growth import Growth
from hyperparameter_tuning.tasks.evaluation.kept_fits import KeptFit, KeptFits
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult
from hyperparameter_tuning.tasks.evaluation.unit_warnings import Caught, caught_warnings
from hyperparameter_tuning.tasks.evaluation.unit_work import Recipe, fitted_and_scored, scored


def grown_and_scored(
    recipe: Recipe, family: Family, growth: Growth, fold: PreparedFold, fits: KeptFits
) -> FoldResult:
    """Score the one candidate of a family, and keep its fit.

    Args:
        recipe: How to fit and score.
        family: Of one candidate.
        growth: Of the candidate.
        fold: What it is fitted on.
        fits: Of this process.

    Returns:
        Its result; the fit time is what was spent on it now.

    Raises:
        Exception: whatever a scorer, or a fit of its own, raised, where the recipe says so.
    """
    key = (family.fold_key, growth.key)
    begin, split = time.perf_counter(), family.units[0].split
    kept = _gone_on(growth, fits.take(key), fold)
    if kept is not None:
        seconds = time.perf_counter() - begin
        result = scored(recipe, kept.estimator, fold, split, seconds, quick=True)
        fits.keep(key, kept)
        return replace(result, how="continued", warnings=kept.warnings)
    notes: list[Caught] = []

    @contextmanager
    def noted(*_: Any) -> Iterator[None]:
        with caught_warnings() as distinct:
            notes.append(distinct)  # it is filled as the block ends, by an error too
            yield

    estimator = with_params(final_step(recipe.estimator), family.first.own)
    result = fitted_and_scored(recipe, estimator, fold, split, begin, quick=True, around_fit=noted)
    of_fit = tuple(notes[0])
    if result.failed_in != "fit":
        fits.keep(key, KeptFit(estimator, growth.length, of_fit))
    return replace(result, warnings=of_fit)


def _gone_on(growth: Growth, kept: KeptFit | None, fold: PreparedFold) -> KeptFit | None:
    """Return the fit as long as it is wanted; None where it cannot be had so, and must be made in one go."""
    if kept is None:
        return None
    if kept.length == growth.length:
        return kept
    try:
        with caught_warnings() as distinct:
            # It refuses a length that is passed already.
            growth.rule.go_on(kept.estimator, growth.length, fold)
    except Exception:
        return None
    return KeptFit(kept.estimator, growth.length, tuple(dict.fromkeys((*kept.warnings, *distinct))))
