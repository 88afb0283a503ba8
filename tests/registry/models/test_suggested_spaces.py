"""Every suggestion must be a model: fitted for real, with warnings as errors."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_classification, make_regression
from sklearn.preprocessing import MinMaxScaler
from threadpoolctl import threadpool_limits

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models.catalog import load_estimator_class, model_specs
from hyperparameter_tuning.registry.services import strategy_specs
from hyperparameter_tuning.registry.space import grid_size
from hyperparameter_tuning.registry.values import default_params, suggested_rows
from tests.registry.spaces import draws

MODELS = list(model_specs().values())
LARGEST_SUGGESTED_GRID = 100


@pytest.fixture(autouse=True)
def _one_thread():
    # Threads for 60 rows cost a hundred times what they save.
    with threadpool_limits(1):
        yield


def tiny_data(spec: ModelSpec, n_classes: int = 2) -> tuple[Any, Any]:
    """60 prepared rows of 6 columns between 0 and 1."""
    if spec.problem_type == "classification":
        X, y = make_classification(60, 6, n_informative=4, n_classes=n_classes, random_state=0)
    else:
        X, y = make_regression(60, 6, noise=5.0, random_state=0)
        y = y / y.std()
    return MinMaxScaler().fit_transform(X), y


def fitted(spec: ModelSpec, params: dict[str, Any], n_classes: int = 2) -> Any:
    X, y = tiny_data(spec, n_classes)
    return load_estimator_class(spec)(**(default_params(spec, seed=42) | params)).fit(X, y)


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.key)
class TestSuggestedSpaces:
    def test_defaults_fit_without_a_warning(self, spec):
        X, _ = tiny_data(spec)
        assert np.isfinite(fitted(spec, {}).predict(X).astype(float)).all()

    @pytest.mark.parametrize("which", ["suggested", pytest.param("suggested_grid", marks=pytest.mark.long)])
    def test_drawn_candidates_fit_without_a_warning(self, spec, which):
        X, _ = tiny_data(spec)
        for params in draws(getattr(spec, which), 5):
            assert len(fitted(spec, params).predict(X)) == len(X)

    def test_drawn_candidates_fit_three_classes(self, spec):
        n_classes = 3 if spec.problem_type == "classification" else 0
        for params in draws(spec.suggested, 3, seed=1):
            model = fitted(spec, params, n_classes)
            assert len(getattr(model, "classes_", [])) == n_classes

    def test_there_is_something_to_search(self, spec):
        assert 1 < (grid_size(spec.suggested_grid) or 0) <= LARGEST_SUGGESTED_GRID
        assert len(spec.suggested) >= 1

    def test_only_parameters_of_the_model_are_suggested(self, spec):
        names = {field.name for field in spec.fields}
        assert {item.name for item in (*spec.suggested, *spec.suggested_grid)} <= names

    def test_every_strategy_gets_rows_it_can_search(self, spec):
        for strategy in strategy_specs():
            rows = suggested_rows(spec, lists=not strategy.supports.continuous)
            assert rows
            if not strategy.supports.continuous:
                assert all(row["kind"] == "categorical" or row.get("grid_points") for row in rows)


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.key)
class TestCapabilities:
    def test_probabilities_and_rankings_are_as_declared(self, spec):
        model = fitted(spec, {})
        assert hasattr(model, "predict_proba") is spec.has_probabilities
        assert hasattr(model, "decision_function") is spec.has_decision_function

    def test_missing_values_are_taken_exactly_where_declared(self, spec):
        tags = load_estimator_class(spec)().__sklearn_tags__()
        assert tags.input_tags.allow_nan is spec.accepts_missing
        assert tags.input_tags.positive_only is spec.requires_non_negative

    def test_a_seed_is_set_exactly_where_the_model_takes_one(self, spec):
        assert spec.seeded is (spec.field("random_state") is not None)
        params = default_params(spec, seed=7)
        assert params.get("random_state") == (7 if spec.seeded else None)

    def test_the_same_seed_gives_the_same_predictions(self, spec):
        X, _ = tiny_data(spec)
        assert np.array_equal(fitted(spec, {}).predict(X), fitted(spec, {}).predict(X))

    def test_families_are_parameters_of_the_model(self, spec):
        assert set(spec.path_families) <= {field.name for field in spec.fields if field.searchable}

    def test_the_class_predicts_what_the_entry_says(self, spec):
        kind = load_estimator_class(spec)().__sklearn_tags__().estimator_type
        assert kind == {"classification": "classifier", "regression": "regressor"}[spec.problem_type]
