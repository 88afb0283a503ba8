"""Every model's fields against scikit-learn's own signature and parameter constraints."""

import inspect
from dataclasses import replace
from typing import Any

import pytest

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.models.catalog import load_estimator_class, model_specs

MODELS = list(model_specs().values())
FIELDS = [(spec, field) for spec in MODELS for field in spec.fields]

# Constructor arguments that are no hyperparameters, and why.
NOT_OFFERED = {
    "verbose": "prints to the console",
    "warm_start": "keeps state between fits, which a search must not",
    "copy_X": "saves memory by overwriting the data, which folds share",
    "precompute": "a matrix, or a matter of speed",
    "oob_score": "an extra figure; the model is the same",
    "monotonic_cst": "a list by column",
    "categorical_features": "a list by column",
    "priors": "a list by class",
    "class_prior": "a list by class",
    "metric_params": "a dictionary",
    "estimator": "an object",
    "scoring": "a name of the stopping rule's scorer",
    "penalty/LogisticRegression": "deprecated in 1.8; l1_ratio and C replace it",
    "n_jobs/LogisticRegression": "deprecated in 1.8",
    "probability/SVC": "deprecated in 1.9",
    "random_state/SVC": "used by the deprecated probabilities only",
    "criterion/GradientBoostingClassifier": "deprecated in 1.9",
    "criterion/GradientBoostingRegressor": "deprecated in 1.9",
    "loss/HistGradientBoostingClassifier": "has one value",
}

# Texts that scikit-learn takes and we do not offer, and why.
NOT_CHOICES = {
    "precomputed": "columns are distances already",
    "friedman_mse": "deprecated",
    **dict.fromkeys(["haversine", "mahalanobis", "seuclidean", "pyfunc"], "needs more arguments"),
    **dict.fromkeys(["infinity", "p", "l1", "l2", "cityblock", "sqeuclidean"], "same as another"),
    **dict.fromkeys(
        ["dice", "jaccard", "yule", "sokalsneath", "sokalmichener", "russellrao", "rogerstanimoto"],
        "for booleans only",
    ),
    "nan_euclidean": "for missing values, which the model is not offered for",
}


def named(item: Any) -> str:
    if isinstance(item, ModelSpec):
        return item.key
    return item.name if isinstance(item, FieldSpec) else str(item)


def parameters(spec: ModelSpec) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(load_estimator_class(spec)).parameters)


def accepts(spec: ModelSpec, name: str, value: Any) -> bool:
    """Whether scikit-learn's own check takes *value*."""
    estimator = load_estimator_class(spec)(**{name: value})
    try:
        estimator._validate_params()
    except ValueError:
        return False
    return True


class TestFields:
    @pytest.mark.parametrize("spec", MODELS, ids=named)
    def test_every_constructor_argument_is_a_field_or_left_out_for_a_reason(self, spec):
        class_name = load_estimator_class(spec).__name__
        missing = set(parameters(spec)) - {field.name for field in spec.fields}
        unexplained = {
            name for name in missing if name not in NOT_OFFERED and f"{name}/{class_name}" not in NOT_OFFERED
        }
        assert unexplained == set()

    @pytest.mark.parametrize(("spec", "field"), FIELDS, ids=named)
    def test_the_default_is_the_librarys_own(self, spec, field):
        assert field.name in parameters(spec)
        assert parameters(spec)[field.name].default == field.default

    @pytest.mark.parametrize(("spec", "field"), FIELDS, ids=named)
    def test_the_default_is_of_a_declared_type_and_inside_the_bounds(self, spec, field):
        kinds = {type(None): "null", bool: "bool", int: "int", float: "float", str: "str"}
        kind = kinds[type(field.default)]
        assert kind in field.types
        bounds = {"int": field.int_bounds, "float": field.float_bounds}.get(kind)
        assert bounds is None or bounds.contains(field.default)

    @pytest.mark.parametrize(("spec", "field"), FIELDS, ids=named)
    def test_every_declared_type_is_taken_by_scikit_learn(self, spec, field):
        for value in samples(field):
            assert accepts(spec, field.name, value), value

    @pytest.mark.parametrize(("spec", "field"), FIELDS, ids=named)
    def test_no_type_that_scikit_learn_takes_is_forgotten(self, spec, field):
        constraints = load_estimator_class(spec)._parameter_constraints[field.name]
        taken = {"null"} if None in constraints else set()
        taken |= {"bool"} if "boolean" in constraints else set()
        forgotten = {(field.name, kind) for kind in taken - set(field.types)}
        assert forgotten <= TAKEN_BUT_POINTLESS

    @pytest.mark.parametrize(
        ("spec", "field"), [(spec, field) for spec, field in FIELDS if field.choices], ids=named
    )
    def test_choices_are_scikit_learns_but_for_those_left_out_for_a_reason(self, spec, field):
        constraints = load_estimator_class(spec)._parameter_constraints[field.name]
        known = {text for item in constraints for text in getattr(item, "options", ())}
        hidden = {text for text in known - set(field.choices) if text not in NOT_CHOICES}
        assert hidden == set()

    @pytest.mark.parametrize(("spec", "field"), FIELDS, ids=named)
    def test_names_labels_and_descriptions_are_filled_in(self, spec, field):
        assert field.label
        assert field.description.endswith(".")

    @pytest.mark.parametrize("spec", MODELS, ids=named)
    def test_field_names_are_distinct(self, spec):
        names = [field.name for field in spec.fields]
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize("spec", MODELS, ids=named)
    def test_what_is_set_and_not_searched_is_never_suggested(self, spec):
        fixed = {field.name for field in spec.fields if not field.searchable}
        assert {"random_state", "n_jobs"} & {field.name for field in spec.fields} <= fixed
        assert not fixed & {item.name for item in (*spec.suggested, *spec.suggested_grid)}

    def test_a_changed_default_is_noticed(self):
        spec = model_specs()["ridge_regression"]
        field = spec.field("alpha")
        assert field is not None
        wrong = replace(field, default=2.0)
        assert parameters(spec)["alpha"].default != wrong.default


# Types that scikit-learn takes and that say nothing another value does not say.
TAKEN_BUT_POINTLESS = {
    ("n_neighbors", "null"),
    ("weights", "null"),
    ("p", "null"),
    ("l1_ratio", "null"),
    ("max_iter", "null"),
}


def samples(field: FieldSpec) -> list[Any]:
    """Values at the edge of every declared type."""
    found: list[Any] = list(field.choices)
    found += [None] if "null" in field.types else []
    found += [True, False] if "bool" in field.types else []
    if "int" in field.types:
        low = field.int_bounds.low if field.int_bounds and field.int_bounds.low is not None else 0
        high = field.int_bounds.high if field.int_bounds else None
        found += [int(low), int(low) + 1, *([] if high is None else [int(high)])]
    if "float" in field.types:
        found += float_samples(field)
    return found


def float_samples(field: FieldSpec) -> list[float]:
    bounds = field.float_bounds
    if bounds is None or bounds.low is None:
        return [-1.5, 0.0, 1.5]
    low = bounds.low + (1e-9 if bounds.exclusive_low else 0.0)
    high = 1e6 if bounds.high is None else bounds.high - (1e-9 if bounds.exclusive_high else 0.0)
    return [float(low), (low + high) / 2, float(high)]
