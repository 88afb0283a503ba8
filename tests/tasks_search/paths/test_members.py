"""Members of ensembles: whose they are, whether they draw, and folds that are the same at every fit."""

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, ShuffleSplit, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.evaluation.paths.members import (
    are_repeatable,
    is_known,
    is_repeatable,
    is_settled_cv,
    is_tree,
)


class Stump(DecisionTreeClassifier):
    """Somebody's estimator."""


class Folds(KFold):
    """Somebody's folds."""


@pytest.mark.parametrize(
    "value",
    [None, 1, "a", 0.5, np.int64(1), np.ones(2), GaussianNB(), make_pipeline(StandardScaler(), SVC())],
)
def test_what_is_known(value: Any) -> None:
    assert is_known(value)


@pytest.mark.parametrize(
    "value",
    [
        Stump(),
        make_pipeline(StandardScaler(), Stump()),
        FunctionTransformer(np.log1p),
        SelectKBest(),
        LogisticRegression(random_state=np.random.RandomState(0)),
        KFold(2),
        [np.log1p],
        (1, Stump()),
    ],
)
def test_what_is_not(value: Any) -> None:
    assert not is_known(value)


@pytest.mark.parametrize(
    ("member", "repeats"),
    [
        (DecisionTreeClassifier(random_state=0), True),
        (DecisionTreeClassifier(), False),
        (make_pipeline(StandardScaler(), DecisionTreeClassifier(random_state=0)), True),
        (make_pipeline(StandardScaler(), DecisionTreeClassifier()), False),
        (RandomForestClassifier(random_state=0, n_jobs=1), True),
        (RandomForestClassifier(random_state=0, n_jobs=2), False),
        (make_pipeline(RandomForestClassifier(random_state=0, n_jobs=2)), False),
        (Stump(random_state=0), False),
        ("drop", True),
    ],
)
def test_who_is_the_same_at_every_fit(member: Any, repeats: bool) -> None:
    assert is_repeatable(member) == repeats
    assert are_repeatable([("other", GaussianNB()), ("this", member)]) == repeats


def test_members_without_names_are_left_to_scikit_learn() -> None:
    assert not are_repeatable(None)
    assert not are_repeatable({"ab": GaussianNB()})


@pytest.mark.parametrize(
    "cv",
    [
        None,
        3,
        KFold(2),
        StratifiedKFold(2, random_state=None),
        KFold(2, shuffle=True, random_state=1),
    ],
)
def test_folds_that_are_the_same_at_every_fit(cv: Any) -> None:
    assert is_settled_cv(cv)


@pytest.mark.parametrize(
    "cv",
    [
        "prefit",
        True,
        [(np.arange(3), np.arange(3))],
        Folds(2),
        ShuffleSplit(2, random_state=0),
        KFold(2, shuffle=True),
        StratifiedKFold(2, shuffle=True, random_state=np.random.RandomState(0)),
    ],
)
def test_folds_that_may_differ(cv: Any) -> None:
    assert not is_settled_cv(cv)


def test_only_trees_convert_rows_as_trees_do() -> None:
    assert is_tree(None)
    assert is_tree(DecisionTreeClassifier())
    assert not is_tree(GaussianNB())
