"""What of each step with a path is drawn: values of the path, and settings that all candidates share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.feature_selection import (
    RFE,
    SelectKBest,
    SelectPercentile,
    SequentialFeatureSelector,
    chi2,
    f_classif,
)
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

from tests.tasks_search.paths.path_cases import amounts, several
from tests.tasks_search.paths.tables_strategy import Problem

Drawn = st.SearchStrategy[Any]


@dataclass(frozen=True)
class StepCase:
    """One class of steps.

    Attributes:
        param: Its path parameter.
        values: Strategy of its values; a table has 3 to 8 columns.
        settings: Strategy of each other setting, seed apart.
        problem: What the model behind it learns.
        seeded: It takes a ``random_state``.
        examples: How many tables are drawn.
        sure: Two values that are on the path of every table.
        features: What becomes of a drawn table before it is learned from.
    """

    param: str
    values: Drawn
    settings: Mapping[str, Drawn] = field(default_factory=dict)
    problem: Problem = "classification"
    seeded: bool = False
    examples: int = 8
    sure: tuple[Any, Any] = (2, 1)
    features: Callable[[Any], Any] = np.asarray


def wider(X: Any) -> Any:
    """Add a column that is another one again, so that scores are tied, and one that is not constant."""
    return np.column_stack([X[:, :1], X, np.arange(len(X)) % 7])


_SCORES = st.sampled_from([f_classif, chi2])
_COUNT = several(st.integers(1, 8), most=3)

STEP_CASES: Mapping[type, StepCase] = {
    SelectKBest: StepCase(
        "k",
        several(st.one_of(st.integers(0, 9), st.just("all")), most=5),
        {"score_func": _SCORES},
        features=lambda X: amounts(wider(X)),
    ),
    SelectPercentile: StepCase(
        "percentile",
        several(st.one_of(st.integers(0, 100), st.floats(0, 100)), most=5),
        {"score_func": _SCORES},
        features=lambda X: amounts(wider(X)),
    ),
    RFE: StepCase(
        "n_features_to_select",
        _COUNT,
        {
            "estimator": st.sampled_from(
                [DecisionTreeClassifier(random_state=0, max_features=1), LinearRegression()]
            ),
            "step": st.just(1),
        },
        problem="regression",
        features=wider,
    ),
    SequentialFeatureSelector: StepCase(
        "n_features_to_select",
        st.lists(st.integers(1, 3), max_size=1),
        {"estimator": st.just(GaussianNB()), "cv": st.just(2)},
        examples=4,
        features=wider,
    ),
    PCA: StepCase(
        "n_components",
        _COUNT,
        {"svd_solver": st.sampled_from(["auto", "full", "covariance_eigh"]), "whiten": st.booleans()},
        seeded=True,
        features=wider,
    ),
}
