"""Votes weighed: members that are fitted once, and where they may not be."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier, VotingClassifier, VotingRegressor
from sklearn.linear_model import Lasso, LinearRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests.tasks_search.paths.compared import same_as_plain, scored
from tests.tasks_search.paths.tables_strategy import Table

RNG = np.random.default_rng(7)
X = np.round(RNG.normal(size=(80, 3)), 1)
HALVES = np.arange(80)[::2], np.arange(80)[1::2]
TABLE = Table(X, np.where(X[:, 0] + X[:, 1] > 0.2, "yes", "no"), (HALVES, HALVES[::-1]))
NUMBERS = Table(X, X[:, 0] + RNG.normal(size=80), (HALVES, HALVES[::-1]))
WEIGHTS = [{"weights": weights} for weights in ([1, 2], None, (0.3, 0.9), np.array([5.0, 1.0]))]


class Stump(DecisionTreeClassifier):
    """Somebody's estimator."""


def voting(member: Any = None, **settings: Any) -> VotingClassifier:
    first = DecisionTreeClassifier(random_state=0, max_depth=2) if member is None else member
    return VotingClassifier([("first", first), ("bayes", GaussianNB())], **settings)


def ways(estimator: Any, candidates: Any = WEIGHTS) -> set[str]:
    return same_as_plain(estimator, candidates, TABLE, "classification")


@pytest.mark.parametrize("kind", ["hard", "soft"])
def test_members_are_the_same_for_all_weights(kind: str):
    assert "prefix" in ways(voting(voting=kind))
    assert "prefix" in ways(voting(make_pipeline(StandardScaler(), GaussianNB()), voting=kind))


def test_labels_and_probabilities_are_of_the_same_members():
    candidates = [{"voting": kind, **weights} for kind in ("soft", "hard") for weights in WEIGHTS]
    assert ways(voting(), candidates) >= {"prefix", "fitted"}
    silent = SVC(random_state=0)  # has no probabilities, so that only labels can be scored
    same_as_plain(voting(silent), candidates, TABLE, "classification")


def test_settings_of_members_are_families_of_their_own():
    candidates = [{"first__max_depth": depth, **weights} for depth in (1, 3) for weights in WEIGHTS]
    assert "prefix" in ways(voting(), candidates)


@pytest.mark.parametrize(
    "member",
    [
        DecisionTreeClassifier(),
        DecisionTreeClassifier(random_state=np.random.RandomState(0)),
        Stump(random_state=0),
        RandomForestClassifier(3, random_state=0, n_jobs=2),
        make_pipeline(FunctionTransformer(np.abs), GaussianNB()),
    ],
    ids=["no seed", "a generator", "somebody's", "several jobs", "a function"],
)
def test_members_that_may_differ_at_every_fit_are_fitted_for_each(member: Any):
    found = scored(voting(member), WEIGHTS, TABLE, "classification")
    assert {fold.how for result in found for fold in result.folds} == {"fitted"}


def test_weights_of_another_kind_are_fitted_for_each():
    candidates = [{"weights": pd.Series(weights)} for weights in ([1.0, 2.0], [3.0, 1.0])]
    assert ways(voting(), candidates) == {"fitted"}


@pytest.mark.parametrize("weights", [[1], [1, 2, 3], 3, "ab", [[1, 2]], ["a", "b"]])
def test_weights_that_are_not_one_per_member_fail_alone(weights: Any):
    assert "prefix" in ways(voting(), [*WEIGHTS[:3], {"weights": weights}])


def test_another_kind_of_voting_fails_alone():
    assert "prefix" in ways(voting(), [*WEIGHTS[:3], {"voting": "loud"}])


def test_a_subclass_is_fitted_for_each():
    class Own(VotingClassifier):
        pass

    assert "prefix" not in ways(Own(voting().estimators))


def test_numbers_are_weighed_and_warnings_of_members_told_for_each():
    members = [
        ("tree", DecisionTreeRegressor(random_state=0)),
        ("lasso", Lasso(1e-3, max_iter=1, random_state=0)),
    ]
    assert "prefix" in same_as_plain(VotingRegressor(members), WEIGHTS, NUMBERS, "regression")
    without = VotingRegressor([("line", LinearRegression()), ("gone", "drop")])
    assert "prefix" in same_as_plain(without, WEIGHTS, NUMBERS, "regression")
