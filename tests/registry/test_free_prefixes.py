"""Which lengths a long fit is read off at, and when that is refused."""

from dataclasses import replace
from typing import Any

import pytest

from hyperparameter_tuning.registry.free_prefixes import MOST_LENGTHS, free_prefixes, lengths_in, lengths_of
from hyperparameter_tuning.registry.models.catalog import BUILT_IN_MODELS
from hyperparameter_tuning.registry.plans import plan_optuna, plan_random
from hyperparameter_tuning.registry.search_context import Plan, SearchBudget, SearchContext
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension
from hyperparameter_tuning.registry.strategy_options import GridOptions, OptunaOptions, RandomOptions
from hyperparameter_tuning.shared.errors import UserError

TREES = IntDimension("n_estimators", 50, 300, step=10)
DEPTH = IntDimension("max_depth", 1, 4)


def context(options: Any, *space: Any, **changes: Any) -> SearchContext:
    told = SearchContext(space=space, options=options, lengths=("n_estimators",))
    return replace(told, **changes)


class TestLengths:
    @pytest.mark.parametrize(
        ("dimension", "lengths"),
        [
            (IntDimension("n", 1, 4), (1, 2, 3, 4)),
            (IntDimension("n", 5, 31, step=10), (5, 15, 25)),
            (TREES, (50, 80, 110, 130, 160, 190, 220, 240, 270, 300)),
            (IntDimension("n", 1, 1000, log=True), (1, 2, 5, 10, 22, 46, 100, 215, 464, 1000)),
            (IntDimension("n", 3, 5, log=True), (3, 4, 5)),
            (CategoricalDimension("n", (200, 50, 100)), (50, 100, 200)),
            (CategoricalDimension("n", (50, None)), ()),
            (CategoricalDimension("n", (True, 2)), ()),
            (CategoricalDimension("n", (0, 2)), ()),
            (FloatDimension("n", 1.0, 9.0, step=1.0), ()),
        ],
        ids=str,
    )
    def test_are_all_values_or_ten_evenly_spaced_ones(self, dimension: Any, lengths: tuple[int, ...]) -> None:
        assert lengths_in(dimension) == lengths
        assert len(lengths) <= MOST_LENGTHS

    def test_every_model_whose_fit_holds_shorter_ones_has_one(self) -> None:
        named = {spec.key: lengths_of(spec) for spec in BUILT_IN_MODELS}
        assert named["random_forest_classifier"] == ("n_estimators",)
        assert named["hist_gradient_boosting_regressor"] == ("max_iter",)
        assert named["ridge_regression"] == ()
        assert named["decision_tree_classifier"] == ()


class TestRefusal:
    @pytest.mark.parametrize(
        ("space", "lengths", "words"),
        [
            ((DEPTH,), ("n_estimators",), "need 'n_estimators' in the search space"),
            ((CategoricalDimension("n_estimators", (None, 5)),), ("n_estimators",), "whole numbers from 1"),
            ((TREES, DEPTH), (), "cannot be read off a fit of this model"),
        ],
    )
    def test_a_space_without_a_length_is_refused(self, space: Any, lengths: Any, words: str) -> None:
        for options, plan in ((RandomOptions, plan_random), (OptunaOptions, plan_optuna)):
            asked = context(options(free_prefixes=True), *space, lengths=lengths)
            with pytest.raises(UserError, match=words) as caught:
                plan(asked)
            assert (caught.value.code, caught.value.pointer) == (
                "no_path_parameter",
                "/strategy/free_prefixes",
            )

    @pytest.mark.parametrize("options", [RandomOptions(), OptunaOptions(), GridOptions()])
    def test_nothing_is_asked_of_a_space_where_they_are_off(self, options: Any) -> None:
        assert free_prefixes(context(options, DEPTH)) is None


class TestPlans:
    def test_draws_are_counted_and_their_prefixes_apart(self) -> None:
        asked = context(RandomOptions(free_prefixes=True), TREES, DEPTH)
        assert plan_random(asked) == Plan(4, prefixes=9)
        assert plan_random(replace(asked, budget=SearchBudget(max_trials=3))) == Plan(3, prefixes=9)

    def test_a_length_alone_is_drawn_once(self) -> None:
        assert plan_random(context(RandomOptions(free_prefixes=True), TREES)) == Plan(1, prefixes=9)

    def test_optunas_number_is_of_draws(self) -> None:
        asked = context(OptunaOptions(free_prefixes=True), TREES, DEPTH, budget=SearchBudget(max_trials=7))
        assert plan_optuna(asked) == Plan(7, basis="upper_bound", prefixes=9)
