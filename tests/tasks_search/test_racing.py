"""Racing over folds: who is ended, that nobody ended wins, and that it is the same on any machine."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.registry.plans import plan_grid, plan_optuna, plan_random
from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension
from hyperparameter_tuning.registry.strategy_options import GridOptions, OptunaOptions, RandomOptions
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.tasks.evaluation import Evaluator, Request
from hyperparameter_tuning.tasks.searchers import (
    GridProposer,
    GridSearch,
    OptunaProposer,
    OptunaSearch,
    RandomProposer,
    RandomSearch,
    run_search,
)
from hyperparameter_tuning.tasks.searchers.racing import LEVEL, Race, fold_rounds, is_hopeless
from tests.tasks_search.fake_scores import METRIC, FakeEvaluate, share

X, Y = (part[:400] for part in load_digits(return_X_y=True))
FOREST = RandomForestClassifier(random_state=0)
SPACE = (IntDimension("n", 0, 19), CategoricalDimension("even", (True, False)))
STRATEGIES = {
    "grid": (GridProposer(), GridOptions(racing=True), plan_grid),
    "random": (RandomProposer(), RandomOptions(racing=True), plan_random),
    "optuna": (OptunaProposer(), OptunaOptions(racing=True, sampler="random"), plan_optuna),
}
each_strategy = pytest.mark.parametrize("name", STRATEGIES)


def context(name: str, **changes: Any) -> SearchContext:
    told = SearchContext(
        space=SPACE,
        options=STRATEGIES[name][1],
        seed=4,
        budget=SearchBudget(max_trials=40),
        n_samples=100,
        n_splits=5,
        metric=METRIC,
    )
    return replace(told, **changes)


def by_number(request: Request, split: int) -> float:
    """Folds differ much, candidates by their number, and each by a little of its own."""
    params = request.params
    return params["n"] / 40 + 0.3 * share(split) + 0.01 * share(params["n"], params["even"], split)


def raced(name: str, score_of: Any = by_number, **changes: Any) -> tuple[Any, FakeEvaluate]:
    told = context(name, **changes)
    evaluate = FakeEvaluate(told, score_of)
    return run_search(STRATEGIES[name][0], told, evaluate), evaluate


class TestRule:
    @pytest.mark.parametrize("n", [2, 3, 4, 5, 9])
    def test_is_the_corrected_resampled_t_test(self, n: int) -> None:
        rng = np.random.default_rng(n)
        found = set()
        for _ in range(200):
            best, scores = rng.normal(0.3, 0.2, n), rng.normal(0.0, 0.2, n)
            differences = best - scores
            spread = np.sqrt(np.var(differences, ddof=1) * (1 / n + 1 / 9))
            p_value = stats.t.sf(np.mean(differences) / spread, n - 1)
            assert is_hopeless(scores, best, 10) == (p_value < LEVEL)
            found.add(p_value < LEVEL)
        assert found == {True, False}

    @pytest.mark.parametrize(
        ("scores", "best", "verdict"),
        [
            ([0.5, 0.6], [0.5, 0.6], False),
            ([0.4, 0.5], [0.5, 0.6], True),
            ([0.6, 0.7], [0.5, 0.6], False),
            ([0.1], [0.9, 0.9], False),
            ([0.1, 0.8], [0.9, 0.9], False),
            ([0.10, 0.11], [0.9, 0.9, 0.0], True),
        ],
    )
    def test_verdicts(self, scores: Sequence[float], best: Sequence[float], verdict: bool) -> None:
        assert is_hopeless(scores, best, 5) is verdict

    def test_two_folds_at_once_then_one_by_one(self) -> None:
        assert list(fold_rounds(5)) == [(0, 1), (2,), (3,), (4,)]

    def test_of_equal_candidates_all_go_on(self) -> None:
        assert Race(5).survivors({3: [0.5, 0.5], 7: [0.5, 0.5], 9: [0.1, 0.1]}) == [3, 7]

    def test_later_fields_race_the_champion_of_earlier_ones(self) -> None:
        race = Race(3)
        assert not race.is_hopeless([0.1, 0.1])
        race.crown([[0.9, 0.8, 0.9], [0.5, 0.5, 0.5]])
        race.crown([[0.7, 0.7, 0.7]])
        assert race.is_hopeless([0.1, 0.02])
        assert race.survivors({0: [0.1, 0.02], 1: [0.9, 0.8]}) == [1]


@each_strategy
class TestEveryStrategy:
    def test_hopeless_candidates_end_early_and_keep_their_folds(self, name: str) -> None:
        outcome, evaluate = raced(name)
        pruned = [trial for trial in outcome.trials if trial.state == "pruned"]
        assert len(pruned) > 10
        assert all(2 <= len(trial.folds) < 5 for trial in pruned)
        assert outcome.count("complete") + len(pruned) == 40
        asked = sum(len(request.splits) for request in evaluate.requests)
        assert asked == sum(len(trial.folds) for trial in outcome.trials) < 160

    def test_the_best_is_whole_and_the_best_of_all(self, name: str) -> None:
        best = raced(name)[0].best
        assert (best.state, best.params["n"]) == ("complete", 19)

    def test_a_lucky_start_cannot_win_on_few_folds(self, name: str) -> None:
        def lucky(request: Request, split: int) -> float:
            # All but one are better on the first three folds than on any whole candidate's mean.
            return 0.5 + 0.001 * share(split) if request.params["n"] == 7 else 0.9 - 0.4 * (split > 2)

        outcome, _ = raced(name, lucky)
        assert outcome.best.state == "complete"
        assert outcome.best.scores()[METRIC] == max(
            trial.scores()[METRIC] for trial in outcome.trials if trial.state == "complete"
        )

    def test_the_same_candidates_end_whatever_the_number_of_jobs(self, name: str) -> None:
        one, many = (raced(name, n_jobs=n_jobs)[1].lists for n_jobs in (1, 6))
        assert one == many

    def test_failures_are_no_pruning_and_do_not_stop_it(self, name: str) -> None:
        def odd_fails(request: Request, split: int) -> float | None:
            return None if request.params["n"] % 2 else by_number(request, split)

        outcome, _ = raced(name, odd_fails)
        assert outcome.count("failed") == 20
        assert outcome.best.params["n"] == 18

    def test_survives_that_everything_fails(self, name: str) -> None:
        outcome, _ = raced(name, lambda *_: None)
        assert (outcome.best, outcome.count("failed")) == (None, 40)

    @pytest.mark.parametrize("n_splits", [1, 2])
    def test_too_few_folds_are_refused(self, name: str, n_splits: int) -> None:
        with pytest.raises(UserError, match="Racing decides after 2 folds") as caught:
            STRATEGIES[name][2](context(name, n_splits=n_splits))
        assert (caught.value.code, caught.value.pointer) == ("too_few_folds_to_race", "/strategy/racing")

    def test_the_plan_is_an_upper_bound(self, name: str) -> None:
        assert STRATEGIES[name][2](context(name)).basis == "upper_bound"

    def test_it_is_off_by_default(self, name: str) -> None:
        options = type(STRATEGIES[name][1])()
        assert all(request.splits is None for request in raced(name, options=options)[1].requests)


class TestCombinations:
    def test_a_pruner_beside_it_is_refused(self) -> None:
        with pytest.raises(UserError, match="choose one of them") as caught:
            plan_optuna(context("optuna", options=OptunaOptions(racing=True, pruner="median")))
        assert caught.value.code == "racing_with_pruner"

    @pytest.mark.parametrize("name", ["random", "optuna"])
    def test_shorter_fits_race_too(self, name: str) -> None:
        options = type(STRATEGIES[name][1])(racing=True, free_prefixes=True)
        space = (IntDimension("n", 1, 4), FloatDimension("even", 0.0, 1.0))
        outcome, _ = raced(name, options=options, space=space, lengths=("n",))
        assert {trial.state for trial in outcome.trials} == {"pruned", "complete"}
        assert outcome.best.params["n"] == 4

    def test_draws_without_a_number_race_in_batches_of_one_size(self) -> None:
        proposals = RandomProposer().propose(
            context("random", budget=SearchBudget(), space=(FloatDimension("n", 0.0, 1.0),), n_jobs=3)
        )
        assert len(next(proposals)) == 32


SEARCHES = {
    "grid": lambda **more: GridSearch(
        DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 8, 9]}, **more
    ),
    "random": lambda **more: RandomSearch(
        DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2, 8, 9]}, n_iter=4, random_state=0, **more
    ),
    "optuna": lambda **more: OptunaSearch(
        DecisionTreeClassifier(random_state=0),
        {"max_depth": [1, 2, 8, 9], "min_samples_leaf": [1, 2, 3, 4]},
        n_trials=14,
        random_state=0,
        **more,
    ),
}
each_search = pytest.mark.parametrize("make", SEARCHES.values(), ids=list(SEARCHES))


class TestLibrary:
    @each_search
    def test_the_table_tells_who_was_ended_and_ranks_them_last(self, make: Any) -> None:
        search = make(racing=True).fit(X, Y)
        table = search.cv_results_
        ended = table["state"] == "pruned"
        assert 0 < ended.sum() < len(ended)
        assert np.isnan(table["mean_test_score"][ended]).all()
        assert not np.isnan(table["split1_test_score"]).any()
        assert table["rank_test_score"][ended].min() > table["rank_test_score"][~ended].max()
        assert not ended[search.best_index_]
        assert search.best_params_["max_depth"] > 2

    @each_search
    def test_what_cannot_race_is_refused(self, make: Any) -> None:
        with pytest.raises(ValueError, match="Racing decides after 2 folds"):
            make(racing=True, cv=2).fit(X, Y)
        with pytest.raises(ValueError, match="one deciding metric"):
            make(racing=True, scoring=["accuracy", "balanced_accuracy"], refit=False).fit(X, Y)

    def test_scores_are_those_of_the_whole_search_and_families_are_kept(self, monkeypatch: Any) -> None:
        grid = {"n_estimators": [2, 4, 8], "max_depth": [1, 6]}
        whole = GridSearchCV(FOREST, grid).fit(X, Y).cv_results_
        calls: list[int] = []
        evaluate = Evaluator.evaluate

        def counted(self: Any, requests: Any, **more: Any) -> Any:
            calls.append(len(requests))
            return evaluate(self, requests, **more)

        monkeypatch.setattr(Evaluator, "evaluate", counted)
        search = GridSearch(FOREST, grid, racing=True).fit(X, Y)
        for split in range(5):
            ours, theirs = (table[f"split{split}_test_score"] for table in (search.cv_results_, whole))
            assert np.array_equal(ours[~np.isnan(ours)], theirs[~np.isnan(ours)])
        assert len(calls) == 4
        assert set(search.cell_origins_[-3:].ravel()) <= {"prefix", "fitted", ""}
        assert "prefix" in search.cell_origins_[3]
