"""Linear models for regression, without and with penalties.

Linear classifiers are in `registry.models.linear_classifiers`.
"""

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.models.field_forms import (
    FIT_INTERCEPT,
    N_JOBS,
    RANDOM_STATE,
    SHARE,
    flag,
    option,
    real,
    whole,
)
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension

_POSITIVE = flag("positive", "Positive", False, "Whether coefficients must not be negative.")
_ON_OFF = (True, False)
_INTERCEPT_ROW = CategoricalDimension("fit_intercept", _ON_OFF)
_POSITIVE_ROW = CategoricalDimension("positive", (False, True))


def _alpha(description: str) -> FieldSpec:
    return real("alpha", "Alpha", 1.0, description, log=True, simpler="higher")


_COORDINATE_DESCENT = (
    _POSITIVE,
    option(
        "selection", "Selection", "cyclic", "Order in which coefficients are updated.", ("cyclic", "random")
    ),
    FIT_INTERCEPT,
    whole("max_iter", "Iterations", 1000, "Most passes over the coefficients."),
    real("tol", "Tolerance", 1e-4, "The solver stops when it gains less than this.", log=True),
    RANDOM_STATE,
)

# scikit-learn's 1000 passes often end before a weak penalty converges; more cost nothing where it does.
_PATIENT = {"max_iter": 10_000}

LINEAR_REGRESSION = ModelSpec(
    key="linear_regression",
    label="Linear regression",
    description="Ordinary least squares.",
    problem_type="regression",
    estimator="sklearn.linear_model:LinearRegression",
    aliases=("linear", "linear_regressor", "LinearRegression"),
    has_probabilities=False,
    fields=(
        FIT_INTERCEPT,
        _POSITIVE,
        real("tol", "Tolerance", 1e-6, "For sparse columns: precision of the solver.", log=True),
        N_JOBS,
    ),
    suggested=(_INTERCEPT_ROW, _POSITIVE_ROW),
    suggested_grid=(_INTERCEPT_ROW, _POSITIVE_ROW),
)

RIDGE_REGRESSION = ModelSpec(
    key="ridge_regression",
    label="Ridge regression",
    description="Least squares with an L2 penalty: shrinks coefficients.",
    problem_type="regression",
    estimator="sklearn.linear_model:Ridge",
    aliases=("ridge", "ridge_regressor"),
    has_probabilities=False,
    seeded=True,
    path_families=("alpha",),
    fields=(
        _alpha("Strength of the penalty."),
        option(
            "solver",
            "Solver",
            "auto",
            "How the coefficients are found; lbfgs needs, and is needed by, positive ones.",
            ("auto", "svd", "cholesky", "lsqr", "sparse_cg", "sag", "saga", "lbfgs"),
        ),
        FIT_INTERCEPT,
        _POSITIVE,
        whole(
            "max_iter", "Iterations", None, "Most iterations of an iterative solver; empty: its own number."
        ),
        real("tol", "Tolerance", 1e-4, "Precision of an iterative solver.", log=True),
        RANDOM_STATE,
    ),
    suggested=(FloatDimension("alpha", 1e-3, 1e4, log=True), _INTERCEPT_ROW),
    suggested_grid=(FloatDimension("alpha", 1e-3, 1e4, log=True, grid_points=15), _INTERCEPT_ROW),
)

LASSO = ModelSpec(
    key="lasso",
    label="Lasso",
    description="Least squares with an L1 penalty: drops columns.",
    problem_type="regression",
    estimator="sklearn.linear_model:Lasso",
    aliases=("lasso_regression", "lasso_regressor"),
    has_probabilities=False,
    seeded=True,
    defaults=_PATIENT,
    fields=(_alpha("Strength of the penalty."), *_COORDINATE_DESCENT),
    suggested=(FloatDimension("alpha", 1e-3, 1e2, log=True), _POSITIVE_ROW),
    suggested_grid=(FloatDimension("alpha", 1e-3, 1e2, log=True, grid_points=11), _POSITIVE_ROW),
)

ELASTIC_NET = ModelSpec(
    key="elastic_net",
    label="Elastic net",
    description="Least squares with a mixture of L1 and L2 penalties.",
    problem_type="regression",
    estimator="sklearn.linear_model:ElasticNet",
    aliases=("elasticnet", "elasticnet_regression", "elastic_net_regression", "elastic_net_regressor"),
    has_probabilities=False,
    seeded=True,
    defaults=_PATIENT,
    fields=(
        _alpha("Strength of the penalties."),
        real("l1_ratio", "L1 ratio", 0.5, "0: L2 alone, which converges badly here; 1: L1 alone.", SHARE),
        *_COORDINATE_DESCENT,
    ),
    suggested=(FloatDimension("alpha", 1e-3, 1e2, log=True), FloatDimension("l1_ratio", 0.05, 1.0)),
    suggested_grid=(
        FloatDimension("alpha", 1e-3, 1e2, log=True, grid_points=11),
        CategoricalDimension("l1_ratio", (0.1, 0.5, 0.7, 0.9, 1.0)),
    ),
)

MODELS = (LINEAR_REGRESSION, RIDGE_REGRESSION, LASSO, ELASTIC_NET)
