"""Boosting: models fitted one after another, each on what the ones before got wrong.

Trees that do not learn from each other are in `registry.models.forests`.
"""

from hyperparameter_tuning.registry.base import Bounds, FieldSpec, ModelSpec
from hyperparameter_tuning.registry.models.field_forms import (
    AT_LEAST_ONE,
    AT_LEAST_TWO,
    INNER_SHARE,
    POSITIVE,
    RANDOM_STATE,
    SHARE,
    SOME_OR_ALL,
    class_weight,
    option,
    real,
    whole,
)
from hyperparameter_tuning.registry.models.tree_fields import limits, max_features, n_estimators
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension

_STAGES = ("n_estimators",)


def _learning_rate(default: float, bounds: Bounds = POSITIVE) -> FieldSpec:
    text = "How much each stage counts; smaller wants more stages."
    return real("learning_rate", "Learning rate", default, text, bounds, log=True)


def _gradient_fields(*losses: FieldSpec) -> tuple[FieldSpec, ...]:
    return (
        _learning_rate(0.1),
        n_estimators(100, "Stages"),
        *losses,
        *limits(3),
        real(
            "subsample", "Rows per stage", 1.0, "Share of the rows that each stage learns from.", SOME_OR_ALL
        ),
        max_features(None),
        option("init", "Start from", None, "zero: nothing; empty: the best constant.", ("zero",)),
        whole("n_iter_no_change", "Patience", None, "Stop after so many stages without gain; empty: never."),
        real("validation_fraction", "Rows set apart", 0.1, "To judge the gain, with patience.", INNER_SHARE),
        real("tol", "Tolerance", 1e-4, "Smaller gains do not count, with patience.", log=True),
        RANDOM_STATE,
    )


_GRADIENT = (
    FloatDimension("learning_rate", 0.01, 0.3, log=True),
    IntDimension("n_estimators", 50, 300, step=10),
    IntDimension("max_depth", 2, 8),
    FloatDimension("subsample", 0.5, 1.0),
    IntDimension("min_samples_leaf", 1, 20),
    FloatDimension("max_features", 0.3, 1.0),
)
_GRADIENT_GRID = (
    CategoricalDimension("learning_rate", (0.03, 0.1, 0.2)),
    CategoricalDimension("n_estimators", (50, 100, 200)),
    CategoricalDimension("max_depth", (2, 3, 5)),
    CategoricalDimension("subsample", (0.7, 1.0)),
)

GRADIENT_BOOSTING_CLASSIFIER = ModelSpec(
    key="gradient_boosting_classifier",
    label="Gradient boosting (classifier)",
    description="Shallow trees in sequence; accurate on small tables, slow on large ones.",
    problem_type="classification",
    estimator="sklearn.ensemble:GradientBoostingClassifier",
    aliases=("gradient_boosting", "gbm", "GradientBoostingClassifier"),
    has_decision_function=True,
    seeded=True,
    path_families=_STAGES,
    fields=_gradient_fields(
        option("loss", "Loss", "log_loss", "exponential is for two classes.", ("log_loss", "exponential"))
    ),
    suggested=_GRADIENT,
    suggested_grid=_GRADIENT_GRID,
)

GRADIENT_BOOSTING_REGRESSOR = ModelSpec(
    key="gradient_boosting_regressor",
    label="Gradient boosting (regressor)",
    description="Shallow trees in sequence; accurate on small tables, slow on large ones.",
    problem_type="regression",
    estimator="sklearn.ensemble:GradientBoostingRegressor",
    aliases=("gradient_boosting", "gbm", "GradientBoostingRegressor"),
    has_probabilities=False,
    seeded=True,
    path_families=_STAGES,
    fields=_gradient_fields(
        option(
            "loss",
            "Loss",
            "squared_error",
            "What the stages lower; huber and absolute_error care less for outliers.",
            ("squared_error", "absolute_error", "huber", "quantile"),
        ),
        real("alpha", "Quantile", 0.9, "For huber and quantile.", INNER_SHARE),
    ),
    suggested=_GRADIENT,
    suggested_grid=_GRADIENT_GRID,
)


_EARLY_STOPPING: tuple[FieldSpec, ...] = (
    FieldSpec(
        "early_stopping",
        "Early stopping",
        ("str", "bool"),
        "auto",
        "Stop when rows set apart gain no more; auto: above 10,000 rows.",
        choices=("auto",),
    ),
    FieldSpec(
        "validation_fraction",
        "Rows set apart",
        ("int", "float", "null"),
        0.1,
        "For early stopping: a count or a share; empty: judge by the training rows.",
        int_bounds=AT_LEAST_ONE,
        float_bounds=INNER_SHARE,
    ),
    whole("n_iter_no_change", "Patience", 10, "For early stopping: stages without gain."),
    real("tol", "Tolerance", 1e-7, "For early stopping: smaller gains do not count.", log=True),
)


def _histogram_fields(*losses: FieldSpec) -> tuple[FieldSpec, ...]:
    return (
        _learning_rate(0.1),
        whole("max_iter", "Stages", 100, "How many trees are fitted; more cost time.", simpler="lower"),
        *losses,
        FieldSpec(
            "max_leaf_nodes",
            "Leaves",
            ("int", "null"),
            31,
            "Most leaves of a tree; empty: no limit.",
            int_bounds=AT_LEAST_TWO,
            simpler="lower",
        ),
        whole("max_depth", "Depth", None, "Deepest level of a tree; empty: no limit.", simpler="lower"),
        whole("min_samples_leaf", "Rows in a leaf", 20, "Fewest rows a leaf may have.", simpler="higher"),
        real("l2_regularization", "L2 penalty", 0.0, "Shrinks the leaves.", log=True, simpler="higher"),
        real("max_features", "Columns per split", 1.0, "Share of the columns looked at.", SOME_OR_ALL),
        whole(
            "max_bins",
            "Bins",
            255,
            "Values a column is rounded to.",
            Bounds(low=2, high=255),
            simpler="lower",
        ),
        option(
            "interaction_cst",
            "Interactions",
            None,
            "Which columns may meet in a tree; empty: any.",
            ("pairwise", "no_interactions"),
        ),
        *_EARLY_STOPPING,
        RANDOM_STATE,
    )


_HISTOGRAM = (
    FloatDimension("learning_rate", 0.01, 0.3, log=True),
    IntDimension("max_iter", 50, 300, step=10),
    IntDimension("max_leaf_nodes", 7, 63, log=True),
    IntDimension("min_samples_leaf", 5, 50),
    FloatDimension("l2_regularization", 1e-6, 10.0, log=True),
    FloatDimension("max_features", 0.4, 1.0),
)
_HISTOGRAM_GRID = (
    CategoricalDimension("learning_rate", (0.03, 0.1, 0.2)),
    CategoricalDimension("max_iter", (50, 100, 200)),
    CategoricalDimension("max_leaf_nodes", (15, 31, 63)),
    CategoricalDimension("l2_regularization", (0.0, 1.0)),
)

HIST_GRADIENT_BOOSTING_CLASSIFIER = ModelSpec(
    key="hist_gradient_boosting_classifier",
    label="Histogram gradient boosting (classifier)",
    description="Boosted trees over binned columns; fast on large tables, takes missing values.",
    problem_type="classification",
    estimator="sklearn.ensemble:HistGradientBoostingClassifier",
    aliases=("hist_gradient_boosting", "hgb", "HistGradientBoostingClassifier"),
    accepts_missing=True,
    has_decision_function=True,
    seeded=True,
    path_families=("max_iter",),
    fields=_histogram_fields(class_weight()),
    suggested=_HISTOGRAM,
    suggested_grid=_HISTOGRAM_GRID,
)

HIST_GRADIENT_BOOSTING_REGRESSOR = ModelSpec(
    key="hist_gradient_boosting_regressor",
    label="Histogram gradient boosting (regressor)",
    description="Boosted trees over binned columns; fast on large tables, takes missing values.",
    problem_type="regression",
    estimator="sklearn.ensemble:HistGradientBoostingRegressor",
    aliases=("hist_gradient_boosting", "hgb", "HistGradientBoostingRegressor"),
    accepts_missing=True,
    has_probabilities=False,
    seeded=True,
    path_families=("max_iter",),
    fields=_histogram_fields(
        option(
            "loss",
            "Loss",
            "squared_error",
            "gamma needs positive targets, poisson none below 0, quantile the quantile.",
            ("squared_error", "absolute_error", "gamma", "poisson", "quantile"),
        ),
        real("quantile", "Quantile", None, "For the quantile loss.", SHARE),
    ),
    suggested=_HISTOGRAM,
    suggested_grid=_HISTOGRAM_GRID,
)

_ADAPTIVE = (
    IntDimension("n_estimators", 25, 300, step=5),
    FloatDimension("learning_rate", 0.01, 2.0, log=True),
)
_ADAPTIVE_GRID = (
    CategoricalDimension("n_estimators", (25, 50, 100, 200)),
    CategoricalDimension("learning_rate", (0.03, 0.1, 0.3, 1.0)),
)

ADA_BOOST_CLASSIFIER = ModelSpec(
    key="ada_boost_classifier",
    label="AdaBoost (classifier)",
    description="One-level trees in sequence, each on the rows that are still wrong.",
    problem_type="classification",
    estimator="sklearn.ensemble:AdaBoostClassifier",
    aliases=("ada_boost", "adaboost", "adaboost_classifier", "AdaBoostClassifier"),
    has_decision_function=True,
    seeded=True,
    path_families=_STAGES,
    fields=(n_estimators(50, "Stages"), _learning_rate(1.0), RANDOM_STATE),
    suggested=_ADAPTIVE,
    suggested_grid=_ADAPTIVE_GRID,
)

_ADA_LOSSES = ("linear", "square", "exponential")

ADA_BOOST_REGRESSOR = ModelSpec(
    key="ada_boost_regressor",
    label="AdaBoost (regressor)",
    description="Three-level trees in sequence, each on the rows that are still far off.",
    problem_type="regression",
    estimator="sklearn.ensemble:AdaBoostRegressor",
    aliases=("ada_boost", "adaboost", "adaboost_regressor", "AdaBoostRegressor"),
    has_probabilities=False,
    seeded=True,
    path_families=_STAGES,
    fields=(
        n_estimators(50, "Stages"),
        _learning_rate(1.0),
        option("loss", "Loss", "linear", "How errors raise the weight of a row.", _ADA_LOSSES),
        RANDOM_STATE,
    ),
    suggested=(*_ADAPTIVE, CategoricalDimension("loss", _ADA_LOSSES)),
    suggested_grid=(*_ADAPTIVE_GRID, CategoricalDimension("loss", _ADA_LOSSES)),
)

MODELS = (
    HIST_GRADIENT_BOOSTING_CLASSIFIER,
    HIST_GRADIENT_BOOSTING_REGRESSOR,
    GRADIENT_BOOSTING_CLASSIFIER,
    GRADIENT_BOOSTING_REGRESSOR,
    ADA_BOOST_CLASSIFIER,
    ADA_BOOST_REGRESSOR,
)
