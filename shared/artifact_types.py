"""The types that a stored model may contain besides what skops trusts by itself.

Reading a model opens these and no others, so a file from elsewhere cannot name code to run. The list is
published: ``skops.io.load(file, trusted=ALLOWED_TYPES)`` opens every model of ours. A model that holds types
of another package needs those in addition: its registration names them (``trusted_types``), as does the job.
"""

_DISTANCES = (
    "ChebyshevDistance64",
    "EuclideanDistance64",
    "ManhattanDistance64",
    "MinkowskiDistance64",
)

ALLOWED_TYPES: list[str] = [
    "functools.partial",
    "numpy.dtype",
    "sklearn.compose._column_transformer.make_column_selector",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.feature_selection._mutual_info.mutual_info_classif",
    "sklearn.feature_selection._mutual_info.mutual_info_regression",
    "sklearn.feature_selection._univariate_selection.f_classif",
    "sklearn.feature_selection._univariate_selection.f_regression",
    *(f"sklearn.metrics._dist_metrics.{name}" for name in _DISTANCES),
    "sklearn.model_selection._split.KFold",
    "sklearn.neighbors._ball_tree.BallTree",
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.tree._tree.Tree",
]
