"""Rows become typed dimensions and back; what is wrong with a row is said where it stands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models.catalog import get_model, model_specs
from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    FloatDimension,
    IntDimension,
    Space,
    typed_value,
)
from hyperparameter_tuning.registry.space_rows import (
    dimension_from_row,
    row_kinds,
    rows_from_space,
    space_from_rows,
)
from hyperparameter_tuning.registry.suggestions import suggested_rows
from hyperparameter_tuning.registry.typed_params import known_field
from hyperparameter_tuning.shared.errors import UnknownNameError, UserError
from tests.registry.test_typed_params import through_a_browser

FOREST = get_model("random_forest_classifier")
MODELS = list(model_specs().values())


def int_row(**keys: Any) -> dict[str, Any]:
    return {"kind": "int", "name": "max_depth", "low": 2, "high": 9, **keys}


def float_row(**keys: Any) -> dict[str, Any]:
    return {"kind": "float", "name": "ccp_alpha", "low": 0.001, "high": 0.1, **keys}


def choice_row(*choices: Any, **keys: Any) -> dict[str, Any]:
    return {"kind": "categorical", "name": "max_features", "choices": list(choices), **keys}


def types_of(space: Space) -> list[list[tuple[str, Any]]]:
    return [
        [typed_value(value) for value in item.choices]
        if isinstance(item, CategoricalDimension)
        else [typed_value(item.low), typed_value(item.high)]
        for item in space
    ]


class TestDimensionFromRow:
    def test_each_kind_becomes_its_dimension(self):
        assert dimension_from_row(FOREST, int_row(step=2)) == IntDimension("max_depth", 2, 9, 2)
        assert dimension_from_row(FOREST, int_row(log=True, step=1)) == IntDimension(
            "max_depth", 2, 9, log=True
        )
        assert dimension_from_row(FOREST, float_row(log=True, grid_points=5)) == FloatDimension(
            "ccp_alpha", 0.001, 0.1, log=True, grid_points=5
        )
        found = dimension_from_row(FOREST, choice_row("sqrt", 3, 0.5, None))
        assert found == CategoricalDimension("max_features", ("sqrt", 3, 0.5, None))

    def test_numbers_of_a_row_get_the_type_of_its_kind(self):
        row = {"kind": "float", "name": "max_features", "low": 0.5, "high": 1}
        assert types_of((dimension_from_row(FOREST, row),)) == [[("float", 0.5), ("float", 1.0)]]
        row = {"kind": "int", "name": "max_features", "low": 1, "high": 4.0}
        assert types_of((dimension_from_row(FOREST, row),)) == [[("int", 1), ("int", 4)]]

    def test_the_number_type_types_choices(self):
        counts = dimension_from_row(FOREST, choice_row(1, 2, number_type="int"))
        fractions = dimension_from_row(FOREST, choice_row(1, 0.5, number_type="float"))
        assert types_of((counts, fractions)) == [[("int", 1), ("int", 2)], [("float", 1.0), ("float", 0.5)]]

    @pytest.mark.parametrize(
        ("row", "code", "pointer"),
        [
            (int_row(name="max_dept"), "unknown_parameter", "/name"),
            (int_row(name="random_state"), "not_searchable", "/name"),
            (int_row(name="criterion"), "wrong_type", "/kind"),
            (float_row(name="max_depth"), "wrong_type", "/kind"),
            (int_row(kind="fixed"), "wrong_type", "/kind"),
            (int_row(low=9, high=2), "range_order", "/low"),
            (int_row(low=2, high=2), "range_order", "/low"),
            (int_row(low=0), "out_of_bounds", "/low"),
            (int_row(high=2.5), "wrong_type", "/high"),
            (int_row(high="9"), "wrong_type", "/high"),
            (int_row(high=None), "wrong_type", "/high"),
            (int_row(low=True), "wrong_type", "/low"),
            (int_row(step=0), "bad_step", "/step"),
            (int_row(step=1.5), "bad_step", "/step"),
            (int_row(step=2, log=True), "log_excludes_step", "/step"),
            (int_row(number_type="float"), "wrong_type", "/number_type"),
            (float_row(low=0.0, log=True), "log_needs_positive", "/low"),
            (float_row(low=-1.0), "out_of_bounds", "/low"),
            (float_row(step=0.01, log=True), "log_excludes_step", "/step"),
            (float_row(step=0.0), "bad_step", "/step"),
            (float_row(step=0.01, grid_points=3), "step_or_grid_points", "/grid_points"),
            (float_row(number_type="int"), "wrong_type", "/number_type"),
            (choice_row(), "no_choices", "/choices"),
            (choice_row("sqrt", "sqrt"), "duplicate_choice", "/choices/1"),
            (choice_row(1, 1.0), "duplicate_choice", "/choices/1"),
            (choice_row("sqrt", "log3"), "unknown_choice", "/choices/1"),
            (choice_row(True), "wrong_type", "/choices/0"),
            (choice_row(0.5, 2.5), "wrong_type", "/choices/1"),
        ],
    )
    def test_a_wrong_row_is_refused_where_it_is_wrong(self, row, code, pointer):
        with pytest.raises(UserError) as caught:
            dimension_from_row(FOREST, row, "/search_space/3")
        assert (caught.value.code, caught.value.pointer) == (code, f"/search_space/3{pointer}")

    def test_an_unknown_name_names_the_nearest(self):
        with pytest.raises(UnknownNameError, match="Did you mean 'max_depth'"):
            dimension_from_row(FOREST, int_row(name="max_dept"))


class TestSpaceFromRows:
    def test_disabled_rows_are_passed_over(self):
        rows = [int_row(enabled=False, name="no such thing"), float_row(enabled=True)]
        assert [item.name for item in space_from_rows(FOREST, rows)] == ["ccp_alpha"]

    def test_a_parameter_stands_in_one_row_only(self):
        with pytest.raises(UserError, match="two rows") as caught:
            space_from_rows(FOREST, [int_row(), int_row(enabled=False), int_row()])
        assert (caught.value.code, caught.value.pointer) == ("duplicate_parameter", "/search_space/2/name")


class TestRowsFromSpace:
    @pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.key)
    @pytest.mark.parametrize("which", ["suggested", "suggested_grid"])
    def test_suggestions_survive_a_browser(self, spec: ModelSpec, which: str):
        space: Space = getattr(spec, which)
        back = space_from_rows(spec, through_a_browser(rows_from_space(spec, space)))
        assert back == space
        assert types_of(back) == types_of(space)

    @pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.key)
    def test_rows_with_numbers_that_could_be_either_say_which(self, spec: ModelSpec):
        for lists in (False, True):
            for row in suggested_rows(spec, lists=lists):
                numbers = row["kind"] != "categorical" or any(
                    isinstance(value, int | float) for value in row["choices"]
                )
                wanted = numbers and known_field(spec, row["name"]).takes_count_or_fraction
                assert ("number_type" in row) is wanted

    def test_a_mixture_without_the_count_one_needs_no_number_type(self):
        space = (CategoricalDimension("max_features", (3, 0.5, "sqrt")),)
        rows = rows_from_space(FOREST, space)
        assert "number_type" not in rows[0]
        assert types_of(space_from_rows(FOREST, rows)) == types_of(space)

    def test_a_mixture_that_json_cannot_hold_is_refused(self):
        with pytest.raises(UserError, match="count 1"):
            rows_from_space(FOREST, (CategoricalDimension("max_features", (1, 0.5)),))

    @given(
        st.lists(
            st.one_of(st.none(), st.sampled_from(["sqrt", "log2"]), st.integers(2, 50), st.floats(0.01, 1.0)),
            min_size=1,
            unique_by=typed_value,
        )
    )
    def test_any_choices_come_back_as_they_were(self, choices):
        space = (CategoricalDimension("max_features", tuple(choices)),)
        back = space_from_rows(FOREST, through_a_browser(rows_from_space(FOREST, space)))
        assert types_of(back) == types_of(space)

    @given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 5))
    def test_any_whole_range_comes_back_as_it_was(self, low, width, step):
        space = (IntDimension("min_samples_leaf", low, low + width, step),)
        assert space_from_rows(FOREST, through_a_browser(rows_from_space(FOREST, space))) == space


class TestRowKinds:
    @pytest.mark.parametrize(
        ("name", "kinds"),
        [
            ("max_features", ("int", "float", "categorical")),
            ("n_estimators", ("int", "categorical")),
            ("ccp_alpha", ("float", "categorical")),
            ("bootstrap", ("categorical",)),
            ("random_state", ()),
        ],
    )
    def test_kinds_follow_from_the_declared_types(self, name, kinds):
        assert row_kinds(known_field(FOREST, name)) == kinds
