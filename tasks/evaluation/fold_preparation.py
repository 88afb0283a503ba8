"""Prepares a fold: cuts its rows and takes them through the steps before the final estimator.

A step of which one fit holds many settings is fitted once, on the rows before it; each setting gets its own
cut, and its own fit of whatever comes after. Which folds are kept does not belong here (`fold_cache`).
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from hyperparameter_tuning.shared.resampling import fit_steps, through_steps
from hyperparameter_tuning.tasks.evaluation.division import PIPELINES, own_fit_params, with_params
from hyperparameter_tuning.tasks.evaluation.families import Family
from hyperparameter_tuning.tasks.evaluation.fold_cache import FoldCache
from hyperparameter_tuning.tasks.evaluation.fold_rows import rows_for
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from hyperparameter_tuning.tasks.evaluation.stems import Stem
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import GrownStep, grown, taken
from hyperparameter_tuning.tasks.evaluation.unit_warnings import caught_warnings
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData, Recipe, cut_bytes, cut_fold

Steps = Sequence[tuple[str, Any]]


class FoldPreparation:
    """Prepares the fold of one family.

    Args:
        recipe: Of the search.
        data: Of the search.
        cache: Keeps rows before a step that many settings are cut from, and that step.
        family: Whose fold, and whose parameters of the steps.
    """

    def __init__(self, recipe: Recipe, data: FoldData, cache: FoldCache, family: Family) -> None:
        self._recipe, self._data, self._cache, self._family = recipe, data, cache, family

    def fold(self) -> tuple[PreparedFold, bool]:
        """Return the fold as the final estimator sees it, and whether it was made for this.

        Raises:
            Exception: whatever a step raises.
        """
        return self._kept(self._family.fold_key, self._made, len(self._family.first.stems))

    def _kept(
        self, key: Hashable, make: Callable[[], PreparedFold], n_stems: int
    ) -> tuple[PreparedFold, bool]:
        """Return a fold from the cache; those before its stems stay beside it, for other settings of them."""
        beside = [self._base_key(stem) for stem in self._family.first.stems[:n_stems]]
        return self._cache.get(key, make, lambda: cut_bytes(self._data, self._family.units[0]), beside)

    def _base_key(self, stem: Stem) -> Hashable:
        return (*self._family.fold_key[:2], stem.key)

    def _made(self) -> PreparedFold:
        estimator, steps = self._recipe.estimator, ()
        if type(estimator) in PIPELINES:
            steps = with_params(estimator, self._family.first.before).steps[:-1]
        return self._after(steps, len(self._family.first.stems))

    def _after(self, steps: Steps, n_stems: int) -> PreparedFold:
        """Return the fold after *steps*, the first so many stems among them."""
        if n_stems == 0:
            begin = time.perf_counter()
            return self._through(steps, self._rows(), begin)
        stem, reach = self._family.first.stems[n_stems - 1], self._family.reach[n_stems - 1]
        at = [name for name, _ in steps].index(stem.step)
        make = partial(self._after, steps[:at], n_stems - 1)
        base, is_new = self._kept(self._base_key(stem), make, n_stems - 1)
        begin = time.perf_counter() - (base.seconds if is_new else 0.0)
        found = _grown(base, stem, steps[at][1], reach)
        with caught_warnings() as distinct:
            step, X_train = taken(stem.rule, found, stem.path, base.X_train, base.y_train)
            cut = self._moved([(stem.step, step)], base, X_train, base.y_train)
        cut = replace(cut, warnings=(*base.warnings, *distinct), is_cut=base.is_cut or not is_new)
        return self._through(steps[at + 1 :], cut, begin)

    def _rows(self) -> PreparedFold:
        unit, estimator = self._family.units[0], self._recipe.estimator
        train, test = rows_for(self._data.splits[unit.split], unit.resource, self._recipe.seed)
        fold = cut_fold(estimator, self._data, train, test)
        # Steps before the final one are told nothing, or nothing would be shared.
        return replace(fold, fit_params=own_fit_params(estimator, fold.fit_params))

    def _through(self, steps: Steps, fold: PreparedFold, begin: float) -> PreparedFold:
        """Take a fold through steps to be fitted; *begin* is when the work on it began."""
        cpu = time.process_time()
        with caught_warnings() as distinct:
            X_train, y_train = fit_steps(steps, fold.X_train, fold.y_train)
            after = self._moved(steps, fold, X_train, y_train)
        seconds, effort = time.perf_counter() - begin, time.process_time() - cpu
        told = (*fold.warnings, *distinct)
        return replace(after, seconds=seconds, effort=effort, warnings=told)

    def _moved(self, steps: Steps, fold: PreparedFold, X_train: Any, y_train: Any) -> PreparedFold:
        """Return *fold* after fitted *steps*; *X_train* and *y_train* are what is learned from after them."""
        X_test, seen = through_steps(steps, fold.X_test), fold.seen
        if self._recipe.return_train_score and steps:
            X, y = fold.side("train")
            seen = through_steps(steps, X), y
        return replace(fold, X_train=X_train, y_train=y_train, X_test=X_test, seen=seen, _made={})


def _grown(base: PreparedFold, stem: Stem, step: Any, reach: Mapping[str, Any]) -> GrownStep:
    """Return the fitted step, fitting it where it was not yet, or not far enough."""
    length = stem.rule.length(reach)
    return base.once(
        "grown",
        lambda: grown(stem.rule, with_params(step, reach), reach, base.X_train, base.y_train),
        is_enough=lambda known: known.length >= length,
    )
