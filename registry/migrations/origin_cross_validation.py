"""The origin's cross-validation settings, in both of its spellings and both of its eras.

Spellings: ``cv_enabled, cv_strategy, cv_folds, cv_shuffle, cv_random_state`` and ``cross_validation:
{enabled, strategy, folds, shuffle, random_state}``; the later era writes ``cv_type`` for ``cv_strategy``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hyperparameter_tuning.registry.config_cross_validation import MAX_FOLDS
from hyperparameter_tuning.registry.migrations.origin_keys import CROSS_VALIDATION_KEYS
from hyperparameter_tuning.registry.migrations.origin_values import first, text, truth, whole

Settings = Mapping[str, Any]
Section = dict[str, Any]

_DEFAULT_FOLDS = 5
_LEAST_FOLDS = 3
_LATER_HOLDOUT = 0.2


def migrate_cross_validation(
    config: Mapping[str, Any], seed: int | None, problem_type: str | None, notes: list[str]
) -> Section | None:
    """Return the section that the settings stand for, or None where there are none.

    Args:
        config: The origin's configuration.
        seed: Seed of the search, which draws the folds now.
        problem_type: What is predicted, where known.
        notes: Receives a sentence per setting that is kept differently.
    """
    settings = _settings(config, notes)
    if not settings:
        return None
    own_seed = whole(settings.get("random_state"))
    if own_seed is not None and seed is not None and own_seed != seed:
        notes.append(f"Folds are drawn with the seed of the search, {seed}, not with one of their own.")
    if not truth(settings.get("enabled"), default=True):
        return _switched_off(config, settings, notes)
    strategy = str(settings.get("strategy") or "auto").strip().casefold()
    make = _SECTIONS.get(strategy)
    if make is None:
        notes.append(f"There is no cross-validation '{strategy[:100]}': plain folds are used.")
        make = _folds
    return make(settings, problem_type, notes)


def _settings(config: Mapping[str, Any], notes: list[str]) -> Section:
    """Join both spellings; the object is what a person chose, the flat keys may be mere defaults."""
    written = config.get("cross_validation")
    chosen = (
        {key: written[key] for key in CROSS_VALIDATION_KEYS if key in written}
        if isinstance(written, Mapping)
        else {}
    )
    flat = {key: config[f"cv_{key}"] for key in CROSS_VALIDATION_KEYS if config.get(f"cv_{key}") is not None}
    if (later := first(config, "cv_type")) is not None:
        flat["strategy"] = later
    differing = [key for key in chosen if key in flat and chosen[key] != flat[key]]
    if differing:
        notes.append(f"'cross_validation' counts where the 'cv_' keys differ: {', '.join(differing)}.")
    return flat | chosen


def _switched_off(config: Mapping[str, Any], settings: Settings, notes: list[str]) -> Section:
    if "cv_type" in config:
        notes.append("Without cross-validation one fifth of the rows judged every candidate, as now.")
        return {"kind": "holdout", "test_size": _LATER_HOLDOUT}
    notes.append("Candidates need folds: cross-validation was switched off, and is on with three or more.")
    folds = max(whole(settings.get("folds")) or _DEFAULT_FOLDS, _LEAST_FOLDS)
    return {**_folds({**settings, "folds": folds}, None, notes), "stratify": "auto"}


def _count(settings: Settings) -> int:
    return min(max(whole(settings.get("folds")) or _DEFAULT_FOLDS, 2), MAX_FOLDS)


def _folds(settings: Settings, _problem_type: str | None, _notes: list[str]) -> Section:
    return {
        "kind": "k_fold",
        "folds": _count(settings),
        "shuffle": truth(settings.get("shuffle"), default=True),
        "stratify": "off",
    }


def _auto(settings: Settings, problem_type: str | None, notes: list[str]) -> Section:
    return {**_folds(settings, problem_type, notes), "stratify": "auto"}


def _stratified(settings: Settings, problem_type: str | None, notes: list[str]) -> Section:
    # The origin made plain folds of numbers, whatever was asked.
    stratify = "on" if problem_type == "classification" else "auto"
    return {**_folds(settings, problem_type, notes), "stratify": stratify}


def _time_series(settings: Settings, _problem_type: str | None, _notes: list[str]) -> Section:
    section: Section = {"kind": "time_series", "folds": _count(settings)}
    gap, column = whole(settings.get("gap")), text(settings.get("time_column"))
    return section | ({"gap": gap} if gap else {}) | ({"column": column} if column else {})


def _groups(settings: Settings, problem_type: str | None, notes: list[str]) -> Section:
    column = text(settings.get("group_column"))
    if column is None:
        notes.append("Folds by group name no column: plain folds are used.")
        return _folds(settings, problem_type, notes)
    return {"kind": "group_k_fold", "folds": _count(settings), "column": column}


def _shuffle_split(settings: Settings, problem_type: str | None, notes: list[str]) -> Section:
    notes.append("Repeated random splits are not offered: every row judges once, in shuffled folds.")
    return _auto({**settings, "shuffle": True}, problem_type, notes)


def _nested(settings: Settings, problem_type: str | None, notes: list[str]) -> Section:
    notes.append("Nested cross-validation is not offered: candidates are judged by its outer folds.")
    return _auto(settings, problem_type, notes)


_SECTIONS: Mapping[str, Callable[[Settings, str | None, list[str]], Section]] = {
    "auto": _auto,
    "kfold": _folds,
    "k_fold": _folds,
    "stratified_kfold": _stratified,
    "stratified_k_fold": _stratified,
    "time_series_split": _time_series,
    "group_k_fold": _groups,
    "shuffle_split": _shuffle_split,
    "nested_cv": _nested,
}
