"""Halvings on the number of members: fits go on, and give what fits made in one go give, to the bit."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.base import is_classifier
from sklearn.datasets import load_wine, make_regression
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    _forest,
)
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - makes the halvings importable
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import make_scorer
from sklearn.model_selection import HalvingGridSearchCV, HalvingRandomSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from hyperparameter_tuning.tasks.evaluation.paths.table import CONTINUATIONS, PATHS
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from hyperparameter_tuning.tasks.searchers import HalvingGridSearch, HalvingRandomSearch, library_rounds
from tests.tasks_search.paths.compared import exact
from tests.tasks_search.paths.path_cases import PATH_CASES
from tests.tasks_search.paths.tables_strategy import tables
from tests.tasks_search.same_table import assert_same_table

X, Y = load_wine(return_X_y=True)
BITS = make_scorer(exact, response_method=("predict_proba", "decision_function", "predict"))

_FOREST = {"max_depth": [1, None], "min_samples_leaf": [1, 3]}
_BOOSTING = {"learning_rate": [0.1, 1.0], "subsample": [1.0, 0.6]}
_BAG = {"max_samples": [0.5, 1.0], "max_features": [0.7, 1.0]}
GRIDS: Mapping[type, dict[str, list[Any]]] = {
    RandomForestClassifier: _FOREST,
    RandomForestRegressor: _FOREST,
    ExtraTreesClassifier: {"max_depth": [1, None], "class_weight": ["balanced", "balanced_subsample"]},
    ExtraTreesRegressor: _FOREST,
    GradientBoostingClassifier: _BOOSTING,
    GradientBoostingRegressor: {"subsample": [1.0, 0.6], "loss": ["squared_error", "huber"]},
    BaggingClassifier: _BAG,
    BaggingRegressor: _BAG,
}
CLASSES = [pytest.param(cls, id=cls.__name__) for cls in GRIDS]


def test_every_class_that_goes_on_is_drawn_and_has_a_path():
    assert set(GRIDS) == set(CONTINUATIONS)
    assert set(CONTINUATIONS) <= set(PATHS)


def both(estimator: Any, grid: Any, X: Any, y: Any, **how: Any) -> Any:
    """Assert that our halving's table is scikit-learn's, and return ours."""
    pair = (HalvingGridSearch, HalvingGridSearchCV)
    how = {"resource": "n_estimators", "factor": 2, "random_state": 0, "refit": False, "cv": 3} | how
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours, theirs = (cls(estimator, grid, **how).fit(X, y) for cls in pair)
    assert_same_table(ours.cv_results_, theirs.cv_results_)
    assert ours.best_index_ == theirs.best_index_
    return ours


def ways(search: Any, rung: int) -> set[str]:
    """Return how the cells of one round came about."""
    return set(search.cell_origins_[search.cv_results_["iter"] == rung].ravel())


@pytest.mark.parametrize("cls", CLASSES)
@given(data=st.data())
@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_halving_equals_scikit_learns(cls: type, data: st.DataObject):
    case = PATH_CASES[cls]
    table = data.draw(tables(case.problem, min(case.most_rows, 60)), label="table")
    chosen = {name: data.draw(values, label=name) for name, values in case.settings.items()}
    chosen |= {"random_state": data.draw(st.integers(0, 2**16), label="seed")}
    early = chosen.get("n_iter_no_change") is not None
    least = data.draw(st.integers(1, 3), label="members of the first round")
    most = 4 * least + data.draw(st.integers(0, 3), label="members more")
    size = {"min_resources": least, "max_resources": most}
    how = {"cv": table.splits, "scoring": BITS, "error_score": -1.0}
    search = both(cls(**chosen), GRIDS[cls], table.X, table.y, **size, **how)
    learned = not (search.cv_results_["mean_test_score"] == -1.0).any()
    assert ways(search, 0) == {"fitted"}
    assert not learned or ways(search, 1) == ways(search, 2) == ({"fitted"} if early else {"continued"})


@pytest.mark.parametrize("cls", CLASSES)
def test_weights_go_along(cls: type):
    weights = np.random.default_rng(0).uniform(0.5, 2.0, len(Y))
    searches = []
    for make in (HalvingGridSearch, HalvingGridSearchCV):
        search = make(
            cls(random_state=0),
            GRIDS[cls],
            resource="n_estimators",
            max_resources=8,
            factor=2,
            cv=2,
            refit=False,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            searches.append(search.set_params(scoring=BITS).fit(X, Y, sample_weight=weights))
    assert_same_table(searches[0].cv_results_, searches[1].cv_results_)
    assert ways(searches[0], 1) == {"continued"}


def test_random_candidates_and_a_pipeline_whose_steps_are_searched():
    pipeline = Pipeline([("scale", StandardScaler()), ("model", ExtraTreesClassifier(random_state=1))])
    space = {"scale__with_mean": [True, False], "model__max_depth": [1, 2, 3], "model__max_features": [1, 3]}
    how = {"resource": "model__n_estimators", "max_resources": 12, "scoring": BITS, "random_state": 3}
    ours, theirs = (
        cls(pipeline, space, n_candidates=6, factor=2, cv=3, **how).fit(X, Y)
        for cls in (HalvingRandomSearch, HalvingRandomSearchCV)
    )
    assert_same_table(ours.cv_results_, theirs.cv_results_)
    assert np.array_equal(ours.predict_proba(X), theirs.predict_proba(X))
    assert ways(ours, 1) == {"continued"}
    shared = ours.cell_origins_[ours.cv_results_["iter"] == 0]
    assert set(shared.ravel()) == {"fitted", "shared"}


def test_two_processes(pool_at_once):
    grid = {"max_depth": [1, 2, 3, 4], "min_samples_leaf": [1, 2, 3, 4]}
    # Hashes of bytes differ between processes.
    how = {"max_resources": 16, "n_jobs": 2, "scoring": "neg_log_loss"}
    search = both(RandomForestClassifier(random_state=0), grid, X, Y, **how)
    assert set(search.cell_origins_.ravel()) == {"fitted", "continued"}


def test_only_the_trees_that_are_missing_are_grown(monkeypatch):
    grown: list[int] = []
    build = _forest._parallel_build_trees
    monkeypatch.setattr(
        _forest, "_parallel_build_trees", lambda *args, **kwargs: grown.append(1) or build(*args, **kwargs)
    )
    forest, how = RandomForestClassifier(random_state=0), {"min_resources": 2, "max_resources": 8, "cv": 2}
    search = HalvingGridSearch(forest, _FOREST, resource="n_estimators", factor=2, refit=False, **how)
    search.fit(X, Y)
    assert search.n_resources_ == [2, 4, 8]
    assert len(grown) == 2 * (4 * 2 + 2 * 2 + 1 * 4)


def test_rounds_of_as_many_members_are_scored_again_without_a_fit():
    how = {"min_resources": 4, "max_resources": 8, "aggressive_elimination": True}
    search = both(RandomForestRegressor(random_state=0), _FOREST, X, Y, **how)
    assert search.n_resources_ == [4, 4, 8]
    assert ways(search, 1) == ways(search, 2) == {"continued"}
    again = search.cv_results_["iter"] == 1
    assert search.cv_results_["mean_fit_time"][again].max() < search.cv_results_["mean_fit_time"][:4].min()


@pytest.mark.parametrize(("resource", "evaluators"), [("n_estimators", 1), ("n_samples", 3)])
def test_rounds_on_the_same_folds_have_one_evaluator_and_each_is_closed(monkeypatch, resource, evaluators):
    made, closed = [], []

    class Watched(library_rounds.Evaluator):
        def __post_init__(self) -> None:
            super().__post_init__()
            made.append(self)

        def close(self, **how: Any) -> None:
            closed.append(self)
            super().close(**how)

    monkeypatch.setattr(library_rounds, "Evaluator", Watched)
    forest = RandomForestClassifier(4, random_state=0)
    how = {"resource": resource, "max_resources": 8 if resource == "n_estimators" else "auto", "cv": 2}
    HalvingGridSearch(forest, _FOREST, factor=2, random_state=0, **how).fit(X, Y)
    assert len(made) == evaluators
    assert [id(each) for each in closed] == [id(each) for each in made]


@pytest.mark.parametrize(
    "model",
    [
        RandomForestClassifier(random_state=0, class_weight="balanced", max_samples=0.5, ccp_alpha=0.01),
        RandomForestRegressor(random_state=0, criterion="poisson"),
        ExtraTreesClassifier(random_state=0, bootstrap=True, class_weight="balanced_subsample"),
        ExtraTreesRegressor(random_state=0, max_features=0.5),
        GradientBoostingClassifier(random_state=0, subsample=0.5, max_features=0.5),
        GradientBoostingRegressor(random_state=0, loss="huber", subsample=0.7),
        BaggingClassifier(random_state=0, max_samples=0.5, bootstrap_features=True),
        BaggingRegressor(random_state=0, max_features=0.5),
    ],
    ids=lambda model: type(model).__name__,
)
def test_a_continued_fit_says_of_itself_what_one_in_one_go_says(model):
    X, y = make_regression(80, 4, noise=20.0, random_state=0)
    y = np.digitize(y, [-50, 50]) if is_classifier(model) else np.abs(y)
    fold, rule = PreparedFold(X, y, X, y), CONTINUATIONS[type(model)]
    continued = type(model)(**model.get_params()).set_params(n_estimators=3).fit(X, y)
    for length in (7, 20):
        rule.go_on(continued, length, fold)  # warnings are errors here
        plain = type(model)(**model.get_params()).set_params(n_estimators=length).fit(X, y)
        assert continued.get_params() == plain.get_params()
        assert set(vars(continued)) == set(vars(plain))
        for name in ("train_score_", "oob_scores_", "oob_improvement_", "oob_score_", "n_estimators_"):
            assert np.array_equal(getattr(continued, name, None), getattr(plain, name, None)), name
        for name in ("estimators_samples_", "estimators_features_", "feature_importances_"):
            if hasattr(plain, name):
                assert np.array_equal(getattr(continued, name), getattr(plain, name)), name
        assert np.array_equal(continued.predict(X), plain.predict(X))


def test_what_members_warned_of_is_told_again():
    bag = BaggingClassifier(LogisticRegression(max_iter=1), random_state=0)
    search = HalvingGridSearch(bag, _BAG, resource="n_estimators", max_resources=4, factor=2, cv=2)
    with pytest.warns(UserWarning, match="lbfgs failed to converge"):
        search.set_params(refit=False).fit(X, Y)
    assert ways(search, 1) == {"continued"}
