"""Candidates of spaces: inside, distinct, typed, and scikit-learn's where it samples the same."""

import math
import warnings
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import ParameterGrid, ParameterSampler

from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    FloatDimension,
    IntDimension,
    candidate_key,
    grid_size,
)
from hyperparameter_tuning.tasks.searchers.candidates import draw_candidates, grid_candidates
from hyperparameter_tuning.tasks.searchers.draws import draw_of

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, 1.0, "a", "1"]))


@st.composite
def ints(draw, name: str = "n"):
    low, width = draw(st.integers(1, 50)), draw(st.integers(0, 60))
    log = draw(st.booleans())
    return IntDimension(name, low, low + width, step=1 if log else draw(st.integers(1, 7)), log=log)


@st.composite
def floats(draw, name: str = "x"):
    low = draw(st.floats(1e-6, 10.0))
    high = low * draw(st.floats(1.0, 1e4))
    kind = draw(st.sampled_from(["plain", "log", "step", "points"]))
    return FloatDimension(
        name,
        low,
        high,
        step=(high - low) / 7 or 1.0 if kind == "step" else None,
        log=kind == "log",
        grid_points=draw(st.integers(1, 6)) if kind == "points" else None,
    )


@st.composite
def choices(draw, name: str = "c"):
    values = draw(st.lists(SCALARS, min_size=1, max_size=5, unique_by=lambda value: (type(value), value)))
    return CategoricalDimension(name, tuple(values))


SPACES = st.tuples(ints(), floats(), choices())


def inside(dimension, value) -> bool:
    if isinstance(dimension, CategoricalDimension):
        return any(type(value) is type(choice) and value == choice for choice in dimension.choices)
    if isinstance(dimension, IntDimension):
        return type(value) is int and value in range(dimension.low, dimension.high + 1, dimension.step)
    if dimension.step is not None:
        return value in dimension.values()
    return type(value) is float and dimension.low <= value <= dimension.high


class TestDraws:
    @given(SPACES, st.integers(0, 2**32 - 1))
    @settings(max_examples=60, deadline=None)
    def test_lie_in_the_space_and_are_distinct(self, space, seed):
        drawn = list(draw_candidates(space, 20, seed))
        assert drawn
        for params in drawn:
            assert all(inside(dimension, params[dimension.name]) for dimension in space)
        assert len({candidate_key(params) for params in drawn}) == len(drawn)

    @given(st.tuples(ints(), choices()), st.integers(0, 2**32 - 1))
    @settings(max_examples=40, deadline=None)
    def test_of_a_finite_space_are_never_fewer_than_asked_nor_more_than_there_are(self, space, seed):
        drawn = list(draw_candidates(space, 10, seed))
        size = grid_size(space)
        if not space[0].log:
            assert len(drawn) == min(10, size)
        assert len(drawn) <= size

    @given(st.tuples(choices("a"), choices("b")), st.integers(0, 2**32 - 1))
    @settings(max_examples=40, deadline=None)
    def test_of_lists_are_scikit_learns(self, space, seed):
        lists = {dimension.name: list(dimension.choices) for dimension in space}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            theirs = list(ParameterSampler(lists, 6, random_state=seed))
        ours = list(draw_candidates(space, 6, seed))
        assert [candidate_key(params) for params in ours] == [candidate_key(params) for params in theirs]

    def test_without_a_number_a_finite_space_is_drawn_whole(self):
        space = (IntDimension("n", 1, 30), CategoricalDimension("c", ("a", "b")))
        assert len(list(draw_candidates(space, None, 0))) == 60

    def test_spaces_too_large_to_be_numbered_are_drawn_too(self):
        space = tuple(IntDimension(f"n{index}", 0, 10**6) for index in range(8))
        assert len(list(draw_candidates(space, 5, 0))) == 5
        assert len(list(islice(draw_candidates(space, None, 0), 5))) == 5

    def test_a_logarithmic_row_is_even_in_the_logarithm(self):
        draw = draw_of(FloatDimension("x", 1e-4, 1.0, log=True))
        rng = np.random.RandomState(0)
        logs = [math.log10(draw.rvs(rng)) for _ in range(4000)]
        counts, _ = np.histogram(logs, bins=4, range=(-4, 0))
        assert all(850 < count < 1150 for count in counts)

    @pytest.mark.parametrize("log", [True, False])
    def test_both_ends_of_whole_numbers_are_reached(self, log):
        draw = draw_of(IntDimension("n", 1, 6, log=log))
        rng = np.random.RandomState(0)
        assert {draw.rvs(rng) for _ in range(300)} == set(range(1, 7))


class TestGrid:
    @given(st.tuples(ints(), choices("a"), choices("b")))
    @settings(max_examples=40, deadline=None)
    def test_is_scikit_learns_in_its_order(self, space):
        theirs = ParameterGrid({dimension.name: list(dimension.values()) for dimension in space})
        if isinstance(space[0], IntDimension) and space[0].log:
            return
        ours = grid_candidates(space)
        assert [candidate_key(params) for params in ours] == [candidate_key(params) for params in theirs]

    def test_no_dimension_is_one_candidate(self):
        assert list(grid_candidates(())) == [{}]

    def test_a_continuum_is_refused(self):
        with pytest.raises(ValueError, match="no finite list of values"):
            grid_candidates((FloatDimension("x", 0.0, 1.0),))
