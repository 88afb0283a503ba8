"""Trees copied from the first one are those that scikit-learn would have made, and cost less."""

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    ExtraTreesRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    _base,
)
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.evaluation.paths.quick_members import quick_members

ENSEMBLES = {
    "forest": RandomForestClassifier(n_estimators=6, max_leaf_nodes=5, random_state=3),
    "forest with bounds": RandomForestRegressor(n_estimators=6, monotonic_cst=[1, 0, 0, -1], random_state=3),
    "extra trees": ExtraTreesRegressor(n_estimators=6, ccp_alpha=0.01, random_state=3),
    "boosting": AdaBoostClassifier(n_estimators=6, random_state=3),
    "boosting of given trees": AdaBoostClassifier(
        DecisionTreeClassifier(max_features=1, random_state=8), n_estimators=6, random_state=3
    ),
    "boosting of numbers": AdaBoostRegressor(n_estimators=6, random_state=3),
    "boosting of other members": AdaBoostClassifier(LogisticRegression(), n_estimators=6, random_state=3),
    # These do not draw, and rows of the next one are drawn from the same stream.
    "boosting of lines": AdaBoostRegressor(LinearRegression(), n_estimators=6, random_state=3),
}
X, Y = load_iris(return_X_y=True)


@pytest.mark.parametrize("name", ENSEMBLES)
def test_members_are_those_that_scikit_learn_makes(name: str) -> None:
    plain, quick = (copy.deepcopy(ENSEMBLES[name]) for _ in range(2))
    plain.fit(X, Y)
    with quick_members(quick):
        quick.fit(X, Y)
    assert len(quick.estimators_) == len(plain.estimators_)
    for ours, theirs in zip(quick.estimators_, plain.estimators_, strict=True):
        assert repr(ours) == repr(theirs)  # all that differs from defaults, the seed included
        assert type(ours) is type(theirs)
    np.testing.assert_array_equal(quick.predict(X), plain.predict(X))


def test_a_member_is_cloned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clones: list[Any] = []
    as_ever = _base.clone
    monkeypatch.setattr(_base, "clone", lambda estimator: clones.append(estimator) or as_ever(estimator))
    forest = copy.deepcopy(ENSEMBLES["forest"])
    with quick_members(forest):
        forest.fit(X, Y)
    assert len(clones) == 1


def test_what_is_left_is_the_ensemble_as_it_was() -> None:
    forest = copy.deepcopy(ENSEMBLES["forest"])
    with pytest.raises(ValueError, match="inconsistent"), quick_members(forest):
        forest.fit(X, Y[:-1])
    assert "_make_estimator" not in vars(forest)
    with quick_members(forest):
        forest.fit(X, Y)
    assert pickle.loads(pickle.dumps(forest)).predict(X[:1]) == forest.predict(X[:1])
