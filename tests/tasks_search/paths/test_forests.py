"""Forests: which have a path, which values are on it, and tables that trees refuse."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from sklearn.datasets import load_wine, make_regression
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier, RandomForestRegressor

from hyperparameter_tuning.tasks.evaluation.paths.forests import ForestPath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

X, Y = load_wine(return_X_y=True)
HALVES = np.arange(len(X))[::2], np.arange(len(X))[1::2]
TABLE = Table(X, Y, (HALVES, HALVES[::-1]))
TREES = [{"n_estimators": count} for count in (2, 5)]


@pytest.mark.parametrize(
    "settings",
    [
        {"random_state": None},
        {"random_state": np.random.RandomState(0)},
        {"random_state": 0, "n_jobs": 2},
        {"random_state": 0, "oob_score": True},
        {"random_state": 0, "warm_start": True},
    ],
)
def test_settings_without_a_path(settings: dict[str, Any]) -> None:
    assert ForestPath().allows(RandomForestClassifier(random_state=0))
    assert not ForestPath().allows(RandomForestClassifier(**settings))


def test_jobs_that_come_from_outside_sum_in_any_order_too() -> None:
    with parallel_config(backend="threading", n_jobs=2):
        assert not ForestPath().allows(RandomForestClassifier(random_state=0))


@pytest.mark.parametrize(
    "odd",
    [
        {"n_estimators": 0},
        {"n_estimators": 2.5},
        {"ccp_alpha": -1.0},
        {"ccp_alpha": np.inf},
        {"ccp_alpha": np.nan},
        {"ccp_alpha": "0.1"},
        {"ccp_alpha": None},
    ],
)
def test_a_value_that_is_not_on_the_path_is_refused_by_its_own_fit_only(odd: dict[str, Any]) -> None:
    assert not ForestPath().has(RandomForestClassifier(), {"n_estimators": 3, "ccp_alpha": 0.0, **odd})
    candidates = [*TREES, {"n_estimators": 4, **odd}]
    assert "prefix" in same_as_plain(
        ExtraTreesClassifier(random_state=0), candidates, TABLE, "classification"
    )


def test_names_of_columns_that_scikit_learn_refuses_are_refused() -> None:
    named = Table(pd.DataFrame(X, columns=["first", *range(1, X.shape[1])]), Y, TABLE.splits)
    same_as_plain(RandomForestClassifier(random_state=0), TREES, named, "classification")


def test_a_prefix_says_of_itself_what_the_fitted_one_says() -> None:
    X, y = make_regression(60, 3, random_state=0)
    wanted = [{"n_estimators": n, "ccp_alpha": alpha} for n in (2, 7) for alpha in (0.0, 5.0)]
    rows = PathRows(PreparedFold(X, y, X[:20], y[:20]), with_train=False)
    for position, prefix in ForestPath().prefixes(RandomForestRegressor(random_state=0), wanted, rows):
        plain = RandomForestRegressor(random_state=0).set_params(**wanted[position]).fit(X, y)
        assert prefix.get_params() == plain.get_params()
        assert np.array_equal(prefix.feature_importances_, plain.feature_importances_)
        assert np.array_equal(prefix.predict(X), plain.predict(X))  # a table whose answer is not known
