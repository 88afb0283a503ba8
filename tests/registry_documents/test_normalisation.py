"""Other spellings of a configuration come to the published form; what cannot be understood stays."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.registry.normalisation import normalise

TRIALS = {"budget": {"max_trials": 30}}


def normal(document: Any, problem_type: str | None = None) -> Any:
    return normalise(document, problem_type)[0]


class TestSearchSpace:
    def test_a_map_of_rows_becomes_rows_in_its_order(self) -> None:
        space = {"C": {"kind": "float", "low": 0.1, "high": 1}, "kernel": ["rbf", "linear"]}
        assert normal({"search_space": space})["search_space"] == [
            {"kind": "float", "low": 0.1, "high": 1, "name": "C"},
            {"kind": "categorical", "name": "kernel", "choices": ["rbf", "linear"]},
        ]

    @pytest.mark.parametrize(
        ("row", "kind"),
        [
            ({"name": "a", "choices": [1]}, "categorical"),
            ({"name": "a", "low": 1, "high": 3}, "int"),
            ({"name": "a", "low": 1, "high": 3.5}, "float"),
            ({"name": "max_depth", "low": 1.0, "high": 3.0}, "int"),
            ({"name": "ccp_alpha", "low": 0, "high": 1}, "float"),
            ({"name": "max_features", "low": 1, "high": 3, "number_type": "float"}, "float"),
        ],
    )
    def test_a_row_without_kind_gets_the_one_its_parameter_declares(
        self, row: dict[str, Any], kind: str
    ) -> None:
        document = normal({"model": "random_forest_classifier", "search_space": [row]})
        assert document["search_space"][0]["kind"] == kind

    def test_a_fixed_row_moves_to_the_fixed_parameters(self) -> None:
        document = normal(
            {
                "search_space": [
                    {"kind": "fixed", "name": "C", "value": 1},
                    {"kind": "categorical", "name": "kernel", "choices": ["rbf"]},
                    {"kind": "fixed", "name": "off", "value": 1, "enabled": False},
                ],
                "fixed_params": {"gamma": "scale"},
            }
        )
        assert [row["name"] for row in document["search_space"]] == ["kernel"]
        assert document["fixed_params"] == [{"name": "gamma", "value": "scale"}, {"name": "C", "value": 1}]

    def test_a_map_may_hold_fixed_rows(self) -> None:
        document = normal({"search_space": {"C": {"value": 2}}})
        assert document["search_space"] == []
        assert document["fixed_params"] == [{"name": "C", "value": 2}]

    def test_null_is_an_empty_list(self) -> None:
        assert normal({"search_space": None, "fixed_params": None}) == {
            "search_space": [],
            "fixed_params": [],
            **TRIALS,
        }


class TestNames:
    @pytest.mark.parametrize(
        ("document", "expected"),
        [
            ({"strategy": "grid"}, {"strategy": {"name": "grid"}, "budget": {"max_trials": None}}),
            ({"strategy": {"name": "Bayesian"}}, {"strategy": {"name": "optuna"}, **TRIALS}),
            ({"model": "RandomForestRegressor"}, {"model": "random_forest_regressor", **TRIALS}),
            (
                {
                    "objective": {
                        "metric": "neg_root_mean_squared_error",
                        "additional_metrics": ["mean_absolute_error"],
                    }
                },
                {"objective": {"metric": "rmse", "additional_metrics": ["mae"]}, **TRIALS},
            ),
        ],
    )
    def test_aliases_become_names(self, document: dict[str, Any], expected: dict[str, Any]) -> None:
        assert normal(document) == expected

    def test_a_name_of_two_models_is_told_by_the_problem(self) -> None:
        assert normal({"model": "random_forest"}, "regression")["model"] == "random_forest_regressor"
        declared = {"model": "random_forest", "problem_type": "classification"}
        assert normal(declared, "regression")["model"] == "random_forest_classifier"
        assert normal({"model": "random_forest"})["model"] == "random_forest"

    def test_every_reading_is_noted(self) -> None:
        _, notes = normalise({"strategy": "bayesian", "search_space": {"C": [1]}})
        assert notes[0] == "'bayesian' was read as 'optuna'."
        assert len(notes) == 2


class TestBudget:
    def test_an_absent_number_of_candidates_is_the_strategys(self) -> None:
        assert normal({"strategy": {"name": "grid"}, "budget": {"max_seconds": 5}})["budget"] == {
            "max_seconds": 5,
            "max_trials": None,
        }

    def test_null_is_an_answer(self) -> None:
        assert normal({"budget": {"max_trials": None}})["budget"]["max_trials"] is None


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(-2, 2)
    | st.sampled_from(["grid", "int", "fixed", "C"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "name", "value", "low", "high", "choices", "max_trials", "metric"]),
            inner,
        )
    ),
    max_leaves=12,
)


class TestAnyDocument:
    @given(
        st.dictionaries(
            st.sampled_from(
                ["model", "strategy", "search_space", "fixed_params", "objective", "budget", "problem_type"]
            ),
            json_values,
        )
    )
    def test_is_read_without_an_exception_and_without_a_change_of_the_callers_own(
        self, document: Any
    ) -> None:
        before = copy.deepcopy(document)
        once = normal(document)
        assert document == before
        assert normal(once) == once

    @pytest.mark.parametrize("document", [[], "text", 3, True])
    def test_no_object_stays_what_it_is(self, document: Any) -> None:
        assert normal(document) == document

    def test_nothing_is_all_defaults(self) -> None:
        assert normal(None) == {}
