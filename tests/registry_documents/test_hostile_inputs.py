"""Bad configurations: each gets its code at its pointer, in one sentence, before anything is built."""

import time
from typing import Any

import pytest

from tests.registry_documents.cases import codes, judged, only, regression

INT = {"kind": "int", "name": "max_depth", "low": 2, "high": 9}
FLOAT = {"kind": "float", "name": "ccp_alpha", "low": 0.01, "high": 0.1}
CHOICES = {"kind": "categorical", "name": "criterion", "choices": ["gini", "entropy"]}


def space(*rows: Any, **more: Any) -> dict[str, Any]:
    return {"search_space": list(rows), **more}


HOSTILE: dict[str, tuple[Any, str, str]] = {
    # Shapes
    "a list": ([], "", "wrong_type"),
    "a text": ("grid", "", "wrong_type"),
    "an unknown field": ({"stratgy": {}}, "/stratgy", "unknown_field"),
    "an unknown field deep down": ({"budget": {"max_trails": 3}}, "/budget/max_trails", "unknown_field"),
    "a field of another strategy": (
        {"strategy": {"name": "grid", "sampler": "tpe"}},
        "/strategy/sampler",
        "unknown_field",
    ),
    "a field of another fold kind": (
        {"cross_validation": {"kind": "holdout", "folds": 3}},
        "/cross_validation/folds",
        "unknown_field",
    ),
    "a number for an object": ({"budget": 3}, "/budget", "wrong_type"),
    "null for an object": ({"objective": None}, "/objective", "wrong_type"),
    "a number for a strategy": ({"strategy": 3}, "/strategy", "wrong_type"),
    "a list for a strategy": ({"strategy": ["grid"]}, "/strategy", "wrong_type"),
    "a row that is a number": (space(3), "/search_space/0", "wrong_type"),
    "a search space that is a number": ({"search_space": 3}, "/search_space", "wrong_type"),
    # Names
    "an unknown strategy": ({"strategy": {"name": "grdi"}}, "/strategy/name", "unknown_strategy"),
    "a bare unknown strategy": ({"strategy": "grdi"}, "/strategy/name", "unknown_strategy"),
    "a strategy that is an object": ({"strategy": {"name": {}}}, "/strategy/name", "unknown_strategy"),
    "a strategy without name": ({"strategy": {}}, "/strategy", "missing_field"),
    "an unknown model": ({"model": "random_forst_classifier"}, "/model", "unknown_model"),
    "a model that is a number": ({"model": 3}, "/model", "wrong_type"),
    "an unknown metric": ({"objective": {"metric": "acuracy"}}, "/objective/metric", "unknown_metric"),
    "an unknown further metric": (
        {"objective": {"additional_metrics": ["accuracy", "acuracy"]}},
        "/objective/additional_metrics/1",
        "unknown_metric",
    ),
    "a further metric twice": (
        {"objective": {"additional_metrics": ["accuracy", "accuracy"]}},
        "/objective/additional_metrics",
        "duplicate_value",
    ),
    "an unknown fold kind": (
        {"cross_validation": {"kind": "kfold"}},
        "/cross_validation/kind",
        "unknown_kind",
    ),
    "an unknown row kind": (space({"kind": "integer", "name": "a"}), "/search_space/0/kind", "unknown_kind"),
    "an unknown sampler": (
        {"strategy": {"name": "optuna", "sampler": "gp"}},
        "/strategy/sampler",
        "unknown_choice",
    ),
    "an unknown problem": ({"problem_type": "clustering"}, "/problem_type", "unknown_choice"),
    # Rows
    "an unknown parameter": (space(INT | {"name": "max_dpeth"}), "/search_space/0/name", "unknown_parameter"),
    "a parameter in two rows": (space(INT, CHOICES, INT), "/search_space/2/name", "duplicate_parameter"),
    "a range upside down": (space(INT | {"low": 9, "high": 2}), "/search_space/0/low", "range_order"),
    "an empty range": (space(INT | {"low": 2, "high": 2}), "/search_space/0/low", "range_order"),
    "a logarithm from zero": (
        space(FLOAT | {"low": 0, "log": True}),
        "/search_space/0/low",
        "log_needs_positive",
    ),
    "a logarithm with a step": (
        space(FLOAT | {"log": True, "step": 0.1}),
        "/search_space/0/step",
        "log_excludes_step",
    ),
    "a step and grid points": (
        space(FLOAT | {"step": 0.01, "grid_points": 3}),
        "/search_space/0/grid_points",
        "step_or_grid_points",
    ),
    "a step of zero": (space(FLOAT | {"step": 0}), "/search_space/0/step", "out_of_bounds"),
    "below the model's bounds": (space(INT | {"low": 0}), "/search_space/0/low", "out_of_bounds"),
    "a real number for a count": (space(INT | {"low": 2.5}), "/search_space/0/low", "wrong_type"),
    "a text for a number": (space(INT | {"low": "2"}), "/search_space/0/low", "wrong_type"),
    "true for a number": (space(INT | {"low": True}), "/search_space/0/low", "wrong_type"),
    "a row without an end": (
        space({"kind": "int", "name": "max_depth", "low": 1}),
        "/search_space/0/high",
        "missing_field",
    ),
    "a row without a name": (
        space({"kind": "int", "low": 1, "high": 3}),
        "/search_space/0/name",
        "missing_field",
    ),
    "folds by group without their column": (
        {"cross_validation": {"kind": "group_k_fold"}},
        "/cross_validation/column",
        "missing_field",
    ),
    "an empty name": (space(INT | {"name": ""}), "/search_space/0/name", "too_short"),
    "a row of the wrong kind": (space(FLOAT | {"name": "max_depth"}), "/search_space/0/kind", "wrong_type"),
    "a parameter that is only set": (
        space({"kind": "int", "name": "random_state", "low": 1, "high": 3}),
        "/search_space/0/name",
        "not_searchable",
    ),
    "an unknown choice": (
        space(CHOICES | {"choices": ["gini", "entorpy"]}),
        "/search_space/0/choices/1",
        "unknown_choice",
    ),
    "a choice twice": (
        space(CHOICES | {"choices": ["gini", "gini"]}),
        "/search_space/0/choices/1",
        "duplicate_choice",
    ),
    "a choice of the wrong type": (
        space(CHOICES | {"choices": [3]}),
        "/search_space/0/choices/0",
        "wrong_type",
    ),
    "a choice that is a list": (
        space(CHOICES | {"choices": [["gini"]]}),
        "/search_space/0/choices/0",
        "wrong_type",
    ),
    "none as a text": (
        space({"kind": "categorical", "name": "max_depth", "choices": ["none", 3]}),
        "/search_space/0/choices/0",
        "wrong_type",
    ),
    "no choices": (space(CHOICES | {"choices": []}), "/search_space/0/choices", "too_few_items"),
    "too many choices": (
        space({"kind": "categorical", "name": "max_depth", "choices": list(range(1, 1002))}),
        "/search_space/0/choices",
        "too_many_items",
    ),
    "too many rows": (space(*[INT] * 51), "/search_space", "too_many_items"),
    "nothing left to search": (space(INT | {"enabled": False}), "/search_space", "nothing_to_search"),
    "a count in a row of fractions": (
        space({"kind": "float", "name": "max_features", "low": 0.1, "high": 1, "number_type": "int"}),
        "/search_space/0/number_type",
        "wrong_type",
    ),
    # Fixed parameters
    "an unknown fixed parameter": (
        {"fixed_params": {"max_dpeth": 3}},
        "/fixed_params/0/name",
        "unknown_parameter",
    ),
    "a fixed value out of bounds": (
        {"fixed_params": {"max_depth": 0}},
        "/fixed_params/0/value",
        "out_of_bounds",
    ),
    "a fixed value of the wrong type": (
        {"fixed_params": {"splitter": True}},
        "/fixed_params/0/value",
        "wrong_type",
    ),
    "a fixed value that is a list": (
        {"fixed_params": {"splitter": []}},
        "/fixed_params/0/value",
        "wrong_type",
    ),
    "fixed and searched": (
        space(INT, fixed_params={"max_depth": 3}),
        "/fixed_params/0/name",
        "fixed_and_searched",
    ),
    "fixed twice": (
        {"fixed_params": [{"name": "splitter", "value": "best"}, {"name": "splitter", "value": "random"}]},
        "/fixed_params/1/name",
        "duplicate_parameter",
    ),
    # Strategy and budget
    "a grid over a continuum": (
        space(CHOICES, FLOAT, strategy="grid"),
        "/search_space/1",
        "grid_unbounded",
    ),
    "halving over a continuum": (
        space(CHOICES, FLOAT, strategy="halving"),
        "/search_space/1",
        "grid_unbounded",
    ),
    "a grid that is too large": (
        space(FLOAT | {"grid_points": 1000}, INT | {"high": 900}, strategy="grid"),
        "/search_space",
        "grid_too_large",
    ),
    "a grid that outgrows memory": (
        space(
            *(
                {"kind": "int", "name": name, "low": 2, "high": 9_000_000_000_000_000}
                for name in ("max_depth", "max_leaf_nodes", "min_samples_split", "min_samples_leaf")
            ),
            strategy="grid",
        ),
        "/search_space",
        "grid_too_large",
    ),
    "a grid above its own limit": (
        space(INT, strategy="grid", budget={"max_trials": 3}),
        "/budget/max_trials",
        "grid_too_large",
    ),
    "a search without end": (
        {"budget": {"max_trials": None, "max_seconds": None}},
        "/budget/max_trials",
        "unbounded_search",
    ),
    "an Optuna search without end": (
        {"strategy": "optuna", "budget": {"max_trials": None, "max_seconds": None}},
        "/budget/max_trials",
        "unbounded_search",
    ),
    "zero candidates": ({"budget": {"max_trials": 0}}, "/budget/max_trials", "out_of_bounds"),
    "zero seconds": ({"budget": {"max_seconds": 0}}, "/budget/max_seconds", "out_of_bounds"),
    "half a candidate": ({"budget": {"max_trials": 2.5}}, "/budget/max_trials", "wrong_type"),
    "a negative seed": ({"execution": {"seed": -1}}, "/execution/seed", "out_of_bounds"),
    "no processes": ({"execution": {"n_jobs": 0}}, "/execution/n_jobs", "out_of_bounds"),
    "halving with rows left open": (
        {"strategy": {"name": "halving", "min_resources": "fixed"}},
        "/strategy/min_rows",
        "min_rows_missing",
    ),
    "halving with more rows than there are": (
        {"strategy": {"name": "halving", "min_resources": "fixed", "min_rows": 1000}},
        "/strategy",
        "too_few_rows",
    ),
    "halving that exhausts an open number": (
        {"strategy": {"name": "halving_random", "min_resources": "exhaust"}},
        "/budget/max_trials",
        "exhaust_needs_max_trials",
    ),
    # Folds and metric
    "one fold": (
        {"cross_validation": {"kind": "k_fold", "folds": 1}},
        "/cross_validation/folds",
        "out_of_bounds",
    ),
    "a holdout of everything": (
        {"cross_validation": {"kind": "holdout", "test_size": 1}},
        "/cross_validation/test_size",
        "out_of_bounds",
    ),
    "a metric for numbers": ({"objective": {"metric": "rmse"}}, "/objective/metric", "metric_mismatch"),
    "a further metric for numbers": (
        {"objective": {"additional_metrics": ["accuracy", "mae"]}},
        "/objective/additional_metrics/1",
        "metric_mismatch",
    ),
    "a model for numbers by declaration": (
        {"problem_type": "regression"},
        "/problem_type",
        "problem_type_mismatch",
    ),
    "a gain below nothing": ({"write_back": {"min_gain": -1}}, "/write_back/min_gain", "out_of_bounds"),
}


class TestHostileInput:
    @pytest.mark.parametrize("name", HOSTILE)
    def test_gets_its_code_at_its_pointer_and_nothing_else(self, name: str) -> None:
        document, pointer, code = HOSTILE[name]
        validation = judged(document)
        errors = [(item.pointer, item.code) for item in validation.errors]
        assert errors == [(pointer, code)]
        assert validation.task is None

    @pytest.mark.parametrize("name", HOSTILE)
    def test_gets_one_sentence_that_a_person_can_act_on(self, name: str) -> None:
        (finding,) = judged(HOSTILE[name][0]).errors
        assert finding.message.endswith(".")
        assert len(finding.message) > 20
        for noise in ("Traceback", "pydantic", "jsonschema", "None", "<class"):
            assert noise not in finding.message

    def test_a_grid_of_any_size_is_refused_at_once(self) -> None:
        started = time.perf_counter()
        judged(HOSTILE["a grid that outgrows memory"][0])
        assert time.perf_counter() - started < 5


NEAREST = {
    "an unknown strategy": "grid",
    "an unknown model": "random_forest_classifier",
    "an unknown metric": "accuracy",
    "an unknown further metric": "accuracy",
    "an unknown parameter": "max_depth",
    "an unknown fixed parameter": "max_depth",
    "an unknown fold kind": "k_fold",
    "an unknown choice": "entropy",
}


class TestUnknownNames:
    @pytest.mark.parametrize("name", NEAREST)
    def test_get_the_nearest_known_one_as_a_fix(self, name: str) -> None:
        document, pointer, _ = HOSTILE[name]
        (finding,) = judged(document).errors
        assert f"'{NEAREST[name]}'" in finding.message
        assert finding.fix is not None
        assert finding.fix["patch"] == [{"op": "replace", "path": pointer, "value": NEAREST[name]}]

    @pytest.mark.parametrize(
        ("name", "nearest"), [("an unknown field", "strategy"), ("an unknown field deep down", "max_trials")]
    )
    def test_a_misspelt_field_names_the_nearest(self, name: str, nearest: str) -> None:
        (finding,) = judged(HOSTILE[name][0]).errors
        assert f"Did you mean '{nearest}'?" in finding.message

    def test_an_alias_of_two_models_asks_for_the_problem(self) -> None:
        (finding,) = judged({"model": "random_forest"}, regression(), summary=None).errors
        assert finding.code == "ambiguous_model"
        assert "random_forest_classifier and random_forest_regressor" in finding.message


class TestChosenBranch:
    def test_only_the_chosen_strategy_speaks(self) -> None:
        document = {"strategy": {"name": "optuna", "n_startup_trials": 0, "sampler": "gp"}}
        found = {(item.pointer, item.code) for item in judged(document).errors}
        assert found == {
            ("/strategy/n_startup_trials", "out_of_bounds"),
            ("/strategy/sampler", "unknown_choice"),
        }

    def test_only_the_chosen_kind_of_row_speaks(self) -> None:
        (finding,) = judged(
            space({"kind": "categorical", "name": "criterion", "low": 1, "choices": ["gini"]})
        ).errors
        assert (finding.pointer, finding.code) == ("/search_space/0/low", "unknown_field")

    def test_independent_mistakes_are_all_told(self) -> None:
        document = space(INT | {"low": 0}, FLOAT | {"name": "alpha"}, objective={"metric": "rmse"})
        assert set(codes(judged(document), "error")) == {
            "out_of_bounds",
            "parameter_not_in_model",
            "metric_mismatch",
        }


class TestSizes:
    def test_a_refused_grid_tells_its_size_and_the_limit(self) -> None:
        finding = only(judged(HOSTILE["a grid that is too large"][0]), "grid_too_large")
        assert "899,000" in finding.message
        assert "10,000" in finding.message

    def test_a_limit_can_be_raised_by_the_fix(self) -> None:
        document = HOSTILE["a grid above its own limit"][0]
        finding = only(judged(document), "grid_too_large")
        assert finding.fix is not None
        assert finding.fix["patch"] == [{"op": "replace", "path": "/budget/max_trials", "value": 8}]
        assert judged({**document, "budget": {"max_trials": 8}}).errors == ()

    def test_a_continuum_can_be_cut_by_the_fix(self) -> None:
        finding = only(judged(HOSTILE["a grid over a continuum"][0]), "grid_unbounded")
        assert finding.fix is not None
        assert finding.fix["patch"] == [{"op": "add", "path": "/search_space/1/grid_points", "value": 5}]
