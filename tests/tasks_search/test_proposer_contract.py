"""What every built-in strategy promises, whatever its name: one suite over all of them."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.registry.space import (
    CategoricalDimension,
    FloatDimension,
    IntDimension,
    candidate_key,
)
from hyperparameter_tuning.tasks.evaluation import Request
from hyperparameter_tuning.tasks.searchers import Proposer, load_proposer, run_search
from tests.tasks_search.fake_scores import METRIC, FakeEvaluate, by_candidate, share

FINITE = (
    IntDimension("depth", 2, 11, step=3),
    FloatDimension("share", 0.25, 1.0, step=0.25),
    CategoricalDimension("bits", (True, 1, 1.0, None, "1")),
)
MIXED = (
    IntDimension("leaves", 2, 4000, log=True),
    FloatDimension("rate", 1e-4, 1.0, log=True),
    FloatDimension("share", 0.1, 0.9),
    *FINITE,
)


@dataclass(frozen=True)
class Case:
    strategy: str
    options: dict[str, Any] = field(default_factory=dict)
    finite: bool = False
    max_trials: int | None = 24

    def context(self, **changes: Any) -> SearchContext:
        context = SearchContext(
            space=FINITE if self.finite else MIXED,
            options=get_strategy_spec(self.strategy).options(**self.options),
            seed=7,
            budget=SearchBudget(max_trials=self.max_trials),
            n_samples=900,
            n_splits=4,
            n_classes=3,
            n_jobs=2,
            metric=METRIC,
            lengths=("leaves",),
        )
        return replace(context, **changes)

    def run(self, context: SearchContext, score_of=by_candidate) -> FakeEvaluate:
        evaluate = FakeEvaluate(context, score_of)
        self.outcome(context, evaluate)
        return evaluate

    def outcome(self, context: SearchContext, evaluate: FakeEvaluate):
        return run_search(load_proposer(get_strategy_spec(self.strategy)), context, evaluate)

    def __str__(self) -> str:
        return "-".join([self.strategy, *map(str, self.options.values())])

    @property
    def reads_prefixes(self) -> bool:
        return bool(self.options.get("free_prefixes"))

    @property
    def few(self) -> Any:
        """Five candidates to draw."""
        lengths = (IntDimension("leaves", 2, 4),) if self.reads_prefixes else ()
        return (IntDimension("depth", 1, 5), *lengths)


EXHAUSTIVE = [
    Case("grid", finite=True, max_trials=None),
    Case("grid", {"racing": True}, finite=True, max_trials=None),
    Case("halving", finite=True, max_trials=None),
    Case("halving", {"factor": 2, "min_resources": "smallest"}, finite=True, max_trials=None),
]
DRAWN = [
    Case("random"),
    Case("random", finite=True),
    Case("random", {"free_prefixes": True}),
    Case("random", {"racing": True}),
    Case("random", {"free_prefixes": True, "racing": True}),
    Case("halving_random"),
    Case("halving_random", {"min_resources": "exhaust", "aggressive_elimination": True}),
]
OPTUNA = [
    *(Case("optuna", {"sampler": name}) for name in ("tpe", "cmaes", "qmc", "nsga2", "random")),
    Case("optuna", {"sampler": "tpe", "multivariate": False}),
    Case("optuna", {"sampler": "qmc", "qmc_type": "halton"}),
    *(
        Case("optuna", {"pruner": name})
        for name in ("median", "percentile", "successive_halving", "hyperband", "wilcoxon")
    ),
    Case("optuna", {"free_prefixes": True}),
    Case("optuna", {"racing": True}),
    Case("optuna", {"pruner": "median", "free_prefixes": True}),
]
ALL = [*EXHAUSTIVE, *DRAWN, *OPTUNA]
every_strategy = pytest.mark.parametrize("case", ALL, ids=str)


def allowed(dimension: Any, value: Any) -> bool:
    if isinstance(dimension, CategoricalDimension):
        return any(type(value) is type(choice) and value == choice for choice in dimension.choices)
    if isinstance(dimension, IntDimension):
        inside = dimension.low <= value <= dimension.high
        return (
            type(value) is int and inside and (dimension.log or (value - dimension.low) % dimension.step == 0)
        )
    if dimension.step is not None:
        return type(value) is float and value in dimension.values()
    return type(value) is float and dimension.low <= value <= dimension.high


def drawn(requests: list[Request]) -> set[int]:
    """The candidates that a budget counts."""
    return {request.trial for request in requests if request.prefix_of is None}


@every_strategy
class TestEveryProposer:
    def test_is_loaded_from_the_registry(self, case):
        assert isinstance(load_proposer(get_strategy_spec(case.strategy)), Proposer)

    def test_equal_contexts_and_results_give_equal_requests(self, case):
        assert case.run(case.context()).lists == case.run(case.context()).lists

    def test_asks_only_for_candidates_in_the_space(self, case):
        context = case.context()
        dimensions = {dimension.name: dimension for dimension in context.space}
        for request in case.run(context).requests:
            assert set(request.params) == set(dimensions)
            assert all(allowed(dimensions[name], value) for name, value in request.params.items())

    def test_candidates_are_distinct_and_keep_their_numbers(self, case):
        requests = case.run(case.context()).requests
        numbers = {candidate_key(request.params): request.trial for request in requests}
        assert len(numbers) == len({request.trial for request in requests})
        assert all(numbers[candidate_key(request.params)] == request.trial for request in requests)
        assert sorted(numbers.values()) == list(range(len(numbers)))

    def test_a_search_in_an_ample_space_uses_the_whole_budget(self, case):
        requests = case.run(case.context()).requests
        wanted = 80 if case in EXHAUSTIVE else 24
        assert len(drawn(requests)) == wanted

    def test_never_passes_a_smaller_budget(self, case):
        context = case.context(budget=SearchBudget(max_trials=5), space=case.few)
        assert len(drawn(case.run(context).requests)) == 5

    def test_survives_failed_candidates(self, case):
        def one_in_three_fails(request, split):
            return None if share(candidate_key(request.params)) < 0.33 else by_candidate(request, split)

        context = case.context()
        outcome = case.outcome(context, FakeEvaluate(context, one_in_three_fails))
        assert outcome.count("failed") > 0
        assert outcome.best is not None
        assert outcome.best.state == "complete"

    def test_survives_that_everything_fails(self, case):
        context = case.context()
        outcome = case.outcome(context, FakeEvaluate(context, lambda request, split: None))
        assert outcome.best is None
        assert outcome.count("failed") == len(outcome.trials) > 0

    def test_never_asks_for_a_fold_twice_at_one_resource(self, case):
        asked = [
            (request.trial, request.rung, split)
            for request in case.run(case.context()).requests
            for split in (request.splits or range(4))
        ]
        assert len(asked) == len(set(asked))

    def test_the_best_has_all_folds(self, case):
        context = case.context()
        assert len(case.outcome(context, FakeEvaluate(context)).best.folds) == context.n_splits


@pytest.mark.parametrize("case", [*EXHAUSTIVE, *DRAWN], ids=str)
def test_strategies_that_do_not_learn_ask_the_same_for_any_number_of_jobs(case):
    alone, many = (case.run(case.context(n_jobs=n_jobs)).lists for n_jobs in (1, 8))
    assert alone == many


@pytest.mark.parametrize("case", [*DRAWN, *OPTUNA], ids=str)
def test_drawn_candidates_depend_on_the_seed(case):
    first, second = (case.run(case.context(seed=seed)).requests for seed in (1, 2))
    assert [request.params for request in first] != [request.params for request in second]


@pytest.mark.parametrize("case", [Case("random"), Case("random", {"free_prefixes": True}), *OPTUNA], ids=str)
def test_without_a_number_of_trials_draws_go_on(case):
    context = case.context(budget=SearchBudget())
    proposals = load_proposer(get_strategy_spec(case.strategy)).propose(context)
    evaluate = FakeEvaluate(context)
    requests = next(proposals)
    for _ in range(30):
        requests = proposals.send(evaluate(requests))
    proposals.close()
    assert len({request.trial for request in evaluate.requests}) >= 12
