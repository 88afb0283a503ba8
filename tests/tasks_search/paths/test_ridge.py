"""Penalties over products that were multiplied once, and where scikit-learn takes another way."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge, RidgeClassifier

from hyperparameter_tuning.tasks.evaluation.paths import ridge
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

HALVES = np.arange(120)[::2], np.arange(120)[1::2]
SPLITS = (HALVES, HALVES[::-1])
ALPHAS = [{"alpha": alpha} for alpha in (0.01, 1, 1.0, np.float64(30.0), 0.0)]


def table(n_features: int = 5, n_rows: int = 120) -> Table:
    rng = np.random.default_rng(2)
    X = rng.normal(size=(n_rows, n_features)) + rng.normal(size=n_features)
    return Table(X, X[:, 0] + rng.normal(size=n_rows), SPLITS)


@pytest.mark.parametrize(
    "form", [np.asfortranarray, pd.DataFrame, np.float32, np.rint, lambda X: X.astype(int)]
)
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_every_form_of_a_dense_table_is_on_the_path(form: Any, fit_intercept: bool):
    drawn = table()
    shaped = Table(form(drawn.X), drawn.y, drawn.splits)
    if isinstance(shaped.X, pd.DataFrame):
        shaped.X.columns = [f"x{number}" for number in range(5)]
    assert "prefix" in same_as_plain(Ridge(fit_intercept=fit_intercept), ALPHAS, shaped, "regression")


def test_whole_targets_and_large_folds_are_on_the_path():
    rng = np.random.default_rng(0)
    X, order = rng.normal(size=(2600, 20)), np.arange(2600)
    large = Table(X, np.rint(X[:, 0] * 3).astype(int), ((order[:1300], order[1300:]),))
    assert "prefix" in same_as_plain(Ridge(), ALPHAS, large, "regression")


@pytest.mark.parametrize(
    "settings",
    [{"solver": name} for name in ("svd", "lsqr", "sparse_cg")] + [{"positive": True}, {"copy_X": False}],
)
def test_other_ways_to_solve_are_fitted_plainly(settings: dict[str, Any]):
    assert "prefix" not in same_as_plain(Ridge(**settings), ALPHAS, table(), "regression")


def test_more_columns_than_rows_are_fitted_plainly():
    assert "prefix" not in same_as_plain(Ridge(), ALPHAS[:-1], table(n_features=61), "regression")
    assert "prefix" in same_as_plain(Ridge(), ALPHAS[:-1], table(n_features=60), "regression")


@pytest.mark.parametrize("copies", [1e-9, 3e-8])
def test_equations_without_a_good_solution_are_solved_by_each(copies: float):
    """Once scikit-learn goes on with another solver, once it warns, for the smallest penalty."""
    drawn = table()
    noise = np.random.default_rng(1).normal(size=120) * copies
    X = np.column_stack([drawn.X, drawn.X[:, 0] + noise])
    candidates = [{"alpha": alpha} for alpha in (0.0, 1.0, 2.0)]
    found = same_as_plain(Ridge(), candidates, Table(X, drawn.y, SPLITS), "regression")
    assert "prefix" not in found


@pytest.mark.parametrize("estimator", [Ridge(), RidgeClassifier()])
@pytest.mark.parametrize(("n_features", "numbers"), [(5, 1), (5, 2 * 25), (5, 2**20), (1, 2**20)])
def test_penalties_are_solved_alike_however_many_at_once(
    monkeypatch: pytest.MonkeyPatch, n_features: int, numbers: int, estimator: Any
):
    monkeypatch.setattr(ridge, "STACKED_NUMBERS", numbers)
    of_numbers, of_classes = table(n_features), classes(n_features=n_features)
    drawn, task = (
        (of_numbers, "regression") if isinstance(estimator, Ridge) else (of_classes, "classification")
    )
    assert "prefix" in same_as_plain(estimator, ALPHAS, drawn, task)


@pytest.mark.parametrize("alpha", [-1.0, np.inf, None, [1.0]])
def test_a_penalty_that_is_no_number_from_zero_is_fitted_by_itself(alpha: Any):
    candidates = [*ALPHAS[:3], {"alpha": alpha}]
    assert "prefix" in same_as_plain(Ridge(), candidates, table(), "regression")


def test_a_setting_that_is_refused_is_refused_for_every_penalty():
    assert "prefix" not in same_as_plain(Ridge(tol=-1.0), ALPHAS, table(), "regression")


def classes(n_classes: int = 3, **settings: Any) -> Table:
    drawn = table(**settings)
    return Table(drawn.X, np.arange(120) * 7 % n_classes + (drawn.y > 1), SPLITS)


@pytest.mark.parametrize("form", [np.asfortranarray, np.float32, lambda X: X.astype(int)])
@pytest.mark.parametrize("n_classes", [1, 3])
@pytest.mark.parametrize("weights", [None, "balanced", {0: 3, 1: 0.5}])
def test_classes_are_several_targets_over_the_same_products(form: Any, n_classes: int, weights: Any):
    drawn = classes(n_classes)
    shaped = Table(form(drawn.X), drawn.y, SPLITS)
    ridge = RidgeClassifier(class_weight=weights)
    assert "prefix" in same_as_plain(ridge, ALPHAS, shaped, "classification")


@pytest.mark.parametrize(
    "settings",
    [{"solver": name} for name in ("svd", "lsqr", "sparse_cg")] + [{"positive": True}, {"copy_X": False}],
)
def test_other_ways_to_solve_for_classes_are_fitted_plainly(settings: dict[str, Any]):
    assert "prefix" not in same_as_plain(RidgeClassifier(**settings), ALPHAS, classes(), "classification")


def test_classes_of_more_columns_than_rows_are_fitted_plainly():
    wide, square = classes(n_features=61), classes(n_features=60)
    assert "prefix" not in same_as_plain(RidgeClassifier(), ALPHAS[:-1], wide, "classification")
    assert "prefix" in same_as_plain(RidgeClassifier(), ALPHAS[:-1], square, "classification")
