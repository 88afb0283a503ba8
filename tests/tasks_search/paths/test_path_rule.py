"""What every rule asks: a seed, a number that is one, and weights that it can pass on."""

from typing import Any

import numpy as np
import pytest
from lightgbm import LGBMRegressor
from sklearn.ensemble import (
    RandomForestClassifier,
    StackingRegressor,
    VotingRegressor,
)
from sklearn.linear_model import LinearRegression, Ridge, RidgeClassifier
from sklearn.tree import DecisionTreeRegressor
from xgboost import XGBRegressor

from hyperparameter_tuning.tasks.evaluation.paths.decision_trees import DecisionTreePath
from hyperparameter_tuning.tasks.evaluation.paths.ridge import RidgePath
from hyperparameter_tuning.tasks.evaluation.paths.rule import is_count
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
HALVES = np.arange(60)[::2], np.arange(60)[1::2]
MEMBERS = [("tree", DecisionTreeRegressor(max_depth=2, random_state=0)), ("line", LinearRegression())]


@pytest.mark.parametrize(
    ("estimator", "name", "values"),
    [
        (Ridge(), "alpha", (0.1, 1.0)),
        (RidgeClassifier(), "alpha", (0.1, 1.0)),
        (VotingRegressor(MEMBERS), "weights", ([1, 2], [3, 1])),
        (StackingRegressor(MEMBERS, cv=2), "passthrough", (True, False)),
        (XGBRegressor(n_jobs=1), "n_estimators", (2, 4)),
        (LGBMRegressor(n_jobs=1, verbosity=-1), "n_estimators", (2, 4)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_rule_that_does_not_pass_weights_on_leaves_weighted_rows_to_plain_fits(
    estimator: Any, name: str, values: Any
) -> None:
    problem = "classification" if isinstance(estimator, RidgeClassifier) else "regression"
    y = X[:, 0] + RNG.normal(size=60)
    table = Table(X, (y > 0).astype(int) if problem == "classification" else y, (HALVES, HALVES[::-1]))
    candidates = [{name: value} for value in values]
    assert "prefix" in same_as_plain(estimator, candidates, table, problem)
    weights = {"sample_weight": RNG.uniform(0.1, 5.0, 60)}
    assert same_as_plain(estimator, candidates, table, problem, fit_params=weights) == {"fitted"}


def test_arguments_that_a_rule_can_tell_its_fit() -> None:
    assert DecisionTreePath().takes(frozenset())
    assert DecisionTreePath().takes({"sample_weight"})
    assert not DecisionTreePath().takes({"sample_weight", "check_input"})
    assert not DecisionTreePath().takes({"check_input"})
    assert not RidgePath().takes({"sample_weight"})


@pytest.mark.parametrize("seed", [None, True, 1.0, np.random.RandomState(0), np.random.default_rng(0)])
def test_without_a_whole_number_as_seed_there_is_no_path(seed: Any) -> None:
    assert DecisionTreePath().allows(DecisionTreeRegressor(random_state=0))
    assert DecisionTreePath().allows(DecisionTreeRegressor(random_state=np.int64(0)))
    assert not DecisionTreePath().allows(RandomForestClassifier(random_state=seed))


@pytest.mark.parametrize("value", [0, -1, True, 2.0, "2", None, np.float64(2), [2]])
def test_what_no_count_is(value: Any) -> None:
    assert not is_count(value)


def test_counts_begin_where_they_are_told() -> None:
    assert is_count(0, least=0)
    assert is_count(np.int64(2), least=2)
    assert not is_count(1, least=2)
