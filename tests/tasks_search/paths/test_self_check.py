"""One cell of each path is fitted plainly too; what it finds, and what it costs at most."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.evaluation import Evaluator, FoldResult, Request
from hyperparameter_tuning.tasks.evaluation import evaluator as evaluator_module
from hyperparameter_tuning.tasks.evaluation.family_work import has_same_scores
from hyperparameter_tuning.tasks.evaluation.paths import table
from hyperparameter_tuning.tasks.evaluation.paths.proven import Proven
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows
from hyperparameter_tuning.tasks.evaluation.self_check import PathCheck
from tests.tasks_search.paths.wrong_path import WrongPath

X, Y = load_wine(return_X_y=True)
SPLITS = tuple(KFold(5, shuffle=True, random_state=0).split(X))
LOSS = {"loss": get_scorer("neg_log_loss")}
REQUESTS = [
    Request(number, {"n_estimators": trees, "max_depth": depth})
    for number, (trees, depth) in enumerate((n, d) for d in range(1, 7) for n in (4, 6, 8, 16))
]


def evaluator(**settings: Any) -> Evaluator:
    return Evaluator(RandomForestClassifier(random_state=3), X, Y, SPLITS, LOSS, **settings)


def scores(results: Any) -> list[list[float]]:
    return [[fold.scores["loss"] for fold in result.folds] for result in results]


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PATHS", {**table.PATHS, RandomForestClassifier: Proven(WrongPath())})


@pytest.fixture(scope="module")
def plain() -> list[list[float]]:
    return scores(evaluator(shared_fits=False).evaluate(REQUESTS))


def test_a_right_path_is_found_equal(plain):
    ours = evaluator()
    assert scores(ours.evaluate(REQUESTS)) == plain
    assert ours.path_checks() == (PathCheck("forest prefix", "equal"),)
    assert ours.warnings() == ()


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_wrong_path_ends_in_plain_fits_and_a_warning(wrong, plain, n_jobs):
    told: list[tuple[int, int]] = []
    with evaluator(n_jobs=n_jobs, pool_after_seconds=0) as ours:
        found = ours.evaluate(
            REQUESTS, on_unit=lambda request, fold: told.append((request.trial, fold.split))
        )
        assert scores(found) == plain
        assert len(told) == len(set(told)) == len(REQUESTS) * len(SPLITS)
        assert {fold.how for result in found for fold in result.folds} == {"fitted"}
        assert ours.path_checks() == (PathCheck("wrong", "different"),)
        assert "'wrong' were not those of plain fits" in ours.warnings()[0].message


def test_results_wait_for_a_check_that_comes_last(wrong, plain, monkeypatch):
    monkeypatch.setattr(evaluator_module, "_in_waves", lambda work: (work.check is not None, work.wave))
    assert scores(evaluator().evaluate(REQUESTS)) == plain


def test_a_rule_that_was_found_wrong_is_off_for_the_rest_of_the_search(wrong, plain):
    ours = evaluator()
    ours.evaluate(REQUESTS)
    later = ours.evaluate([Request(0, {"n_estimators": n, "max_depth": 2}) for n in (4, 6, 8)])
    assert scores(later) == plain[4:7]


def test_a_cell_that_costs_more_than_three_in_a_hundred_is_not_checked_and_it_is_said(wrong):
    ours = evaluator()
    ours.evaluate(REQUESTS[:4])  # five folds of one family: a cell is more than a twentieth of the work
    assert ours.path_checks() == (PathCheck("wrong", "not_checked"),)


def test_a_shorter_cell_is_checked_where_the_longest_of_the_cheap_ones_costs_too_much():
    ours = evaluator()
    ours.evaluate(
        [Request(0, {"n_estimators": trees}) for trees in (1, 8, 10, 11, 12)]
    )  # 8 is a seventh of a family
    assert ours.path_checks() == (PathCheck("forest prefix", "equal"),)


RIGHT = FoldResult(0, "complete", scores={"a": 0.1}, train_scores={"a": 0.2})


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"fit_seconds": 5.0, "how": "prefix", "warnings": (("Warning", "late"),)}, True),
        ({"state": "failed"}, False),
        ({"scores": {"a": math.nextafter(0.1, 1.0)}}, False),
        ({"scores": {"b": 0.1}}, False),
        ({"scores": {"a": 0.1, "b": 0.1}}, False),
        ({"train_scores": {"a": math.nextafter(0.2, 1.0)}}, False),
    ],
)
def test_a_cell_is_equal_in_every_bit_of_every_score(changed: dict[str, Any], same: bool) -> None:
    assert has_same_scores(RIGHT, replace(RIGHT, **changed)) == same


def test_what_is_no_number_equals_itself_and_zero_has_a_sign() -> None:
    none, zero, below = (replace(RIGHT, scores={"a": value}) for value in (math.nan, 0.0, -0.0))
    assert has_same_scores(none, none)
    assert not has_same_scores(zero, below)


class WrongInTheMiddle(WrongPath):
    """Right for the longest and the shortest, wrong for six trees."""

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        for position, path in enumerate(wanted):
            trees = path["n_estimators"] if path["n_estimators"] != 6 else 5
            fitted = clone(estimator).set_params(n_estimators=trees)
            yield position, fitted.fit(rows.fold.X_train, rows.fold.y_train)


@pytest.mark.parametrize(("n_jobs", "outcome"), [(1, "different"), (2, "equal")])
def test_a_shorter_cell_is_checked_where_others_would_wait_too_long_for_a_longer_one(
    n_jobs, outcome, monkeypatch
):
    middle = {**table.PATHS, RandomForestClassifier: Proven(WrongInTheMiddle())}
    monkeypatch.setattr(table, "PATHS", middle)
    requests = [
        Request(number, {"n_estimators": trees, "max_features": columns})
        for number, (trees, columns) in enumerate((n, c) for c in (1, 2, 3, 4) for n in (4, 6, 8, 16))
    ]
    with evaluator(n_jobs=n_jobs, pool_after_seconds=1000) as ours:  # never a pool: what is expected counts
        ours.evaluate(requests)
        assert ours.path_checks() == (PathCheck("wrong", outcome),)


def test_what_each_fit_costs_before_its_first_round_counts():
    requests = [
        Request(number, {"max_iter": rounds, "learning_rate": rate})
        for number, (rounds, rate) in enumerate((n, r) for r in (0.1, 0.2, 0.3, 0.4) for n in (1, 2, 8))
    ]
    ours = Evaluator(HistGradientBoostingClassifier(random_state=0), X, Y, SPLITS, LOSS)
    ours.evaluate(requests)  # one round of eight, twenty times; but bins cost as much as twelve
    assert ours.path_checks() == (PathCheck("histogram gradient boosting prefix", "not_checked"),)


def test_small_calls_add_up_until_one_cell_is_cheap():
    ours, outcomes = evaluator(), []
    for begin in range(0, len(REQUESTS), 4):
        ours.evaluate(REQUESTS[begin : begin + 4])
        outcomes.append(ours.path_checks()[0].outcome)
    assert outcomes[0] == "not_checked"
    assert outcomes[-1] == "equal"


def test_without_a_path_there_is_nothing_to_check():
    ours = Evaluator(DecisionTreeClassifier(random_state=0), X, Y, SPLITS, LOSS)
    ours.evaluate([Request(0, {"max_depth": 2}), Request(1, {"max_depth": 3})])
    assert ours.path_checks() == ()
