"""The type of a value comes from its field, never from how JSON spells it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.registry.base import Bounds, FieldSpec, ModelSpec
from hyperparameter_tuning.registry.models.catalog import get_model, load_estimator_class, model_specs
from hyperparameter_tuning.registry.typed_params import (
    default_params,
    describe_bounds,
    known_field,
    number_types_of,
    typed_param,
    typed_params,
)
from hyperparameter_tuning.shared.errors import UnknownNameError, UserError
from tests.registry.spaces import draws

FOREST = get_model("random_forest_classifier")


def field(model: str, name: str) -> FieldSpec:
    return known_field(get_model(model), name)


def same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and left == right


def through_a_browser(document: Any) -> Any:
    """What JavaScript's JSON makes of *document*: it has one kind of number and writes 1.0 as 1."""
    as_numbers = json.loads(json.dumps(document), parse_int=float)
    return _shortened(as_numbers)


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class TestTypedParam:
    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("n_estimators", 5, 5),
            ("n_estimators", 5.0, 5),
            ("max_depth", None, None),
            ("min_impurity_decrease", 0, 0.0),
            ("bootstrap", False, False),
            ("criterion", "entropy", "entropy"),
            ("max_features", "sqrt", "sqrt"),
            ("max_features", 1, 1.0),
            ("max_features", 1.0, 1.0),
            ("max_features", 0.5, 0.5),
            ("max_features", 3, 3),
            ("max_features", 3.0, 3),
            ("min_samples_split", 1, 1.0),
        ],
    )
    def test_a_value_gets_the_declared_type(self, name, value, expected):
        assert same(typed_param(field(FOREST.key, name), value), expected)

    @pytest.mark.parametrize(
        ("value", "number_type", "expected"),
        [(1, "int", 1), (1.0, "int", 1), (1, "float", 1.0), (2.0, "int", 2), (0.25, "float", 0.25)],
    )
    def test_the_number_type_decides_where_both_are_taken(self, value, number_type, expected):
        assert same(typed_param(field(FOREST.key, "max_features"), value, number_type), expected)

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("n_estimators", 5.5, "wrong_type"),
            ("n_estimators", True, "wrong_type"),
            ("n_estimators", "5", "wrong_type"),
            ("n_estimators", None, "wrong_type"),
            ("n_estimators", [5], "wrong_type"),
            ("n_estimators", 0, "out_of_bounds"),
            ("max_depth", "none", "wrong_type"),
            ("bootstrap", 1, "wrong_type"),
            ("bootstrap", "true", "wrong_type"),
            ("criterion", "ginni", "unknown_choice"),
            ("criterion", None, "wrong_type"),
            ("criterion", 1, "wrong_type"),
            ("max_features", "null", "unknown_choice"),
            ("max_features", 2.5, "wrong_type"),
            ("max_features", 0, "out_of_bounds"),
            ("min_impurity_decrease", -0.1, "out_of_bounds"),
            ("min_impurity_decrease", float("nan"), "out_of_bounds"),
            ("min_impurity_decrease", float("inf"), "out_of_bounds"),
            ("min_impurity_decrease", 10**400, "out_of_bounds"),
        ],
    )
    def test_another_type_is_refused_by_name(self, name, value, code):
        with pytest.raises(UserError, match=name) as caught:
            typed_param(field(FOREST.key, name), value)
        assert caught.value.code == code
        assert caught.value.details["parameter"] == name

    def test_one_is_a_count_where_fractions_end_below_it(self):
        assert same(typed_param(field(FOREST.key, "min_samples_leaf"), 1.0), 1)
        assert same(typed_param(field(FOREST.key, "max_features"), 1), 1.0)

    def test_a_fraction_cannot_be_a_count_nor_a_count_a_fraction(self):
        with pytest.raises(UserError, match="whole number") as caught:
            typed_param(field(FOREST.key, "max_features"), 0.5, "int")
        assert caught.value.code == "wrong_type"
        with pytest.raises(UserError, match="above 0 and at most 1") as caught:
            typed_param(field(FOREST.key, "max_features"), 5, "float")
        assert caught.value.code == "out_of_bounds"

    def test_the_nearest_choice_is_named(self):
        with pytest.raises(UserError, match=r"Did you mean 'gini'\? Known: gini, entropy, log_loss"):
            typed_param(field(FOREST.key, "criterion"), "ginni")

    def test_a_long_value_is_cut_in_the_message(self):
        with pytest.raises(UserError) as caught:
            typed_param(field(FOREST.key, "criterion"), "x" * 10_000)
        assert len(caught.value.message) < 200

    @given(st.integers(-(10**9), 10**9))
    def test_a_whole_number_survives_a_browser(self, number):
        seed = FieldSpec("seed", "Seed", ("int",), 0, int_bounds=Bounds())
        assert same(typed_param(seed, through_a_browser(float(number))), number)

    @given(st.floats(allow_nan=False, allow_infinity=False))
    def test_a_real_number_survives_a_browser(self, number):
        share = FieldSpec("share", "Share", ("float",), 0.0, float_bounds=Bounds())
        assert same(typed_param(share, through_a_browser(number)), number + 0.0)


class TestTypedParams:
    def test_an_unknown_name_is_refused_with_the_nearest(self):
        with pytest.raises(UnknownNameError) as caught:
            typed_params(FOREST, {"max_dept": 3})
        assert caught.value.code == "unknown_parameter"
        assert caught.value.details["nearest"] == "max_depth"

    @pytest.mark.parametrize("model", model_specs().values(), ids=lambda model: model.key)
    def test_candidates_survive_a_browser_as_the_same_estimator(self, model: ModelSpec):
        for params in [*draws(model.suggested, 20), *draws(model.suggested_grid, 20), default_params(model)]:
            stored = through_a_browser({"params": params, "number_types": number_types_of(model, params)})
            typed = typed_params(model, stored["params"], stored["number_types"])
            assert all(same(typed[name], value) for name, value in exact(model, params).items())

    def test_an_exact_count_of_one_needs_its_number_type(self):
        one = {"max_features": 1, "min_samples_leaf": 1}
        types = number_types_of(FOREST, one)
        assert types == {"max_features": "int", "min_samples_leaf": "int"}
        assert same(typed_params(FOREST, one, types)["max_features"], 1)
        assert number_types_of(FOREST, {"max_features": "sqrt", "n_estimators": 5, "max_depth": None}) == {}


def exact(model: ModelSpec, params: dict[str, Any]) -> dict[str, Any]:
    """Defaults spelled as a whole number for a real field (KNN's p=2) count as the real one."""
    reals = {item.name for item in model.fields if "float" in item.types and "int" not in item.types}
    return {
        name: float(value)
        if name in reals and isinstance(value, int) and not isinstance(value, bool)
        else value
        for name, value in params.items()
    }


class TestDefaultParams:
    @pytest.mark.parametrize("model", model_specs().values(), ids=lambda model: model.key)
    def test_they_are_typed_and_make_the_estimator(self, model: ModelSpec):
        params = default_params(model, seed=3)
        types = number_types_of(model, params)
        assert typed_params(model, params, types) == params
        load_estimator_class(model)(**params)._validate_params()

    def test_the_entrys_defaults_lie_over_the_librarys(self):
        params = default_params(get_model("logistic_regression"))
        assert params["max_iter"] == 1000
        assert params["C"] == 1.0
        assert params["random_state"] is None


class TestDescribeBounds:
    def test_intervals_are_put_into_words(self):
        assert describe_bounds(Bounds(0, 1, exclusive_low=True)) == "above 0 and at most 1"
        assert describe_bounds(Bounds(low=1)) == "at least 1"
        assert describe_bounds(Bounds()) == "any number"
