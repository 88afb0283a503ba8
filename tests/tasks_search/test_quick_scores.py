"""Metrics without repeated checks: every bit is scikit-learn's, and what may be remarkable is left to it."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.metrics import accuracy_score, check_scoring, f1_score, get_scorer, make_scorer
from sklearn.metrics._scorer import _PassthroughScorer, _Scorer
from sklearn.neighbors import KNeighborsClassifier

from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold
from hyperparameter_tuning.tasks.evaluation.quick_scores import quick_scores
from hyperparameter_tuning.tasks.evaluation.scoring import Scores, score_by

OF_NUMBERS = [
    "r2",
    "neg_mean_squared_error",
    "neg_root_mean_squared_error",
    "neg_mean_absolute_error",
]


class Says(BaseEstimator):
    """Predicts what it was given."""

    def __init__(self, answer=None):
        self.answer = answer

    def fit(self, X, y):
        return self

    def predict(self, X):
        if self.answer is None:
            raise ValueError("nothing to say")
        return self.answer


class SaysNumbers(RegressorMixin, Says):
    pass


class SaysClasses(ClassifierMixin, Says):
    classes_ = np.arange(3)


class OwnScore(SaysNumbers):
    def score(self, X, y, sample_weight=None):
        return 0.25


def fold(y, y_train=None):
    X = np.zeros((len(y), 1))
    return PreparedFold(X, y if y_train is None else y_train, X, y)


def theirs(scorer, estimator, part) -> Scores:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return score_by(scorer, estimator, part.X_test, part.y_test)


def same(scorer, estimator, part):
    ours = quick_scores(scorer, estimator, part, "test")
    assert ours is not None
    expected = theirs(scorer, estimator, part).values
    assert {name: value.hex() for name, value in ours.values.items()} == {
        name: value.hex() for name, value in expected.items()
    }


@given(
    st.integers(2, 3000),
    st.integers(0, 2**32 - 1),
    st.sampled_from([1e-3, 1.0, 1e6]),
    st.sampled_from([np.float64, np.int64, np.int8]),
)
def test_metrics_of_numbers(n_rows, seed, spread, kind):
    rng = np.random.default_rng(seed)
    y = np.clip(rng.normal(size=n_rows) * spread, -100, 100).astype(kind)
    assume(len(set(y.tolist())) > 1)
    predicted = y + rng.normal(size=n_rows)
    strided = np.column_stack([predicted, predicted])[:, 1]
    for answer in (predicted, strided):
        for name in OF_NUMBERS:
            same(get_scorer(name), SaysNumbers(answer), fold(y))
        same(check_scoring(SaysNumbers(answer)), SaysNumbers(answer), fold(y))
        same(check_scoring(SaysNumbers(answer), scoring=OF_NUMBERS), SaysNumbers(answer), fold(y))


@given(st.integers(6, 3000), st.integers(0, 2**32 - 1), st.sampled_from(["i8", "u1", "U7"]))
def test_accuracy(n_rows, seed, kind):
    rng = np.random.default_rng(seed)
    y, predicted = (rng.integers(0, 3, n_rows).astype(kind) for _ in range(2))
    same(get_scorer("accuracy"), SaysClasses(predicted), fold(y))
    same(check_scoring(SaysClasses(predicted)), SaysClasses(predicted), fold(y))


def test_neighbours_whose_own_score_method_is_the_usual_one():
    y = np.arange(30) % 3
    part = fold(y)
    part.X_test = np.random.default_rng(0).normal(size=(30, 2))
    fitted = KNeighborsClassifier().fit(part.X_test, y)
    same(check_scoring(fitted), fitted, part)


def test_training_rows_are_scored_against_their_own_target():
    part = PreparedFold(
        np.zeros((3, 1)), np.array([1.0, 2.0, 4.0]), np.zeros((3, 1)), np.array([9.0, 2.0, 7.0])
    )
    said = SaysNumbers(np.array([1.0, 2.0, 5.0]))
    scorer = get_scorer("neg_mean_absolute_error")
    found = [quick_scores(scorer, said, part, side).values["score"] for side in ("train", "test")]
    assert found == [-1 / 3, -10 / 3]


class OtherScorer(_Scorer):
    """A scorer of somebody else."""


class OtherPassthrough(_PassthroughScorer):
    """A scorer of somebody else that asks for the score."""


MANY = np.arange(40)
NUMBERS = np.array([1.0, 2.0, 4.0])
CLASSES = np.array([0, 1, 2, 0, 1, 2])
ABSOLUTE = get_scorer("neg_mean_absolute_error")
LEFT = {
    "a metric that is not known": (
        make_scorer(f1_score, average="macro"),
        SaysClasses(CLASSES),
        fold(CLASSES),
    ),
    "a metric with settings": (
        make_scorer(accuracy_score, normalize=False),
        SaysClasses(CLASSES),
        fold(CLASSES),
    ),
    "another method than predict": (
        make_scorer(accuracy_score, response_method="predict_proba"),
        SaysClasses(CLASSES),
        fold(CLASSES),
    ),
    "a scorer of another class": (
        OtherScorer(accuracy_score, 1, {}, "predict"),
        SaysClasses(CLASSES),
        fold(CLASSES),
    ),
    "a score method asked by another class": (
        OtherPassthrough(SaysClasses()),
        SaysClasses(CLASSES),
        fold(CLASSES),
    ),
    "several columns of classes": (
        get_scorer("accuracy"),
        SaysClasses(np.eye(6, dtype=int)),
        fold(np.eye(6, dtype=int)),
    ),
    "predictions as a list": (ABSOLUTE, SaysNumbers(NUMBERS.tolist()), fold(NUMBERS)),
    "a callable": (lambda estimator, X, y: 1.0, SaysClasses(CLASSES), fold(CLASSES)),
    "one of several that is not known": (
        check_scoring(SaysNumbers(), scoring=["r2", "explained_variance"]),
        SaysNumbers(NUMBERS + 1),
        fold(NUMBERS),
    ),
    "an own score method": (check_scoring(OwnScore()), OwnScore(NUMBERS + 1), fold(NUMBERS)),
    "no target": (get_scorer("r2"), SaysNumbers(NUMBERS), PreparedFold(NUMBERS, None, NUMBERS, None)),
    "many classes, which are warned of": (get_scorer("accuracy"), SaysClasses(MANY), fold(MANY)),
    "many classes in the training rows only": (
        get_scorer("accuracy"),
        SaysClasses(MANY),
        fold(np.zeros(40, int), MANY),
    ),
    "classes of any objects": (
        get_scorer("accuracy"),
        SaysClasses(CLASSES.astype(object)),
        fold(CLASSES.astype(object)),
    ),
    "predicted classes of another kind": (get_scorer("accuracy"), SaysClasses(CLASSES + 0.5), fold(CLASSES)),
    "predicted classes of another length": (get_scorer("accuracy"), SaysClasses(CLASSES[:5]), fold(CLASSES)),
    "predicted classes as a list": (get_scorer("accuracy"), SaysClasses(CLASSES.tolist()), fold(CLASSES)),
    "no rows": (get_scorer("accuracy"), SaysClasses(CLASSES[:0]), fold(CLASSES[:0])),
    "several targets": (get_scorer("r2"), SaysNumbers(np.eye(3)), fold(np.eye(3))),
    "targets that are no classes": (
        get_scorer("accuracy"),
        SaysClasses(CLASSES + 0.5),
        fold(CLASSES + 0.5),
    ),
    "classes in a column": (
        get_scorer("accuracy"),
        SaysClasses(CLASSES.reshape(-1, 1)),
        fold(CLASSES.reshape(-1, 1)),
    ),
    "one row": (get_scorer("r2"), SaysNumbers(NUMBERS[:1] + 1), fold(NUMBERS[:1])),
    "no numbers": (ABSOLUTE, SaysNumbers(NUMBERS[:0]), fold(NUMBERS[:0])),
    "a column of numbers": (ABSOLUTE, SaysNumbers(NUMBERS), fold(NUMBERS.reshape(-1, 1))),
    "a constant target": (get_scorer("r2"), SaysNumbers(NUMBERS), fold(np.ones(3))),
    "targets too far apart": (
        get_scorer("r2"),
        SaysNumbers(np.nextafter(NUMBERS * 1e155, 0)),
        fold(NUMBERS * 1e155),
    ),
    "a score that overflows": (get_scorer("r2"), SaysNumbers(NUMBERS * 1e-160 + 1), fold(NUMBERS * 1e-160)),
    "squares that overflow": (get_scorer("r2"), SaysNumbers(NUMBERS * 1e200), fold(NUMBERS)),
    "a perfect prediction": (get_scorer("r2"), SaysNumbers(NUMBERS), fold(NUMBERS)),
    "an infinite target": (ABSOLUTE, SaysNumbers(NUMBERS), fold(np.array([1.0, np.inf, 2.0]))),
    "an infinite prediction": (ABSOLUTE, SaysNumbers(np.array([1.0, np.inf, 2.0])), fold(NUMBERS)),
    "single precision": (get_scorer("r2"), SaysNumbers(NUMBERS.astype("f4") + 1), fold(NUMBERS)),
    "a target in single precision": (get_scorer("r2"), SaysNumbers(NUMBERS + 1), fold(NUMBERS.astype("f4"))),
    "extended precision": (get_scorer("r2"), SaysNumbers(NUMBERS + 1), fold(NUMBERS.astype(np.longdouble))),
    "predictions in a column": (get_scorer("r2"), SaysNumbers(NUMBERS.reshape(-1, 1) + 1), fold(NUMBERS)),
    "predictions of another length": (get_scorer("r2"), SaysNumbers(NUMBERS[:1]), fold(NUMBERS)),
    "a target of texts": (get_scorer("r2"), SaysNumbers(NUMBERS + 1), fold(np.array(["1", "2", "4"]))),
    "a prediction that fails": (get_scorer("r2"), SaysNumbers(), fold(NUMBERS)),
}


@pytest.mark.parametrize("name", LEFT)
def test_anything_else_is_left_to_scikit_learn(name):
    assert quick_scores(*LEFT[name], "test") is None
