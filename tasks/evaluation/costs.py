"""What a fit costs, roughly: enough to put the longest first and to tell small work from large.

Measured once on one core at 3 GHz; only orders of magnitude and proportions count. The product of rows and
features is called cells.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from hyperparameter_tuning.tasks.evaluation.unit_work import FoldData


class Cost(NamedTuple):
    """Seconds of one fit and its scoring.

    Attributes:
        per_cell: Seconds per cell and member.
        per_member: Seconds per member, however small the data.
        members: Parameter that counts members (trees, iterations); None: one.
        classes: Members are fitted once per class where there are more than two.
        depth: Trees cost in proportion to their depth, and less with larger leaves.
        rows_power: Growth with the rows beyond the first power.
        choice: Parameter whose values cost differently by far; None: there is none.
        factors: What its values multiply the seconds by.
        otherwise: What all its other values multiply them by.
    """

    per_cell: float = 3e-8
    per_member: float = 1e-3
    members: str | None = None
    classes: bool = False
    depth: bool = False
    rows_power: float = 0.0
    choice: str | None = None
    factors: Mapping[float, float] = MappingProxyType({})
    otherwise: float = 1.0


UNKNOWN = Cost()

# Products of matrices for p = 2, sums of differences for p = 1, powers for any other.
NEIGHBOURS = Cost(1e-10, 1e-3, rows_power=1.0, choice="p", factors={1: 4.0, 2: 1.0}, otherwise=16.0)

COSTS: Mapping[str, Cost] = {
    "RandomForestClassifier": Cost(1.5e-8, 4e-4, "n_estimators", depth=True),
    "RandomForestRegressor": Cost(6e-8, 4e-4, "n_estimators", depth=True),
    "ExtraTreesClassifier": Cost(1e-8, 4e-4, "n_estimators", depth=True),
    "ExtraTreesRegressor": Cost(3e-8, 4e-4, "n_estimators", depth=True),
    "GradientBoostingClassifier": Cost(3e-8, 2e-4, "n_estimators", classes=True),
    "GradientBoostingRegressor": Cost(3e-8, 2e-4, "n_estimators"),
    "HistGradientBoostingClassifier": Cost(1e-8, 5e-4, "max_iter", classes=True),
    "HistGradientBoostingRegressor": Cost(1e-8, 5e-4, "max_iter"),
    "AdaBoostClassifier": Cost(3e-8, 5e-4, "n_estimators"),
    "AdaBoostRegressor": Cost(3e-8, 5e-4, "n_estimators"),
    "BaggingClassifier": Cost(1e-7, 5e-4, "n_estimators"),
    "BaggingRegressor": Cost(1e-7, 5e-4, "n_estimators"),
    "DecisionTreeClassifier": Cost(2e-7, 5e-4),
    "DecisionTreeRegressor": Cost(2e-7, 5e-4),
    "ExtraTreeClassifier": Cost(2e-8, 5e-4),
    "ExtraTreeRegressor": Cost(2e-8, 5e-4),
    "KNeighborsClassifier": NEIGHBOURS,
    "KNeighborsRegressor": NEIGHBOURS,
    "SVC": Cost(3e-10, 1e-3, rows_power=1.0),
    "SVR": Cost(3e-10, 1e-3, rows_power=1.0),
    "Ridge": Cost(2e-8, 5e-4),
    "RidgeClassifier": Cost(2e-8, 1e-3),
    "GaussianNB": Cost(1e-8, 5e-4),
    "BernoulliNB": Cost(1e-8, 5e-4),
    "CategoricalNB": Cost(1e-8, 5e-4),
    "ComplementNB": Cost(1e-8, 5e-4),
    "MultinomialNB": Cost(1e-8, 5e-4),
    "LogisticRegression": Cost(3e-7, 3e-3),
    "MLPClassifier": Cost(3e-7, 2e-3, "max_iter"),
    "MLPRegressor": Cost(3e-7, 2e-3, "max_iter"),
    "XGBClassifier": Cost(2e-8, 1e-3, "n_estimators", classes=True),
    "XGBRegressor": Cost(2e-8, 1e-3, "n_estimators"),
    "LGBMClassifier": Cost(2e-8, 5e-4, "n_estimators", classes=True),
    "LGBMRegressor": Cost(2e-8, 5e-4, "n_estimators"),
}
"""By class name: an own subclass most likely costs what its parent costs."""


MEMBER_FITS: Mapping[str, int] = {
    "VotingClassifier": 1,
    "VotingRegressor": 1,
    "StackingClassifier": 6,
    "StackingRegressor": 6,
}
"""How often each named member of these is fitted: a stack asks each on five folds, too, by default."""


class FoldSize(NamedTuple):
    """How large the training part of a fold is.

    Attributes:
        rows: Training rows.
        features: Columns before any step.
        classes: Distinct targets; 1 for regression.
    """

    rows: int
    features: int
    classes: int = 1


def fold_size(data: FoldData) -> FoldSize:
    """Return the size of the largest training part."""
    rows = max((len(train) for train, _ in data.splits), default=0)
    shape: Sequence[int] = getattr(data.X, "shape", ())
    labels = data.y is not None and np.ndim(data.y) == 1 and np.asarray(data.y).dtype.kind in "OUSbiu"
    # Whole numbers may be a regression's targets; only a classifier's cost asks for the number of classes.
    n_features = int(shape[-1]) if len(shape) == 2 else 1
    return FoldSize(rows, n_features, len(np.unique(data.y)) if labels else 1)


def expected_seconds(estimator: Any, params: Mapping[str, Any], size: FoldSize) -> float:
    """Return the seconds that fitting and scoring one candidate on one fold may take.

    Args:
        estimator: The final estimator; its own parameters stand for those that *params* leaves out.
        params: By the final estimator's own names.
        size: Of the fold.
    """
    name = type(estimator).__name__
    if name in MEMBER_FITS and isinstance(estimator.estimators, list | tuple):
        return MEMBER_FITS[name] * sum(_of_members(estimator.estimators, params, size))
    cost = COSTS.get(name, UNKNOWN)

    def value(name: str) -> Any:
        return params.get(name, getattr(estimator, name, None))

    members = _number(value(cost.members)) if cost.members else 1.0
    if cost.classes and size.classes > 2:
        members *= size.classes
    cells = float(size.rows) ** (1 + cost.rows_power) * size.features
    share = _depth_share(value("max_depth"), value("min_samples_leaf"), size.rows) if cost.depth else 1.0
    factor = cost.factors.get(_number(value(cost.choice)), cost.otherwise) if cost.choice else 1.0
    return float(members * factor * (cost.per_cell * cells * share + cost.per_member))


def _of_members(members: Sequence[Any], params: Mapping[str, Any], size: FoldSize) -> Iterator[float]:
    """Yield the seconds of each named member, with what the candidate sets of it."""
    for name, member in (pair for pair in members if isinstance(pair, list | tuple) and len(pair) == 2):
        start = f"{name}__"
        own = {key[len(start) :]: value for key, value in params.items() if key.startswith(start)}
        yield expected_seconds(member, own, size)


def _depth_share(max_depth: Any, min_samples_leaf: Any, rows: int) -> float:
    """Return the work of a tree as a share of a full one: levels, and the last levels that leaves save."""
    full = max(math.log2(max(rows, 2)), 1.0)
    depth = _number(max_depth) if max_depth is not None else full
    leaves = math.log2(max(_number(min_samples_leaf), 1.0)) / full
    return float(min(1.0, depth / full) * (1 - 0.3 * min(leaves, 1.0)))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else 1.0
