"""Optuna as a strategy: types, duplicates, pruning, and the study that is told the same again."""

import logging
import math
from dataclasses import replace
from typing import Any

import optuna
import pytest

from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    FloatDimension,
    IntDimension,
    Space,
    candidate_key,
)
from hyperparameter_tuning.registry.strategy_options import OptunaOptions
from hyperparameter_tuning.tasks.optuna_support import PRUNERS, SAMPLERS, AskTell
from hyperparameter_tuning.tasks.searchers import OptunaProposer, run_search
from tests.tasks_search.fake_scores import METRIC, FakeEvaluate, by_candidate

PLANE = (FloatDimension("x", -1.0, 1.0), FloatDimension("y", -1.0, 1.0))


def context(space: Space, n_trials: int | None, **options: Any) -> SearchContext:
    return SearchContext(
        space=space,
        options=OptunaOptions(**options),
        seed=1,
        budget=SearchBudget(max_trials=n_trials),
        n_samples=100,
        n_splits=5,
        metric=METRIC,
    )


def bowl(request, split):
    return -(request.params["x"] ** 2) - (request.params["y"] ** 2) - 0.001 * split


def searched(told: SearchContext, score_of=by_candidate):
    evaluate = FakeEvaluate(told, score_of)
    return run_search(OptunaProposer(), told, evaluate), evaluate


class TestTables:
    def test_every_sampler_and_pruner_of_the_options_can_be_made(self):
        fields = OptunaOptions.model_fields
        assert set(SAMPLERS) == set(fields["sampler"].annotation.__args__)
        assert set(PRUNERS) == set(fields["pruner"].annotation.__args__)

    @pytest.mark.parametrize(
        ("sampler", "changed"),
        [
            ("tpe", {"n_startup_trials": 3}),
            ("tpe", {"n_ei_candidates": 3}),
            ("tpe", {"multivariate": False}),
            ("cmaes", {"n_startup_trials": 3}),
            ("cmaes", {"sigma0": 0.01}),
            ("qmc", {"qmc_type": "halton"}),
            ("nsga2", {"population_size": 3}),
        ],
        ids=str,
    )
    def test_every_option_of_a_sampler_changes_the_search(self, sampler, changed):
        base = {"n_startup_trials": 5, "sampler": sampler}
        asked = [
            [request.params for request in searched(context(PLANE, 30, **options), bowl)[1].requests]
            for options in (base, {**base, **changed})
        ]
        assert asked[0] != asked[1]

    @pytest.mark.parametrize(
        ("pruner", "changed"),
        [
            ("median", {"pruner_startup_trials": 20}),
            ("median", {"pruner_warmup_folds": 4}),
            ("percentile", {"percentile": 80.0}),
            ("percentile", {"pruner_startup_trials": 20}),
            ("percentile", {"pruner_warmup_folds": 4}),
            ("successive_halving", {"min_folds": 3}),
            ("successive_halving", {"reduction_factor": 2}),
            ("hyperband", {"min_folds": 3}),
            ("hyperband", {"reduction_factor": 2}),
            ("wilcoxon", {"p_threshold": 0.3}),
            ("wilcoxon", {"pruner_warmup_folds": 5}),
        ],
        ids=str,
    )
    def test_every_option_of_a_pruner_changes_what_is_given_up(self, pruner, changed):
        base = {"sampler": "random", "pruner": pruner}
        folds = [
            [len(trial.folds) for trial in searched(context(PLANE, 25, **options), bowl)[0].trials]
            for options in (base, {**base, **changed})
        ]
        assert folds[0] != folds[1]


class TestValues:
    @pytest.mark.parametrize("sampler", SAMPLERS)
    def test_true_and_one_and_one_point_zero_are_three_choices(self, sampler):
        space = (CategoricalDimension("max_features", (True, 1, 1.0)),)
        outcome, _ = searched(context(space, 10, sampler=sampler))
        values = [trial.params["max_features"] for trial in outcome.trials]
        assert sorted(type(value).__name__ for value in values) == ["bool", "float", "int"]

    def test_learning_tells_them_apart(self):
        space = (CategoricalDimension("max_features", (True, 1, 1.0)), FloatDimension("x", 0.0, 1.0))

        def only_the_float(request, split):
            return float(type(request.params["max_features"]) is float)

        outcome, _ = searched(context(space, 60, n_startup_trials=10), only_the_float)
        late = [type(trial.params["max_features"]) for trial in outcome.trials[30:]]
        assert late.count(float) > 14

    def test_steps_reach_the_values_of_a_grid_exactly(self):
        space = (FloatDimension("share", 0.1, 0.75, step=0.1), IntDimension("n", 2, 9, step=3))
        outcome, _ = searched(context(space, 30))
        assert {trial.params["share"] for trial in outcome.trials} == set(space[0].values())
        assert {trial.params["n"] for trial in outcome.trials} == {2, 5, 8}


class TestDuplicates:
    @pytest.mark.parametrize("sampler", SAMPLERS)
    @pytest.mark.parametrize("pruner", ["none", "median", "wilcoxon"])
    @pytest.mark.parametrize("n_jobs", [1, 3])
    def test_a_small_space_is_searched_whole_and_once(self, sampler, pruner, n_jobs):
        space = (CategoricalDimension("kind", ("a", "b", None)), IntDimension("n", 1, 4))
        told = replace(context(space, 40, sampler=sampler, pruner=pruner), n_jobs=n_jobs)
        outcome, evaluate = searched(told)
        assert outcome.reason == "exhausted"
        assert len(outcome.trials) == 12
        assert len({candidate_key(trial.params) for trial in outcome.trials}) == 12
        units = [(request.trial, request.splits) for request in evaluate.requests]
        assert len(units) == len(set(units))

    def test_the_number_of_real_candidates_is_honoured(self):
        space = (IntDimension("n", 1, 30),)
        outcome, _ = searched(context(space, 25))
        assert (outcome.reason, len(outcome.trials)) == ("max_trials", 25)

    def test_a_continuum_of_one_point_ends(self):
        outcome, _ = searched(context((FloatDimension("x", 0.5, 0.5),), 10))
        assert [trial.params for trial in outcome.trials] == [{"x": 0.5}]


class TestLearning:
    @pytest.mark.parametrize("sampler", ["tpe", "cmaes", "nsga2"])
    def test_later_suggestions_are_better_than_random_ones(self, sampler):
        options = {"sampler": sampler, "n_startup_trials": 10}
        outcome, _ = searched(context(PLANE, 80, **options), bowl)
        scores = [trial.scores()[METRIC] for trial in outcome.trials]
        assert sum(scores[40:]) / 40 > sum(scores[:10]) / 10 + 0.1

    def test_failed_candidates_do_not_stop_it(self):
        def right_half_fails(request, split):
            return None if request.params["x"] > 0 else bowl(request, split)

        outcome, _ = searched(context(PLANE, 30), right_half_fails)
        assert outcome.count("failed") > 0
        assert outcome.count("complete") + outcome.count("failed") == 30

    def test_as_many_candidates_are_in_work_as_units_may_be(self):
        _, evaluate = searched(replace(context(PLANE, 14), n_jobs=4), bowl)
        assert [len(requests) for requests in evaluate.lists] == [4, 4, 4, 2]

    def test_replaying_the_results_gives_the_same_search(self):
        told = context(PLANE, 20, pruner="median")
        assert searched(told, bowl)[1].lists == searched(told, bowl)[1].lists


class TestPruning:
    @pytest.mark.parametrize("pruner", [name for name in PRUNERS if name != "none"])
    def test_hopeless_candidates_are_given_up_and_the_best_is_whole(self, pruner):
        told = context(PLANE, 40, sampler="random", pruner=pruner, pruner_startup_trials=3)
        outcome, evaluate = searched(told, bowl)
        assert outcome.count("pruned") > 3
        assert outcome.count("pruned") + outcome.count("complete") == 40
        assert len(evaluate.requests) == sum(len(trial.folds) for trial in outcome.trials) < 40 * 5
        assert outcome.best.state == "complete"
        pruned = [trial for trial in outcome.trials if trial.state == "pruned"]
        assert all(len(trial.folds) < 5 for trial in pruned)

    def test_without_a_pruner_nothing_is_given_up(self):
        outcome, evaluate = searched(context(PLANE, 20), bowl)
        assert outcome.count("complete") == 20
        assert all(request.splits is None for request in evaluate.requests)

    def test_candidates_are_compared_by_their_mean_over_folds(self):
        def one_lucky_fold(request, split):
            return 1.0 if request.trial >= 10 and split == 0 else 0.5 - 0.4 * (request.trial >= 10)

        told = context(PLANE, 20, sampler="random", pruner="median")
        outcome, _ = searched(told, one_lucky_fold)
        late = outcome.trials[10:]
        assert {trial.state for trial in late} == {"complete"}

    def test_places_of_given_up_candidates_are_filled(self):
        told = replace(context(PLANE, 24, sampler="random", pruner="successive_halving"), n_jobs=3)
        _, evaluate = searched(told, bowl)
        assert all(len(requests) == 3 for requests in evaluate.lists[:-10])


class TestManners:
    def test_optuna_writes_nothing_and_keeps_its_level(self, caplog):
        optuna.logging.set_verbosity(optuna.logging.INFO)
        optuna.logging.enable_propagation()
        try:
            with caplog.at_level(logging.INFO):
                searched(context(PLANE, 3, sampler="qmc"))
            assert caplog.records == []
            assert optuna.logging.get_verbosity() == optuna.logging.INFO
        finally:
            optuna.logging.disable_propagation()

    def test_the_size_of_a_space_is_known(self):
        space = (CategoricalDimension("kind", ("a", "b")), IntDimension("n", 1, 8, log=True))
        assert AskTell(space, OptunaOptions(), seed=0, n_folds=5).size == 16
        assert AskTell(PLANE, OptunaOptions(), seed=0, n_folds=5).size == math.inf
