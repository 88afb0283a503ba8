"""Which steps have a path, and for which versions it was proven: data, as `paths.table` is."""

from collections.abc import Mapping
from typing import Any

from sklearn.decomposition import PCA
from sklearn.feature_selection import RFE, SelectKBest, SelectPercentile, SequentialFeatureSelector

from hyperparameter_tuning.tasks.evaluation.paths.proven import Proven, installed_rule
from hyperparameter_tuning.tasks.evaluation.step_paths.elimination import EliminationPath
from hyperparameter_tuning.tasks.evaluation.step_paths.forward_selection import ForwardSelectionPath
from hyperparameter_tuning.tasks.evaluation.step_paths.principal_components import PrincipalComponentsPath
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import StepPath
from hyperparameter_tuning.tasks.evaluation.step_paths.selections import KBestPath, PercentilePath

STEP_PATHS: Mapping[type, Proven[StepPath]] = {
    SelectKBest: Proven(KBestPath()),
    SelectPercentile: Proven(PercentilePath()),
    RFE: Proven(EliminationPath()),
    SequentialFeatureSelector: Proven(ForwardSelectionPath()),
    PCA: Proven(PrincipalComponentsPath()),
}


def step_rule_of(step: Any) -> StepPath | None:
    """Return the rule of exactly the step's class in the installed version, or None."""
    return installed_rule(STEP_PATHS.get(type(step)), step)
