"""Works on families: prepares a fold once, fits once where a rule says how, and plainly everywhere else.

Whatever goes wrong with something that is shared ends in plain fits, where it goes wrong, or not, for each
candidate by itself. Which families there are does not belong here (`families`).
"""

import time
from dataclasses import dataclass, replace
from typing import Any

from hyperparameter_tuning.tasks.evaluation.assignments import Assignment
from hyperparameter_tuning.tasks.evaluation.continued_work import grown_and_scored
from hyperparameter_tuning.tasks.evaluation.division import final_step, with_params
from hyperparameter_tuning.tasks.evaluation.families import Family
from hyperparameter_tuning.tasks.evaluation.fold_cache import FoldCache
from hyperparameter_tuning.tasks.evaluation.fold_preparation import FoldPreparation
from hyperparameter_tuning.tasks.evaluation.kept_fits import KeptFits
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows, PathRule
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult
from hyperparameter_tuning.tasks.evaluation.unit_warnings import caught_warnings, warning_key
from hyperparameter_tuning.tasks.evaluation.unit_work import (
    FoldData,
    Recipe,
    Unit,
    cut_bytes,
    fitted_and_scored,
    score_unit,
    scored,
)

Scored = tuple[Unit, FoldResult]


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of an assignment.

    Attributes:
        scored: The units of each family with their results, in the order of the assignment.
        is_equal: Whether the unit that was fitted plainly too has the same scores; None without a check, or
            where that unit's scores rest on no rule after all.
    """

    scored: tuple[tuple[Scored, ...], ...]
    is_equal: bool | None = None


def work(recipe: Recipe, data: FoldData, cache: FoldCache, assignment: Assignment) -> Answers:
    """Score the units of an assignment.

    Args:
        recipe: How to fit and score.
        data: Of the search.
        cache: Of this process.
        assignment: What to work on, in its order.

    Raises:
        Exception: whatever a plain fit or a scorer raised, where the recipe says so.
    """
    scored = tuple(tuple(_worked(recipe, data, cache, family)) for family in assignment.families)
    if assignment.check is None:
        return Answers(scored)
    family, member = assignment.check
    unit, result = scored[family][member]
    if not assignment.families[family].rested_on(result.how):
        return Answers(scored)
    return Answers(scored, has_same_scores(result, _plainly(recipe, data, cache, unit)))


def has_same_scores(one: FoldResult, other: FoldResult) -> bool:
    """Say whether two results agree in every bit of every score; NaN equals NaN."""

    def bits(result: FoldResult) -> tuple[Any, ...]:
        parts = (result.scores, result.train_scores)
        return (result.state, *(sorted((key, value.hex()) for key, value in part.items()) for part in parts))

    return bits(one) == bits(other)


def _worked(recipe: Recipe, data: FoldData, cache: FoldCache, family: Family) -> list[Scored]:
    shares = family.first.before_key is not None or family.first.reads_rows
    found = _shared(recipe, data, cache, family) if shares else None
    if found is not None:
        return found
    return [(unit, _plainly(recipe, data, cache, unit)) for unit in family.units]


def _plainly(recipe: Recipe, data: FoldData, cache: FoldCache, unit: Unit) -> FoldResult:
    """Score a unit on rows that are cut for it alone; large ones are not held twice."""
    cache.make_room(lambda: cut_bytes(data, unit))
    return score_unit(recipe, data, unit)


def _shared(recipe: Recipe, data: FoldData, cache: FoldCache, family: Family) -> list[Scored] | None:
    """Score a family on one prepared fold; None where what is shared went wrong."""
    try:
        fold, is_new = FoldPreparation(recipe, data, cache, family).fold()
        if family.rule is not None:
            return _from_one_fit(recipe, family, family.rule, fold, is_new)
    except Exception:
        return None
    alone = [_from_prepared(recipe, family, index, fold, cache.fits) for index in range(len(family.units))]
    return [(unit, _after_preparation(result, family, fold, is_new)) for unit, result in alone]


def _from_one_fit(
    recipe: Recipe, family: Family, rule: PathRule, fold: PreparedFold, is_new: bool
) -> list[Scored]:
    """Score every member from one fit; fit time is divided equally, for it was spent for all of them.

    So is the time of a preparation that nobody else carries.
    """
    rows = PathRows(fold, recipe.return_train_score)
    wanted = [profile.path for profile in family.profiles]
    common = {name: value for name, value in family.first.own.items() if name not in wanted[0]}
    estimator = with_params(final_step(recipe.estimator), common)
    results: dict[int, FoldResult] = {}
    with caught_warnings() as of_fit:
        begin, fitting = time.perf_counter(), 0.0
        for position, prefix in rule.prefixes(estimator, wanted, rows):
            fitting += time.perf_counter() - begin
            with caught_warnings() as of_scoring:
                result = scored(recipe, prefix, fold, family.units[position].split, 0.0, quick=True)
            own = [warning_key(type(warning), warning) for warning in rows.own_warnings.get(position, ())]
            results[position] = replace(result, warnings=(*own, *of_scoring))
            begin = time.perf_counter()
        fitting += time.perf_counter() - begin
    spent = fitting + (fold.seconds if is_new else 0.0)
    longest = max(range(len(wanted)), key=lambda position: rule.length(wanted[position]))
    return [
        (
            unit,
            replace(
                results[position],
                how="fitted" if position == longest else "prefix",
                fit_seconds=spent / len(wanted),
                warnings=tuple(dict.fromkeys((*fold.warnings, *of_fit, *results[position].warnings))),
            ),
        )
        for position, unit in enumerate(family.units)
    ]


def _from_prepared(recipe: Recipe, family: Family, index: int, fold: PreparedFold, fits: KeptFits) -> Scored:
    begin, unit, growth = time.perf_counter(), family.units[index], family.first.growth
    with caught_warnings() as distinct:
        if growth is not None:
            result = grown_and_scored(recipe, family, growth, fold, fits)
        else:
            estimator = with_params(final_step(recipe.estimator), family.profiles[index].own)
            result = fitted_and_scored(recipe, estimator, fold, unit.split, begin, quick=True)
    return unit, replace(result, warnings=(*result.warnings, *distinct))


def _after_preparation(result: FoldResult, family: Family, fold: PreparedFold, is_new: bool) -> FoldResult:
    """Return a result with what the preparation of its fold took, and warned of."""
    seconds = result.fit_seconds + (fold.seconds if is_new else 0.0)
    told = tuple(dict.fromkeys((*fold.warnings, *result.warnings)))
    # Rows that were cut once for several candidates are no step before the model.
    is_shared = fold.is_cut or (family.first.has_steps and not is_new)
    how = "shared" if is_shared and result.how == "fitted" else result.how
    return replace(result, fit_seconds=seconds, how=how, warnings=told)
