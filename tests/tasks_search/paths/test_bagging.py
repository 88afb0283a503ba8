"""Bagging: members of any kind, how they are summed, and what a prefix says of itself."""

import numpy as np
import pytest
from joblib import parallel_config
from sklearn.datasets import load_wine, make_regression
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import BaggingClassifier, BaggingRegressor
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import NearestCentroid
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from hyperparameter_tuning.tasks.evaluation.paths.bagging import BaggingPath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRows
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.tables_strategy import Table

MEMBERS = [{"n_estimators": count} for count in (3, 14, 1, 9)]
BOTH = {"fitted", "prefix"}


def halves(X, y):
    even, odd = np.arange(0, len(X), 2), np.arange(1, len(X), 2)
    return Table(X, y, ((even, odd), (odd, even)))


@pytest.mark.parametrize(
    "member",
    [
        make_pipeline(StandardScaler(), LogisticRegression()),  # has decisions as well as probabilities
        NearestCentroid(),  # has probabilities of its own
        DummyClassifier(strategy="stratified"),  # draws at predictions, too
    ],
)
def test_members(member):
    X, y = load_wine(return_X_y=True)
    model = BaggingClassifier(member, random_state=0, max_features=0.8)
    assert same_as_plain(model, MEMBERS, halves(X, y), "classification") == BOTH


def test_missing_classes_and_large_folds():
    rng = np.random.default_rng(0)
    X, y = np.rint(rng.normal(size=(2600, 3))), rng.integers(0, 8, 2600)
    model = BaggingClassifier(random_state=0, max_samples=7)
    assert same_as_plain(model, MEMBERS, halves(X, y), "classification") == BOTH


def test_what_the_bag_itself_warns_of_is_told_for_every_length():
    X, y = make_regression(24, 2, random_state=0)
    model = BaggingRegressor(random_state=0, max_samples=0.3)
    assert same_as_plain(model, MEMBERS, halves(X, y), "regression") == BOTH


def test_a_member_that_warns_ends_in_plain_fits():
    X, y = load_wine(return_X_y=True)
    model = BaggingClassifier(LogisticRegression(max_iter=1), random_state=0)
    assert same_as_plain(model, MEMBERS, halves(X, y), "classification") == {"fitted"}


@pytest.mark.parametrize(
    "settings",
    [
        {"random_state": None},
        {"random_state": 0, "n_jobs": 2},
        {"random_state": 0, "oob_score": True},
        {"random_state": 0, "warm_start": True},
        {"random_state": 0, "estimator": make_pipeline(FunctionTransformer(np.log1p), Ridge())},
    ],
)
def test_settings_without_a_path(settings):
    assert not BaggingPath().allows(BaggingRegressor(**settings))


def test_jobs_that_come_from_outside_sum_in_groups_too():
    with parallel_config(backend="threading", n_jobs=2):
        assert not BaggingPath().allows(BaggingRegressor(random_state=0))
    assert BaggingPath().allows(BaggingRegressor(random_state=0))


def test_several_jobs_sum_in_another_order():
    """Why they are left to plain fits."""
    X, y = make_regression(300, 4, noise=30.0, random_state=0)
    bag = BaggingRegressor(random_state=0, n_estimators=14).fit(X, y)
    alone = bag.predict(X)
    with parallel_config(backend="threading"):
        assert not np.array_equal(bag.set_params(n_jobs=2).predict(X), alone)


@pytest.mark.parametrize("count", [True, 0, 2.0, None])
def test_counts_that_are_not_on_the_path(count):
    assert not BaggingPath().has(BaggingRegressor(), {"n_estimators": count})


def test_a_prefix_says_of_itself_what_the_fitted_one_says():
    X, y = make_regression(60, 3, random_state=0)
    rows = PathRows(PreparedFold(X, y, X[:20], y[:20]), with_train=False)
    for position, prefix in BaggingPath().prefixes(BaggingRegressor(random_state=0), MEMBERS, rows):
        plain = BaggingRegressor(random_state=0).set_params(**MEMBERS[position]).fit(X, y)
        assert prefix.get_params() == plain.get_params()
        assert np.array_equal(prefix.estimators_samples_, plain.estimators_samples_)
        assert np.array_equal(prefix.estimators_features_, plain.estimators_features_)
        assert np.array_equal(prefix.predict(X), plain.predict(X))  # a table whose answer is not known
