"""Nearest neighbours: a row is judged by the rows most like it."""

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.models.field_forms import N_JOBS, POSITIVE, option, real, whole
from hyperparameter_tuning.registry.space import CategoricalDimension, IntDimension

_WEIGHTS = ("uniform", "distance")
_FAMILIES = ("n_neighbors", "weights")

_FIELDS: tuple[FieldSpec, ...] = (
    whole("n_neighbors", "Neighbours", 5, "Rows that are asked.", simpler="higher"),
    option("weights", "Weights", "uniform", "All alike, or near ones more.", _WEIGHTS),
    real("p", "Power", 2.0, "For minkowski: 1 is Manhattan, 2 Euclidean distance.", POSITIVE),
    option(
        "metric",
        "Distance",
        "minkowski",
        "How unlike two rows are.",
        (
            "minkowski",
            "euclidean",
            "manhattan",
            "chebyshev",
            "cosine",
            "correlation",
            "canberra",
            "braycurtis",
            "hamming",
        ),
    ),
    option(
        "algorithm",
        "Algorithm",
        "auto",
        "How neighbours are found; trees take some distances only.",
        ("auto", "ball_tree", "kd_tree", "brute"),
    ),
    whole("leaf_size", "Leaf size", 30, "For trees: rows per leaf; changes the time only.", searchable=False),
    N_JOBS,
)

_FULL = (
    IntDimension("n_neighbors", 1, 30),
    CategoricalDimension("weights", _WEIGHTS),
    CategoricalDimension("p", (1.0, 2.0)),
)
_GRID = (
    CategoricalDimension("n_neighbors", (1, 3, 5, 7, 9, 11, 15, 21)),
    CategoricalDimension("weights", _WEIGHTS),
    CategoricalDimension("p", (1.0, 2.0)),
)

K_NEIGHBORS_CLASSIFIER = ModelSpec(
    key="k_neighbors_classifier",
    label="K nearest neighbours (classifier)",
    description="The class of most of the nearest rows; wants scaled columns.",
    problem_type="classification",
    estimator="sklearn.neighbors:KNeighborsClassifier",
    aliases=("k_neighbors", "knn", "knn_classifier", "KNeighborsClassifier"),
    path_families=_FAMILIES,
    fields=_FIELDS,
    suggested=_FULL,
    suggested_grid=_GRID,
)

K_NEIGHBORS_REGRESSOR = ModelSpec(
    key="k_neighbors_regressor",
    label="K nearest neighbours (regressor)",
    description="The mean of the nearest rows; wants scaled columns.",
    problem_type="regression",
    estimator="sklearn.neighbors:KNeighborsRegressor",
    aliases=("k_neighbors", "knn", "knn_regressor", "KNeighborsRegressor"),
    has_probabilities=False,
    path_families=_FAMILIES,
    fields=_FIELDS,
    suggested=_FULL,
    suggested_grid=_GRID,
)

MODELS = (K_NEIGHBORS_CLASSIFIER, K_NEIGHBORS_REGRESSOR)
