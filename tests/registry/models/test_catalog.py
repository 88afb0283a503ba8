"""Finding a model by what a person or an old canvas calls it."""

import pytest

from hyperparameter_tuning.registry.models.catalog import get_model, load_estimator_class, model_specs
from hyperparameter_tuning.shared.errors import UnknownNameError

ALIASES = [(alias, spec.problem_type, spec.key) for spec in model_specs().values() for alias in spec.aliases]
# Keys of the system that this package comes from (its own spelling on the left).
ORIGIN = {
    "logistic_regression": ("classification", "logistic_regression"),
    "random_forest_classifier": ("classification", "random_forest_classifier"),
    "random_forest_regressor": ("regression", "random_forest_regressor"),
    "ridge_regression": ("regression", "ridge_regression"),
    "random_forest": ("regression", "random_forest_regressor"),
    "k_neighbors": ("classification", "k_neighbors_classifier"),
    "adaboost": ("regression", "ada_boost_regressor"),
    "elasticnet": ("regression", "elastic_net"),
    "ridge": ("regression", "ridge_regression"),
    "linear": ("regression", "linear_regression"),
    "hist_gradient_boosting": ("classification", "hist_gradient_boosting_classifier"),
}


class TestGetModel:
    @pytest.mark.parametrize(("alias", "problem_type", "key"), ALIASES)
    def test_an_alias_resolves_with_the_problem_type(self, alias, problem_type, key):
        assert get_model(alias, problem_type).key == key
        assert get_model(alias.upper(), problem_type).key == key

    @pytest.mark.parametrize(("name", "expected"), ORIGIN.items())
    def test_the_origins_spellings_are_understood(self, name, expected):
        problem_type, key = expected
        assert get_model(name, problem_type).key == key

    @pytest.mark.parametrize("key", model_specs())
    def test_a_key_says_all_by_itself(self, key):
        assert get_model(key).key == key
        assert get_model(f" {key.upper()} ").key == key

    @pytest.mark.parametrize("problem_type", [None, "auto"])
    def test_an_alias_of_two_models_needs_the_problem_type(self, problem_type):
        with pytest.raises(
            UnknownNameError, match=r"random_forest_classifier.*random_forest_regressor"
        ) as caught:
            get_model("random_forest", problem_type)
        assert caught.value.code == "ambiguous_model"

    def test_an_alias_of_one_model_needs_nothing(self):
        assert get_model("knn_classifier").key == "k_neighbors_classifier"
        assert get_model("ridge", "auto").key == "ridge_regression"

    def test_an_unknown_name_is_refused_with_the_nearest(self):
        with pytest.raises(UnknownNameError) as caught:
            get_model("random_forrest_classifer")
        assert caught.value.code == "unknown_model"
        assert caught.value.details["nearest"] == "random_forest_classifier"
        assert "Did you mean 'random_forest_classifier'?" in caught.value.message

    def test_a_regressor_is_not_found_among_classifiers(self):
        with pytest.raises(UnknownNameError):
            get_model("ridge", "classification")


class TestModelSpecs:
    def test_the_answer_is_a_copy(self):
        model_specs().clear()
        assert len(model_specs()) == 25

    def test_no_two_models_of_one_problem_share_a_spelling(self):
        spellings = [
            (spec.problem_type, name.casefold())
            for spec in model_specs().values()
            for name in (spec.key, *spec.aliases)
        ]
        assert len(set(spellings)) == len(spellings)

    def test_classes_load_by_their_path(self):
        for spec in model_specs().values():
            assert load_estimator_class(spec).__name__ == spec.estimator.partition(":")[2]
