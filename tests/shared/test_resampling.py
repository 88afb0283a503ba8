"""Samplers among the steps: scores of imbalanced-learn's own pipeline, and nothing resampled elsewhere."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import Pipeline as ImbalancedPipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.base import BaseEstimator, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.shared.resampling import Resampler, ResamplingPipeline

ROWS = 120


def rows() -> tuple[pd.DataFrame, Any]:
    generator = np.random.default_rng(2)
    X = pd.DataFrame(generator.normal(size=(ROWS, 3)), columns=list("abc"))
    return X, (X["a"] + generator.normal(size=ROWS) > 1.2).to_numpy().astype(int)


def scale() -> Any:
    return StandardScaler().set_output(transform="pandas")


@pytest.mark.parametrize(
    "sampler",
    [
        RandomOverSampler(random_state=3),
        SMOTE(k_neighbors=2, random_state=3),
        RandomUnderSampler(random_state=3),
    ],
)
@pytest.mark.parametrize("model", [LogisticRegression(), DecisionTreeClassifier(max_depth=3, random_state=0)])
def test_scores_equal_imbalanced_learns(sampler: Any, model: Any) -> None:
    X, y = rows()
    folds = StratifiedKFold(4, shuffle=True, random_state=1)
    asked = {"cv": folds, "scoring": ["roc_auc", "neg_log_loss"], "error_score": "raise"}
    theirs = ImbalancedPipeline([("scale", scale()), ("sample", sampler), ("model", model)])
    ours = ResamplingPipeline([("scale", scale()), ("sample", Resampler(sampler)), ("model", model)])
    expected, found = cross_validate(theirs, X, y, **asked), cross_validate(ours, X, y, **asked)
    for name in ("test_roc_auc", "test_neg_log_loss"):
        assert np.array_equal(found[name], expected[name])


class Keeps(BaseEstimator):  # type: ignore[misc]
    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def fit_resample(self, X: pd.DataFrame, y: Any) -> Any:
        return self.answer(X, y)


def test_an_array_gets_its_columns_back() -> None:
    X, y = rows()
    frame, _ = Resampler(Keeps(lambda X, y: (X.to_numpy(), y))).fit_resample(X, y)
    pd.testing.assert_frame_equal(frame, X)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda X, y: (X.iloc[1:], y), "119 rows and 120 targets"),
        (lambda X, y: (X.assign(d=1), y), "changes rows only"),
    ],
)
def test_what_does_not_go_together_is_refused(answer: Any, said: str) -> None:
    X, y = rows()
    with pytest.raises(ValueError, match=said):
        Resampler(Keeps(answer)).fit_resample(X, y)


def test_rows_pass_unchanged_everywhere_but_in_fit() -> None:
    X, y = rows()
    model = ResamplingPipeline(
        [("sample", Resampler(RandomUnderSampler(random_state=0))), ("model", DecisionTreeClassifier())]
    )
    fitted = clone(model).fit(X, y)
    assert fitted["model"].tree_.n_node_samples[0] == 2 * y.sum()
    assert fitted[:-1].transform(X) is X
    assert len(fitted.predict(X)) == ROWS
