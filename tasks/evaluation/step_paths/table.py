"""Which steps have a path, and for which versions it was proven: data, as `paths.table` is.

A subclass may override anything and a new version may compute anything anew, so both are fitted plainly.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sklearn.decomposition import PCA
from sklearn.feature_selection import RFE, SelectKBest, SelectPercentile, SequentialFeatureSelector

from hyperparameter_tuning.tasks.evaluation.paths.table import is_of
from hyperparameter_tuning.tasks.evaluation.step_paths.elimination import EliminationPath
from hyperparameter_tuning.tasks.evaluation.step_paths.forward_selection import ForwardSelectionPath
from hyperparameter_tuning.tasks.evaluation.step_paths.principal_components import PrincipalComponentsPath
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import StepPath
from hyperparameter_tuning.tasks.evaluation.step_paths.selections import KBestPath, PercentilePath


class ProvenStep(NamedTuple):
    """A rule and where it was proven to give the same bits.

    Attributes:
        rule: The rule.
        versions: PEP 440 specifiers of the class's package.
    """

    rule: StepPath
    versions: str = ">=1.9,<1.10"


STEP_PATHS: Mapping[type, ProvenStep] = {
    SelectKBest: ProvenStep(KBestPath()),
    SelectPercentile: ProvenStep(PercentilePath()),
    RFE: ProvenStep(EliminationPath()),
    SequentialFeatureSelector: ProvenStep(ForwardSelectionPath()),
    PCA: ProvenStep(PrincipalComponentsPath()),
}


def step_rule_of(step: Any) -> StepPath | None:
    """Return the rule of exactly the step's class in the installed version, or None."""
    cls = type(step)
    proven = STEP_PATHS.get(cls)
    if proven is None or not is_of(cls.__module__.partition(".")[0], proven.versions):
        return None
    return proven.rule
