import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.metrics import (
    average_precision_score,
    check_scoring,
    f1_score,
    get_scorer,
    log_loss,
    make_scorer,
    roc_auc_score,
)

from hyperparameter_tuning.shared.evaluation import holdout_metrics
from hyperparameter_tuning.shared.import_paths import ImportPathError
from hyperparameter_tuning.shared.metrics import make_scorers


@dataclass
class Metric:
    key: str
    scorer: str
    multiclass_scorer: str | None = None


rng = np.random.default_rng(0)
X = rng.normal(size=(80, 3))
BINARY = (X[:, 0] + rng.normal(size=80) > 0).astype(int)
TEXTS = np.array(["no", "yes"], dtype=object)[BINARY]
THREE = np.digitize(X[:, 0] + rng.normal(size=80), [-0.5, 0.5])


class TestMakeScorers:
    @pytest.mark.parametrize(
        "name",
        [
            "f1",
            "precision",
            "recall",
            "jaccard",
            "average_precision",
            "neg_brier_score",
            "roc_auc",
            "accuracy",
            "neg_log_loss",
        ],
    )
    def test_equal_scikit_learn_s_for_two_classes_and_do_not_mind_their_names(self, name: str) -> None:
        expected = get_scorer(name)(LogisticRegression().fit(X, BINARY), X, BINARY)
        scorer = make_scorers([Metric("m", name)], 2, [0, 1])["m"]
        assert scorer(LogisticRegression().fit(X, BINARY), X, BINARY) == expected
        of_texts = make_scorers([Metric("m", name)], 2, ["no", "yes"])["m"]
        assert of_texts(LogisticRegression().fit(X, TEXTS), X, TEXTS) == expected

    @pytest.mark.parametrize(
        "name", ["f1_macro", "precision_weighted", "recall_micro", "roc_auc_ovr", "neg_log_loss"]
    )
    def test_equal_scikit_learn_s_for_more_classes(self, name: str) -> None:
        model = LogisticRegression().fit(X, THREE)
        scorer = make_scorers([Metric("m", "f1", name)], 3, [0, 1, 2])["m"]
        assert scorer(model, X, THREE) == get_scorer(name)(model, X, THREE)

    def test_the_second_class_is_the_positive_one(self) -> None:
        model = LogisticRegression().fit(X, TEXTS)
        scorer = make_scorers([Metric("f1", "f1")], 2, ["no", "yes"])["f1"]
        assert scorer(model, X, TEXTS) == f1_score(TEXTS, model.predict(X), pos_label="yes")

    def test_a_fold_that_lacks_a_class_still_has_a_log_loss(self) -> None:
        model, rows = LogisticRegression().fit(X, THREE), THREE < 2
        scorer = make_scorers([Metric("loss", "neg_log_loss")], 3, [0, 1, 2])["loss"]
        expected = log_loss(THREE[rows], model.predict_proba(X[rows]), labels=[0, 1, 2])
        assert scorer(model, X[rows], THREE[rows]) == -expected

    @pytest.mark.parametrize("name", ["neg_log_loss", "roc_auc_ovr_weighted", "average_precision"])
    def test_a_complete_fold_is_scored_as_by_scikit_learn(self, name: str) -> None:
        model = LogisticRegression().fit(X, THREE)
        scorer = make_scorers([Metric("m", name)], 3, [0, 1, 2])["m"]
        assert scorer(model, X, THREE) == get_scorer(name)(model, X, THREE)

    def test_a_class_that_no_training_row_has_is_given_no_probability(self) -> None:
        seen = THREE < 2
        model = LogisticRegression().fit(X[seen], THREE[seen])
        loss = make_scorers([Metric("m", "neg_log_loss")], 3, [0, 1, 2])["m"]
        columns = np.column_stack([model.predict_proba(X), np.zeros(len(X))])
        assert loss(model, X, THREE) == -log_loss(THREE, columns, labels=[0, 1, 2])

    def test_a_class_without_rows_does_not_count_in_a_ranking(self) -> None:
        model, rows = LogisticRegression().fit(X, THREE), THREE < 2
        y, columns = THREE[rows], model.predict_proba(X[rows])
        metrics = [Metric("auc", "roc_auc", "roc_auc_ovr_weighted"), Metric("ap", "average_precision")]
        scorers = make_scorers(metrics, 3, [0, 1, 2])
        share = np.mean(y == 0)
        each = [roc_auc_score(y == label, columns[:, label]) for label in (0, 1)]
        assert scorers["auc"](model, X[rows], y) == pytest.approx(share * each[0] + (1 - share) * each[1])
        each = [
            average_precision_score(y == label, model.decision_function(X[rows])[:, label])
            for label in (0, 1)
        ]
        assert scorers["ap"](model, X[rows], y) == pytest.approx(np.mean(each))

    @pytest.mark.parametrize("name", ["roc_auc_ovr_weighted", "average_precision"])
    def test_a_class_that_no_training_row_has_is_ranked_at_random(self, name: str) -> None:
        seen = THREE < 2
        labels = np.array(["a", "b", "c"], dtype=object)[THREE]
        model = LogisticRegression().fit(X[seen], labels[seen])
        score = make_scorers([Metric("m", name)], 3, ["a", "b", "c"])["m"](model, X, labels)
        assert 0.3 < score < 1
        assert score < make_scorers([Metric("m", name)], 3, ["a", "b", "c"])["m"](
            LogisticRegression().fit(X, labels), X, labels
        )

    @pytest.mark.parametrize("name", ["f1_weighted", "precision_macro", "recall_weighted"])
    def test_a_fold_of_two_texts_out_of_three_is_averaged(self, name: str) -> None:
        seen = THREE < 2
        labels = np.array(["a", "b", "c"], dtype=object)[THREE]
        model = LogisticRegression().fit(X[seen], labels[seen])
        scorer = make_scorers([Metric("m", "f1", name)], 3, ["a", "b", "c"])["m"]
        assert scorer(model, X[seen], labels[seen]) == get_scorer(name)(model, X[seen], labels[seen])

    def test_metrics_of_one_fold_share_their_predictions(self) -> None:
        class Counting(LogisticRegression):
            calls = 0

            def predict_proba(self, X: Any) -> Any:
                Counting.calls += 1
                return super().predict_proba(X)

        metrics = [Metric("loss", "neg_log_loss"), Metric("auc", "roc_auc", "roc_auc_ovr_weighted")]
        model = Counting().fit(X, THREE)
        scored = check_scoring(model, scoring=make_scorers(metrics, 3, [0, 1, 2]))(model, X, THREE)
        assert set(scored) == {"loss", "auc"}
        assert Counting.calls == 1

    def test_regression_takes_the_plain_scorer(self) -> None:
        model = Ridge().fit(X, X[:, 0])
        scorers = make_scorers([Metric("rmse", "neg_root_mean_squared_error"), Metric("r2", "r2")])
        assert list(scorers) == ["rmse", "r2"]
        assert scorers["rmse"](model, X, X[:, 0]) == get_scorer("neg_root_mean_squared_error")(
            model, X, X[:, 0]
        )


class TestHoldoutMetrics:
    def test_are_in_natural_units(self) -> None:
        model = Ridge().fit(X, X[:, 0])
        scorers = make_scorers([Metric("rmse", "neg_root_mean_squared_error"), Metric("r2", "r2")])
        values = holdout_metrics(model, X, X[:, 0], scorers)
        assert values["rmse"] is not None
        assert values["rmse"] > 0
        assert values["r2"] == model.score(X, X[:, 0])
        assert holdout_metrics(model, X, X[:, 0], scorers, signs={"rmse": -1, "r2": 1}) == values

    @pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
    def test_that_are_not_defined_on_the_rows_are_none(self) -> None:
        model, rows = LogisticRegression().fit(X, BINARY), BINARY == 0
        scorers = make_scorers([Metric("auc", "roc_auc"), Metric("accuracy", "accuracy")], 2, [0, 1])
        values = holdout_metrics(model, X[rows], BINARY[rows], scorers)
        assert values["auc"] is None
        assert values["accuracy"] is not None

    def test_that_raise_or_are_not_finite_are_none(self) -> None:
        def refuses(*_: Any) -> float:
            raise ValueError("not for these rows")

        scorers = {"refuses": refuses, "infinite": lambda *_: math.inf}
        assert holdout_metrics(None, X, BINARY, scorers) == {"refuses": None, "infinite": None}


def half_off(y_true, y_pred):
    return float(np.mean(np.abs(np.asarray(y_true) - np.asarray(y_pred))) / 2)


HALF_OFF = make_scorer(half_off, greater_is_better=False)
A_NUMBER = 3


def make_half_off():
    return HALF_OFF


def own_scorer(estimator, X, y, *, sign=1.0):
    return sign * float(estimator.score(X, y))


def unmakeable():
    raise ValueError("no licence")


class TestOutsideScorers:
    @pytest.mark.parametrize("name", ["HALF_OFF", "make_half_off"])
    def test_an_import_path_names_a_scorer_or_what_makes_one(self, name: str) -> None:
        model = Ridge().fit(X, X[:, 0])
        (score,) = make_scorers([Metric("half", f"{__name__}:{name}")]).values()
        assert score(model, X, X[:, 0] + 1) == HALF_OFF(model, X, X[:, 0] + 1) < 0

    def test_a_function_of_three_arguments_is_a_scorer(self) -> None:
        model = Ridge().fit(X, X[:, 0])
        (score,) = make_scorers([Metric("own", f"{__name__}:own_scorer")]).values()
        assert score(model, X, X[:, 0]) == model.score(X, X[:, 0])

    def test_more_than_two_classes_have_their_own_where_one_is_named(self) -> None:
        metric = Metric("own", f"{__name__}:own_scorer", f"{__name__}:HALF_OFF")
        assert make_scorers([metric], 3, [0, 1, 2])["own"] is HALF_OFF
        assert make_scorers([metric], 2, [0, 1])["own"] is own_scorer

    @pytest.mark.parametrize(
        ("path", "reason"),
        [
            ("no_such_module:SCORER", "cannot be loaded: ModuleNotFoundError"),
            (f"{__name__}:NOTHING", "cannot be loaded: AttributeError"),
            (f"{__name__}:A_NUMBER", "is no scorer"),
            (f"{__name__}:unmakeable", "cannot be made: ValueError: no licence"),
        ],
    )
    def test_one_that_is_not_there_is_named(self, path: str, reason: str) -> None:
        with pytest.raises(ImportPathError, match=reason) as caught:
            make_scorers([Metric("gone", path)])
        assert (caught.value.code, path in caught.value.message) == ("import_failed", True)
