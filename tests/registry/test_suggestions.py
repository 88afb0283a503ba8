"""Suggested spaces follow the data: no candidate fails, or repeats another, for want of rows or columns."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models.catalog import get_model, model_specs
from hyperparameter_tuning.registry.space import CategoricalDimension, Dimension, FloatDimension, IntDimension
from hyperparameter_tuning.registry.suggestions import (
    DataFacts,
    suggested_rows,
    suggested_space,
    suggestion_notes,
)
from hyperparameter_tuning.registry.values import rows_from_space, space_from_rows

MODELS = list(model_specs().values())
KNN, TREE, FOREST = (
    get_model(name)
    for name in ("k_neighbors_classifier", "decision_tree_classifier", "random_forest_classifier")
)
PLENTY = DataFacts(100_000, 100_000, 1_000)


def dimension(spec: ModelSpec, name: str, facts: DataFacts, *, lists: bool = False) -> Dimension:
    return next(item for item in suggested_space(spec, lists=lists, facts=facts) if item.name == name)


class TestLimits:
    def test_neighbours_are_no_more_than_the_fewest_rows_learned_from(self) -> None:
        found = dimension(KNN, "n_neighbors", DataFacts(fit_rows=80, least_rows=16))
        assert found == IntDimension("n_neighbors", 1, 16)

    def test_of_a_list_the_choices_that_fit_stay(self) -> None:
        found = dimension(KNN, "n_neighbors", DataFacts(16, 16), lists=True)
        assert found == CategoricalDimension("n_neighbors", (1, 3, 5, 7, 9, 11, 15))

    def test_choices_of_another_type_stay(self) -> None:
        found = dimension(FOREST, "max_depth", DataFacts(8, 8), lists=True)
        assert found == CategoricalDimension("max_depth", (None,))

    def test_a_halvings_first_round_does_not_cut_what_only_later_rounds_need(self) -> None:
        assert dimension(TREE, "max_depth", DataFacts(100, 10)) == dimension(TREE, "max_depth", PLENTY)

    def test_shares_of_columns_below_one_column_are_one_column(self) -> None:
        found = dimension(FOREST, "max_features", DataFacts(features=3))
        assert isinstance(found, FloatDimension)
        assert (int(found.low * 3), found.high) == (1, 1.0)
        assert found.low < 0.34

    def test_counts_of_columns_are_no_more_than_there_are(self) -> None:
        counting = replace(FOREST, suggested=(IntDimension("max_features", 1, 40),))
        assert dimension(counting, "max_features", DataFacts(features=7)).high == 7  # type: ignore[union-attr]

    def test_a_range_of_which_one_value_is_left_is_that_choice(self) -> None:
        assert dimension(FOREST, "max_features", DataFacts(features=1)) == CategoricalDimension(
            "max_features", (1.0,)
        )
        assert dimension(KNN, "n_neighbors", DataFacts(1, 1)) == CategoricalDimension("n_neighbors", (1,))

    def test_what_is_unknown_cuts_nothing(self) -> None:
        for spec in MODELS:
            assert suggested_space(spec, lists=False, facts=DataFacts()) == spec.suggested

    def test_plenty_of_data_cuts_nothing(self) -> None:
        for spec in MODELS:
            assert suggested_space(spec, lists=True, facts=PLENTY) == spec.suggested_grid


class TestEveryModel:
    @given(
        st.sampled_from(MODELS),
        st.booleans(),
        st.integers(0, 60),
        st.integers(0, 60),
        st.integers(0, 12),
    )
    def test_whatever_the_data_the_rows_can_be_searched(
        self, spec: ModelSpec, lists: bool, rows: int, least: int, features: int
    ) -> None:
        facts = DataFacts(rows, min(rows, least), features)
        found = suggested_rows(spec, lists=lists, facts=facts)
        assert rows_from_space(spec, space_from_rows(spec, found)) == found
        assert [row["name"] for row in found] == [row["name"] for row in suggested_rows(spec, lists=lists)]


class TestNotes:
    def test_each_cut_row_is_told_with_its_reason(self) -> None:
        (note,) = suggestion_notes(KNN, DataFacts(80, 16), lists=False)
        assert note == "Neighbours: cut, since the smallest part that a candidate learns from has 16 rows."

    def test_nothing_is_told_where_nothing_is_cut(self) -> None:
        assert suggestion_notes(KNN, PLENTY, lists=True) == []


@pytest.mark.parametrize("rows", [6, 12, 31])
def test_on_few_rows_no_suggested_candidate_of_the_neighbours_fails(rows: int) -> None:
    from sklearn.neighbors import KNeighborsClassifier

    data = [[float(index)] for index in range(rows)]
    space = suggested_space(KNN, lists=True, facts=DataFacts(rows, rows))
    most = max(next(item for item in space if item.name == "n_neighbors").values())
    model = KNeighborsClassifier(n_neighbors=most).fit(data, [index % 2 for index in range(rows)])
    assert len(model.predict(data)) == rows
