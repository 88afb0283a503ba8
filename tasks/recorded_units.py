"""Units that the store has already: as known folds for the evaluator, and the best trial among them.

Reading them from the store does not belong here (`tasks.workflow` does it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.registry.space import candidate_key
from hyperparameter_tuning.registry.values import typed_params
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.splits import split_shape
from hyperparameter_tuning.tasks.evaluation.requests import FoldResult
from hyperparameter_tuning.tasks.searchers.outcome import TrialOutcome

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.tasks.evaluation.seam import UnitKey

RecordedUnit = Mapping[str, Any]


def known_folds(
    task: TuningTask, units: Iterable[RecordedUnit], *, of_search: bool, full_is_drawn: bool = False
) -> dict[UnitKey, FoldResult]:
    """Return recorded units as the evaluator knows them.

    Args:
        task: Whose metrics and parameters they are.
        units: As `jobs.progress.recorded_units` returns them.
        of_search: Units of the strategy's candidates, or those of the reference trials.
        full_is_drawn: Whether 1.0 in the store was a halving's draw of all rows, not the untouched folds.

    Returns:
        Folds by (candidate, resource, split); units that do not fit the model any more are left out.
    """
    known: dict[UnitKey, FoldResult] = {}
    for unit in units:
        params = _typed(task, unit)
        if params is None or is_of_search(task, unit) is not of_search:
            continue
        whole = unit["resource"] == 1.0 and not (of_search and full_is_drawn)
        fold = _fold(task, unit)
        known[(candidate_key(params), None if whole else unit["resource"], fold.split)] = fold
    return known


def stored_candidates(task: TuningTask, units: Iterable[RecordedUnit]) -> dict[int, dict[str, Any]]:
    """Return the parameters of the strategy's stored candidates by number."""
    found = {}
    for unit in units:
        params = _typed(task, unit)
        if params is not None and is_of_search(task, unit):
            found[unit["trial"]] = params
    return found


def is_of_search(task: TuningTask, unit: RecordedUnit) -> bool:
    """Say whether the strategy proposed the unit's candidate; reference trials have the first numbers."""
    return bool(unit["trial"] >= len(task.reference_candidates))


def recorded_trials(task: TuningTask, units: Iterable[RecordedUnit]) -> list[TrialOutcome]:
    """Return every trial that is complete on all rows, by number, with its parameters as recorded."""
    by_trial: dict[int, list[RecordedUnit]] = {}
    for unit in units:
        if unit["resource"] == 1.0:
            by_trial.setdefault(unit["trial"], []).append(unit)
    repeats, folds = split_shape(task.cross_validation)
    found = []
    for number, own in sorted(by_trial.items()):
        params = _typed(task, own[0])
        if params is not None and _is_complete(own, repeats * folds):
            found.append(_outcome(task, number, params, own))
    return found


def _is_complete(units: Sequence[RecordedUnit], n_splits: int) -> bool:
    return len(units) == n_splits and all(unit["state"] == "complete" for unit in units)


def _outcome(
    task: TuningTask, number: int, params: Mapping[str, Any], units: Sequence[RecordedUnit]
) -> TrialOutcome:
    folds = sorted((_fold(task, unit) for unit in units), key=lambda fold: fold.split)
    return TrialOutcome(number, params, "complete", None, None, tuple(folds))


def _fold(task: TuningTask, unit: RecordedUnit) -> FoldResult:
    _, folds = split_shape(task.cross_validation)
    signs = {metric.key: metric.sign for metric in (task.metric, *task.additional_metrics)}
    return FoldResult(
        split=unit["repeat"] * folds + unit["fold"],
        state=unit["state"],
        scores={key: signs[key] * value for key, value in unit["scores"].items() if key in signs},
        fit_seconds=unit.get("fit_seconds") or 0.0,
        score_seconds=unit.get("score_seconds") or 0.0,
        error=unit.get("error"),
        how="recorded",
    )


def _typed(task: TuningTask, unit: RecordedUnit) -> dict[str, Any] | None:
    """Return the unit's parameters typed again: a JSON store may have turned 1e20 into a whole number."""
    try:
        return typed_params(task.model, unit["params"], unit.get("number_types") or {})
    except UserError:
        return None
