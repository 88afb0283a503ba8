"""Metrics against scikit-learn's scorers, and the choice that is made where nobody chose."""

import numpy as np
import pytest
from sklearn.datasets import make_classification, make_regression
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import get_scorer
from sklearn.preprocessing import MinMaxScaler
from threadpoolctl import threadpool_limits

from hyperparameter_tuning.registry.metrics import (
    auto_metric,
    get_metric,
    metric_specs,
    scorer_name,
    unfit_reason,
)
from hyperparameter_tuning.registry.models.catalog import get_model, load_estimator_class, model_specs
from hyperparameter_tuning.registry.typed_params import default_params
from hyperparameter_tuning.shared.errors import UnknownNameError

METRICS = list(metric_specs().values())
CLASSIFICATION = [metric for metric in METRICS if "classification" in metric.problem_types]
CLASSIFIERS = [spec for spec in model_specs().values() if spec.problem_type == "classification"]


def classes(count: int) -> tuple[np.ndarray, np.ndarray]:
    X, y = make_classification(90, 6, n_informative=4, n_classes=count, random_state=0)
    return MinMaxScaler().fit_transform(X), y


class TestScorers:
    @pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.key)
    def test_the_sign_is_that_of_the_scorer(self, metric):
        for n_classes in (2, 3):
            assert get_scorer(scorer_name(metric, n_classes))._sign == metric.sign

    @pytest.mark.parametrize("metric", CLASSIFICATION, ids=lambda metric: metric.key)
    @pytest.mark.parametrize("n_classes", [2, 3, 4])
    def test_every_classification_metric_scores_any_number_of_classes(self, metric, n_classes):
        X, y = classes(n_classes)
        model = LogisticRegression().fit(X, y)
        assert np.isfinite(get_scorer(scorer_name(metric, n_classes))(model, X, y))

    def test_every_regression_metric_scores(self):
        X, y = make_regression(60, 4, noise=1.0, random_state=0)
        model = LinearRegression().fit(X, y)
        for metric in METRICS:
            if "regression" in metric.problem_types:
                assert np.isfinite(get_scorer(scorer_name(metric, 0))(model, X, y))

    def test_many_classes_are_weighted_by_their_rows(self):
        names = {metric.key: scorer_name(metric, 3) for metric in CLASSIFICATION}
        assert names["f1"] == "f1_weighted"
        assert names["precision"] == "precision_weighted"
        assert names["recall"] == "recall_weighted"
        assert names["roc_auc"] == "roc_auc_ovr_weighted"
        assert scorer_name(get_metric("f1"), 2) == "f1"

    def test_scores_are_needed_exactly_where_the_scorer_asks_for_them(self):
        for metric in CLASSIFICATION:
            methods = get_scorer(metric.scorer)._response_method
            asked = {methods} if isinstance(methods, str) else set(methods)
            assert metric.needs_scores is (asked != {"predict"})


class TestGetMetric:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("neg_root_mean_squared_error", "rmse"),
            ("RMSE", "rmse"),
            ("f1_weighted", "f1"),
            ("neg_log_loss", "log_loss"),
            ("mcc", "matthews_corrcoef"),
            ("neg_max_error", "max_error"),
        ],
    )
    def test_scikit_learns_names_are_understood(self, name, key):
        assert get_metric(name).key == key

    def test_every_scorer_name_leads_back(self):
        for metric in METRICS:
            assert get_metric(metric.scorer) is metric
            assert get_metric(scorer_name(metric, 3)) is metric

    def test_an_unknown_one_names_the_nearest(self):
        with pytest.raises(UnknownNameError, match="Did you mean 'accuracy'") as caught:
            get_metric("acuracy")
        assert caught.value.code == "unknown_metric"


class TestAutoMetric:
    @pytest.mark.parametrize(
        ("problem_type", "n_classes", "scores", "probabilities", "key"),
        [
            ("classification", 2, True, True, "roc_auc"),
            ("classification", 2, True, False, "roc_auc"),
            ("classification", 2, False, False, "balanced_accuracy"),
            ("classification", 3, True, True, "log_loss"),
            ("classification", 3, True, None, "log_loss"),
            ("classification", 3, True, False, "balanced_accuracy"),
            ("regression", 0, False, False, "rmse"),
        ],
    )
    def test_the_choice_follows_problem_and_model(self, problem_type, n_classes, scores, probabilities, key):
        metric, reason = auto_metric(problem_type, n_classes, scores, probabilities)
        assert metric.key == key
        assert reason.startswith(metric.label)
        assert reason.endswith(".")

    @pytest.mark.parametrize("spec", CLASSIFIERS, ids=lambda spec: spec.key)
    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_the_choice_can_score_the_model(self, spec, n_classes):
        metric, _ = auto_metric("classification", n_classes, spec.has_scores, spec.has_probabilities)
        assert unfit_reason(metric, spec, n_classes) is None


class TestUnfitReason:
    @pytest.mark.parametrize("spec", CLASSIFIERS, ids=lambda spec: spec.key)
    @pytest.mark.parametrize("n_classes", [2, 3])
    def test_it_says_exactly_what_scikit_learn_would_refuse(self, spec, n_classes):
        X, y = classes(n_classes)
        with threadpool_limits(1):
            model = load_estimator_class(spec)(**default_params(spec, seed=0)).fit(X, y)
            for metric in CLASSIFICATION:
                try:
                    get_scorer(scorer_name(metric, n_classes))(model, X, y)
                except AttributeError:
                    works = False
                else:
                    works = True
                assert (unfit_reason(metric, spec, n_classes) is None) is works, metric.key

    def test_the_sentence_names_both(self):
        reason = unfit_reason(get_metric("rmse"), get_model("svc"))
        assert reason is not None
        assert "regression" in reason
        assert "Support vector machine (classifier)" in reason
        assert "probabilities" in (unfit_reason(get_metric("log_loss"), get_model("svc")) or "")
        assert unfit_reason(get_metric("roc_auc"), get_model("svc"), 2) is None
        assert "more than two classes" in (unfit_reason(get_metric("roc_auc"), get_model("svc"), 3) or "")
