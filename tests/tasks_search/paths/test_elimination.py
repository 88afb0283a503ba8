"""Recursive elimination passes larger selections on its way, one column a round and nothing else."""

from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import RFE
from sklearn.linear_model import Lasso, LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.evaluation.step_paths.elimination import EliminationPath
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import grown, taken
from tests.tasks_search.paths.compared import same_as_plain, scored, told
from tests.tasks_search.paths.tables_strategy import Table

HALVES = np.arange(80)[::2], np.arange(80)[1::2]
RNG = np.random.default_rng(5)
X = np.round(RNG.normal(size=(80, 6)), 1)
TABLE = Table(X, (X[:, 0] + X[:, 1] > 0.2).astype(int), (HALVES, HALVES[::-1]))
COUNTS = [{"rfe__n_features_to_select": count} for count in (3, 5, np.int64(2), 6)]
TREE = DecisionTreeClassifier(random_state=0)


class Stump(DecisionTreeClassifier):
    """Somebody's estimator."""


def eliminating(estimator: Any = TREE, **settings: Any) -> Pipeline:
    return Pipeline([("rfe", RFE(estimator, **settings)), ("model", GaussianNB())])


def ways(pipeline: Pipeline, counts: Any = COUNTS, table: Table = TABLE) -> set[str]:
    return same_as_plain(pipeline, counts, table, "classification")


@pytest.mark.parametrize(
    "estimator",
    [TREE, RandomForestClassifier(3, random_state=1), LogisticRegression(random_state=0, max_iter=5)],
)
def test_every_number_of_columns_is_passed(estimator: Any):
    assert "shared" in ways(eliminating(estimator))


def test_the_cut_is_the_selector_that_would_have_been_fitted():
    longest = {"n_features_to_select": 1}
    found = grown(EliminationPath(), RFE(TREE), longest, X, TABLE.y)
    for count in range(1, 7):
        step, rows = taken(EliminationPath(), found, {"n_features_to_select": count}, X, TABLE.y)
        plain = RFE(TREE, n_features_to_select=count).fit(X, TABLE.y)
        assert np.array_equal(step.ranking_, plain.ranking_)
        assert np.array_equal(step.support_, plain.support_)
        assert step.n_features_ == plain.n_features_
        assert np.array_equal(rows, plain.transform(X))
        assert not hasattr(step, "estimator_")  # that of the last round answers for its columns only


@pytest.mark.parametrize(
    "settings",
    [
        {"step": 2},
        {"step": 0.4},
        {"step": True},
        {"importance_getter": lambda tree: tree.feature_importances_},
    ],
)
def test_other_ways_to_eliminate_are_gone_for_each(settings: Any):
    assert "shared" not in ways(eliminating(**settings))


@pytest.mark.parametrize("estimator", [Stump(random_state=0), DecisionTreeClassifier()])
def test_an_estimator_that_may_differ_at_every_fit_is_fitted_for_each(estimator: Any):
    found = scored(eliminating(estimator), COUNTS, TABLE, "classification")
    assert {fold.how for result in found for fold in result.folds} == {"fitted"}


def test_a_subclass_is_fitted_for_each():
    class Own(RFE):
        pass

    assert "shared" not in ways(Pipeline([("rfe", Own(TREE)), ("model", GaussianNB())]))


@pytest.mark.parametrize("count", [None, 0.5, 7, 0, "all"])
def test_a_number_off_the_path_is_left_to_itself(count: Any):
    assert "shared" in ways(eliminating(), [*COUNTS, {"rfe__n_features_to_select": count}])


def test_each_hears_the_warnings_of_its_own_rounds():
    counts = [{"rfe__n_features_to_select": count} for count in (1, 3, 5)]
    target = Table(X, X[:, 0] + 0.5 * X[:, 1] + RNG.normal(size=80) * 0.3, TABLE.splits)
    pipeline = Pipeline([("rfe", RFE(Lasso(1e-3, max_iter=1, random_state=0))), ("model", Lasso())])
    plain = scored(pipeline, counts, target, "regression", shared_fits=False)
    assert len({repr(sorted(result.folds[0].warnings)) for result in plain}) == 3
    ours = scored(pipeline, counts, target, "regression")
    assert [told(result) for result in ours] == [told(result) for result in plain]
    assert "shared" in {fold.how for result in ours for fold in result.folds}
