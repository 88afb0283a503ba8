"""What of each class with a path is drawn: values of the path, and settings that all candidates share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from hypothesis import strategies as st
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.linear_model import LinearRegression, Ridge, RidgeClassifier
from sklearn.model_selection import KFold
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)
from xgboost import XGBClassifier, XGBRegressor

from tests.tasks_search.paths.tables_strategy import Problem

Drawn = Mapping[str, st.SearchStrategy[Any]]


@dataclass(frozen=True)
class PathCase:
    """One class.

    Attributes:
        problem: What it learns.
        path: Strategy of a list of values for each path parameter; candidates are their product.
        settings: Strategy of each setting of the estimator, seed apart.
        most_rows: Largest table.
        seeded: It takes a ``random_state``.
        make: Makes the estimator from its settings; absent, the class.
        features: What becomes of a drawn table before it is learned from.
    """

    problem: Problem
    path: Drawn
    settings: Drawn = field(default_factory=dict)
    most_rows: int = 120
    seeded: bool = True
    make: Callable[..., Any] | None = None
    features: Callable[[Any], Any] = np.asarray


def several(values: st.SearchStrategy[Any], most: int = 4) -> st.SearchStrategy[list[Any]]:
    """Draw 2 to *most* different values in any order."""
    return st.lists(values, min_size=2, max_size=most, unique_by=lambda value: (type(value), value))


ALPHAS = st.sampled_from([0.0, 1e-4, 1e-3, 0.01, 0.05, 0.3])
_FOREST_PATH = {
    "n_estimators": several(st.integers(1, 12)),
    "ccp_alpha": st.one_of(several(ALPHAS), st.just([0.0])),
}
_FOREST = {
    "max_depth": st.sampled_from([None, 1, 3]),
    "min_samples_leaf": st.sampled_from([1, 3]),
    "max_features": st.sampled_from(["sqrt", None, 1]),
    "bootstrap": st.booleans(),
}
_BOOSTING_PATH = {"n_estimators": several(st.integers(1, 15))}
_BOOSTING = {
    "learning_rate": st.sampled_from([0.05, 0.5, 1.0]),
    "max_depth": st.sampled_from([1, 3]),
    "subsample": st.sampled_from([1.0, 0.6]),
    "max_features": st.sampled_from([None, "sqrt"]),
    "ccp_alpha": st.sampled_from([0.0, 0.01]),
    "init": st.sampled_from([None, "zero"]),
}
_TREE_PATH = {
    "ccp_alpha": st.one_of(several(ALPHAS), st.just([0.0])),
    "max_leaf_nodes": st.builds(list.__add__, several(st.integers(2, 30)), st.sampled_from([[], [None]])),
}
_TREE = {
    "max_depth": st.sampled_from([None, 2, 4]),
    "min_samples_leaf": st.sampled_from([1, 3]),
    "max_features": st.sampled_from(["sqrt", None, 1]),
    "min_impurity_decrease": st.sampled_from([0.0, 0.01]),
}
_HIST_PATH = {
    "max_iter": several(st.integers(1, 15)),
    "n_iter_no_change": st.one_of(several(st.integers(1, 4), most=2), st.just([10])),
    "tol": st.sampled_from([[1e-7], [0.0, 0.1], [0.01, 1.0]]),
}
_HIST = {
    "learning_rate": st.sampled_from([0.1, 1.0]),
    "max_leaf_nodes": st.sampled_from([31, 4]),
    "min_samples_leaf": st.sampled_from([2, 20]),
    "max_features": st.sampled_from([1.0, 0.5]),
    "max_bins": st.sampled_from([255, 4]),
}
_MEMBERS_PATH = {"n_estimators": several(st.integers(1, 12))}
_BAG = {
    "max_samples": st.sampled_from([1.0, 0.5]),
    "max_features": st.sampled_from([1.0, 0.5]),
    "bootstrap": st.booleans(),
    "bootstrap_features": st.booleans(),
}
_TRAINING_PATH = {"max_iter": several(st.integers(1, 20))}
_TRAINING = {
    "hidden_layer_sizes": st.sampled_from([(3,), (4, 3)]),
    "solver": st.sampled_from(["adam", "sgd"]),
    "learning_rate": st.sampled_from(["constant", "adaptive", "invscaling"]),
    "learning_rate_init": st.sampled_from([1e-3, 0.1]),
    "n_iter_no_change": st.sampled_from([1, 3]),
    "shuffle": st.booleans(),
}
_NEIGHBOURS_PATH = {
    "n_neighbors": several(st.integers(1, 12), most=5),
    "weights": st.sampled_from([["uniform"], ["distance"], ["uniform", "distance"]]),
}
_NEIGHBOURS = {
    "algorithm": st.sampled_from(["brute", "kd_tree", "ball_tree", "auto"]),
    "p": st.sampled_from([1, 2, 3]),
    "leaf_size": st.sampled_from([5, 30]),
}
_PENALTY_PATH = {"alpha": several(st.one_of(st.floats(1e-3, 1e4), st.integers(1, 50)), most=6)}
_ALPHA_PATH = {"alpha": several(st.floats(1e-6, 1e3), most=6)}
_COUNTS = {"fit_prior": st.booleans(), "force_alpha": st.booleans()}


def graded(X: Any) -> Any:
    """Add a column that is not constant: without any variance there is nothing to smooth by."""
    return np.column_stack([X, np.arange(len(X))])


def amounts(X: Any) -> Any:
    """Make numbers from 0, in two columns at least: shares of a single one are all the same."""
    return np.column_stack([np.abs(X), np.ones(len(X))])


def categories(X: Any) -> Any:
    """Make each feature one of three categories."""
    return np.abs(np.rint(X)) % 3


_XGB = {
    "n_jobs": st.just(1),
    "max_depth": st.sampled_from([1, 4]),
    "learning_rate": st.sampled_from([0.1, 1.0]),
    "subsample": st.sampled_from([1.0, 0.6]),
    "colsample_bytree": st.sampled_from([1.0, 0.5]),
    "tree_method": st.sampled_from(["hist", "exact"]),
    "num_parallel_tree": st.sampled_from([None, 3]),
}
_LGBM = {
    "n_jobs": st.just(1),
    "verbosity": st.just(-1),
    "num_leaves": st.sampled_from([31, 4]),
    "min_child_samples": st.sampled_from([2, 20]),
    "learning_rate": st.sampled_from([0.1, 1.0]),
    "subsample": st.sampled_from([1.0, 0.6]),
    "subsample_freq": st.sampled_from([1, 3]),
    "colsample_bytree": st.sampled_from([1.0, 0.5]),
}

_CLASSIFIERS = [
    ("tree", DecisionTreeClassifier(max_depth=2, random_state=0)),
    ("bayes", GaussianNB(var_smoothing=0.1)),
    ("gone", "drop"),
]
_REGRESSORS = [
    ("tree", DecisionTreeRegressor(max_depth=2, random_state=0)),
    ("line", LinearRegression()),
    ("gone", "drop"),
]
_WEIGHTS = st.lists(
    st.one_of(st.none(), st.lists(st.floats(0.1, 5.0), min_size=3, max_size=3)), min_size=2, max_size=4
)
_PASSTHROUGH = {"passthrough": st.sampled_from([[False], [True], [True, False]])}

PATH_CASES: Mapping[type, PathCase] = {
    RandomForestClassifier: PathCase("classification", _FOREST_PATH, _FOREST),
    RandomForestRegressor: PathCase("regression", _FOREST_PATH, _FOREST),
    ExtraTreesClassifier: PathCase("classification", _FOREST_PATH, _FOREST),
    ExtraTreesRegressor: PathCase("regression", _FOREST_PATH, _FOREST),
    GradientBoostingClassifier: PathCase(
        "classification", {"n_estimators": several(st.integers(1, 8))}, _BOOSTING, most_rows=60
    ),
    GradientBoostingRegressor: PathCase(
        "regression",
        _BOOSTING_PATH,
        {
            **_BOOSTING,
            "loss": st.sampled_from(["squared_error", "absolute_error", "huber", "quantile"]),
            "n_iter_no_change": st.sampled_from([None, 1, 3]),
        },
    ),
    DecisionTreeClassifier: PathCase("classification", _TREE_PATH, _TREE),
    DecisionTreeRegressor: PathCase("regression", _TREE_PATH, _TREE),
    ExtraTreeClassifier: PathCase("classification", _TREE_PATH, _TREE),
    ExtraTreeRegressor: PathCase("regression", _TREE_PATH, _TREE),
    HistGradientBoostingClassifier: PathCase(
        "classification",
        _HIST_PATH,
        {**_HIST, "class_weight": st.sampled_from([None, "balanced"])},
        most_rows=80,
    ),
    HistGradientBoostingRegressor: PathCase(
        "regression",
        _HIST_PATH,
        {
            **_HIST,
            "loss": st.sampled_from(["squared_error", "absolute_error"]),
            "early_stopping": st.booleans(),
            "scoring": st.sampled_from(["loss", None, "r2"]),
            "validation_fraction": st.sampled_from([0.3, None]),
        },
    ),
    AdaBoostClassifier: PathCase(
        "classification",
        _MEMBERS_PATH,
        {
            "estimator": st.sampled_from([None, DecisionTreeClassifier(max_depth=3), ExtraTreeClassifier()]),
            "learning_rate": st.sampled_from([1.0, 0.3]),
        },
    ),
    AdaBoostRegressor: PathCase(
        "regression",
        _MEMBERS_PATH,
        {
            "estimator": st.sampled_from([None, ExtraTreeRegressor(), LinearRegression()]),
            "learning_rate": st.sampled_from([1.0, 0.3]),
            "loss": st.sampled_from(["linear", "square", "exponential"]),
        },
    ),
    BaggingClassifier: PathCase(
        "classification",
        _MEMBERS_PATH,
        {**_BAG, "estimator": st.sampled_from([None, KNeighborsClassifier(1)])},
    ),
    BaggingRegressor: PathCase(
        "regression",
        _MEMBERS_PATH,
        {**_BAG, "estimator": st.sampled_from([None, DecisionTreeRegressor(max_depth=2), Ridge()])},
    ),
    MLPClassifier: PathCase("classification", _TRAINING_PATH, _TRAINING),
    MLPRegressor: PathCase("regression", _TRAINING_PATH, {**_TRAINING, "early_stopping": st.booleans()}),
    KNeighborsClassifier: PathCase("classification", _NEIGHBOURS_PATH, _NEIGHBOURS, seeded=False),
    KNeighborsRegressor: PathCase("regression", _NEIGHBOURS_PATH, _NEIGHBOURS, seeded=False),
    Ridge: PathCase(
        "regression",
        _PENALTY_PATH,
        {"fit_intercept": st.booleans(), "solver": st.sampled_from(["auto", "cholesky"])},
        seeded=False,
    ),
    RidgeClassifier: PathCase(
        "classification",
        _PENALTY_PATH,
        {
            "fit_intercept": st.booleans(),
            "solver": st.sampled_from(["auto", "cholesky"]),
            "class_weight": st.sampled_from([None, "balanced"]),
        },
        seeded=False,
    ),
    GaussianNB: PathCase(
        "classification",
        {"var_smoothing": several(st.floats(1e-9, 1.0), most=6)},
        seeded=False,
        features=graded,
    ),
    BernoulliNB: PathCase("classification", _ALPHA_PATH, _COUNTS, seeded=False),
    CategoricalNB: PathCase(
        "classification",
        _ALPHA_PATH,
        {**_COUNTS, "min_categories": st.just(3)},
        seeded=False,
        features=categories,
    ),
    ComplementNB: PathCase(
        "classification",
        _ALPHA_PATH,
        {**_COUNTS, "norm": st.booleans()},
        seeded=False,
        features=amounts,
    ),
    VotingClassifier: PathCase(
        "classification",
        {"weights": _WEIGHTS, "voting": st.sampled_from([["hard"], ["soft"], ["hard", "soft"]])},
        {"flatten_transform": st.booleans()},
        seeded=False,
        make=partial(VotingClassifier, _CLASSIFIERS),
    ),
    VotingRegressor: PathCase(
        "regression", {"weights": _WEIGHTS}, seeded=False, make=partial(VotingRegressor, _REGRESSORS)
    ),
    StackingClassifier: PathCase(
        "classification",
        {"final_estimator__var_smoothing": several(st.floats(1e-9, 1.0), most=2), **_PASSTHROUGH},
        {
            "cv": st.sampled_from([2, KFold(2, shuffle=True, random_state=0)]),
            "stack_method": st.sampled_from(["auto", "predict"]),
        },
        most_rows=60,
        seeded=False,
        make=partial(StackingClassifier, _CLASSIFIERS, GaussianNB()),
    ),
    StackingRegressor: PathCase(
        "regression",
        {"final_estimator": st.just([LinearRegression(), Ridge(3.0)]), **_PASSTHROUGH},
        {"cv": st.sampled_from([2, KFold(3)])},
        most_rows=60,
        seeded=False,
        make=partial(StackingRegressor, _REGRESSORS),
    ),
    MultinomialNB: PathCase("classification", _ALPHA_PATH, _COUNTS, seeded=False, features=amounts),
    XGBClassifier: PathCase("classification", _BOOSTING_PATH, _XGB, most_rows=80),
    XGBRegressor: PathCase("regression", _BOOSTING_PATH, _XGB),
    LGBMClassifier: PathCase("classification", _BOOSTING_PATH, _LGBM, most_rows=80),
    LGBMRegressor: PathCase("regression", _BOOSTING_PATH, _LGBM),
}
