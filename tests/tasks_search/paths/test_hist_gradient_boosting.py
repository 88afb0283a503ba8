"""Histogram gradient boosting: what is replayed, what folds share, and what a prefix says of itself."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, make_regression
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import make_scorer, r2_score
from sklearn.model_selection import KFold

from hyperparameter_tuning.tasks.evaluation.paths.hist_gradient_boosting import HistGradientBoostingPath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

PATIENCE = [
    {"max_iter": rounds, "n_iter_no_change": patience, "tol": tol}
    for rounds, patience, tol in product((3, 60), (1, 5), (1e-7, 0.02))
]
BOTH = {"fitted", "prefix"}


def table_of(X, y, n_splits=2):
    return Table(X, y, tuple(KFold(n_splits, shuffle=True, random_state=0).split(X)))


@pytest.mark.parametrize("scoring", ["loss", "roc_auc", None])
@pytest.mark.parametrize("validation_fraction", [0.2, None])
def test_patience_is_replayed(scoring, validation_fraction):
    X, y = load_breast_cancer(return_X_y=True)
    model = HistGradientBoostingClassifier(
        random_state=2, early_stopping=True, scoring=scoring, validation_fraction=validation_fraction
    )
    model.set_params(learning_rate=0.5, max_leaf_nodes=5)
    assert same_as_plain(model, PATIENCE, table_of(X[:, :6], y), "classification") == BOTH


def test_without_early_stopping_patience_means_nothing():
    X, y = make_regression(300, 3, noise=50.0, random_state=0)
    model = HistGradientBoostingRegressor(random_state=0, early_stopping=False, max_leaf_nodes=4)
    assert same_as_plain(model, PATIENCE, table_of(X, y), "regression") == BOTH


def test_automatic_early_stopping_above_ten_thousand_rows():
    rng = np.random.default_rng(0)
    X = np.rint(rng.normal(size=(10_200, 2)) * 3)
    y = X[:, 0] + rng.normal(size=len(X))
    splits = ((np.arange(10_100), np.arange(10_100, 10_200)), (np.arange(100), np.arange(100, 200)))
    model = HistGradientBoostingRegressor(random_state=0, max_leaf_nodes=3)
    candidates = [{"max_iter": 12, "n_iter_no_change": n, "tol": 0.05} for n in (1, 3)]
    assert same_as_plain(model, candidates, Table(X, y, splits), "regression") == BOTH


@pytest.mark.parametrize("categorical_features", ["from_dtype", ["kind"], None])
def test_categories_and_missing_values(categorical_features):
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"kind": pd.Categorical(rng.integers(0, 5, 300)), "size": rng.normal(size=300)})
    X.loc[::7, "size"] = np.nan
    y = X["kind"].cat.codes.to_numpy() * 1.0 + rng.normal(size=300)
    model = HistGradientBoostingRegressor(random_state=0, categorical_features=categorical_features)
    candidates = [{"max_iter": 3}, {"max_iter": 9}]
    assert same_as_plain(model, candidates, table_of(X, y), "regression") == BOTH


DIFFERENT_BINS = {
    "max_bins": [4, 255],
    "random_state": [0, 1],
    "early_stopping": [True, False],
    "validation_fraction": [0.1, 0.4, None],
    "categorical_features": [None, [0]],
}


@pytest.mark.parametrize("name", DIFFERENT_BINS)
def test_families_share_bins_where_these_would_be_the_same(name):
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.integers(0, 4, 300) * 1.0, rng.normal(size=300)])
    y = rng.integers(0, 2, 300)
    model = HistGradientBoostingClassifier(random_state=0, early_stopping=True, n_iter_no_change=5)
    values = DIFFERENT_BINS[name]
    candidates = [{name: value, "max_iter": rounds} for value in (*values, *values) for rounds in (2, 6)]
    assert same_as_plain(model, candidates, table_of(X, y), "classification") == BOTH


def test_bins_of_a_fold_are_made_once(monkeypatch):
    made = []
    bin_rows = HistGradientBoostingRegressor._bin_data
    monkeypatch.setattr(
        HistGradientBoostingRegressor,
        "_bin_data",
        lambda self, *given: made.append(given) or bin_rows(self, *given),
    )
    X, y = make_regression(60, 2, random_state=0)
    fold = PreparedFold(X, y, X[:9], y[:9])
    for rate in (0.1, 0.2, 0.3):
        model = HistGradientBoostingRegressor(random_state=0, learning_rate=rate)
        path = {"max_iter": 2, "n_iter_no_change": 10, "tol": 1e-7}
        list(HistGradientBoostingPath().prefixes(model, [path], PathRows(fold, with_train=True)))
    assert len(made) == 1


def test_weights_of_classes_keep_bins_apart():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(400, 1)), (rng.random(400) > 0.9).astype(int)
    model = HistGradientBoostingClassifier(random_state=0, max_bins=3, min_samples_leaf=2)
    candidates = [
        {"class_weight": weight, "max_iter": rounds} for weight in (None, "balanced") for rounds in (2, 4)
    ]
    assert same_as_plain(model, candidates, table_of(X, y), "classification") == BOTH


@pytest.mark.parametrize(
    "settings",
    [
        {"random_state": None},
        {"random_state": 0, "warm_start": True},
        {"random_state": 0, "scoring": make_scorer(r2_score)},
    ],
)
def test_settings_without_a_path(settings):
    assert not HistGradientBoostingPath().allows(HistGradientBoostingRegressor(**settings))


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_iter": 0},
        {"max_iter": True},
        {"n_iter_no_change": 0},
        {"tol": -1.0},
        {"tol": np.inf},
        {"tol": None},
    ],
)
def test_values_that_are_not_on_the_path(wrong):
    path = {"max_iter": 5, "n_iter_no_change": 2, "tol": 0.1, **wrong}
    assert not HistGradientBoostingPath().has(HistGradientBoostingRegressor(), path)


def test_a_prefix_says_of_itself_what_the_fitted_one_says():
    X, y = make_regression(200, 3, noise=100.0, random_state=0)
    model = HistGradientBoostingRegressor(random_state=0, early_stopping=True)
    fold = PreparedFold(X, y, X[:50], y[:50])
    for position, prefix in HistGradientBoostingPath().prefixes(model, PATIENCE, PathRows(fold, False)):
        plain = HistGradientBoostingRegressor(random_state=0, early_stopping=True)
        plain.set_params(**PATIENCE[position]).fit(X, y)
        assert prefix.get_params() == plain.get_params()
        assert prefix.n_iter_ == plain.n_iter_
        assert np.array_equal(prefix.train_score_, plain.train_score_)
        assert np.array_equal(prefix.validation_score_, plain.validation_score_)
        assert np.array_equal(prefix.predict(X), plain.predict(X))  # a table whose answer is not known
