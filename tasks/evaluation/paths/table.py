"""Which classes have a path, and for which versions it was proven: data, not branches.

A subclass may override anything and a new version may compute anything anew, so both are fitted plainly.
"""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any, NamedTuple

from packaging.specifiers import SpecifierSet
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
)
from sklearn.linear_model import Ridge
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
from hyperparameter_tuning.tasks.evaluation.paths.decision_trees import DecisionTreePath
from hyperparameter_tuning.tasks.evaluation.paths.forests import ForestPath
from hyperparameter_tuning.tasks.evaluation.paths.gradient_boosting import GradientBoostingPath
from hyperparameter_tuning.tasks.evaluation.paths.hist_gradient_boosting import HistGradientBoostingPath
from hyperparameter_tuning.tasks.evaluation.paths.multilayer_perceptron import MultilayerPerceptronPath
from hyperparameter_tuning.tasks.evaluation.paths.naive_bayes import DiscretePath, GaussianPath
from hyperparameter_tuning.tasks.evaluation.paths.neighbours import NeighboursPath
from hyperparameter_tuning.tasks.evaluation.paths.ridge import RidgePath
from hyperparameter_tuning.tasks.evaluation.paths.rule import PathRule


class Proven(NamedTuple):
    """A rule and where it was proven to give the same bits.

    Attributes:
        rule: The rule.
        distribution: Package whose version counts.
        versions: PEP 440 specifiers.
    """

    rule: PathRule
    distribution: str = "scikit-learn"
    versions: str = ">=1.9,<1.10"


PATHS: Mapping[type, Proven] = {
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
    GaussianNB: Proven(GaussianPath()),
    BernoulliNB: Proven(DiscretePath()),
    CategoricalNB: Proven(DiscretePath()),
    ComplementNB: Proven(DiscretePath()),
    MultinomialNB: Proven(DiscretePath()),
}


def rule_of(estimator: Any) -> PathRule | None:
    """Return the rule of exactly the estimator's class in the installed version, or None."""
    proven = PATHS.get(type(estimator))
    if proven is None or not _is_installed(proven.distribution, proven.versions):
        return None
    return proven.rule


@cache
def _is_installed(distribution: str, versions: str) -> bool:
    return SpecifierSet(versions).contains(version(distribution), prereleases=True)
