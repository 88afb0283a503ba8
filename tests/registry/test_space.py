"""Dimensions: how many values they have, and which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    FloatDimension,
    IntDimension,
    candidate_key,
    grid_size,
)


class TestIntDimension:
    def test_values_step_from_low_and_never_pass_high(self):
        dimension = IntDimension("n", 2, 9, 3)
        assert dimension.values() == (2, 5, 8)
        assert dimension.size == 3


class TestFloatDimension:
    def test_steps_give_the_numbers_a_person_expects(self):
        assert FloatDimension("x", 0.1, 0.3, 0.1).values() == (0.1, 0.2, 0.3)

    def test_points_are_even_in_the_rows_own_scale(self):
        assert FloatDimension("x", 0.0, 1.0, grid_points=5).values() == (0.0, 0.25, 0.5, 0.75, 1.0)
        assert FloatDimension("x", 0.01, 100.0, log=True, grid_points=5).values() == (
            0.01,
            0.1,
            1.0,
            10.0,
            100.0,
        )
        assert FloatDimension("x", 0.5, 1.0, grid_points=1).values() == (0.5,)

    def test_a_continuum_has_no_list(self):
        assert FloatDimension("x", 0.0, 1.0).size is None
        with pytest.raises(ValueError, match="neither step nor grid_points"):
            FloatDimension("x", 0.0, 1.0).values()

    @given(
        st.floats(0, 10),
        st.floats(0.001, 10),
        st.floats(0.001, 3),
    )
    def test_stepped_values_stay_inside_and_are_as_many_as_said(self, low, width, step):
        dimension = FloatDimension("x", low, low + width, step)
        values = dimension.values()
        assert len(values) == dimension.size
        assert values[0] == dimension.low
        assert max(values) <= dimension.high
        assert list(values) == sorted(values)

    @given(st.floats(1e-6, 1.0), st.floats(1.5, 1e6), st.integers(2, 50), st.booleans())
    def test_points_keep_the_ends_and_ascend(self, low, ratio, points, log):
        values = FloatDimension("x", low, low * ratio, log=log, grid_points=points).values()
        assert values[0] == low
        assert values[-1] == low * ratio
        assert len(set(values)) == points
        assert list(values) == sorted(values)


class TestGridSize:
    def test_it_multiplies_without_building(self):
        space = tuple(IntDimension(name, 1, 10**6) for name in "abc")
        assert grid_size(space) == 10**18
        assert grid_size((*space, FloatDimension("x", 0.0, 1.0))) is None
        assert grid_size((CategoricalDimension("c", (True, 1, 1.0)),)) == 3


class TestCandidateKey:
    def test_equal_only_for_the_same_model(self):
        assert candidate_key({"a": 1, "b": None}) == candidate_key({"b": None, "a": 1})
        keys = {candidate_key({"a": value}) for value in (True, 1, 1.0, "1", None)}
        assert len(keys) == 5
