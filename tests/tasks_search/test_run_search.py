"""The driver: what ends a search, what is told while it runs, and which candidate is the best."""

import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.registry.space import IntDimension
from hyperparameter_tuning.registry.strategy_options import GridOptions, HalvingOptions
from hyperparameter_tuning.tasks.evaluation import Request
from hyperparameter_tuning.tasks.searchers import (
    GridProposer,
    HalvingProposer,
    SearchLimits,
    SearchObserver,
    TooManyFailuresError,
    TrialOutcome,
    load_proposer,
    run_search,
)
from hyperparameter_tuning.tasks.searchers.proposer import ProposerError
from tests.tasks_search.fake_scores import METRIC, FakeEvaluate

CONTEXT = SearchContext(
    space=(IntDimension("n", 0, 9),),
    options=GridOptions(),
    n_samples=400,
    n_splits=2,
    metric=METRIC,
)


def searched(score_of, context=CONTEXT, proposer=None, **settings: Any):
    evaluate = FakeEvaluate(context, score_of)
    return run_search(proposer or GridProposer(), context, evaluate, **settings)


def rising(request: Request, split: int) -> float:
    return request.params["n"] / 10


class Scripted:
    """A proposer that asks for given lists, whatever it is told."""

    def __init__(self, *lists: list[Request]) -> None:
        self.lists = lists
        self.closed = False

    def propose(self, context: SearchContext):
        try:
            for requests in self.lists:  # noqa: UP028 - a tuple takes no results
                yield requests
        finally:
            self.closed = True


class Failing(Scripted):
    """Fails when its script is at its end."""

    def propose(self, context):
        yield from super().propose(context)
        1 / 0  # noqa: B018


class Unmakeable:
    def __init__(self):
        1 / 0  # noqa: B018


class Diary(SearchObserver):
    """Keeps every call."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def trial_started(self, request):
        self.calls.append(("started", request.trial, request.rung))

    def unit_finished(self, request, fold):
        self.calls.append(("unit", request.trial, fold.split))

    def trial_finished(self, trial):
        self.calls.append(("finished", trial.trial, trial.state))

    def best_updated(self, trial):
        self.calls.append(("best", trial.trial))

    def rung_completed(self, rung, n_resources, n_candidates):
        self.calls.append(("rung", rung, n_resources, n_candidates))


class TestReasons:
    def test_a_strategy_that_tried_everything_is_exhausted(self):
        outcome = searched(rising)
        assert outcome.reason == "exhausted"
        assert outcome.count("complete") == 10

    def test_a_strategy_that_used_its_number_of_trials_says_so(self):
        context = replace(CONTEXT, budget=SearchBudget(max_trials=3))
        proposer = load_proposer(get_strategy_spec("random"))
        assert searched(rising, context, proposer).reason == "max_trials"

    def test_a_target_ends_at_the_candidate_that_reaches_it(self):
        outcome = searched(rising, limits=SearchLimits(target_score=0.4))
        assert (outcome.reason, outcome.best.trial) == ("target_score", 4)
        assert len(outcome.trials) == 5

    def test_a_target_of_a_metric_to_be_minimised_is_turned_round(self):
        budget = SearchBudget(target_score=3.0)
        limits = SearchLimits.from_budget(budget, sign=-1)
        outcome = searched(lambda request, split: -9.0 + request.params["n"], limits=limits)
        assert outcome.best.scores()[METRIC] == -3.0

    def test_a_target_reached_on_few_rows_does_not_count(self):
        context = replace(CONTEXT, options=HalvingOptions(factor=2))
        limits = SearchLimits(target_score=0.5)
        outcome = searched(rising, context, HalvingProposer(), limits=limits)
        assert outcome.reason == "target_score"
        assert outcome.best.resource == 1.0

    def test_no_improvement_counts_complete_candidates_in_a_row(self):
        scores = [0.1, 0.5, 0.2, 0.5, 0.4, 0.9, 0.9, 0.9, 0.9, 0.9]
        outcome = searched(
            lambda request, split: scores[request.trial], limits=SearchLimits(no_improvement_trials=3)
        )
        assert outcome.reason == "no_improvement"
        assert (len(outcome.trials), outcome.best.trial) == (5, 1)

    def test_time_ends_a_search_between_units(self):
        def slow(request, split):
            time.sleep(0.02)
            return 0.5

        outcome = searched(slow, limits=SearchLimits(max_seconds=0.1))
        assert outcome.reason == "max_seconds"
        assert 1 <= len(outcome.trials) < 10

    def test_time_that_runs_out_with_the_last_unit_cut_nothing_short(self):
        def slow(request, split):
            time.sleep(0.02)
            return 0.5

        context = replace(CONTEXT, space=(IntDimension("n", 0, 0),))
        assert searched(slow, context, limits=SearchLimits(max_seconds=0.03)).reason == "exhausted"

    def test_the_users_wish_keeps_finished_units(self):
        diary = Diary()
        limits = SearchLimits(stop=lambda: sum(call[0] == "unit" for call in diary.calls) >= 5)
        outcome = searched(rising, limits=limits, observer=diary)
        assert outcome.reason == "user"
        assert [trial.state for trial in outcome.trials] == ["complete", "complete", "interrupted"]
        assert len(outcome.trials[2].folds) == 1
        assert outcome.best.trial == 1

    def test_a_stop_before_the_first_unit_leaves_no_trial(self):
        outcome = searched(rising, limits=SearchLimits(stop=lambda: True))
        assert (outcome.reason, outcome.trials, outcome.best) == ("user", (), None)

    def test_too_many_failures_are_an_error_that_names_the_most_frequent(self):
        def fails(request, split):
            return None if request.params["n"] in (2, 4, 6) else 0.5

        with pytest.raises(
            TooManyFailuresError, match=r"2 candidates of the search failed.*ValueError: no"
        ) as raised:
            searched(fails, limits=SearchLimits(max_failed_trials=2))
        assert raised.value.outcome.count("complete") == 3

    def test_limits_by_score_do_not_depend_on_the_order_in_which_units_end(self):
        scores = [0.1, 0.5, 0.2, 0.3, 0.4, 0.9, 0.9, 0.9, 0.9, 0.9]

        class Backwards(FakeEvaluate):
            def __call__(self, requests, **callbacks):
                results = super().__call__(requests[::-1], **{**callbacks, "should_stop": None})
                return results[::-1]

        evaluate = Backwards(CONTEXT, lambda request, split: scores[request.trial])
        limits = SearchLimits(no_improvement_trials=3)
        assert run_search(GridProposer(), CONTEXT, evaluate, limits=limits).reason == "no_improvement"


class TestBest:
    def test_the_first_of_equal_candidates_wins(self):
        assert searched(lambda request, split: 0.5).best.trial == 0

    def test_a_candidate_with_a_failed_fold_never_wins(self):
        def last_fails(request, split):
            return None if request.params["n"] == 9 and split == 1 else rising(request, split)

        assert searched(last_fails).best.trial == 8

    def test_comes_from_the_last_round_of_a_halving(self):
        def better_on_few_rows(request, split):
            return rising(request, split) + (0 if request.rung else 5)

        context = replace(CONTEXT, options=HalvingOptions(factor=2))
        best = searched(better_on_few_rows, context, HalvingProposer()).best
        assert (best.trial, best.resource) == (9, 1.0)

    def test_an_interrupted_halving_is_decided_by_the_most_rows_that_are_complete(self):
        diary = Diary()
        context = replace(CONTEXT, options=HalvingOptions(factor=2))
        limits = SearchLimits(stop=lambda: sum(call[0] == "unit" for call in diary.calls) >= 23)
        outcome = searched(rising, context, HalvingProposer(), limits=limits, observer=diary)
        assert outcome.reason == "user"
        assert outcome.best.rung == 1
        assert outcome.best.trial == 5

    def test_a_score_that_is_not_a_number_never_wins(self):
        nan = TrialOutcome(0, {}, "complete", None, None, ())
        assert nan.scores() == {}
        assert searched(lambda request, split: float("nan") if request.trial == 0 else 0.1).best.trial == 1


class TestObserver:
    def test_hears_everything_in_order(self):
        diary = Diary()
        searched(rising, replace(CONTEXT, space=(IntDimension("n", 0, 1),)), observer=diary)
        assert diary.calls == [
            ("started", 0, None),
            ("unit", 0, 0),
            ("unit", 0, 1),
            ("finished", 0, "complete"),
            ("best", 0),
            ("started", 1, None),
            ("unit", 1, 0),
            ("unit", 1, 1),
            ("finished", 1, "complete"),
            ("best", 1),
        ]

    def test_hears_of_rounds_with_their_rows(self):
        diary = Diary()
        searched(
            rising, replace(CONTEXT, options=HalvingOptions(factor=2)), HalvingProposer(), observer=diary
        )
        rungs = [call[1:] for call in diary.calls if call[0] == "rung"]
        assert rungs == [(0, 50, 10), (1, 100, 5), (2, 200, 3), (3, 400, 2)]

    def test_hears_of_a_candidate_that_was_given_up(self):
        diary = Diary()
        proposer = Scripted(
            [Request(0, {"n": 1}, splits=(0,)), Request(1, {"n": 2}, splits=(0,))],
            [Request(1, {"n": 2}, splits=(1,))],
        )
        outcome = searched(rising, proposer=proposer, observer=diary)
        assert [trial.state for trial in outcome.trials] == ["pruned", "complete"]
        finished = [call for call in diary.calls if call[0] == "finished"]
        assert finished == [("finished", 0, "pruned"), ("finished", 1, "complete")]
        started = [call for call in diary.calls if call[0] == "started"]
        assert started == [("started", 0, None), ("started", 1, None)]

    def test_hears_of_better_candidates_only(self):
        diary = Diary()
        scores = [0.3, 0.1, 0.4, 0.4, 0.2, 0.5, 0.1, 0.1, 0.1, 0.1]
        searched(lambda request, split: scores[request.trial], observer=diary)
        bests = [call[1] for call in diary.calls if call[0] == "best"]
        assert bests == [0, 2, 5]
        assert all(scores[earlier] < scores[later] for earlier, later in pairwise(bests))


class TestRulesForProposers:
    @pytest.mark.parametrize(
        ("lists", "message"),
        [
            ([[]], "asked for nothing"),
            ([[Request(1, {"n": 1})]], "out of turn"),
            ([[Request(0, {"n": 1})], [Request(2, {"n": 1})]], "out of turn"),
            ([[Request(trial, {"n": trial}) for trial in range(4)]], "more candidates than the 3"),
        ],
    )
    def test_a_broken_rule_is_an_error(self, lists, message):
        context = replace(CONTEXT, budget=SearchBudget(max_trials=3))
        with pytest.raises(ProposerError, match=message):
            searched(rising, context, Scripted(*lists))

    def test_the_proposer_is_closed_however_the_search_ends(self):
        proposer = Scripted([Request(0, {"n": 1})], [Request(1, {"n": 1})])
        searched(rising, proposer=proposer, limits=SearchLimits(target_score=0.0))
        assert proposer.closed

    def test_a_strategy_that_cannot_be_loaded_is_named(self):
        spec = replace(
            get_strategy_spec("grid"), proposer="hyperparameter_tuning.tasks.searchers.grid:Nothing"
        )
        with pytest.raises(ProposerError, match="'grid' cannot be loaded"):
            load_proposer(spec)

    def test_a_strategy_that_cannot_be_made_is_named(self):
        spec = replace(get_strategy_spec("grid"), proposer="tests.tasks_search.test_run_search:Unmakeable")
        with pytest.raises(ProposerError, match="'grid' cannot be made: ZeroDivisionError: division by zero"):
            load_proposer(spec)

    @pytest.mark.parametrize("before", [0, 1])
    def test_a_strategy_that_fails_while_proposing_is_told_in_a_sentence(self, before):
        proposer = Failing(*([Request(n, {"n": n})] for n in range(before)))
        with pytest.raises(
            ProposerError, match="failed while proposing: ZeroDivisionError: division by zero"
        ):
            searched(rising, proposer=proposer)

    def test_a_strategy_without_propose_is_refused(self):
        spec = replace(get_strategy_spec("grid"), proposer="builtins:object")
        with pytest.raises(ProposerError, match="no 'propose'"):
            load_proposer(spec)
