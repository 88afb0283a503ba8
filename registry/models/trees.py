"""Single decision trees. Many trees are in `registry.models.forests` and `registry.models.boosting`."""

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec
from hyperparameter_tuning.registry.models.field_forms import RANDOM_STATE, class_weight, option
from hyperparameter_tuning.registry.models.tree_fields import GINI, SQUARED_ERROR, limits, max_features
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension

_SPLITTER = option(
    "splitter", "Splitter", "best", "Take the best split, or the best of random ones.", ("best", "random")
)
_FAMILIES = ("ccp_alpha", "max_leaf_nodes")


def _fields(criterion: FieldSpec, *more: FieldSpec) -> tuple[FieldSpec, ...]:
    return (criterion, *limits(None), max_features(None), *more, _SPLITTER, RANDOM_STATE)


_GROWTH = (
    IntDimension("max_depth", 2, 30),
    IntDimension("min_samples_split", 2, 20),
    IntDimension("min_samples_leaf", 1, 20),
    FloatDimension("max_features", 0.3, 1.0),
)
_GROWTH_GRID = (
    CategoricalDimension("max_depth", (3, 5, 10, None)),
    CategoricalDimension("min_samples_split", (2, 10)),
    CategoricalDimension("min_samples_leaf", (1, 2, 5, 10)),
)

DECISION_TREE_CLASSIFIER = ModelSpec(
    key="decision_tree_classifier",
    label="Decision tree (classifier)",
    description="One tree of yes-or-no questions.",
    problem_type="classification",
    estimator="sklearn.tree:DecisionTreeClassifier",
    aliases=("decision_tree", "DecisionTreeClassifier"),
    accepts_missing=True,
    seeded=True,
    path_families=_FAMILIES,
    fields=_fields(GINI, class_weight()),
    suggested=(*_GROWTH, CategoricalDimension("criterion", ("gini", "entropy"))),
    suggested_grid=(*_GROWTH_GRID, CategoricalDimension("criterion", ("gini", "entropy"))),
)

DECISION_TREE_REGRESSOR = ModelSpec(
    key="decision_tree_regressor",
    label="Decision tree (regressor)",
    description="One tree of yes-or-no questions, with a mean in every leaf.",
    problem_type="regression",
    estimator="sklearn.tree:DecisionTreeRegressor",
    aliases=("decision_tree", "DecisionTreeRegressor"),
    accepts_missing=True,
    has_probabilities=False,
    seeded=True,
    path_families=_FAMILIES,
    fields=_fields(SQUARED_ERROR),
    suggested=_GROWTH,
    suggested_grid=_GROWTH_GRID,
)

MODELS = (DECISION_TREE_CLASSIFIER, DECISION_TREE_REGRESSOR)
