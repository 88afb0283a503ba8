"""Hyperparameters that single trees, forests and boosted trees share.

Models do not belong here: see `registry.models.trees`, `forests` and `boosting`.
"""

from dataclasses import replace
from typing import Any

from hyperparameter_tuning.registry.base import Bounds, FieldSpec
from hyperparameter_tuning.registry.models.field_forms import (
    AT_LEAST_ONE,
    AT_LEAST_TWO,
    INNER_SHARE,
    SOME_OR_ALL,
    option,
    real,
    whole,
)

MAX_DEPTH = whole("max_depth", "Depth", None, "Deepest level of a tree; empty: no limit.", simpler="lower")
MIN_SAMPLES_SPLIT = FieldSpec(
    "min_samples_split",
    "Rows to split",
    ("int", "float"),
    2,
    "Fewest rows a node must have to be split: a count, or a share of all rows.",
    int_bounds=AT_LEAST_TWO,
    float_bounds=SOME_OR_ALL,
    simpler="higher",
)
MIN_SAMPLES_LEAF = FieldSpec(
    "min_samples_leaf",
    "Rows in a leaf",
    ("int", "float"),
    1,
    "Fewest rows a leaf may have: a count, or a share of all rows.",
    int_bounds=AT_LEAST_ONE,
    float_bounds=INNER_SHARE,
    simpler="higher",
)
MAX_SAMPLES = FieldSpec(
    "max_samples",
    "Rows per tree",
    ("int", "float", "null"),
    None,
    "With bootstrap: rows drawn for each tree, a count or a share; empty: as many as there are.",
    int_bounds=AT_LEAST_ONE,
    float_bounds=SOME_OR_ALL,
)
MIN_WEIGHT_FRACTION_LEAF = real(
    "min_weight_fraction_leaf",
    "Weight in a leaf",
    0.0,
    "Smallest share of the total weight a leaf may have.",
    Bounds(low=0, high=0.5),
    simpler="higher",
)
MAX_LEAF_NODES = whole(
    "max_leaf_nodes",
    "Leaves",
    None,
    "Most leaves of a tree, grown best first; empty: no limit.",
    AT_LEAST_TWO,
    simpler="lower",
)
MIN_IMPURITY_DECREASE = real(
    "min_impurity_decrease",
    "Least gain",
    0.0,
    "A split must lower the impurity by at least this.",
    simpler="higher",
)
CCP_ALPHA = real(
    "ccp_alpha",
    "Pruning",
    0.0,
    "Cost-complexity pruning: higher removes more of the tree.",
    log=True,
    simpler="higher",
)
GINI = option("criterion", "Criterion", "gini", "How a split is judged.", ("gini", "entropy", "log_loss"))
SQUARED_ERROR = option(
    "criterion",
    "Criterion",
    "squared_error",
    "How a split is judged; poisson needs targets that are not negative.",
    ("squared_error", "absolute_error", "poisson"),
)


def max_features(default: Any) -> FieldSpec:
    """Return the number of columns looked at per split, whose default differs between models."""
    return FieldSpec(
        "max_features",
        "Columns per split",
        ("str", "int", "float", "null"),
        default,
        "Columns looked at for each split: a count, a share, or a rule; empty: all.",
        int_bounds=AT_LEAST_ONE,
        float_bounds=SOME_OR_ALL,
        choices=("sqrt", "log2"),
    )


def n_estimators(default: int, label: str = "Trees") -> FieldSpec:
    """Return the number of trees or stages."""
    return whole("n_estimators", label, default, "How many are fitted; more cost time.", simpler="lower")


def limits(depth: int | None) -> tuple[FieldSpec, ...]:
    """Return what limits the growth of a tree, with *depth* as the default of its depth."""
    return (
        replace(MAX_DEPTH, default=depth),
        MIN_SAMPLES_SPLIT,
        MIN_SAMPLES_LEAF,
        MAX_LEAF_NODES,
        MIN_WEIGHT_FRACTION_LEAF,
        MIN_IMPURITY_DECREASE,
        CCP_ALPHA,
    )
