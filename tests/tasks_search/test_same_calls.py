"""Whatever scikit-learn's searches answer, warn of, print or refuse, ours do in the same words."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.stats import uniform
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.cluster import KMeans
from sklearn.covariance import EmpiricalCovariance
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.metrics import accuracy_score
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    LeaveOneGroupOut,
    PredefinedSplit,
    ShuffleSplit,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KernelDensity, KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from tests.tasks_search.fragile import Fragile, nan_score, raising_score
from tests.tasks_search.same_calls import PAIRS, Call, assert_same_call
from tests.tasks_search.same_table import assert_same_table

X, Y = make_classification(90, 5, n_informative=3, n_classes=3, n_clusters_per_class=1, random_state=0)
WEIGHTS = np.random.RandomState(1).uniform(0.1, 3.0, 90)
GROUPS = np.arange(90) % 6


def words(settings: Any) -> str:
    """Name a case the same in each process: without the addresses of functions."""
    return re.sub(" at 0x[0-9a-f]+", "", str(settings))


TREE = DecisionTreeClassifier(random_state=0)
DEPTHS = {"max_depth": [1, 2, 3, None]}
LINES = np.abs(X).sum(axis=1)


class Unscored(BaseEstimator):
    """Has neither a score nor a prediction."""

    def __init__(self, a: int = 0) -> None:
        self.a = a

    def fit(self, X: Any, y: Any = None) -> "Unscored":
        return self


class Picky(ClassifierMixin, BaseEstimator):
    """Takes two arguments of its own in ``fit``: one value per row, and one word."""

    def __init__(self, a: int = 0) -> None:
        self.a = a

    def fit(self, X: Any, y: Any, spice: Any = None, word: str = "") -> "Picky":
        self.classes_ = np.unique(y)
        self.sum_ = 0.0 if spice is None else float(np.sum(spice)) + len(spice) + self.a * len(word)
        return self

    def predict(self, X: Any) -> Any:
        return np.full(len(X), self.classes_[int(self.sum_) % len(self.classes_)])


def negative_size(estimator: Any, X: Any, y: Any) -> str:
    return "many"


def two_metrics(estimator: Any, X: Any, y: Any) -> dict[str, float]:
    return {"one": float(estimator.score(X, y)), "two": float(len(X))}


def no_row(table: Any) -> int:
    return 99


def half_a_row(table: Any) -> float:
    return 0.5


def last_row(table: Any) -> int:
    return len(table["params"]) - 1


class Liar(KFold):
    """Promises a fold too many."""

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        return super().get_n_splits() + 1


def of_tree(space: Any = DEPTHS, **settings: Any) -> Call:
    return Call(TREE, space, X, Y, settings)


ARGUMENTS = {
    "as_it_comes": of_tree(),
    "unknown_parameter": of_tree({"no_such": [1, 2, 3]}),
    "impossible_value": of_tree({"max_depth": [-1, 2, 3]}),
    "empty_values": of_tree({"max_depth": []}),
    "no_sequence": of_tree({"max_depth": 3}),
    "text_for_values": of_tree({"criterion": "gini"}),
    "table_for_values": of_tree({"max_depth": np.ones((2, 2))}),
    "number_for_a_space": of_tree(3),
    "list_of_no_dictionary": of_tree([3]),
    "unknown_scoring": of_tree(scoring="no_such"),
    "scoring_of_numbers": of_tree(scoring=[1, 2]),
    "no_scoring": of_tree(scoring=[]),
    "scorings_twice": of_tree(scoring=["accuracy", "accuracy"], refit=False),
    "a_metric_for_scorer": of_tree(scoring={"one": accuracy_score}, refit=False),
    "several_without_decision": of_tree(scoring=["accuracy", "f1_macro"]),
    "several_with_another_decision": of_tree(scoring=["accuracy", "f1_macro"], refit="recall"),
    "several_decided": of_tree(scoring=["accuracy", "f1_macro"], refit="f1_macro"),
    "several_without_refit": of_tree(scoring=["accuracy", "f1_macro"], refit=False),
    "callable_of_several": of_tree(scoring=two_metrics),
    "callable_of_several_decided": of_tree(scoring=two_metrics, refit="one", return_train_score=True),
    "callable_of_texts": of_tree(scoring=negative_size),
    "callable_row": of_tree(refit=last_row),
    "callable_no_row": of_tree(refit=no_row),
    "callable_half_a_row": of_tree(refit=half_a_row),
    "refit_of_a_number": of_tree(refit=3),
    "refit_names_nothing": of_tree(refit="accuracy"),
    "bad_error_score": of_tree(error_score="rise"),
    "bad_jobs": of_tree(n_jobs=0),
    "jobs_of_text": of_tree(n_jobs="two"),
    "bad_verbosity": of_tree(verbose=-1),
    "bad_folds": of_tree(cv=1),
    "folds_of_text": of_tree(cv="three"),
    "too_many_folds": of_tree(cv=40),
    "no_folds": of_tree(cv=[]),
    "lying_splitter": of_tree(cv=Liar(3)),
    "train_scores": of_tree(return_train_score=True),
    "train_score_of_text": of_tree(return_train_score="yes"),
    "predefined_split": of_tree(cv=PredefinedSplit(np.arange(90) % 4 - 1)),
    "list_of_splits": of_tree(cv=list(KFold(3).split(X))),
    "shuffled_once": of_tree(cv=ShuffleSplit(2, test_size=0.3, random_state=0)),
    "groups_missing": of_tree(cv=GroupKFold(3)),
    "groups": Call(TREE, DEPTHS, X, Y, {"cv": GroupKFold(3)}, {"groups": GROUPS}),
    "one_group_out": Call(TREE, DEPTHS, X, Y, {"cv": LeaveOneGroupOut()}, {"groups": GROUPS}),
    "too_few_groups": Call(TREE, DEPTHS, X, Y, {"cv": GroupKFold(3)}, {"groups": np.zeros(90)}),
    "groups_of_other_length": Call(TREE, DEPTHS, X, Y, {"cv": GroupKFold(3)}, {"groups": GROUPS[:-1]}),
    "rows_of_other_length": Call(TREE, DEPTHS, X, Y[:-1]),
    "weights": Call(TREE, DEPTHS, X, Y, {}, {"sample_weight": WEIGHTS}),
    "weights_in_a_list": Call(TREE, DEPTHS, X, Y, {}, {"sample_weight": list(WEIGHTS)}),
    "weights_of_other_length": Call(TREE, DEPTHS, X, Y, {}, {"sample_weight": WEIGHTS[:-1]}),
    "weights_for_several": Call(
        TREE,
        DEPTHS,
        X,
        Y,
        {"scoring": ["accuracy", "f1_macro"], "refit": "f1_macro", "return_train_score": True},
        {"sample_weight": WEIGHTS},
    ),
    "weights_for_a_scorer_without": Call(
        TREE, DEPTHS, X, Y, {"scoring": two_metrics, "refit": "one"}, {"sample_weight": WEIGHTS}
    ),
    "weights_for_a_model_without": Call(
        KNeighborsClassifier(), {"n_neighbors": [1, 2, 3]}, X, Y, {}, {"sample_weight": WEIGHTS}
    ),
    "weights_for_a_step": Call(
        make_pipeline(StandardScaler(), TREE),
        {"decisiontreeclassifier__max_depth": [1, 2, 3]},
        X,
        Y,
        {},
        {"decisiontreeclassifier__sample_weight": WEIGHTS},
    ),
    "weights_for_two_steps": Call(
        make_pipeline(StandardScaler(), TREE),
        {"decisiontreeclassifier__max_depth": [1, 2, 3]},
        X,
        Y,
        {},
        {"decisiontreeclassifier__sample_weight": WEIGHTS, "standardscaler__sample_weight": WEIGHTS},
    ),
    "weights_for_no_step": Call(
        make_pipeline(StandardScaler(), TREE),
        {"decisiontreeclassifier__max_depth": [1, 2, 3]},
        X,
        Y,
        {},
        {"sample_weight": WEIGHTS},
    ),
    "own_arguments_of_fit": Call(
        Picky(), {"a": [0, 1, 2]}, X, Y, {}, {"spice": np.arange(90), "word": "pepper"}
    ),
    "unknown_argument_of_fit": Call(Picky(), {"a": [0, 1, 2]}, X, Y, {}, {"salt": np.arange(90)}),
    "fits_fail": of_tree({"max_depth": [0, 2, 3]}, error_score=0.25),
    "all_fits_fail": of_tree({"max_depth": [0, -1, -2]}),
    "a_fit_raises": of_tree({"max_depth": [0, 2, 3]}, error_score="raise"),
    "scores_fail": Call(Fragile(), {"act": ["fit", "mute", "nan"]}, X, Y),
    "scores_fail_to_a_number": Call(
        Fragile(), {"act": ["fit", "mute", "nan"]}, X, Y, {"error_score": -1, "return_train_score": True}
    ),
    "scores_fail_of_several": Call(
        Fragile(),
        {"act": ["fit", "mute", "nan"]},
        X,
        Y,
        {"scoring": ["accuracy", "f1_macro"], "refit": "accuracy"},
    ),
    "a_score_raises": Call(Fragile(), {"act": ["fit", "mute", "nan"]}, X, Y, {"error_score": "raise"}),
    "all_scores_raise": Call(Fragile(), {"act": ["fit", "nan"]}, X, Y, {"scoring": raising_score}),
    "scores_are_nan": Call(Fragile(), {"act": ["fit", "nan"]}, X, Y, {"scoring": nan_score}),
    "fits_warn": Call(Fragile(), {"act": ["fit", "warn", "unconverged"]}, X, Y),
    "one_class": Call(SVC(), {"C": [0.1, 1, 10]}, X, np.sort(Y), {"cv": KFold(3)}),
    "strange_target": Call(TREE, DEPTHS, X, LINES),
    "classes_of_text": Call(TREE, DEPTHS, X, np.array(["a", "b", "c"])[Y]),
    "too_few_of_a_class": Call(TREE, DEPTHS, X, np.r_[Y[:-1], 7]),
}
DATA = {
    "without_target": Call(KMeans(random_state=0, n_init=1, max_iter=5), {"n_clusters": [2, 3, 4]}, X, None),
    "density": Call(
        KernelDensity(), {"bandwidth": [0.1, 1, 10]}, X, None, after=lambda s: s.score_samples(X)
    ),
    "covariance": Call(EmpiricalCovariance(), {"assume_centered": [True, False, True]}, X, None),
    "transformer": Call(
        PCA(random_state=0),
        {"n_components": [1, 2, 3]},
        X,
        None,
        after=lambda s: s.inverse_transform(s.transform(X)),
    ),
    "regression": Call(
        DecisionTreeRegressor(random_state=0), DEPTHS, X, LINES, after=lambda s: s.score(X, LINES)
    ),
    "several_targets": Call(
        DecisionTreeRegressor(random_state=0), DEPTHS, X, np.c_[LINES, -LINES], after=lambda s: s.predict(X)
    ),
    "target_of_one_column": Call(DecisionTreeRegressor(random_state=0), DEPTHS, X, LINES[:, None]),
    "sparse_rows": Call(
        TREE, DEPTHS, sparse.csr_matrix(X), Y, after=lambda s: s.predict_proba(sparse.csr_matrix(X))
    ),
    "sparse_columns": Call(SVC(), {"C": [0.1, 1, 10]}, sparse.csc_array(X), Y),
    "sparse_coordinates": Call(SVC(), {"C": [0.1, 1, 10]}, sparse.coo_matrix(X), Y),
    "frame_and_series": Call(
        TREE, DEPTHS, pd.DataFrame(X, columns=list("abcde")), pd.Series(Y, index=np.arange(90)[::-1])
    ),
    "lists": Call(TREE, DEPTHS, X.tolist(), Y.tolist()),
    "texts_in_lists": Call(
        Fragile(), {"act": ["fit", "nan", "other"]}, [f"row {number}" for number in range(90)], Y
    ),
    "holes": Call(
        make_pipeline(SimpleImputer(), TREE),
        {"simpleimputer__strategy": ["mean", "median", "most_frequent"]},
        np.where(X > 2, np.nan, X),
        Y,
    ),
    "more_dimensions": Call(Fragile(), {"act": ["fit", "nan", "other"]}, X.reshape(90, 5, 1), Y),
    "precomputed_kernel": Call(
        SVC(kernel="precomputed"), {"C": [0.1, 1, 10]}, X @ X.T, Y, after=lambda s: s.predict(X @ X.T)
    ),
    "precomputed_in_part": Call(SVC(kernel="precomputed"), {"C": [0.1, 1, 10]}, X, Y),
    "precomputed_distances": Call(
        KNeighborsClassifier(metric="precomputed"),
        {"n_neighbors": [1, 2, 3]},
        np.abs(X[:, :1] - X[:, 0]),
        Y,
    ),
    "unscored": Call(Unscored(), {"a": [1, 2, 3]}, X, Y),
    "unscored_with_scoring": Call(
        Unscored(), {"a": [1, 2, 3]}, X, Y, {"scoring": lambda e, X, y: float(e.a)}
    ),
    "no_estimator": Call("tree", {"a": [1, 2, 3]}, X, Y),
    "arrays_for_values": Call(TREE, {"max_depth": np.array([1, 2, 3])}, X, Y),
    "floats_for_values": Call(Ridge(), {"alpha": np.array([0.1, 1, 10])}, X, LINES),
    "mixed_values": Call(TREE, {"max_features": [1, 0.5, None, "sqrt"]}, X, Y),
    "sequences_for_values": Call(GaussianNB(), {"priors": [None, [0.2, 0.3, 0.5], (0.1, 0.1, 0.8)]}, X, Y),
    "equal_sequences_for_values": Call(GaussianNB(), {"priors": [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]]}, X, Y),
    "switches_for_values": Call(Ridge(), {"fit_intercept": [True, False, True]}, X, LINES),
    "masked_values": Call(
        SVC(), [{"kernel": ["rbf"], "gamma": [0.1, 1]}, {"kernel": ["poly"], "degree": [1, 2]}], X, Y
    ),
    "nothing_to_search": Call(TREE, {}, X, Y),
    "many_spaces_one_empty": Call(TREE, [{}, DEPTHS], X, Y),
    "predict_without_refit": Call(TREE, DEPTHS, X, Y, {"refit": False}, after=lambda s: s.predict(X)),
    "score_without_refit": Call(TREE, DEPTHS, X, Y, {"refit": False}, after=lambda s: s.score(X, Y)),
    "transform_of_none": Call(TREE, DEPTHS, X, Y, after=lambda s: s.transform(X)),
    "score": Call(TREE, DEPTHS, X, Y, {"scoring": "neg_log_loss"}, after=lambda s: s.score(X, Y)),
    "score_told_weights": Call(TREE, DEPTHS, X, Y, after=lambda s: s.score(X, Y, sample_weight=WEIGHTS)),
    "log_probabilities": Call(TREE, DEPTHS, X, Y, after=lambda s: s.predict_log_proba(X)),
    "decisions": Call(SVC(), {"C": [0.1, 1, 10]}, X, Y, after=lambda s: s.decision_function(X)),
    "other_columns": Call(TREE, DEPTHS, X, Y, after=lambda s: s.predict(X[:, :2])),
}


@pytest.mark.parametrize("kind", PAIRS)
@pytest.mark.parametrize("call", [pytest.param(call, id=name) for name, call in (ARGUMENTS | DATA).items()])
def test_the_same_call_comes_to_the_same(kind, call):
    assert_same_call(kind, call)


@pytest.mark.parametrize("kind", PAIRS)
@pytest.mark.parametrize("verbose", [1, 2, 3, 10, True])
@pytest.mark.parametrize("several", [False, True])
def test_the_same_lines_are_printed(kind, verbose, several):
    if several and kind.startswith("halving"):
        several = False  # a halving has one metric: what is left is training scores
    scoring: dict[str, Any] = {"scoring": ["r2", "neg_max_error"], "refit": "r2"} if several else {}
    settings = {"verbose": verbose, "return_train_score": not several, **scoring}
    outcome = assert_same_call(kind, Call(DecisionTreeRegressor(random_state=0), DEPTHS, X, LINES, settings))
    assert any("Fitting 3 folds for each of" in line for line in outcome.printed)


@pytest.mark.parametrize("kind", ["halving", "halving_random"])
@pytest.mark.parametrize(
    "settings",
    [
        {"factor": "two"},
        {"min_resources": 500},
        {"min_resources": 0},
        {"min_resources": "some"},
        {"max_resources": 20},
        {"max_resources": "all"},
        {"resource": "no_such", "max_resources": 8},
        {"resource": "max_leaf_nodes", "max_resources": 8, "min_resources": 2},
        {"resource": "max_leaf_nodes"},
        {"resource": "max_depth", "max_resources": 8},
        {"aggressive_elimination": True, "max_resources": 40},
        {"aggressive_elimination": "yes"},
        {"cv": KFold(3, shuffle=True)},
        {"random_state": "seed"},
        {"scoring": ["accuracy"]},
        {"refit": last_row},
        {"refit": False},
        {"factor": 2.5, "min_resources": 30},
    ],
    ids=words,
)
def test_the_same_rounds(kind, settings):
    assert_same_call(kind, of_tree(**settings))


def test_a_factor_without_any_round_is_refused():
    """scikit-learn's ends in an IndexError here."""
    with pytest.raises(ValueError, match="No fits were performed"):
        PAIRS["halving"][0](TREE, DEPTHS, factor=0.5).fit(X, Y)


def test_a_halving_cannot_be_exhausted_twice():
    settings = {"n_candidates": "exhaust", "min_resources": "exhaust"}
    assert_same_call("halving_random", of_tree(**settings))


@pytest.mark.parametrize("kind", PAIRS)
def test_one_source_of_random_numbers_gives_the_same_draws(kind):
    """Not an int: each draw goes on where the one before ended."""
    tables = []
    for cls in PAIRS[kind][:2]:
        settings = {name: value for name, value in PAIRS[kind][2].items() if name != "random_state"}
        if kind != "grid":
            settings["random_state"] = np.random.RandomState(5)
        space = {"max_depth": [1, 2, 3]} if kind in ("grid", "halving") else {"ccp_alpha": uniform(0, 0.1)}
        tables.append(cls(TREE, space, cv=3, **settings).fit(X, Y).cv_results_)
    assert_same_table(*tables)
