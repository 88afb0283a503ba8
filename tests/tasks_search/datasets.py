"""Four problems for comparisons with scikit-learn: two plain, two of mixed columns behind a preparation."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import loguniform, randint
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor


@dataclass(frozen=True)
class Problem:
    """Data, an estimator, and two spaces over its parameters."""

    X: Any
    y: Any
    estimator: Any
    grid: dict[str, Any]
    distributions: dict[str, Any]
    scoring: str
    cv: Any


def wine() -> Problem:
    X, y = load_wine(return_X_y=True)
    return Problem(
        X,
        y,
        ExtraTreesClassifier(n_estimators=3, random_state=0),
        {"max_depth": [1, 2, 3, None], "min_samples_leaf": [1, 3]},
        {"max_depth": randint(1, 9), "max_features": [0.2, 1.0, None], "ccp_alpha": loguniform(1e-4, 1e-1)},
        "accuracy",
        StratifiedKFold(4, shuffle=True, random_state=1),
    )


def diabetes() -> Problem:
    X, y = load_diabetes(return_X_y=True)
    return Problem(
        X,
        y,
        DecisionTreeRegressor(random_state=3),
        {"max_depth": [1, 2, 4, 8], "min_samples_leaf": [1, 2, 5, 10]},
        {"max_depth": list(range(1, 10)), "min_samples_leaf": list(range(1, 12))},
        "r2",
        KFold(5),
    )


def mixed_breast_cancer() -> Problem:
    frame, y = load_breast_cancer(return_X_y=True, as_frame=True)
    frame = _mixed(frame.iloc[::2, :8].reset_index(drop=True), texts=["mean radius", "mean texture"])
    return Problem(
        frame,
        y.iloc[::2].reset_index(drop=True),
        Pipeline([("prepare", _preparation(frame)), ("model", DecisionTreeClassifier(random_state=0))]),
        {"model__max_depth": [1, 3, None], "model__max_features": [0.5, None]},
        {"model__max_depth": randint(1, 6), "model__ccp_alpha": loguniform(1e-4, 1e-1)},
        "roc_auc",
        StratifiedKFold(3),
    )


def mixed_diabetes() -> Problem:
    frame, y = load_diabetes(return_X_y=True, as_frame=True)
    frame = _mixed(frame, texts=["sex", "bmi"])
    return Problem(
        frame,
        y,
        Pipeline([("prepare", _preparation(frame)), ("model", Ridge())]),
        {
            "model__alpha": [0.1, 1.0, 10.0],
            "prepare__numbers__simpleimputer__strategy": ["mean", "median"],
        },
        {"model__alpha": loguniform(1e-3, 1e2), "model__fit_intercept": [True, False]},
        "neg_root_mean_squared_error",
        KFold(3, shuffle=True, random_state=0),
    )


PROBLEMS = {
    "wine": wine,
    "diabetes": diabetes,
    "mixed_breast_cancer": mixed_breast_cancer,
    "mixed_diabetes": mixed_diabetes,
}


def _mixed(frame: Any, texts: list[str]) -> Any:
    """Turn columns into categories of text, and leave holes in every column."""
    rng = np.random.RandomState(0)
    frame = frame.copy()
    for name in texts:
        ranks = frame[name].rank(pct=True)
        frame[name] = np.select([ranks < 0.3, ranks < 0.6], ["low", "middle"], "high").astype(object)
    holes = rng.uniform(size=frame.shape) < 0.08
    return frame.mask(holes)


def _preparation(frame: Any) -> ColumnTransformer:
    numbers = frame.select_dtypes("number").columns.tolist()
    texts = [name for name in frame.columns if name not in numbers]
    encode = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
            ("texts", make_pipeline(SimpleImputer(strategy="most_frequent"), encode), texts),
        ]
    )
