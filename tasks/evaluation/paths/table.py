"""Which classes have a path, and for which versions it was proven: data, not branches.

A subclass may override anything and a new version may compute anything anew, so both are fitted plainly.
Classes of packages that need not be there are named, not imported.
"""

from collections.abc import Mapping
from typing import Any

from sklearn.ensemble import (
    AdaBoostClassifier,
    AdaBoostRegressor,
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
    StackingClassifier,
    StackingRegressor,
    VotingClassifier,
    VotingRegressor,
)
from sklearn.linear_model import Ridge, RidgeClassifier
from sklearn.naive_bayes import BernoulliNB, CategoricalNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.tree import (
    DecisionTreeClassifier,
    DecisionTreeRegressor,
    ExtraTreeClassifier,
    ExtraTreeRegressor,
)

from hyperparameter_tuning.tasks.evaluation.paths.ada_boost import AdaBoostPath
from hyperparameter_tuning.tasks.evaluation.paths.bagging import BaggingPath
from hyperparameter_tuning.tasks.evaluation.paths.continuation import Continuation
from hyperparameter_tuning.tasks.evaluation.paths.decision_trees import DecisionTreePath
from hyperparameter_tuning.tasks.evaluation.paths.ensemble_continuations import (
    BaggingContinuation,
    BoostingContinuation,
    ForestContinuation,
)
from hyperparameter_tuning.tasks.evaluation.paths.forests import ForestPath
from hyperparameter_tuning.tasks.evaluation.paths.gradient_boosting import GradientBoostingPath
from hyperparameter_tuning.tasks.evaluation.paths.hist_gradient_boosting import HistGradientBoostingPath
from hyperparameter_tuning.tasks.evaluation.paths.multilayer_perceptron import MultilayerPerceptronPath
from hyperparameter_tuning.tasks.evaluation.paths.naive_bayes import DiscretePath, GaussianPath
from hyperparameter_tuning.tasks.evaluation.paths.neighbours import NeighboursPath
from hyperparameter_tuning.tasks.evaluation.paths.proven import Proven, installed_rule
from hyperparameter_tuning.tasks.evaluation.paths.ridge import RidgeClassifierPath, RidgePath
from hyperparameter_tuning.tasks.evaluation.paths.rounds import LightGBMPath, XGBoostPath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRule
from hyperparameter_tuning.tasks.evaluation.paths.stacking import StackingPath
from hyperparameter_tuning.tasks.evaluation.paths.voting import VotingClassifierPath, VotingPath

PATHS: Mapping[type, Proven[PathRule]] = {
    RandomForestClassifier: Proven(ForestPath()),
    RandomForestRegressor: Proven(ForestPath()),
    ExtraTreesClassifier: Proven(ForestPath()),
    ExtraTreesRegressor: Proven(ForestPath()),
    GradientBoostingClassifier: Proven(GradientBoostingPath()),
    GradientBoostingRegressor: Proven(GradientBoostingPath()),
    DecisionTreeClassifier: Proven(DecisionTreePath()),
    DecisionTreeRegressor: Proven(DecisionTreePath()),
    ExtraTreeClassifier: Proven(DecisionTreePath()),
    ExtraTreeRegressor: Proven(DecisionTreePath()),
    HistGradientBoostingClassifier: Proven(HistGradientBoostingPath()),
    HistGradientBoostingRegressor: Proven(HistGradientBoostingPath()),
    AdaBoostClassifier: Proven(AdaBoostPath()),
    AdaBoostRegressor: Proven(AdaBoostPath()),
    BaggingClassifier: Proven(BaggingPath()),
    BaggingRegressor: Proven(BaggingPath()),
    MLPClassifier: Proven(MultilayerPerceptronPath()),
    MLPRegressor: Proven(MultilayerPerceptronPath()),
    KNeighborsClassifier: Proven(NeighboursPath()),
    KNeighborsRegressor: Proven(NeighboursPath()),
    Ridge: Proven(RidgePath()),
    RidgeClassifier: Proven(RidgeClassifierPath()),
    GaussianNB: Proven(GaussianPath()),
    BernoulliNB: Proven(DiscretePath()),
    CategoricalNB: Proven(DiscretePath()),
    ComplementNB: Proven(DiscretePath()),
    MultinomialNB: Proven(DiscretePath()),
    VotingClassifier: Proven(VotingClassifierPath()),
    VotingRegressor: Proven(VotingPath()),
    StackingClassifier: Proven(StackingPath()),
    StackingRegressor: Proven(StackingPath()),
}


OUTSIDE: Mapping[str, Proven[PathRule]] = {
    "xgboost.sklearn.XGBClassifier": Proven(XGBoostPath(), ">=3.2,<4"),
    "xgboost.sklearn.XGBRegressor": Proven(XGBoostPath(), ">=3.2,<4"),
    "lightgbm.sklearn.LGBMClassifier": Proven(LightGBMPath(), ">=4.7,<5"),
    "lightgbm.sklearn.LGBMRegressor": Proven(LightGBMPath(), ">=4.7,<5"),
}
"""By import path: whose estimator is looked at has loaded the package."""


CONTINUATIONS: Mapping[type, Continuation] = {
    RandomForestClassifier: ForestContinuation(),
    RandomForestRegressor: ForestContinuation(),
    ExtraTreesClassifier: ForestContinuation(),
    ExtraTreesRegressor: ForestContinuation(),
    GradientBoostingClassifier: BoostingContinuation(),
    GradientBoostingRegressor: BoostingContinuation(),
    BaggingClassifier: BaggingContinuation(),
    BaggingRegressor: BaggingContinuation(),
}
"""Classes of `PATHS` whose fits can be continued, in the versions that their paths were proven for."""


def rule_of(estimator: Any) -> PathRule | None:
    """Return the rule of exactly the estimator's class in the installed version, or None."""
    cls = type(estimator)
    return installed_rule(PATHS.get(cls) or OUTSIDE.get(f"{cls.__module__}.{cls.__qualname__}"), estimator)
