"""Stacks with several final estimators: members are fitted and asked once; and where they may not be."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier, StackingClassifier, StackingRegressor
from sklearn.linear_model import Lasso, LinearRegression, LogisticRegression
from sklearn.model_selection import KFold, ShuffleSplit, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from hyperparameter_tuning.tasks.evaluation.paths.stacking import StackingPath
from tests.tasks_search.paths.compared import same_as_plain, scored, told
from tests.tasks_search.paths.tables_strategy import Table

RNG = np.random.default_rng(7)
X = np.round(RNG.normal(size=(60, 3)), 1)
HALVES = np.arange(60)[::2], np.arange(60)[1::2]
TABLE = Table(X, np.where(X[:, 0] + X[:, 1] > 0.2, "yes", "no"), (HALVES, HALVES[::-1]))
NUMBERS = Table(X, X[:, 0] + RNG.normal(size=60), (HALVES, HALVES[::-1]))
PENALTIES = [{"final_estimator__C": penalty} for penalty in (0.1, 1.0, 10)]


def stacking(member: Any = None, **settings: Any) -> StackingClassifier:
    first = DecisionTreeClassifier(random_state=0, max_depth=2) if member is None else member
    defaults = {"final_estimator": LogisticRegression(), "cv": 2}
    return StackingClassifier([("first", first), ("bayes", GaussianNB())], **{**defaults, **settings})


def ways(estimator: Any, candidates: Any = PENALTIES, table: Table = TABLE) -> set[str]:
    return same_as_plain(estimator, candidates, table, "classification")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"passthrough": True},
        {"stack_method": "predict"},
        {"cv": KFold(2)},
        {"cv": StratifiedKFold(2, shuffle=True, random_state=3)},
    ],
)
def test_members_are_the_same_for_all_final_estimators(settings: Any):
    assert "prefix" in ways(stacking(**settings))


def test_final_estimators_of_other_kinds_and_the_rows_themselves():
    finals = [LogisticRegression(), GaussianNB(), DecisionTreeClassifier(random_state=0), None]
    candidates = [{"final_estimator": final, "passthrough": way} for final in finals for way in (True, False)]
    assert "prefix" in ways(stacking(), candidates)
    named = Table(pd.DataFrame(X, columns=list("abc")), TABLE.y, TABLE.splits)
    assert "prefix" in ways(stacking().set_output(transform="pandas"), candidates, named)


def test_the_searchs_own_final_estimator_stays_as_it_is():
    estimator = stacking()
    mixed = [*PENALTIES, {"passthrough": True}, {"final_estimator": LogisticRegression(tol=0.1)}]
    assert "prefix" in ways(estimator, mixed)
    assert estimator.final_estimator.C == 1.0


def test_settings_of_members_are_families_of_their_own():
    candidates = [{"first__max_depth": depth, **each} for depth in (1, 3) for each in PENALTIES]
    assert "prefix" in ways(stacking(), candidates)


@pytest.mark.parametrize(
    "settings",
    [
        {"member": DecisionTreeClassifier()},
        {"member": RandomForestClassifier(3, random_state=0, n_jobs=2)},
        {"cv": KFold(2, shuffle=True)},
        {"cv": ShuffleSplit(2)},
        {"cv": "prefit"},
    ],
    ids=["no seed", "several jobs", "drawn folds", "another splitter", "fitted before"],
)
def test_what_may_differ_at_every_fit_is_fitted_for_each(settings: Any):
    found = scored(stacking(**settings), PENALTIES, TABLE, "classification")
    assert {fold.how for result in found for fold in result.folds} == {"fitted"}


@pytest.mark.parametrize(
    "wrong", [{"final_estimator__no": 1}, {"passthrough": "yes"}, {"final_estimator__C": -1.0}]
)
def test_settings_that_are_refused_are_refused_with_the_same_words(wrong: dict[str, Any]):
    if "final_estimator__no" in wrong:
        with pytest.raises(ValueError, match="Invalid parameter 'no'"):
            scored(stacking(), [*PENALTIES, wrong], TABLE, "classification")
    else:
        ways(stacking(), [*PENALTIES, wrong])


def test_settings_that_the_final_estimator_does_not_know_leave_the_others_alone():
    """A family is what a rule says; who has no place in it says himself what is wrong."""
    rule = StackingPath()
    assert rule.has(stacking(), {"final_estimator__C": 1.0, "passthrough": True})
    with pytest.raises(ValueError, match="Invalid parameter 'no'"):
        rule.has(stacking(), {"final_estimator__no": 1, "passthrough": True})


def test_a_classifier_cannot_end_in_a_regressor():
    same_as_plain(stacking(), [*PENALTIES, {"final_estimator": LinearRegression()}], TABLE, "classification")


def test_a_subclass_is_fitted_for_each():
    class Own(StackingClassifier):
        pass

    assert "prefix" not in ways(Own(stacking().estimators, LogisticRegression(), cv=2))


def test_each_hears_its_own_final_estimators_warnings_and_all_those_of_the_members():
    members = [
        ("tree", DecisionTreeRegressor(random_state=0)),
        ("lasso", Lasso(1e-3, max_iter=1, random_state=0)),
    ]
    stack = StackingRegressor(members, Lasso(1e-3, random_state=0), cv=2)
    candidates = [{"final_estimator__max_iter": most} for most in (1, 1000, 999)]
    plain = scored(stack, candidates, NUMBERS, "regression", shared_fits=False)
    assert len(plain[0].folds[0].warnings) > len(plain[1].folds[0].warnings) > 0
    ours = scored(stack, candidates, NUMBERS, "regression")
    assert [told(result) for result in ours] == [told(result) for result in plain]
    assert {fold.how for result in ours for fold in result.folds} == {"prefix", "fitted"}
