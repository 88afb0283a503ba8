"""The cases of the engine's benchmark, and the ratios that each must reach: data, not code.

How they are measured is in `benchmarks.paired`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.stats import randint
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier


@dataclass(frozen=True)
class Case:
    """One search, done by scikit-learn and by ours on two workers.

    Attributes:
        label: As in the published table.
        table: Key of `engine_tables.TABLES`.
        estimator: Unfitted.
        space: Lists by parameter, or distributions for a random search.
        cpu: CPU ratio to reach.
        wall: Wall ratio to reach.
        pairs: Measured pairs; more where a search takes less than a second.
        search: Which pair of searches.
        draws: Candidates of a random search.
    """

    label: str
    table: str
    estimator: Any
    space: Mapping[str, Any]
    cpu: float
    wall: float
    pairs: int = 5
    search: Literal["grid", "random"] = "grid"
    draws: int = 0


LINEAR = list(range(25, 201, 25))
GEOMETRIC = [25, 50, 100, 200]
NEIGHBOURS = {
    "n_neighbors": [1, 3, 5, 7, 9, 11, 15, 21, 31],
    "weights": ["uniform", "distance"],
    "p": [1, 2],
}
ALPHAS = {"alpha": list(np.logspace(-4, 4, 30))}
_NUMBERS, _CATEGORIES = make_column_selector("number"), make_column_selector("category")


def mixed_pipeline() -> Pipeline:
    """Impute and scale numbers, encode categories, then a logistic regression."""
    numbers = make_pipeline(SimpleImputer(), StandardScaler())
    columns = ColumnTransformer(
        [("numbers", numbers, _NUMBERS), ("categories", OneHotEncoder(handle_unknown="ignore"), _CATEGORIES)]
    )
    return Pipeline([("columns", columns), ("model", LogisticRegression(max_iter=200))])


CASES: Mapping[str, Case] = {
    "forest-linear": Case(
        "RF n_estimators 25..200 by 25 x max_depth 2 x min_samples_leaf 2",
        "digits",
        RandomForestClassifier(random_state=0),
        {"n_estimators": LINEAR, "max_depth": [None, 6], "min_samples_leaf": [1, 4]},
        4.2,
        4.2,
    ),
    "forest-geometric": Case(
        "RF 25,50,100,200 x depth 3 x leaf 2",
        "breast_cancer",
        RandomForestClassifier(random_state=0),
        {"n_estimators": GEOMETRIC, "max_depth": [None, 8, 4], "min_samples_leaf": [1, 4]},
        1.85,
        1.85,
    ),
    "forest-pruned": Case(
        "RF n_estimators 4 x ccp_alpha 4",
        "breast_cancer",
        RandomForestClassifier(random_state=0),
        {"n_estimators": GEOMETRIC, "ccp_alpha": [0.0, 0.001, 0.003, 0.01]},
        8,
        7,
    ),
    "boosting-wine": Case(
        "GB 8 linear x learning_rate 2",
        "wine",
        GradientBoostingClassifier(random_state=0),
        {"n_estimators": LINEAR, "learning_rate": [0.05, 0.2]},
        4.3,
        4.2,
    ),
    "boosting-diabetes": Case(
        "GB 8 linear x learning_rate 2",
        "diabetes",
        GradientBoostingRegressor(random_state=0),
        {"n_estimators": LINEAR, "learning_rate": [0.05, 0.2]},
        4.2,
        4.1,
    ),
    "histogram-diabetes": Case(
        "HGB max_iter 8 linear x learning_rate 2",
        "diabetes",
        HistGradientBoostingRegressor(random_state=0),
        {"max_iter": LINEAR, "learning_rate": [0.05, 0.2]},
        4.2,
        4.1,
        pairs=9,
    ),
    "histogram-20k": Case(
        "HGB 25,50,100 x learning_rate 2, 31 leaves, early_stopping off",
        "20k x 40",
        HistGradientBoostingClassifier(random_state=0, early_stopping=False, max_leaf_nodes=31),
        {"max_iter": [25, 50, 100], "learning_rate": [0.1, 0.3]},
        2.0,
        2.0,
    ),
    "adaboost-classifier": Case(
        "AdaBoost classifier 8 linear x learning_rate 2",
        "breast_cancer",
        AdaBoostClassifier(random_state=0),
        {"n_estimators": LINEAR, "learning_rate": [0.5, 1.0]},
        4.3,
        4.3,
    ),
    "adaboost-regressor": Case(
        "AdaBoost regressor 8 linear",
        "diabetes",
        AdaBoostRegressor(random_state=0),
        {"n_estimators": LINEAR},
        5,
        5,
        pairs=9,
    ),
    "tree-pruned": Case(
        "decision tree ccp_alpha 12",
        "digits",
        DecisionTreeClassifier(random_state=0),
        {"ccp_alpha": [0.0, *np.geomspace(1e-4, 0.05, 11)]},
        9,
        7.5,
        pairs=9,
    ),
    "tree-leaves": Case(
        "decision tree max_leaf_nodes 8 x ccp_alpha 5",
        "digits",
        DecisionTreeClassifier(random_state=0),
        {
            "max_leaf_nodes": [10, 20, 40, 60, 80, 100, 120, 150],
            "ccp_alpha": [0.0, 1e-4, 1e-3, 3e-3, 0.01],
        },
        20,
        15,
        pairs=9,
    ),
    "neighbours-cancer": Case(
        "k-neighbours n 9 x weights 2 x p 2",
        "breast_cancer",
        KNeighborsClassifier(),
        NEIGHBOURS,
        2.8,
        2.7,
        pairs=9,
    ),
    "neighbours-ties": Case(
        "k-neighbours n 9 x weights 2 x p 2 (ties)",
        "digits",
        KNeighborsClassifier(),
        NEIGHBOURS,
        4,
        4,
        pairs=9,
    ),
    "neighbours-20k": Case(
        "k-neighbours n 9 x weights 2 x p 2", "20k x 40", KNeighborsClassifier(), NEIGHBOURS, 12, 12
    ),
    "ridge-diabetes": Case("Ridge 30 alphas", "diabetes", Ridge(), ALPHAS, 3.8, 3, pairs=9),
    "ridge-20k": Case("Ridge 30 alphas", "20k x 100", Ridge(), ALPHAS, 15, 13, pairs=9),
    "pipeline": Case(
        "pipeline (impute, scale, one-hot -> LogisticRegression 10 C)",
        "5k x 26",
        mixed_pipeline(),
        {"model__C": list(np.logspace(-3, 2, 10))},
        2.8,
        2.8,
        pairs=9,
    ),
    "random": Case(
        "random search, 40 draws, integer n_estimators x 6 discrete groups",
        "breast_cancer",
        RandomForestClassifier(random_state=0),
        {"n_estimators": randint(10, 301), "max_depth": [None, 8, 4], "min_samples_leaf": [1, 4]},
        3.6,
        3.6,
        search="random",
        draws=40,
    ),
    "control": Case(
        "nothing to share (bare SVC, C 5 x gamma 5)",
        "digits",
        SVC(),
        {"C": [0.1, 1, 10, 100, 1000], "gamma": [1e-5, 3e-5, 1e-4, 3e-4, 1e-3]},
        0.97,
        0.97,
    ),
}
