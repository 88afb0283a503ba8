"""What of each class with a path is drawn: values of the path, and settings that all candidates share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from sklearn.ensemble import (
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

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
    """

    problem: Problem
    path: Drawn
    settings: Drawn = field(default_factory=dict)
    most_rows: int = 120
    seeded: bool = True
    make: Callable[..., Any] | None = None


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
}
