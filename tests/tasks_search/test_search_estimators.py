"""The searches as estimators: what a user of scikit-learn expects of them beside the table."""

import pickle
from typing import Any

import numpy as np
import optuna
import pytest
from scipy.stats import expon, loguniform, randint, uniform
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.datasets import load_diabetes, load_wine
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import Ridge
from sklearn.model_selection import ShuffleSplit, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension
from hyperparameter_tuning.tasks.searchers import (
    GridSearch,
    HalvingGridSearch,
    HalvingRandomSearch,
    OptunaSearch,
    RandomSearch,
)
from tests.tasks_search.fragile import Fragile

X, Y = load_wine(return_X_y=True)
TREE = DecisionTreeClassifier(random_state=0)
LISTS = {"max_depth": [1, 2, 3, 4], "min_samples_leaf": [1, 5]}

SEARCHES = {
    "grid": lambda **settings: GridSearch(TREE, LISTS, **settings),
    "random": lambda **settings: RandomSearch(TREE, LISTS, n_iter=6, random_state=0, **settings),
    "halving": lambda **settings: HalvingGridSearch(TREE, LISTS, random_state=0, **settings),
    "halving_random": lambda **settings: HalvingRandomSearch(
        TREE, LISTS, n_candidates=6, random_state=0, **settings
    ),
    "optuna": lambda **settings: OptunaSearch(TREE, LISTS, n_trials=6, random_state=0, **settings),
}
every_search = pytest.mark.parametrize("make", SEARCHES.values(), ids=list(SEARCHES))


@every_search
class TestEverySearch:
    def test_predicts_with_the_best_parameters_fitted_on_all_rows(self, make):
        search = make().fit(X, Y)
        expected = clone(TREE).set_params(**search.best_params_).fit(X, Y)
        assert np.array_equal(search.predict(X), expected.predict(X))
        assert np.array_equal(search.predict_proba(X), expected.predict_proba(X))
        assert search.score(X, Y) == expected.score(X, Y)
        assert search.refit_time_ >= 0
        assert list(search.classes_) == [0, 1, 2]

    def test_is_cloned_with_its_parameters(self, make):
        search = make(n_jobs=2, cv=3)
        assert clone(search).get_params(deep=False).keys() == search.get_params(deep=False).keys()
        assert clone(search).get_params()["n_jobs"] == 2

    def test_is_pickled_fitted(self, make):
        search = make().fit(X, Y)
        again = pickle.loads(pickle.dumps(search))
        assert np.array_equal(again.predict(X), search.predict(X))
        assert again.best_params_ == search.best_params_

    def test_is_itself_cross_validated(self, make):
        assert len(cross_val_score(make(cv=2), X, Y, cv=2, error_score="raise")) == 2

    def test_is_what_its_estimator_is(self, make):
        assert is_classifier(make())
        assert not is_regressor(make())

    def test_two_fits_are_the_same(self, make):
        first, second = make().fit(X, Y), make().fit(X, Y)
        assert np.array_equal(first.cv_results_["mean_test_score"], second.cv_results_["mean_test_score"])
        assert first.cv_results_["params"] == second.cv_results_["params"]

    def test_does_not_change_its_estimator(self, make):
        make().fit(X, Y)
        assert not hasattr(TREE, "tree_")

    def test_without_refit_the_best_parameters_remain(self, make):
        search = make(refit=False).fit(X, Y)
        assert set(search.best_params_) == set(LISTS)
        assert not hasattr(search, "best_estimator_")
        assert not hasattr(search, "predict")
        with pytest.raises(AttributeError, match="refit=False"):
            search.score(X, Y)

    def test_before_fit_it_says_so(self, make):
        with pytest.raises(NotFittedError):
            make().predict(X)
        assert not hasattr(make(), "n_features_in_")

    def test_has_only_the_methods_of_its_estimator(self, make):
        assert hasattr(make(), "predict_proba")
        assert not hasattr(make(), "transform")
        assert not hasattr(make(), "decision_function")

    def test_any_splitter_will_do(self, make):
        search = make(cv=ShuffleSplit(3, test_size=0.4, random_state=0)).fit(X, Y)
        assert search.n_splits_ == 3

    def test_verbose_prints_the_size_and_then_fits(self, make, capsys):
        make(verbose=1, cv=2).fit(X, Y)
        brief = capsys.readouterr().out
        make(verbose=2, cv=2).fit(X, Y)
        assert "Fitting 2 folds for each of" in brief
        assert "[CV]" not in brief
        assert "[CV] END ." in capsys.readouterr().out

    def test_warnings_of_fits_are_given_once_in_their_own_class(self, make):
        search = make(cv=2).set_params(estimator=Fragile("unconverged"))
        name = "param_grid" if hasattr(search, "param_grid") else "param_distributions"
        search.set_params(**{name: {"seconds": [index * 1e-5 for index in range(8)]}})
        with pytest.warns(ConvergenceWarning, match="rounds were not enough") as given:
            search.set_params(refit=False).fit(X, Y)
        texts = [str(warning.message) for warning in given]
        assert len(texts) == len(set(texts))


class TestRefit:
    def test_a_callable_chooses_the_row(self):
        search = GridSearch(TREE, LISTS, refit=lambda table: len(table["params"]) - 1).fit(X, Y)
        assert search.best_index_ == 7
        assert search.best_params_ == {"max_depth": 4, "min_samples_leaf": 5}
        assert not hasattr(search, "best_score_")

    @pytest.mark.parametrize(("row", "error"), [(8, IndexError), (-1, IndexError), (1.0, TypeError)])
    def test_a_callable_that_chooses_no_row_is_refused(self, row, error):
        with pytest.raises(error, match="best_index_"):
            GridSearch(TREE, LISTS, refit=lambda table: row).fit(X, Y)

    def test_several_metrics_need_a_deciding_one(self):
        with pytest.raises(ValueError, match="refit must be set to a scorer key"):
            GridSearch(TREE, LISTS, scoring=["accuracy", "f1_macro"]).fit(X, Y)

    def test_several_metrics_of_a_callable_need_a_deciding_one_too(self):
        scoring = lambda estimator, X, y: {"a": 1.0, "b": 0.5}  # noqa: E731
        with pytest.raises(ValueError, match="refit must be set to a scorer key"):
            GridSearch(TREE, LISTS, scoring=scoring).fit(X, Y)

    def test_several_metrics_without_refit_choose_nothing(self):
        search = GridSearch(TREE, LISTS, scoring=["accuracy", "f1_macro"], refit=False).fit(X, Y)
        assert not hasattr(search, "best_index_")
        assert "rank_test_f1_macro" in search.cv_results_

    def test_a_halving_takes_one_metric(self):
        with pytest.raises(ValueError, match="'scoring' parameter of HalvingGridSearch"):
            HalvingGridSearch(TREE, LISTS, scoring=["accuracy", "f1_macro"], refit="accuracy").fit(X, Y)


class TestSpaces:
    SPACE = (IntDimension("max_depth", 1, 3), CategoricalDimension("max_features", (1, 1.0, None)))

    @pytest.mark.parametrize("search", [GridSearch, HalvingGridSearch])
    def test_a_space_is_a_grid(self, search):
        table = search(TREE, self.SPACE).fit(X, Y).cv_results_
        first_round = table["params"][:9]
        values = [(params["max_depth"], type(params["max_features"]).__name__) for params in first_round]
        assert values == [(depth, kind) for depth in (1, 2, 3) for kind in ("int", "float", "NoneType")]

    def test_fewer_candidates_than_asked_for_are_warned_of(self):
        with pytest.warns(UserWarning, match="smaller than n_iter=50"):
            search = RandomSearch(TREE, LISTS, n_iter=50, random_state=0).fit(X, Y)
        assert len(search.cv_results_["params"]) == 8

    @pytest.mark.parametrize("search", [RandomSearch, HalvingRandomSearch])
    def test_draws_from_a_space_are_distinct(self, search):
        made = search(TREE, self.SPACE, random_state=0)
        made.set_params(**{"n_iter" if search is RandomSearch else "n_candidates": 9})
        params = made.fit(X, Y).cv_results_["params"][:9]
        assert len({(row["max_depth"], type(row["max_features"])) for row in params}) == 9

    def test_optuna_takes_lists_dimensions_and_distributions_of_others(self):
        distributions: dict[str, Any] = {
            "max_depth": randint(2, 5),
            "min_samples_leaf": optuna.distributions.IntDistribution(1, 9, step=2),
            "ccp_alpha": loguniform(1e-4, 1e-2),
            "min_impurity_decrease": uniform(0.0, 0.01),
            "max_features": optuna.distributions.FloatDistribution(0.2, 0.9),
            "criterion": ["gini", "entropy"],
            "splitter": optuna.distributions.CategoricalDistribution(["best", "random"]),
        }
        search = OptunaSearch(TREE, distributions, n_trials=25, random_state=0).fit(X, Y)
        params = search.cv_results_["params"]
        assert {row["max_depth"] for row in params} == {2, 3, 4}
        assert {row["min_samples_leaf"] for row in params} == {1, 3, 5, 7, 9}
        assert all(1e-4 <= row["ccp_alpha"] <= 1e-2 for row in params)
        assert all(0.0 <= row["min_impurity_decrease"] <= 0.01 for row in params)
        assert all(0.2 <= row["max_features"] <= 0.9 for row in params)
        assert {row["criterion"] for row in params} == {"gini", "entropy"}
        assert {row["splitter"] for row in params} == {"best", "random"}

    @pytest.mark.parametrize(
        ("space", "message"),
        [({"ccp_alpha": expon()}, "'ccp_alpha' must be a list"), ([{"max_depth": [1]}], "one dictionary")],
    )
    def test_optuna_refuses_what_it_cannot_search(self, space, message):
        with pytest.raises(ValueError, match=message):
            OptunaSearch(TREE, space).fit(X, Y)


class TestOptunaSearch:
    SPACE = (FloatDimension("ccp_alpha", 1e-4, 0.2, log=True), IntDimension("max_depth", 1, 8))

    def test_pruned_candidates_show_and_do_not_win(self):
        search = OptunaSearch(
            TREE,
            self.SPACE,
            n_trials=30,
            pruner="successive_halving",
            options={"reduction_factor": 2},
            random_state=0,
        ).fit(X, Y)
        table = search.cv_results_
        pruned = table["state"] == "pruned"
        assert pruned.any()
        assert np.isnan(table["mean_test_score"][pruned]).all()
        assert table["state"][search.best_index_] == "complete"
        assert table["rank_test_score"][search.best_index_] == 1

    def test_the_deciding_one_of_several_metrics_is_maximised(self):
        search = OptunaSearch(
            TREE, self.SPACE, scoring=["accuracy", "neg_log_loss"], refit="neg_log_loss", random_state=0
        ).fit(X, Y)
        assert search.best_score_ == np.nanmax(search.cv_results_["mean_test_neg_log_loss"])

    def test_the_timeout_ends_it(self):
        space = {"seconds": uniform(0.02, 0.01)}
        search = OptunaSearch(Fragile(), space, n_trials=1000, timeout=0.5, random_state=0, cv=2).fit(X, Y)
        assert 1 <= len(search.cv_results_["params"]) < 50

    def test_an_unknown_sampler_is_refused_before_anything_is_fitted(self):
        with pytest.raises(ValueError, match="sampler"):
            OptunaSearch(TREE, self.SPACE, sampler="gp").fit(X, Y)

    @pytest.mark.parametrize(
        ("options", "words"),
        [
            ({"n_startup": 3}, r"no option 'n_startup'\. Did you mean 'n_startup_trials'\?$"),
            ({"zzzz": 3}, r"no option 'zzzz'\.$"),
            (
                {"n_startup_trials": 0},
                r"'n_startup_trials' of OptunaSearch is 0\. .*greater than or equal",
            ),
        ],
    )
    def test_a_wrong_option_is_named_before_anything_is_fitted(self, options, words):
        with pytest.raises(ValueError, match=words) as refused:
            OptunaSearch(TREE, self.SPACE, options=options).fit(X, Y)
        assert "pydantic" not in str(refused.value)


class TestOtherEstimators:
    def test_a_transformer_transforms(self):
        pipeline = make_pipeline(StandardScaler())
        grid = {"standardscaler__with_std": [True, False]}
        search = GridSearch(pipeline, grid, scoring=lambda estimator, X, y: 1.0).fit(X, Y)
        assert np.array_equal(search.transform(X), search.best_estimator_.transform(X))
        assert np.allclose(search.inverse_transform(search.transform(X)), X)

    def test_a_decision_function_is_passed_on(self):
        search = GridSearch(LinearSVC(max_iter=20000), {"C": [0.001]}, cv=2).fit(X / X.max(axis=0), Y)
        assert search.decision_function(X).shape == (len(X), 3)
        assert not hasattr(search, "predict_proba")

    def test_column_names_are_kept(self):
        frame, y = load_diabetes(return_X_y=True, as_frame=True)
        search = GridSearch(Ridge(), {"alpha": [0.1, 1.0]}).fit(frame, y)
        assert list(search.feature_names_in_) == list(frame.columns)
        assert search.n_features_in_ == 10

    def test_the_rounds_of_a_halving_must_fit_the_rows(self):
        with pytest.raises(ValueError, match="min_resources_=500 is greater than max_resources_=178"):
            HalvingGridSearch(TREE, LISTS, min_resources=500).fit(X, Y)

    def test_a_halving_cannot_exhaust_both(self):
        with pytest.raises(ValueError, match="cannot be both set to 'exhaust'"):
            HalvingRandomSearch(TREE, LISTS, min_resources="exhaust").fit(X, Y)
