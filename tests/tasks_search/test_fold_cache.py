"""Which prepared folds a process keeps: several while small or dear, one copy of large rows otherwise."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_wine
from sklearn.feature_selection import SelectKBest
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC

from hyperparameter_tuning.tasks.evaluation import (
    Evaluator,
    Request,
    evaluator,
    family_work,
    fold_preparation,
)
from hyperparameter_tuning.tasks.evaluation.assignments import Assignment
from hyperparameter_tuning.tasks.evaluation.families import Profiler, families
from hyperparameter_tuning.tasks.evaluation.fold_cache import QUICK_SECONDS, FoldCache
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from hyperparameter_tuning.tasks.evaluation.scoring import shared_scorer
from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData, Recipe, Unit, cut_bytes, score_unit

X, Y = load_wine(return_X_y=True)
SPLITS = tuple(KFold(3, shuffle=True, random_state=0).split(X))
ACCURACY = {"accuracy": get_scorer("accuracy")}
SIZE = 4 * 8 * 10
"""Bytes of a fold of ten rows."""


def fold(n_rows: int = 10, effort: float = 0.0) -> PreparedFold:
    rows = np.zeros((n_rows, 1))
    return PreparedFold(rows, rows, rows, rows, effort=effort)


def had_to_be_made(cache: FoldCache, key: str, effort: float = 0.0, beside: Any = ()) -> bool:
    return cache.get(key, lambda: fold(effort=effort), lambda: SIZE, beside)[1]


class TestFoldCache:
    @pytest.mark.parametrize("bounds", [{"quick_bytes": 2 * SIZE}, {"most_bytes": 2 * SIZE}])
    def test_keeps_the_last_used_within_its_bytes(self, bounds):
        cache = FoldCache(**bounds)
        for key in "abac":
            had_to_be_made(cache, key)
        assert [had_to_be_made(cache, key) for key in "ac"] == [False, False]
        assert cache.n_bytes == 2 * SIZE
        assert had_to_be_made(cache, "b")

    def test_keeps_one_fold_however_large(self):
        cache = FoldCache(most_bytes=1, quick_bytes=1)
        had_to_be_made(cache, "a")
        assert not had_to_be_made(cache, "a")

    def test_what_candidates_share_counts_too(self):
        cache = FoldCache(quick_bytes=2 * SIZE + 8)
        kept, _ = cache.get("a", fold, lambda: SIZE)
        kept.once("copy", lambda: np.zeros(1000))
        had_to_be_made(cache, "b")
        assert had_to_be_made(cache, "a")

    def test_old_folds_are_gone_before_the_next_is_made(self):
        cache = FoldCache(quick_bytes=2 * SIZE)
        for key in "ab":
            had_to_be_made(cache, key)
        held: list[int] = []
        cache.get("c", lambda: held.append(cache.n_bytes) or fold(), lambda: SIZE)
        cache.get("d", lambda: held.append(cache.n_bytes) or fold(20), lambda: 2 * SIZE)
        assert held == [SIZE, 0]

    def test_what_took_long_is_kept_up_to_the_greater_bound(self):
        cache = FoldCache(most_bytes=3 * SIZE, quick_bytes=1)
        for key in "abc":
            had_to_be_made(cache, key, effort=QUICK_SECONDS * 2)
        assert not any(had_to_be_made(cache, key) for key in "abc")
        had_to_be_made(cache, "d", effort=QUICK_SECONDS * 2)
        assert had_to_be_made(cache, "a")

    def test_what_a_fold_is_made_from_stays(self):
        cache = FoldCache(most_bytes=SIZE, quick_bytes=SIZE)
        had_to_be_made(cache, "base")
        for key in "ab":
            had_to_be_made(cache, key, beside=["base"])
        assert not had_to_be_made(cache, "base", beside=["b"])
        assert had_to_be_made(cache, "a")

    def test_what_candidates_share_took_effort(self, monkeypatch: pytest.MonkeyPatch):
        seconds = iter([1.0, 6.0])
        monkeypatch.setattr("time.process_time", lambda: next(seconds))
        kept = fold()
        kept.once("bins", lambda: 1)
        kept.once("bins", lambda: 1)
        assert kept.effort == 5.0


def test_the_bytes_of_a_fold_are_known_before_it_is_cut():
    data = FoldData(X, Y, SPLITS)
    assert cut_bytes(data, Unit(0, {}, None, 0)) == X.nbytes + Y.nbytes
    assert cut_bytes(data, Unit(0, {}, 0.5, 0)) == (X.nbytes + Y.nbytes) // 2


@pytest.mark.parametrize(("quick_bytes", "is_held"), [(1, False), (2**20, True)])
@pytest.mark.parametrize("goes_wrong", [False, True], ids=["a check", "a rule that fails"])
def test_large_rows_that_are_cut_for_one_fit_are_not_held_twice(
    quick_bytes: int, is_held: bool, goes_wrong: bool, monkeypatch: pytest.MonkeyPatch
):
    recipe, data = (
        Recipe(GaussianNB(), shared_scorer(GaussianNB(), ACCURACY, raising=False)),
        FoldData(X, Y, SPLITS),
    )
    profiler = Profiler(recipe, data)
    units = [Unit(at, {"var_smoothing": 0.1**at}, None, 0) for at in (3, 6)]
    (family,) = families(units, {unit.position: profiler.profile(unit.params) for unit in units})
    cache, held = FoldCache(quick_bytes=quick_bytes), []

    def noted(*args: Any) -> Any:
        held.append(cache.n_bytes > 0)
        return score_unit(*args)

    def wrong(*args: Any) -> Any:
        raise ValueError

    monkeypatch.setattr(family_work, "score_unit", noted)
    if goes_wrong:
        monkeypatch.setattr(family_work, "_from_one_fit", wrong)
    answers = family_work.work(recipe, data, cache, Assignment((family,), 0.1, check=(0, 0)))
    assert answers.is_equal
    assert held[0] == is_held


def test_a_selector_is_fitted_once_per_fold_even_where_rows_are_large(monkeypatch: pytest.MonkeyPatch):
    fits: list[int] = []
    grown = fold_preparation.grown
    monkeypatch.setattr(fold_preparation, "grown", lambda *args: fits.append(1) or grown(*args))
    monkeypatch.setattr(evaluator, "FoldCache", partial(FoldCache, quick_bytes=1))
    pipeline = Pipeline([("select", SelectKBest()), ("model", SVC())])
    search = Evaluator(pipeline, X, Y, SPLITS, ACCURACY)
    asked = [{"select__k": k, "model__C": c} for k in (2, 3, 4) for c in (1.0, 2.0)]
    search.evaluate([Request(at, params) for at, params in enumerate(asked)])
    assert len(fits) == len(SPLITS)
