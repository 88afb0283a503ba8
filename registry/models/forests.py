"""Forests: many trees on resampled rows and columns, averaged.

Boosted trees, which learn from each other, are in `registry.models.boosting`.
"""

from dataclasses import replace
from typing import Any

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.models.field_forms import N_JOBS, RANDOM_STATE, class_weight, flag
from hyperparameter_tuning.registry.models.tree_fields import (
    GINI,
    MAX_SAMPLES,
    SQUARED_ERROR,
    limits,
    max_features,
    n_estimators,
)
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension

_BOOTSTRAP = flag("bootstrap", "Bootstrap", True, "Draw rows with replacement for each tree; off: all rows.")
_FAMILIES = ("n_estimators", "ccp_alpha")


def _fields(criterion: FieldSpec, columns: Any, bootstrap: bool, *more: FieldSpec) -> tuple[FieldSpec, ...]:
    return (
        n_estimators(100),
        criterion,
        *limits(None),
        max_features(columns),
        replace(_BOOTSTRAP, default=bootstrap),
        MAX_SAMPLES,
        *more,
        RANDOM_STATE,
        N_JOBS,
    )


_BALANCED = class_weight("balanced_subsample")

_FULL = (
    IntDimension("n_estimators", 50, 300, step=10),
    IntDimension("max_depth", 3, 30),
    IntDimension("min_samples_split", 2, 20),
    IntDimension("min_samples_leaf", 1, 10),
    FloatDimension("max_features", 0.1, 1.0),
)
_GRID = (
    CategoricalDimension("n_estimators", (50, 100, 200)),
    CategoricalDimension("max_depth", (None, 10, 20)),
    CategoricalDimension("min_samples_leaf", (1, 2, 4)),
    CategoricalDimension("max_features", ("sqrt", 0.5)),
)
_GRID_REGRESSOR = (*_GRID[:-1], CategoricalDimension("max_features", ("sqrt", 1.0)))

RANDOM_FOREST_CLASSIFIER = ModelSpec(
    key="random_forest_classifier",
    label="Random forest (classifier)",
    description="Trees on resampled rows and random columns; good on most tables as it is.",
    problem_type="classification",
    estimator="sklearn.ensemble:RandomForestClassifier",
    aliases=("random_forest", "rf", "RandomForestClassifier"),
    accepts_missing=True,
    seeded=True,
    path_families=_FAMILIES,
    fields=_fields(GINI, "sqrt", True, _BALANCED),
    suggested=_FULL,
    suggested_grid=_GRID,
)

RANDOM_FOREST_REGRESSOR = ModelSpec(
    key="random_forest_regressor",
    label="Random forest (regressor)",
    description="Trees on resampled rows; good on most tables as it is.",
    problem_type="regression",
    estimator="sklearn.ensemble:RandomForestRegressor",
    aliases=("random_forest", "rf", "RandomForestRegressor"),
    accepts_missing=True,
    has_probabilities=False,
    seeded=True,
    path_families=_FAMILIES,
    fields=_fields(SQUARED_ERROR, 1.0, True),
    suggested=_FULL,
    suggested_grid=_GRID_REGRESSOR,
)

EXTRA_TREES_CLASSIFIER = ModelSpec(
    key="extra_trees_classifier",
    label="Extra trees (classifier)",
    description="A forest whose splits are drawn at random: faster, smoother.",
    problem_type="classification",
    estimator="sklearn.ensemble:ExtraTreesClassifier",
    aliases=("extra_trees", "ExtraTreesClassifier"),
    accepts_missing=True,
    seeded=True,
    path_families=_FAMILIES,
    fields=_fields(GINI, "sqrt", False, _BALANCED),
    suggested=(*_FULL, CategoricalDimension("bootstrap", (False, True))),
    suggested_grid=_GRID,
)

EXTRA_TREES_REGRESSOR = ModelSpec(
    key="extra_trees_regressor",
    label="Extra trees (regressor)",
    description="A forest whose splits are drawn at random: faster, smoother.",
    problem_type="regression",
    estimator="sklearn.ensemble:ExtraTreesRegressor",
    aliases=("extra_trees", "ExtraTreesRegressor"),
    accepts_missing=True,
    has_probabilities=False,
    seeded=True,
    path_families=_FAMILIES,
    fields=_fields(SQUARED_ERROR, 1.0, False),
    suggested=(*_FULL, CategoricalDimension("bootstrap", (False, True))),
    suggested_grid=_GRID_REGRESSOR,
)

MODELS = (
    RANDOM_FOREST_CLASSIFIER,
    RANDOM_FOREST_REGRESSOR,
    EXTRA_TREES_CLASSIFIER,
    EXTRA_TREES_REGRESSOR,
)
