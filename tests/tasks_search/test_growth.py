"""Candidates asked for again, only longer: whose fits are kept and go on, and whose are made in one go."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler, scale
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.evaluation import Evaluator, Request, growth
from hyperparameter_tuning.tasks.evaluation.kept_fits import KeptFit, KeptFits
from hyperparameter_tuning.tasks.evaluation.paths.ensemble_continuations import ForestContinuation
from hyperparameter_tuning.tasks.evaluation.self_check import PathCheck
from tests.tasks_search.paths.compared import SCORERS, told

X, Y = load_wine(return_X_y=True)
SPLITS = tuple(KFold(2, shuffle=True, random_state=0).split(X))
BITS = {"bits": SCORERS["classification"]["numbers"]}
LOSS = {"loss": get_scorer("neg_log_loss")}
FOREST = RandomForestClassifier(random_state=0)
Call = Sequence[dict[str, Any]]


def evaluator(estimator: Any, data: tuple[Any, Any] = (X, Y), **how: Any) -> Evaluator:
    how = {"lengthened": "n_estimators", "keep_non_finite": True} | how
    return Evaluator(estimator, *data, how.pop("splits", SPLITS), how.pop("scorers", BITS), **how)


def grown(
    estimator: Any, calls: Sequence[Call], data: tuple[Any, Any] = (X, Y), **how: Any
) -> list[set[str]]:
    """Assert that each call's results are those of plain fits, and return how they came about, by call."""
    ours = evaluator(estimator, data, **how)
    plain = evaluator(estimator, data, **how, shared_fits=False)
    ways = []
    for call in calls:
        found = ours.evaluate([Request(at, params) for at, params in enumerate(call)])
        wanted = plain.evaluate([Request(at, params) for at, params in enumerate(call)])
        assert [told(result) for result in found] == [told(result) for result in wanted]
        ways.append({fold.how for result in found for fold in result.folds})
    return ways


def lengths(*values: int, **params: Any) -> list[Call]:
    return [[{"n_estimators": value, **params}] for value in values]


FITTED, CONTINUED = {"fitted"}, {"continued"}


class TestWhoGoesOn:
    def test_the_same_candidate_only_longer(self):
        assert grown(FOREST, lengths(2, 5, 5, 9)) == [FITTED, CONTINUED, CONTINUED, CONTINUED]

    def test_not_another_candidate(self):
        assert grown(FOREST, [*lengths(2, max_depth=1), *lengths(5, max_depth=2)]) == [FITTED, FITTED]

    def test_not_to_a_shorter_one(self):
        assert grown(FOREST, lengths(5, 2, 4)) == [FITTED, FITTED, CONTINUED]

    def test_only_in_the_parameter_that_was_named(self):
        assert grown(FOREST, lengths(2, 5), lengthened="max_depth") == [FITTED, FITTED]
        assert grown(FOREST, lengths(2, 5), lengthened=None) == [FITTED, FITTED]

    @pytest.mark.parametrize(
        "settings", [{"oob_score": True}, {"warm_start": True}, {"random_state": np.random.RandomState(0)}]
    )
    def test_not_a_forest_without_a_path(self, settings):
        forest = RandomForestClassifier(**{"random_state": 0, "bootstrap": True} | settings)
        ours = evaluator(forest)
        for call in lengths(20, 30):
            (found,) = ours.evaluate([Request(0, params) for params in call])
            assert {fold.how for fold in found.folds} == FITTED

    def test_not_a_forest_without_a_path_after_steps(self):
        forest = RandomForestClassifier(random_state=0, oob_score=True)
        ours = evaluator(
            Pipeline([("scale", StandardScaler()), ("model", forest)]), lengthened="model__n_estimators"
        )
        for length, how in ((20, "fitted"), (30, "shared")):
            (found,) = ours.evaluate([Request(0, {"model__n_estimators": length})])
            assert {fold.how for fold in found.folds} == {how}

    def test_not_boosting_with_early_stopping(self):
        """Without a history of losses it would stop later."""
        model = GradientBoostingClassifier(random_state=0, n_iter_no_change=2, tol=0.05, learning_rate=0.5)
        assert grown(model, lengths(3, 40)) == [FITTED, FITTED]
        assert grown(model.set_params(n_iter_no_change=None), lengths(3, 9)) == [FITTED, CONTINUED]

    def test_a_candidate_may_set_what_keeps_it_from_going_on(self):
        model = GradientBoostingClassifier(random_state=0, learning_rate=0.5)
        assert grown(model, lengths(3, 40, n_iter_no_change=2, tol=0.05)) == [FITTED, FITTED]

    def test_not_what_has_no_rule(self):
        class Own(RandomForestClassifier):
            pass

        assert grown(Own(random_state=0), lengths(2, 5)) == [FITTED, FITTED]
        assert grown(AdaBoostClassifier(random_state=0), lengths(2, 5)) == [FITTED, FITTED]
        calls = [[{"max_iter": length}] for length in (1, 2)]
        assert (
            grown(
                HistGradientBoostingClassifier(random_state=0, max_leaf_nodes=2), calls, lengthened="max_iter"
            )
            == [FITTED] * 2
        )

    def test_not_a_candidate_with_an_object_which_may_have_changed(self):
        member, ours = DecisionTreeClassifier(max_depth=1), evaluator(BaggingClassifier(random_state=0))
        ours.evaluate([Request(0, {"estimator": member, "n_estimators": 2})])
        member.max_depth = 5
        request = Request(0, {"estimator": member, "n_estimators": 6})
        plain = evaluator(BaggingClassifier(random_state=0), shared_fits=False).evaluate([request])
        assert told(ours.evaluate([request])[0]) == told(plain[0])

    def test_not_where_fits_are_told_more_than_weights(self):
        heard: list[int] = []

        def monitor(stage: int, model: Any, _: Any) -> bool:
            heard.append(stage)
            return len(model.estimators_) > 6 and stage == 1

        model = GradientBoostingClassifier(random_state=0)
        assert grown(model, lengths(3, 9), fit_params={"monitor": monitor}) == [FITTED, FITTED]

    def test_not_on_sparse_rows(self):
        assert grown(FOREST, lengths(2, 5), (csr_array(X), Y)) == [FITTED, FITTED]

    def test_not_on_other_rows_of_the_fold(self):
        ours = evaluator(FOREST)
        plain = evaluator(FOREST, shared_fits=False)
        for part, length in ((0.5, 2), (1.0, 5)):
            request = Request(0, {"n_estimators": length}, resource=part)
            (found,), (wanted,) = ours.evaluate([request]), plain.evaluate([request])
            assert told(found) == told(wanted)
            assert {fold.how for fold in found.folds} == FITTED

    def test_not_after_other_steps(self):
        steps = [("scale", StandardScaler()), ("pca", PCA(random_state=0)), ("model", FOREST)]
        pipeline = Pipeline(steps)
        calls = [
            [{"pca__n_components": columns, "model__n_estimators": length}]
            for columns, length in ((2, 2), (3, 5), (3, 8))
        ]
        found = grown(pipeline, calls, lengthened="model__n_estimators")
        assert [way & CONTINUED for way in found] == [set(), set(), CONTINUED]

    def test_not_where_a_scorer_looks_at_the_model(self):
        scorers = {"members": lambda model, X, y: len(model.estimators_)}
        assert grown(FOREST, lengths(2, 5), scorers=scorers) == [FITTED, FITTED]

    def test_candidates_that_share_one_fit_still_do(self):
        calls = [[{"n_estimators": n, "ccp_alpha": alpha} for alpha in (0.0, 0.02)] for n in (4, 8)]
        assert grown(FOREST, calls) == [{"fitted", "prefix"}] * 2

    def test_what_fits_warned_of_is_told_of_those_that_go_on(self):
        bag = BaggingClassifier(LogisticRegression(max_iter=1), random_state=0)
        assert grown(bag, lengths(2, 4, 4)) == [FITTED, CONTINUED, CONTINUED]

    def test_what_earlier_members_alone_warned_of_is_told_again(self):
        bag = BaggingClassifier(LogisticRegression(max_iter=13), random_state=2, max_samples=0.3)
        assert grown(bag, lengths(2, 4), (scale(X), Y)) == [FITTED, CONTINUED]

    def test_training_scores_too(self):
        assert grown(FOREST, lengths(2, 5), return_train_score=True) == [FITTED, CONTINUED]

    def test_what_cannot_go_on_is_fitted_in_one_go(self, monkeypatch):
        class Broken(ForestContinuation):
            def go_on(self, fitted: Any, length: Any, fold: Any) -> None:
                fitted.estimators_.clear()
                raise ValueError("no further")

        monkeypatch.setattr(growth, "CONTINUATIONS", {RandomForestClassifier: Broken()})
        assert grown(FOREST, lengths(2, 5)) == [FITTED, FITTED]

    def test_a_length_that_a_model_refuses_fails_as_ever(self):
        assert grown(FOREST, [*lengths(2), *lengths(-1), *lengths(4)]) == [FITTED, FITTED, CONTINUED]

    def test_a_fit_that_failed_is_not_gone_on_from(self):
        assert grown(FOREST, lengths(5, 5, 8, max_features=-1)) == [FITTED] * 3

    def test_the_time_told_is_what_was_spent(self):
        ours = evaluator(FOREST)
        (long,) = ours.evaluate([Request(0, {"n_estimators": 150})])
        (longer,) = ours.evaluate([Request(0, {"n_estimators": 151})])
        assert (
            max(fold.fit_seconds for fold in longer.folds) < min(fold.fit_seconds for fold in long.folds) / 3
        )


class TestMemory:
    def weight(self, model: Any) -> int:
        fits = KeptFits()
        fits.keep("one", KeptFit(model, 1))
        return fits.n_bytes

    def test_the_oldest_makes_way(self):
        model = RandomForestClassifier(5, random_state=0).fit(X, Y)
        fits = KeptFits(most_bytes=int(2.5 * self.weight(model)))
        for key in ("one", "two", "three"):
            fits.keep(key, KeptFit(model, 5))
            assert fits.n_bytes <= 2.5 * self.weight(model)
        assert fits.take("one") is None
        assert fits.take("three") == fits.take("two") == KeptFit(model, 5)
        assert fits.n_bytes == 0

    def test_what_is_larger_by_itself_is_not_kept(self):
        fits = KeptFits(most_bytes=100)
        fits.keep("one", KeptFit(RandomForestClassifier(5, random_state=0).fit(X, Y), 5))
        assert fits.take("one") is None

    def test_trees_and_rows_that_members_hold_are_weighed(self):
        forest = RandomForestClassifier(50, random_state=0).fit(X, Y)
        nodes = sum(tree.tree_.node_count for tree in forest.estimators_)
        assert self.weight(forest) > 64 * nodes
        bag = BaggingClassifier(KNeighborsClassifier(), random_state=0).fit(X, Y)
        assert self.weight(bag) > 10 * X.nbytes

    def test_where_none_is_kept_fits_are_made_in_one_go(self):
        ours = evaluator(FOREST)
        ours._cache.fits = KeptFits(most_bytes=0)
        for call in lengths(2, 5):
            (found,) = ours.evaluate([Request(0, params) for params in call])
            assert {fold.how for fold in found.folds} == FITTED

    def test_nothing_is_kept_unless_candidates_come_again(self):
        ours = evaluator(FOREST, lengthened=None)
        ours.evaluate([Request(0, {"n_estimators": 3})])
        assert ours._cache.fits.n_bytes == 0


class WrongContinuation(ForestContinuation):
    """Says that it has grown."""

    name = "wrong"

    def go_on(self, fitted: Any, length: Any, fold: Any) -> None:
        fitted.set_params(n_estimators=length)


class TestSelfCheck:
    MANY = tuple({"max_depth": depth, "max_features": few} for depth in range(1, 7) for few in (1, 3, 5))

    def calls(self, n_candidates: int) -> list[list[Request]]:
        chosen = self.MANY[:n_candidates]
        return [
            [Request(at, {**params, "n_estimators": n}) for at, params in enumerate(chosen)]
            for n in (1, 2, 3)
        ]

    def test_a_right_rule_is_found_equal(self):
        ours = evaluator(FOREST)
        for call in self.calls(18):
            ours.evaluate(call)
        assert ours.path_checks() == (PathCheck("forest continued", "equal"),)

    @pytest.mark.parametrize("n_jobs", [1, 2])
    def test_a_wrong_rule_ends_in_plain_fits_and_a_warning(self, monkeypatch, n_jobs):
        monkeypatch.setattr(growth, "CONTINUATIONS", {RandomForestClassifier: WrongContinuation()})
        plain = evaluator(FOREST, shared_fits=False, scorers=LOSS)
        with evaluator(FOREST, n_jobs=n_jobs, scorers=LOSS, pool_after_seconds=0) as ours:
            for call in self.calls(18)[:2]:
                found, wanted = ours.evaluate(call), plain.evaluate(call)
                assert [told(result) for result in found] == [told(result) for result in wanted]
            assert {fold.how for result in found for fold in result.folds} == FITTED
            assert ours.path_checks() == (PathCheck("wrong", "different"),)
            assert "'wrong' were not those of plain fits" in ours.warnings()[0].message

    def test_few_candidates_are_not_checked_and_it_is_said(self):
        ours = evaluator(FOREST)
        first, second, _ = self.calls(3)
        ours.evaluate(first)
        assert ours.path_checks() == ()
        ours.evaluate(second)
        assert ours.path_checks() == (PathCheck("forest continued", "not_checked"),)

    def test_another_cell_stands_for_one_that_did_not_go_on(self, monkeypatch):
        """The cell to check comes first; its fit is not found."""
        monkeypatch.setattr(growth, "CONTINUATIONS", {RandomForestClassifier: WrongContinuation()})
        ours, plain = evaluator(FOREST), evaluator(FOREST, shared_fits=False)
        first, second, _ = self.calls(18)
        ours.evaluate(first)
        take, asked = ours._cache.fits.take, []
        monkeypatch.setattr(
            ours._cache.fits, "take", lambda key: take(key) if asked else asked.append(take(key))
        )
        found, wanted = ours.evaluate(second), plain.evaluate(second)
        assert [told(result) for result in found] == [told(result) for result in wanted]
        assert ours.path_checks() == (PathCheck("wrong", "different"),)

    def test_a_cell_that_did_not_go_on_is_no_check(self):
        ours = evaluator(FOREST)
        first, second, third = self.calls(18)
        ours.evaluate(first)
        kept, ours._cache.fits = ours._cache.fits, KeptFits(most_bytes=0)
        ours.evaluate(second)
        assert ours.path_checks() == (PathCheck("forest continued", "not_checked"),)
        ours._cache.fits = kept
        assert {fold.how for result in ours.evaluate(third) for fold in result.folds} == CONTINUED
        assert ours.path_checks() == (PathCheck("forest continued", "equal"),)
