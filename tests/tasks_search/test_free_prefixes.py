"""Shorter fits as further candidates: asked for beside each draw, scored from its fit, and counted apart."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import randint
from sklearn.datasets import load_wine
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension
from hyperparameter_tuning.registry.strategy_options import OptunaOptions, RandomOptions
from hyperparameter_tuning.tasks.evaluation import Request
from hyperparameter_tuning.tasks.searchers import (
    OptunaProposer,
    OptunaSearch,
    RandomProposer,
    RandomSearch,
    SearchLimits,
    TooManyFailuresError,
    run_search,
)
from hyperparameter_tuning.tasks.searchers.proposer import ProposerError
from tests.tasks_search.fake_scores import METRIC, FakeEvaluate
from tests.tasks_search.test_run_search import Scripted

X, Y = load_wine(return_X_y=True)
FOREST = RandomForestClassifier(random_state=0)
LISTS = {"n_estimators": [4, 8, 12], "max_depth": [1, 2, 3]}
SPACE = (CategoricalDimension("n", (10, 20, 40)), FloatDimension("x", 0.0, 1.0))


def context(options: Any, **changes: Any) -> SearchContext:
    told = SearchContext(
        space=SPACE,
        options=options,
        seed=3,
        budget=SearchBudget(max_trials=6),
        n_samples=90,
        n_splits=3,
        metric=METRIC,
        lengths=("n",),
    )
    return replace(told, **changes)


RANDOM = context(RandomOptions(free_prefixes=True))


def hill(request: Request, split: int) -> float:
    """Best at length 20, and at great x."""
    return request.params["x"] - abs(request.params["n"] - 20) / 100 + 0.001 * split


class TestRequests:
    def test_each_draw_comes_with_its_shorter_fits_before_it(self) -> None:
        evaluate = FakeEvaluate(RANDOM, hill)
        run_search(RandomProposer(), RANDOM, evaluate)
        told = [(item.trial, item.params["n"], item.prefix_of) for item in evaluate.requests[:6]]
        assert told == [(0, 10, 2), (1, 20, 2), (2, 40, None), (3, 10, 5), (4, 20, 5), (5, 40, None)]
        assert len({item.params["x"] for item in evaluate.requests[:3]}) == 1

    def test_the_number_of_trials_counts_draws(self) -> None:
        outcome = run_search(RandomProposer(), RANDOM, FakeEvaluate(RANDOM, hill))
        assert (outcome.reason, len(outcome.trials)) == ("max_trials", 18)
        assert sum(trial.prefix_of is None for trial in outcome.trials) == 6

    def test_a_space_of_few_draws_is_exhausted(self) -> None:
        told = replace(RANDOM, space=(SPACE[0], CategoricalDimension("x", (0.1, 0.2))))
        outcome = run_search(RandomProposer(), told, FakeEvaluate(told, hill))
        assert (outcome.reason, len(outcome.trials)) == ("exhausted", 6)

    def test_of_equal_scores_the_shortest_wins(self) -> None:
        outcome = run_search(RandomProposer(), RANDOM, FakeEvaluate(RANDOM, lambda *_: 0.5))
        assert outcome.best is not None
        assert outcome.best.params["n"] == 10

    @pytest.mark.parametrize("prefix_of", [0, 5])
    def test_a_prefix_of_nothing_is_a_fault_of_the_strategy(self, prefix_of: int) -> None:
        proposer = Scripted([Request(0, {"n": 1}, prefix_of=prefix_of), Request(1, {"n": 2})])
        with pytest.raises(ProposerError, match="prefix of none"):
            run_search(proposer, RANDOM, FakeEvaluate(RANDOM, lambda *_: 0.5))


class TestLimits:
    def test_failures_are_counted_by_draws(self) -> None:
        limits = SearchLimits(max_failed_trials=2)
        with pytest.raises(TooManyFailuresError, match=r"^2 candidates of the search failed"):
            run_search(RandomProposer(), RANDOM, FakeEvaluate(RANDOM, lambda *_: None), limits=limits)

    def test_no_improvement_counts_draws_and_a_better_prefix_is_one(self) -> None:
        scores = {1: 0.1, 4: 0.2, 7: 0.3}  # the middle length of the first three draws
        limits = SearchLimits(no_improvement_trials=2)
        evaluate = FakeEvaluate(RANDOM, lambda request, _: scores.get(request.trial, 0.0))
        outcome = run_search(RandomProposer(), RANDOM, evaluate, limits=limits)
        assert outcome.reason == "no_improvement"
        assert len(outcome.trials) == 15


class TestOptuna:
    @pytest.mark.parametrize("pruner", ["none", "median", "wilcoxon"])
    def test_it_learns_from_the_best_length_of_each_draw(self, pruner: str) -> None:
        options = OptunaOptions(free_prefixes=True, n_startup_trials=8, pruner=pruner)
        told = context(options, budget=SearchBudget(max_trials=24), n_jobs=2)

        def two_faced(request: Request, split: int) -> float:
            # Long fits say that small x is good, the best ones that great x is.
            x = request.params["x"]
            return x if request.params["n"] == 20 else -5 * x

        outcome = run_search(OptunaProposer(), told, FakeEvaluate(told, two_faced))
        late = [trial.params["x"] for trial in outcome.trials[-36:]]
        assert sum(late) / len(late) > 0.75
        assert len({trial.params["x"] for trial in outcome.trials}) == 24

    def test_given_up_draws_give_their_prefixes_up(self) -> None:
        options = OptunaOptions(
            free_prefixes=True, sampler="random", pruner="median", pruner_startup_trials=2
        )
        told = context(options, budget=SearchBudget(max_trials=12))
        outcome = run_search(OptunaProposer(), told, FakeEvaluate(told, hill))
        states = [{trial.state for trial in outcome.trials[at : at + 3]} for at in range(0, 36, 3)]
        assert all(len(each) == 1 for each in states)
        assert {"pruned"} in states
        assert {"complete"} in states

    @pytest.mark.parametrize("pruner", ["none", "median"])
    def test_a_length_that_fails_leaves_the_others(self, pruner: str) -> None:
        options = OptunaOptions(free_prefixes=True, pruner=pruner)
        told = context(options)

        def longest_fails(request: Request, split: int) -> float | None:
            return None if request.params["n"] == 40 else hill(request, split)

        outcome = run_search(OptunaProposer(), told, FakeEvaluate(told, longest_fails))
        assert outcome.count("failed") == 6
        assert outcome.best is not None
        assert outcome.best.params["n"] == 20


SEARCHES = {
    "random": lambda estimator, space, **more: RandomSearch(
        estimator, space, n_iter=2, free_prefixes=True, random_state=0, cv=3, **more
    ),
    "optuna": lambda estimator, space, **more: OptunaSearch(
        estimator, space, n_trials=2, free_prefixes=True, random_state=0, cv=3, **more
    ),
}
each_search = pytest.mark.parametrize("make", SEARCHES.values(), ids=list(SEARCHES))


@each_search
class TestLibrary:
    def test_rows_say_whose_fit_they_are_read_off(self, make: Any) -> None:
        search = make(FOREST, LISTS).fit(X, Y)
        table = search.cv_results_
        assert list(table["prefix_of"]) == [2, 2, -1, 5, 5, -1]
        assert list(table["param_n_estimators"]) == [4, 8, 12] * 2
        assert [set(row) for row in search.cell_origins_] == [{"prefix"}, {"prefix"}, {"fitted"}] * 2

    def test_scores_are_those_of_fits_of_their_own(self, make: Any) -> None:
        search = make(FOREST, LISTS).fit(X, Y)
        for row, params in enumerate(search.cv_results_["params"]):
            own = cross_val_score(FOREST.set_params(**params), X, Y, cv=3)
            assert np.array_equal(own, [search.cv_results_[f"split{at}_test_score"][row] for at in range(3)])

    @pytest.mark.parametrize(
        "lengths",
        [randint(2, 5), [2, 3, 4], np.array([4, 3, 2]), IntDimension("max_iter", 2, 4)],
        ids=["a distribution", "a list", "an array", "a dimension"],
    )
    def test_lengths_are_found_in_a_pipeline_and_in_every_form(self, make: Any, lengths: Any) -> None:
        estimator = make_pipeline(StandardScaler(), HistGradientBoostingClassifier(random_state=0))
        name = "histgradientboostingclassifier__max_iter"
        space: Any = {name: lengths}
        if isinstance(lengths, IntDimension):
            space = (replace(lengths, name=name),)
        search = make(estimator, space).fit(X, Y)
        assert [params[name] for params in search.cv_results_["params"]] == [2, 3, 4]

    @pytest.mark.parametrize(
        ("estimator", "space", "words"),
        [
            (FOREST, {"max_depth": [1, 2]}, "need 'n_estimators'"),
            (FOREST, {"n_estimators": [0, 2]}, "whole numbers from 1"),
            (LogisticRegression(), {"max_iter": [10, 20]}, "cannot be read off"),
        ],
    )
    def test_a_space_without_a_length_is_refused(
        self, make: Any, estimator: Any, space: Any, words: str
    ) -> None:
        with pytest.raises(ValueError, match=words):
            make(estimator, space).fit(X, Y)
