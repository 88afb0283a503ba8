"""AdaBoost: early ends, members of any kind, and what a prefix says of itself."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.datasets import load_wine, make_regression
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import AdaBoostClassifier, AdaBoostRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, scale
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from hyperparameter_tuning.tasks.evaluation.paths.ada_boost import AdaBoostPath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

MEMBERS = [{"n_estimators": count} for count in (3, 20, 1, 9)]
BOTH = {"fitted", "prefix"}


def halves(X, y):
    even, odd = np.arange(0, len(X), 2), np.arange(1, len(X), 2)
    return Table(X, y, ((even, odd), (odd, even)))


def hard_to_learn():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    return X, np.sign(rng.normal(size=300) + X[:, 0])


@pytest.mark.parametrize(
    "member",
    [
        DecisionTreeClassifier(max_depth=None),  # no errors: ends at once
        DecisionTreeClassifier(max_depth=1, min_samples_leaf=30),  # ends no better than chance
        GaussianNB(),
        LogisticRegression(),
    ],
)
def test_members_and_early_ends(member):
    X, y = load_wine(return_X_y=True)
    X = scale(X)
    model = AdaBoostClassifier(member, random_state=0)
    assert same_as_plain(model, MEMBERS, halves(X, y), "classification") == BOTH


def test_ends_that_were_meant_are_reached():
    X, y = load_wine(return_X_y=True)
    perfect = AdaBoostClassifier(DecisionTreeClassifier(), random_state=0, n_estimators=20).fit(X, y)
    assert len(perfect.estimators_) == 1
    chance = AdaBoostRegressor(random_state=0, n_estimators=60).fit(*hard_to_learn())
    assert 5 < len(chance.estimators_) < 60


def test_a_regressor_that_ends_early_and_many_members():
    """Over 128 weights are summed by halves, so the zeros behind an early end count."""
    X, y = hard_to_learn()
    model = AdaBoostRegressor(random_state=0)
    candidates = [{"n_estimators": count} for count in (5, 60, 140)]
    assert same_as_plain(model, candidates, halves(X, y), "regression") == BOTH
    X, y = load_wine(return_X_y=True)
    member = DecisionTreeClassifier(max_depth=2)
    assert (
        same_as_plain(AdaBoostClassifier(member, random_state=0), candidates, halves(X, y), "classification")
        == BOTH
    )


def test_large_folds_and_tied_targets():
    rng = np.random.default_rng(0)
    X = np.rint(rng.normal(size=(2600, 3)))
    y = np.rint(X[:, 0] + rng.normal(size=2600))
    model = AdaBoostRegressor(DecisionTreeRegressor(max_depth=2), random_state=0)
    assert same_as_plain(model, MEMBERS, halves(X, y), "regression") == BOTH


def test_one_class_is_fitted_plainly():
    X = np.arange(20.0).reshape(-1, 1)
    table = Table(X, np.array([0, 1] * 10), ((np.arange(0, 20, 2), np.arange(20)),))
    ways = same_as_plain(AdaBoostClassifier(random_state=0), MEMBERS, table, "classification")
    assert "prefix" not in ways


def test_a_fit_that_warns_is_not_shared():
    X, y = load_wine(return_X_y=True)
    member = LogisticRegression(max_iter=1)  # never done, and says so
    ways = same_as_plain(AdaBoostClassifier(member, random_state=0), MEMBERS, halves(X, y), "classification")
    assert ways == {"fitted"}


class Foreign(RegressorMixin, BaseEstimator):
    """A member of another package."""


@pytest.mark.parametrize(
    "settings",
    [
        {"random_state": None},
        {"random_state": 0, "estimator": Foreign()},
        {"random_state": 0, "estimator": make_pipeline(FunctionTransformer(np.log1p), LinearRegression())},
    ],
)
def test_settings_without_a_path(settings):
    assert not AdaBoostPath().allows(AdaBoostRegressor(**settings))


@pytest.mark.parametrize("count", [True, 0, 2.0, None])
def test_counts_that_are_not_on_the_path(count):
    assert not AdaBoostPath().has(AdaBoostRegressor(), {"n_estimators": count})


def test_members_are_asked_once(monkeypatch):
    asked = []
    predict = DecisionTreeRegressor.predict
    monkeypatch.setattr(
        DecisionTreeRegressor,
        "predict",
        lambda self, X, **how: asked.append(len(X)) or predict(self, X, **how),
    )
    X, y = make_regression(100, 2, random_state=0)
    fold = PreparedFold(X, y, X[:7], y[:7])
    model = AdaBoostRegressor(random_state=0)
    for _, prefix in AdaBoostPath().prefixes(model, MEMBERS, PathRows(fold, with_train=False)):
        prefix.predict(fold.X_test)
    assert asked.count(7) == 20


@pytest.mark.parametrize("member", [DummyClassifier(strategy="prior"), DecisionTreeClassifier(max_depth=1)])
def test_a_prefix_says_of_itself_what_the_fitted_one_says(member):
    X, y = load_wine(return_X_y=True)
    y = (y == 1).astype(int)
    fold = PreparedFold(X, y, X[:50], y[:50])
    rows = PathRows(fold, with_train=False)
    for position, prefix in AdaBoostPath().prefixes(
        AdaBoostClassifier(member, random_state=0), MEMBERS, rows
    ):
        plain = AdaBoostClassifier(member, random_state=0).set_params(**MEMBERS[position]).fit(X, y)
        assert prefix.n_estimators == plain.n_estimators
        assert len(prefix.estimators_) == len(plain.estimators_)
        assert np.array_equal(prefix.estimator_weights_, plain.estimator_weights_)
        assert np.array_equal(prefix.estimator_errors_, plain.estimator_errors_)
        assert np.array_equal(prefix.predict_proba(X), plain.predict_proba(X))  # not a known table
