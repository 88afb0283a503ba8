"""Scores, tables and choices equal scikit-learn's to the bit: grid, random and both halvings."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.exceptions import FitFailedWarning
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - makes the halvings importable
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.searchers import (
    GridSearch,
    HalvingGridSearch,
    HalvingRandomSearch,
    RandomSearch,
)
from tests.tasks_search.datasets import PROBLEMS, Problem
from tests.tasks_search.same_table import assert_same_table

PAIRS = {
    "grid": (GridSearch, GridSearchCV, {"return_train_score": True}),
    "random": (RandomSearch, RandomizedSearchCV, {"n_iter": 8}),
    "halving": (HalvingGridSearch, HalvingGridSearchCV, {"factor": 2, "return_train_score": False}),
    "halving_random": (
        HalvingRandomSearch,
        HalvingRandomSearchCV,
        {"n_candidates": 9, "min_resources": "exhaust", "return_train_score": False},
    ),
}
HALVING_ATTRIBUTES = (
    "n_resources_",
    "n_candidates_",
    "n_remaining_candidates_",
    "n_iterations_",
    "n_possible_iterations_",
    "n_required_iterations_",
    "min_resources_",
    "max_resources_",
)


@cache
def problem(name: str) -> Problem:
    return PROBLEMS[name]()


def fitted(cls: type, name: str, strategy: str, seed: int, **settings: Any) -> Any:
    data = problem(name)
    exhaustive = strategy in ("grid", "halving")
    if strategy != "grid":
        settings["random_state"] = seed
    estimator = clone(data.estimator)
    if "random_state" in estimator.get_params():
        estimator.set_params(random_state=seed)
    space = data.grid if exhaustive else data.distributions
    return cls(estimator, space, scoring=data.scoring, cv=data.cv, **settings).fit(data.X, data.y)


def assert_same_search(ours: Any, theirs: Any, X: Any) -> None:
    assert_same_table(ours.cv_results_, theirs.cv_results_)
    assert ours.best_index_ == theirs.best_index_
    assert ours.best_params_ == theirs.best_params_
    assert ours.best_score_ == theirs.best_score_
    assert ours.n_splits_ == theirs.n_splits_
    assert ours.n_features_in_ == theirs.n_features_in_
    assert np.array_equal(ours.predict(X), theirs.predict(X))
    for name in HALVING_ATTRIBUTES:
        assert getattr(ours, name, None) == getattr(theirs, name, None), name


@pytest.mark.parametrize("seed", [0, 123])
@pytest.mark.parametrize("strategy", PAIRS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_one_job_gives_scikit_learns_search(name, strategy, seed):
    our_class, their_class, settings = PAIRS[strategy]
    ours = fitted(our_class, name, strategy, seed, **settings)
    theirs = fitted(their_class, name, strategy, seed, **settings)
    assert_same_search(ours, theirs, problem(name).X)


@pytest.mark.parametrize("strategy", PAIRS)
@pytest.mark.parametrize("name", PROBLEMS)
def test_two_jobs_give_scikit_learns_search(name, strategy, pool_at_once):
    our_class, their_class, settings = PAIRS[strategy]
    ours = fitted(our_class, name, strategy, 7, n_jobs=2, **settings)
    theirs = fitted(their_class, name, strategy, 7, n_jobs=2, **settings)
    assert_same_search(ours, theirs, problem(name).X)


class TestHalvingSchedules:
    @pytest.mark.parametrize(
        "settings",
        [
            {"min_resources": "smallest"},
            {"min_resources": 40, "factor": 2},
            {"max_resources": 120, "aggressive_elimination": True, "factor": 2},
            {"factor": 2.5, "aggressive_elimination": True},
        ],
        ids=str,
    )
    def test_rounds_are_scikit_learns(self, settings):
        ours = fitted(HalvingGridSearch, "wine", "halving", 3, **settings)
        theirs = fitted(HalvingGridSearchCV, "wine", "halving", 3, **settings)
        assert_same_search(ours, theirs, problem("wine").X)

    def test_as_many_candidates_as_the_rows_allow(self):
        ours = fitted(HalvingRandomSearch, "wine", "halving_random", 3, n_candidates="exhaust")
        theirs = fitted(HalvingRandomSearchCV, "wine", "halving_random", 3, n_candidates="exhaust")
        assert_same_search(ours, theirs, problem("wine").X)


class TestFailingCandidates:
    GRID = {"n_neighbors": [1, 3, 90, 200, 5], "weights": ["uniform", "distance"]}  # noqa: RUF012

    def searches(self, ours: type, theirs: type, **settings: Any) -> tuple[Any, Any]:
        X, y = load_wine(return_X_y=True)
        made = []
        for cls in (ours, theirs):
            search = cls(KNeighborsClassifier(), self.GRID, **settings)
            with pytest.warns(Warning):  # noqa: PT030 - the kinds are the subject of another test
                made.append(search.fit(X, y))
        return made[0], made[1]

    @pytest.mark.parametrize("error_score", [np.nan, 0.5, -1])
    def test_failed_folds_have_the_error_score(self, error_score):
        ours, theirs = self.searches(GridSearch, GridSearchCV, error_score=error_score)
        assert_same_table(ours.cv_results_, theirs.cv_results_)
        assert ours.best_index_ == theirs.best_index_

    @pytest.mark.parametrize("error_score", [np.nan, 0.5])
    def test_halvings_drop_them_in_the_same_order(self, error_score):
        settings = {"error_score": error_score, "factor": 2, "random_state": 0}
        ours, theirs = self.searches(HalvingGridSearch, HalvingGridSearchCV, **settings)
        assert_same_table(ours.cv_results_, theirs.cv_results_)
        assert ours.best_index_ == theirs.best_index_

    def test_a_fit_that_fails_is_warned_of(self):
        X, y = load_wine(return_X_y=True)
        search = GridSearch(GaussianNB(), {"priors": [None, [0.5, 0.5]]})
        with (
            pytest.warns(
                FitFailedWarning,
                match=r"5 fits failed out of a total of 10[\s\S]*ValueError: Number of priors",
            ),
            pytest.warns(UserWarning, match="non-finite"),
        ):
            search.fit(X, y)

    def test_all_fits_failing_is_an_error(self):
        X, y = load_wine(return_X_y=True)
        with pytest.raises(ValueError, match=r"All the 5 fits failed[\s\S]*Number of priors"):
            GridSearch(GaussianNB(), {"priors": [[0.5, 0.5]]}).fit(X, y)

    def test_error_score_raise_lets_the_error_pass(self):
        X, y = load_wine(return_X_y=True)
        search = GridSearch(GaussianNB(), {"priors": [[0.5, 0.5]]}, error_score="raise")
        with pytest.raises(ValueError, match="Number of priors"):
            search.fit(X, y)


class TestTables:
    def test_grids_with_different_parameters_are_masked_alike(self):
        X, y = load_wine(return_X_y=True)
        grids = [
            {"kernel": ["rbf"], "gamma": [0.1, 1]},
            {"kernel": ["poly"], "degree": [1, 2], "C": [1, 2.5]},
        ]
        ours, theirs = (cls(SVC(), grids).fit(X, y) for cls in (GridSearch, GridSearchCV))
        assert_same_search(ours, theirs, X)

    def test_a_list_of_distributions_is_drawn_alike(self):
        X, y = load_wine(return_X_y=True)
        spaces = [problem("wine").distributions, {"max_depth": [2, 3], "criterion": ["gini"]}]
        settings: dict[str, Any] = {"n_iter": 9, "random_state": 4}
        estimator = problem("wine").estimator
        ours = RandomSearch(estimator, spaces, **settings).fit(X, y)
        theirs = RandomizedSearchCV(estimator, spaces, **settings).fit(X, y)
        assert_same_search(ours, theirs, X)

    def test_values_that_are_sequences_keep_their_columns(self):
        X, y = load_wine(return_X_y=True)
        grid = {"priors": [None, [0.2, 0.3, 0.5], (0.1, 0.1, 0.8)]}
        ours, theirs = (cls(GaussianNB(), grid).fit(X, y) for cls in (GridSearch, GridSearchCV))
        assert list(ours.cv_results_["param_priors"]) == list(theirs.cv_results_["param_priors"])
        assert ours.best_params_ == theirs.best_params_

    @pytest.mark.parametrize(
        "scoring",
        [
            ["accuracy", "f1_macro", "neg_log_loss"],
            {"one": "accuracy", "two": "roc_auc_ovr"},
            lambda estimator, X, y: {"one": estimator.score(X, y), "two": float(estimator.predict(X).mean())},
        ],
        ids=["list", "mapping", "callable"],
    )
    def test_several_metrics_have_their_columns(self, scoring):
        X, y = load_wine(return_X_y=True)
        deciding = "f1_macro" if isinstance(scoring, list) else "two"
        settings: dict[str, Any] = {"scoring": scoring, "refit": deciding, "return_train_score": True}
        grid = {"max_depth": [1, 2, 3]}
        estimator = DecisionTreeClassifier(random_state=0)
        ours, theirs = (cls(estimator, grid, **settings).fit(X, y) for cls in (GridSearch, GridSearchCV))
        assert_same_search(ours, theirs, X)
        assert ours.score(X, y) == theirs.score(X, y)

    def test_an_infinite_score_stays_infinite(self):
        X, y = load_wine(return_X_y=True)
        scoring = lambda estimator, X, y: np.inf if estimator.max_depth == 2 else 0.5  # noqa: E731
        for cls in (GridSearch, GridSearchCV):
            search = cls(DecisionTreeClassifier(), {"max_depth": [1, 2]}, scoring=scoring, cv=2)
            with pytest.warns(Warning):  # noqa: PT030 - numpy and the search warn differently
                search.fit(X, y)
            assert search.best_params_ == {"max_depth": 2}
