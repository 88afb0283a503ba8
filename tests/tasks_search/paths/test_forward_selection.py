"""Forward selection chooses its first columns alike, however many follow; and where it may not."""

from typing import Any

import numpy as np
import pytest
from sklearn.feature_selection import SequentialFeatureSelector
from sklearn.linear_model import Lasso
from sklearn.metrics import accuracy_score, make_scorer
from sklearn.model_selection import KFold, ShuffleSplit, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline

from tests.tasks_search.paths.compared import same_as_plain, scored
from tests.tasks_search.paths.tables_strategy import Table

HALVES = np.arange(60)[::2], np.arange(60)[1::2]
RNG = np.random.default_rng(5)
X = np.round(RNG.normal(size=(60, 4)), 1)
TABLE = Table(X, (X[:, 0] + X[:, 1] > 0.2).astype(int), (HALVES, HALVES[::-1]))
COUNTS = [{"select__n_features_to_select": count} for count in (2, 1, np.int64(3))]


class Bayes(GaussianNB):
    """Somebody's estimator."""


def selecting(estimator: Any = None, **settings: Any) -> Pipeline:
    selector = SequentialFeatureSelector(estimator or GaussianNB(), **{"cv": 2, **settings})
    return Pipeline([("select", selector), ("model", GaussianNB())])


def ways(pipeline: Pipeline, counts: Any = COUNTS) -> set[str]:
    return same_as_plain(pipeline, counts, TABLE, "classification")


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"scoring": "neg_log_loss"},
        {"cv": KFold(2)},
        {"cv": StratifiedKFold(2, shuffle=True, random_state=1)},
    ],
)
def test_the_first_columns_are_the_same(settings: Any):
    assert "shared" in ways(selecting(**settings))


@pytest.mark.parametrize(
    "settings",
    [
        {"direction": "backward"},
        {"tol": 0.001},
        {"scoring": make_scorer(accuracy_score)},
        {"cv": ShuffleSplit(2, random_state=0)},
        {"estimator": Bayes()},
    ],
    ids=["backward", "a tolerance", "a function", "a splitter of another kind", "somebody's estimator"],
)
def test_other_ways_to_select_are_gone_for_each(settings: Any):
    assert "shared" not in ways(selecting(**settings))


@pytest.mark.parametrize("seed", [None, np.random.RandomState(0)])
def test_folds_that_are_drawn_anew_are_drawn_for_each(seed: Any):
    pipeline = selecting(cv=KFold(2, shuffle=True, random_state=seed))
    found = scored(pipeline, COUNTS, TABLE, "classification")
    assert {fold.how for result in found for fold in result.folds} == {"fitted"}


def test_a_subclass_is_fitted_for_each():
    class Own(SequentialFeatureSelector):
        pass

    own = Pipeline([("select", Own(GaussianNB(), cv=2)), ("model", GaussianNB())])
    assert "shared" not in ways(own)


@pytest.mark.parametrize("count", ["auto", 0.5, 4, 9, 0])
def test_a_number_off_the_path_is_left_to_itself(count: Any):
    assert "shared" in ways(selecting(), [*COUNTS, {"select__n_features_to_select": count}])


def test_each_hears_the_warnings_of_its_own_rounds():
    pipeline = selecting(Lasso(1e-3, max_iter=1, random_state=0))
    plain = scored(pipeline, COUNTS[:2], TABLE, "classification", shared_fits=False)
    assert [bool(result.folds[0].warnings) for result in plain] == [True, False]
    assert "shared" in ways(pipeline, COUNTS[:2])
