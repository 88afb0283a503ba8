"""The seam: what comes out of the evaluator for each kind of fold, and what it tells while it works."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.model_selection import KFold, cross_validate
from sklearn.model_selection._search_successive_halving import _SubsampleMetaSplitter
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.registry.space import candidate_key
from hyperparameter_tuning.tasks.evaluation import Evaluator, FoldResult, Request, SearchStopped
from hyperparameter_tuning.tasks.evaluation.fold_rows import rows_for
from tests.tasks_search.fragile import Fragile, nan_score, raising_score

X, Y = load_wine(return_X_y=True)
SPLITS = list(KFold(3, shuffle=True, random_state=0).split(X))
ACCURACY = {"accuracy": get_scorer("accuracy")}


def fragile(**settings: Any) -> Evaluator:
    return Evaluator(Fragile(), X, Y, SPLITS, settings.pop("scorers", ACCURACY), **settings)


def trees(**settings: Any) -> Evaluator:
    return Evaluator(DecisionTreeClassifier(random_state=0), X, Y, SPLITS, ACCURACY, **settings)


class TestScores:
    def test_are_those_of_scikit_learns_cross_validation(self):
        scoring = ["accuracy", "f1_macro", "neg_log_loss"]
        estimator = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression())])
        evaluator = Evaluator(
            estimator,
            X,
            Y,
            SPLITS,
            {name: get_scorer(name) for name in scoring},
            param_prefix="model__",
            return_train_score=True,
        )
        (result,) = evaluator.evaluate([Request(0, {"C": 0.5})])
        theirs = cross_validate(
            clone(estimator).set_params(model__C=0.5),
            X,
            Y,
            cv=SPLITS,
            scoring=scoring,
            return_train_score=True,
        )
        for name in scoring:
            assert [fold.scores[name] for fold in result.folds] == list(theirs[f"test_{name}"])
            assert [fold.train_scores[name] for fold in result.folds] == list(theirs[f"train_{name}"])

    def test_metrics_of_the_same_kind_share_one_prediction(self, tmp_path):
        calls = []

        class Counted(DecisionTreeClassifier):
            def predict(self, X, check_input=True):
                calls.append(len(X))
                return super().predict(X, check_input)

        scorers = {name: get_scorer(name) for name in ("accuracy", "f1_macro", "balanced_accuracy")}
        Evaluator(Counted(), X, Y, SPLITS, scorers).evaluate([Request(0, {}, splits=(0,))])
        assert calls == [len(SPLITS[0][1])]

    def test_only_the_folds_asked_for_are_scored_in_their_order(self):
        (result,) = trees().evaluate([Request(0, {}, splits=(2, 0))])
        assert [fold.split for fold in result.folds] == [2, 0]

    def test_a_parameter_value_that_is_an_estimator_is_not_fitted_itself(self):
        inner = DecisionTreeClassifier(max_depth=1)
        pipeline = Pipeline([("model", SVC())])
        evaluator = Evaluator(pipeline, X, Y, SPLITS, ACCURACY)
        evaluator.evaluate([Request(0, {"model": inner})])
        assert not hasattr(inner, "tree_")

    def test_an_unknown_parameter_is_an_error_not_a_failed_fold(self):
        with pytest.raises(ValueError, match="Invalid parameter 'depth'"):
            trees().evaluate([Request(0, {"depth": 1})])


class TestRowsOfAResource:
    @pytest.mark.parametrize("seed", [0, 42])
    @pytest.mark.parametrize("fraction", [0.17, 0.5, 1.0])
    def test_are_those_that_scikit_learns_halving_draws(self, fraction, seed):
        theirs = _SubsampleMetaSplitter(
            base_cv=KFold(3, shuffle=True, random_state=0),
            fraction=fraction,
            subsample_test=True,
            random_state=seed,
        )
        for split, (train, test) in zip(SPLITS, theirs.split(X, Y), strict=True):
            ours = rows_for(split, fraction, seed)
            assert np.array_equal(ours[0], train)
            assert np.array_equal(ours[1], test)

    def test_no_resource_leaves_the_fold_untouched(self):
        assert rows_for(SPLITS[0], None, 0)[0] is SPLITS[0][0]

    def test_the_evaluator_fits_on_that_many_rows(self, tmp_path):
        diary = tmp_path / "diary"
        fragile().evaluate([Request(0, {"diary": str(diary)}, resource=0.5, splits=(1,))])
        assert diary.read_text().split()[1] == str(len(SPLITS[1][0]) // 2)


class TestFailedFolds:
    @pytest.mark.parametrize(
        ("act", "error", "step"),
        [
            ("raise", "ValueError: The first line.", "fit"),
            ("mute", "RuntimeError: No prediction.", "score"),
        ],
    )
    def test_are_recorded_as_one_line(self, act, error, step):
        (result,) = fragile().evaluate([Request(0, {"act": act})])
        assert result.state == "failed"
        assert [(fold.state, fold.error, fold.failed_in) for fold in result.folds] == [
            ("failed", error, step)
        ] * 3

    def test_do_not_disturb_other_candidates(self):
        failed, complete = fragile().evaluate([Request(0, {"act": "raise"}), Request(1, {"act": "fit"})])
        assert (failed.state, complete.state) == ("failed", "complete")

    def test_a_score_that_is_not_finite_fails_the_fold(self):
        (result,) = fragile(scorers={"odd": nan_score}).evaluate([Request(0, {"act": "nan"})])
        assert result.error == "NonFiniteScore: the score 'odd' is nan"
        assert dict(result.folds[0].scores) == {}

    def test_a_metric_that_is_not_required_may_fail_alone(self):
        scorers = {**ACCURACY, "odd": nan_score, "broken": raising_score}
        evaluator = fragile(scorers=scorers, required_metrics=frozenset({"accuracy"}))
        (result,) = evaluator.evaluate([Request(0, {"act": "nan"})])
        assert result.state == "complete"
        assert set(result.folds[0].scores) == {"accuracy"}

    def test_one_of_several_metrics_fails_the_fold_with_its_own_error(self):
        (result,) = fragile(scorers={**ACCURACY, "broken": raising_score}).evaluate([Request(0, {})])
        assert result.error == "KeyError: 'no such thing'"
        assert set(result.folds[0].scores) == {"accuracy"}

    def test_raising_lets_the_error_pass(self):
        with pytest.raises(ValueError, match="The first line"):
            fragile(on_error="raise").evaluate([Request(0, {"act": "raise"})])


class TestWarnings:
    def test_are_told_once_with_the_number_of_units(self):
        evaluator = fragile()
        evaluator.evaluate([Request(0, {"act": "warn"}), Request(1, {"act": "fit"})])
        (count,) = evaluator.warnings()
        assert (count.name, count.message, count.units) == ("UserWarning", "Beware.", 3)

    def test_of_convergence_are_counted_over_all_their_numbers(self):
        evaluator = fragile()
        evaluator.evaluate(
            [Request(0, {"act": "unconverged"}), Request(0, {"act": "unconverged"}, resource=0.5)]
        )
        (count,) = evaluator.warnings()
        assert (count.name, count.units) == ("ConvergenceWarning", 6)


class TestProgress:
    def test_each_unit_is_told_as_it_ends(self):
        told: list[Any] = []
        trees().evaluate(
            [Request(0, {"max_depth": 1}), Request(1, {"max_depth": 2})],
            on_start=lambda request: told.append(("start", request.trial)),
            on_unit=lambda request, fold: told.append((request.trial, fold.split)),
        )
        assert told == [("start", 0), (0, 0), (0, 1), (0, 2), ("start", 1), (1, 0), (1, 1), (1, 2)]

    def test_callbacks_of_the_evaluator_and_of_the_call_are_both_told(self):
        own: list[int] = []
        call: list[int] = []
        evaluator = trees(on_unit=lambda request, fold: own.append(fold.split))
        evaluator.evaluate([Request(0, {})], on_unit=lambda request, fold: call.append(fold.split))
        assert own == call == [0, 1, 2]


class TestStop:
    def test_keeps_what_is_finished(self):
        told: list[FoldResult] = []
        with pytest.raises(SearchStopped) as stopped:
            trees().evaluate(
                [Request(trial, {"max_depth": trial + 1}) for trial in range(5)],
                on_unit=lambda request, fold: told.append(fold),
                should_stop=lambda: len(told) >= 4,
            )
        assert len(told) == 4
        assert [len(result.folds) for result in stopped.value.results] == [3, 1, 0, 0, 0]

    def test_asked_before_the_first_unit_nothing_is_fitted(self, tmp_path):
        diary = tmp_path / "diary"
        with pytest.raises(SearchStopped):
            fragile(should_stop=lambda: True).evaluate([Request(0, {"diary": str(diary)})])
        assert not diary.exists()


class TestRecordedUnits:
    def test_are_not_fitted_again(self, tmp_path):
        diary = tmp_path / "diary"
        params = {"act": "fit", "diary": str(diary)}
        known = FoldResult(1, "complete", scores={"accuracy": 0.125}, fit_seconds=9.0)
        told: list[tuple[int, str]] = []
        evaluator = fragile(recorded={(candidate_key(params), None, 1): known})
        (result,) = evaluator.evaluate(
            [Request(0, params)], on_unit=lambda request, fold: told.append((fold.split, fold.how))
        )
        assert result.folds[1] == replace(known, how="recorded")
        assert len(diary.read_text().splitlines()) == 2
        assert sorted(told) == [(0, "fitted"), (1, "recorded"), (2, "fitted")]

    def test_of_another_resource_or_type_are_not_taken(self):
        key = candidate_key({"max_features": 1})
        known = {(key, None, 0): FoldResult(0, "complete", scores={"accuracy": -1.0})}
        evaluator = trees(recorded=known)
        fold, part, other = evaluator.evaluate(
            [
                Request(0, {"max_features": 1}, splits=(0,)),
                Request(0, {"max_features": 1}, splits=(0,), resource=1.0),
                Request(1, {"max_features": 1.0}, splits=(0,)),
            ]
        )
        assert [result.folds[0].how for result in (fold, part, other)] == ["recorded", "fitted", "fitted"]


def test_importing_the_evaluator_loads_no_queue_no_database_no_web_and_no_optuna():
    program = (
        "import sys; from hyperparameter_tuning.tasks.evaluation import Evaluator; "
        "from hyperparameter_tuning.tasks.searchers import GridSearch, run_search; "
        "print([name for name in ('celery', 'sqlalchemy', 'fastapi', 'optuna') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
