"""Principal components: all are computed, and the first are kept.

Source: scikit-learn 1.9, ``PCA._fit_full``. Solvers that compute only as many as are asked for have no path.
"""

from typing import Any

import numpy as np
from scipy.sparse import issparse

from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.rule import is_count
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import GrownStep, Note, Params, StepPath

_SMALL = 500
"""Up to so many rows and columns ``auto`` is the same solver for any number of components."""

_KEPT = ("components_", "explained_variance_", "explained_variance_ratio_", "singular_values_")


class PrincipalComponentsPath(StepPath):
    """``n_components`` of ``PCA``, as a number."""

    name = "principal components"
    params = ("n_components",)

    def allows(self, step: Any) -> bool:
        """All components at once; steps that work in place are not shared anyhow."""
        return step.svd_solver in ("auto", "full", "covariance_eigh")

    def has(self, path: Params) -> bool:
        """Counts from 1; a share of the variance, ``mle`` and all of them are fitted by themselves."""
        return is_count(path["n_components"])

    def length(self, path: Params) -> float:
        """The number of components."""
        return float(path["n_components"])

    def grow(self, step: Any, longest: Params, X: Any, y: Any, note: Note) -> tuple[Any, ...]:
        """Fit, and keep what the training rows become of."""
        if issparse(X):
            raise ValueError("sparse rows have solvers of their own")
        step.set_params(n_components=min(longest["n_components"], *np.shape(X)))
        step._validate_params()
        fitted: tuple[Any, ...] = step._fit(X)
        depends = step.svd_solver == "auto" and max(np.shape(X)) > _SMALL
        if depends and step._fit_svd_solver != "covariance_eigh":
            raise ValueError("the solver depends on the number of components")
        return fitted

    def cut(self, grown: GrownStep, path: Params, X: Any) -> Any:
        """Keep the first components in the layout that they would have had."""
        step = copy_with(grown.step, path)
        n_components = path["n_components"]
        if n_components > step.n_components_:
            raise ValueError("there are not so many components")
        for name in _KEPT:
            setattr(step, name, np.array(getattr(step, name)[:n_components], order="K"))
        step.n_components_ = n_components
        del step.noise_variance_  # of the components that are left out; rows do not depend on it
        return step

    def rows(self, grown: GrownStep, step: Any, X: Any, y: Any) -> Any:
        """Let the step go on from what the one fit found, on a copy: it goes on in place."""
        U, *rest = grown.kept
        step._fit = lambda X: (None if U is None else np.array(U, order="K"), *rest)
        try:
            return step.fit_transform(X, y)
        finally:
            del step._fit
