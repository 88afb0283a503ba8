"""Gradient boosting: which settings have a path, and what a prefix says of itself."""

import re

import numpy as np
import pytest
from sklearn import get_config
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import load_breast_cancer, load_wine, make_regression
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier, GradientBoostingRegressor
from sklearn.model_selection import StratifiedKFold
from sklearn.tree import DecisionTreeRegressor
from sklearn.utils._param_validation import InvalidParameterError

from hyperparameter_tuning.tasks.evaluation.paths.gradient_boosting import GradientBoostingPath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

STAGES = [{"n_estimators": count} for count in (4, 30, 1, 60)]


def table_of(X, y, n_splits=2):
    return Table(X, y, tuple(StratifiedKFold(n_splits).split(X, y)))


@pytest.mark.parametrize(
    "settings",
    [
        {"n_iter_no_change": 2, "learning_rate": 0.5, "tol": 1e-2},
        {"n_iter_no_change": 2, "learning_rate": 0.5, "subsample": 0.5, "max_features": "sqrt"},
    ],
)
@pytest.mark.parametrize("load", [load_wine, load_breast_cancer])
def test_candidates_above_the_stopping_round_are_the_stopped_model(load, settings):
    X, y = load(return_X_y=True)
    model = GradientBoostingClassifier(random_state=1, max_depth=2, **settings)
    assert model.set_params(n_estimators=60).fit(X, y).n_estimators_ < 60
    assert same_as_plain(model, STAGES, table_of(X, y), "classification") == {"fitted", "prefix"}


def test_exponential_loss_and_large_folds():
    rng = np.random.default_rng(3)
    X = np.rint(rng.normal(size=(2600, 4)) * 3)
    y = (X[:, 0] + rng.normal(size=2600) > 0).astype(int)
    model = GradientBoostingClassifier(loss="exponential", random_state=1)
    candidates = [{"n_estimators": count} for count in (2, 9)]
    assert same_as_plain(model, candidates, table_of(X, y), "classification") == {"fitted", "prefix"}


@pytest.mark.parametrize(
    "settings",
    [
        {"random_state": None},
        {"random_state": np.random.RandomState(0)},
        {"random_state": 0, "warm_start": True},
        {"random_state": 0, "init": DummyClassifier()},
    ],
)
def test_settings_without_a_path(settings):
    assert not GradientBoostingPath().allows(GradientBoostingClassifier(**settings))


@pytest.mark.parametrize("count", [True, 0, 2.0, "many", None])
def test_counts_that_are_not_on_the_path(count):
    assert not GradientBoostingPath().has(GradientBoostingClassifier(), {"n_estimators": count})


@pytest.mark.parametrize("settings", [{}, {"subsample": 0.5}, {"subsample": 0.5, "n_iter_no_change": 2}])
def test_a_prefix_says_of_itself_what_the_fitted_one_says(settings):
    X, y = make_regression(200, 3, noise=100.0, random_state=0)
    model = GradientBoostingRegressor(random_state=0, learning_rate=0.9, **settings)
    fold = PreparedFold(X, y, X[:50], y[:50])
    prefixes = GradientBoostingPath().prefixes(model, STAGES, PathRows(fold, with_train=False))
    for position, prefix in prefixes:
        plain = GradientBoostingRegressor(random_state=0, learning_rate=0.9, **settings)
        plain.set_params(**STAGES[position]).fit(X, y)
        assert prefix.get_params() == plain.get_params()
        assert prefix.n_estimators_ == plain.n_estimators_ == len(prefix.estimators_)
        for name in ("train_score_", "oob_scores_", "oob_improvement_", "oob_score_", "feature_importances_"):
            assert hasattr(prefix, name) == hasattr(plain, name)
            assert np.array_equal(getattr(prefix, name, None), getattr(plain, name, None))
        assert np.array_equal(prefix.predict(X), plain.predict(X))  # a table whose answer is not known


@pytest.mark.parametrize(
    "settings",
    [
        {"min_samples_leaf": 0},
        {"min_samples_split": 1},
        {"max_depth": 0},
        {"max_leaf_nodes": 1},
        {"max_features": "most"},
        {"min_weight_fraction_leaf": 0.6},
        {"min_impurity_decrease": -1.0},
        {"ccp_alpha": -0.1},
        {"criterion": "gini"},
        {"learning_rate": -1.0},
    ],
)
def test_values_that_scikit_learn_refuses_are_refused_in_its_words(settings):
    X, y = make_regression(60, 3, random_state=0)
    model = GradientBoostingRegressor(random_state=0, **settings)
    with pytest.raises(InvalidParameterError) as plain:
        clone(model).fit(X, y)
    rows = PathRows(PreparedFold(X, y, X, y), with_train=False)
    with pytest.raises(InvalidParameterError, match=re.escape(str(plain.value))):
        list(GradientBoostingPath().prefixes(model, STAGES, rows))


def test_parameters_are_looked_at_once_and_by_the_rules_of_the_trees(monkeypatch):
    looked_at = []
    as_ever = BaseEstimator._validate_params
    monkeypatch.setattr(
        BaseEstimator, "_validate_params", lambda self: (looked_at.append(type(self)), as_ever(self))
    )
    X, y = make_regression(60, 3, random_state=0)
    model = GradientBoostingRegressor(random_state=0)
    rows = PathRows(PreparedFold(X, y, X, y), with_train=False)
    assert len(list(GradientBoostingPath().prefixes(model, STAGES, rows))) == len(STAGES)
    assert looked_at == [GradientBoostingRegressor]
    assert not get_config()["skip_parameter_validation"]
    of_trees = DecisionTreeRegressor._parameter_constraints
    handed_on = set(of_trees) & set(model.get_params()) - {"criterion"}  # that of the trees is one word
    assert len(handed_on) == 9
    for name in handed_on:
        assert GradientBoostingRegressor._parameter_constraints[name] is of_trees[name]
        assert GradientBoostingClassifier._parameter_constraints[name] is of_trees[name]
