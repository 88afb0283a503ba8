"""Plans against scikit-learn's own halving searches, and their refusals."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import uniform
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.model_selection import HalvingGridSearchCV, HalvingRandomSearchCV, KFold

from hyperparameter_tuning.registry.plans import (
    distinct_candidates,
    plan_grid,
    plan_halving,
    plan_halving_random,
    plan_optuna,
    plan_random,
)
from hyperparameter_tuning.registry.search_context import Plan, SearchBudget, SearchContext
from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    FloatDimension,
    IntDimension,
    Space,
)
from hyperparameter_tuning.registry.strategy_options import (
    GridOptions,
    HalvingOptions,
    HalvingRandomOptions,
    OptunaOptions,
    RandomOptions,
)
from hyperparameter_tuning.shared.errors import UserError

CONTINUUM = (FloatDimension("x", 0.0, 1.0),)


def numbers(count: int) -> Space:
    return (CategoricalDimension("random_state", tuple(range(count))),)


def context(space: Space, options: Any, max_trials: int | None = None, **more: Any) -> SearchContext:
    return SearchContext(space, options, budget=SearchBudget(max_trials=max_trials), **more)


class Uniform(DummyRegressor):
    """A dummy with a continuous parameter to draw."""

    def __init__(self, x: float = 0.5) -> None:
        super().__init__(strategy="quantile", quantile=x)
        self.x = x


CASES = st.fixed_dictionaries(
    {
        "candidates": st.integers(1, 30),
        "n_samples": st.integers(8, 90),
        "n_splits": st.integers(2, 3),
        "n_classes": st.sampled_from([0, 2, 3]),
        "factor": st.integers(2, 5),
        "aggressive": st.booleans(),
        "rule": st.sampled_from(["smallest", "exhaust", "fixed"]),
        "min_rows": st.integers(6, 40),
    }
)


def target(case: dict[str, Any]) -> Any:
    """As many classes as the case says, in turn; a ramp for regression."""
    rows = np.arange(case["n_samples"])
    return rows % case["n_classes"] if case["n_classes"] else rows.astype(float)


def halving_arguments(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "factor": case["factor"],
        "aggressive_elimination": case["aggressive"],
        "min_resources": case["min_rows"] if case["rule"] == "fixed" else case["rule"],
        "cv": KFold(case["n_splits"]),
        "random_state": 0,
        "refit": False,
        "scoring": _constant_score,
    }


def options(kind: type, case: dict[str, Any]) -> Any:
    return kind(
        factor=case["factor"],
        aggressive_elimination=case["aggressive"],
        min_resources=case["rule"],
        min_rows=case["min_rows"] if case["rule"] == "fixed" else None,
    )


def _constant_score(estimator: Any, X: Any, y: Any) -> float:
    return 1.0


def compare(plan: Any, search: Any, y: Any) -> None:
    """The plan and the search agree in every round, or refuse together."""
    X = np.zeros((len(y), 1))
    try:
        search.fit(X, y)
    except ValueError as error:
        if "min_resources_" not in str(error):
            raise
        with pytest.raises(UserError) as caught:
            plan()
        assert caught.value.code == "too_few_rows"
        return
    planned: Plan = plan()
    assert [rung.n_resources for rung in planned.rungs] == search.n_resources_
    assert [rung.n_candidates for rung in planned.rungs] == search.n_candidates_
    assert [rung.index for rung in planned.rungs] == list(range(search.n_iterations_))
    assert planned.candidates == search.n_candidates_[0]


class TestHalvingEqualsScikitLearn:
    @settings(max_examples=60, deadline=None)
    @given(CASES)
    def test_rounds_of_a_grid(self, case):
        y = target(case)
        space = numbers(case["candidates"])
        asked = context(
            space,
            options(HalvingOptions, case),
            n_samples=len(y),
            n_splits=case["n_splits"],
            n_classes=case["n_classes"],
        )
        estimator = DummyClassifier(strategy="prior") if case["n_classes"] else DummyRegressor()
        grid = {"random_state": list(space[0].values())}
        if not case["n_classes"]:
            grid = {"constant": [[float(value)] for value in space[0].values()]}
        search = HalvingGridSearchCV(estimator, grid, **halving_arguments(case))
        compare(lambda: plan_halving(asked), search, y)

    @settings(max_examples=60, deadline=None)
    @given(CASES, st.booleans())
    def test_rounds_of_draws(self, case, exhaust):
        y = target(case | {"n_classes": 0})
        if exhaust and case["rule"] == "exhaust":
            case = case | {"rule": "smallest"}
        asked = context(
            (FloatDimension("x", 0.1, 0.9),),
            options(HalvingRandomOptions, case),
            None if exhaust else case["candidates"],
            n_samples=len(y),
            n_splits=case["n_splits"],
        )
        search = HalvingRandomSearchCV(
            Uniform(),
            {"x": uniform(0.1, 0.8)},
            n_candidates="exhaust" if exhaust else case["candidates"],
            **halving_arguments(case),
        )
        compare(lambda: plan_halving_random(asked), search, y)

    def test_draws_from_a_finite_space_are_no_more_than_it_holds(self):
        planned = plan_halving_random(context(numbers(4), HalvingRandomOptions(), 50, n_samples=100))
        assert planned.candidates == 4
        assert planned.rungs[0].n_candidates == 4


class TestGrid:
    def test_the_size_is_exact(self):
        space = (*numbers(3), IntDimension("depth", 1, 4))
        assert plan_grid(context(space, GridOptions())) == Plan(12)

    @pytest.mark.parametrize(("plan", "kind"), [(plan_grid, GridOptions), (plan_halving, HalvingOptions)])
    def test_a_continuum_is_refused_by_name(self, plan, kind):
        with pytest.raises(UserError, match="'x'") as caught:
            plan(context((*CONTINUUM, *numbers(2)), kind()))
        assert caught.value.code == "grid_unbounded"

    @pytest.mark.parametrize(("plan", "kind"), [(plan_grid, GridOptions), (plan_halving, HalvingOptions)])
    def test_more_than_the_limit_is_refused_with_the_size(self, plan, kind):
        space = (*numbers(100), IntDimension("a", 1, 1000), IntDimension("b", 1, 1000))
        with pytest.raises(UserError, match="100,000,000 candidates") as caught:
            plan(context(space, kind(), 10_000))
        assert caught.value.code == "grid_too_large"
        assert caught.value.pointer == "/budget/max_trials"
        assert caught.value.details == {"size": 100_000_000, "limit": 10_000}

    def test_the_limit_itself_is_allowed(self):
        assert plan_grid(context(numbers(5), GridOptions(), 5)).candidates == 5


class TestDraws:
    def test_random_draws_as_many_as_asked(self):
        assert plan_random(context(CONTINUUM, RandomOptions(), 30)) == Plan(30)

    def test_random_draws_no_candidate_twice(self):
        assert plan_random(context(numbers(4), RandomOptions(), 30)) == Plan(4)

    def test_random_without_a_number_is_unbounded_over_a_continuum(self):
        assert plan_random(context(CONTINUUM, RandomOptions())) == Plan(None, basis="unbounded")
        assert plan_random(context(numbers(4), RandomOptions())) == Plan(4)

    def test_grid_points_do_not_bound_draws(self):
        points = (FloatDimension("x", 0.0, 1.0, grid_points=3),)
        assert distinct_candidates(points) is None
        assert distinct_candidates((FloatDimension("x", 0.0, 1.0, step=0.5),)) == 3

    def test_optuna_proposes_at_most_what_is_asked(self):
        assert plan_optuna(context(CONTINUUM, OptunaOptions(), 30)) == Plan(30, basis="upper_bound")
        assert plan_optuna(context(CONTINUUM, OptunaOptions())) == Plan(None, basis="unbounded")


class TestHalvingRefusals:
    def test_fixed_needs_its_rows(self):
        with pytest.raises(UserError) as caught:
            plan_halving(context(numbers(4), HalvingOptions(min_resources="fixed"), n_samples=100))
        assert (caught.value.code, caught.value.pointer) == ("min_rows_missing", "/strategy/min_rows")

    def test_more_rows_than_there_are_is_refused(self):
        with pytest.raises(UserError, match=r"needs 30 rows.*only 20") as caught:
            plan_halving(context(numbers(4), HalvingOptions(), n_samples=20, n_classes=3))
        assert caught.value.code == "too_few_rows"

    def test_exhaust_of_both_is_refused(self):
        asked = context(CONTINUUM, HalvingRandomOptions(min_resources="exhaust"), n_samples=100)
        with pytest.raises(UserError) as caught:
            plan_halving_random(asked)
        assert caught.value.code == "exhaust_needs_max_trials"

    def test_without_the_number_of_rows_there_are_no_rounds_to_tell(self):
        assert plan_halving(context(numbers(9), HalvingOptions())) == Plan(9)
        unknown = plan_halving_random(context(CONTINUUM, HalvingRandomOptions()))
        assert unknown == Plan(None, basis="unbounded")
