"""Samplers inside a scikit-learn pipeline: training rows are resampled, all others pass unchanged.

What a sampler is belongs to `shared.step_contracts`. Nothing here is ever stored: a fitted model is stored
without its samplers (`shared.preparation.without_samplers`).
"""

from collections.abc import Iterable
from typing import Any, Self

import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.pipeline import Pipeline


class Resampler(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A sampler as a step: it changes rows while a pipeline is fitted and is the identity otherwise.

    Args:
        sampler: Has ``fit_resample(X, y)``; copied for every fit.
    """

    def __init__(self, sampler: Any) -> None:
        self.sampler = sampler

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn nothing; a step must be able to."""
        self.n_rows_ = len(X)
        return self

    def transform(self, X: Any) -> Any:
        """Return *X* itself."""
        return X

    def fit_resample(self, X: pd.DataFrame, y: Any) -> tuple[pd.DataFrame, Any]:
        """Return the rows to learn from instead, with the columns of *X* and fresh positions.

        Raises:
            ValueError: the sampler gave other columns, or rows and targets that do not go together.
        """
        rows, target = clone(self.sampler, safe=False).fit_resample(X, y)
        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(rows, columns=X.columns)
        if list(frame.columns) != list(X.columns):
            raise ValueError(
                f"{type(self.sampler).__name__} changed the columns; a sampler changes rows only"
            )
        if len(frame) != len(target):
            raise ValueError(
                f"{type(self.sampler).__name__} gave {len(frame)} rows and {len(target)} targets"
            )
        self.n_rows_ = len(frame)
        return frame.reset_index(drop=True), target


class ResamplingPipeline(Pipeline):  # type: ignore[misc]  # scikit-learn has no types
    """A pipeline with `Resampler` steps; fitted as imbalanced-learn's pipeline is.

    Prediction needs no code: a `Resampler` passes rows on unchanged.
    """

    def fit(self, X: Any, y: Any = None, **params: Any) -> Self:
        """Fit each step on what the steps before it make of the rows.

        Args:
            X: Pandas table of training rows.
            y: Their target.
            **params: None are taken: steps have no fit parameters here.
        """
        if params:
            raise TypeError(f"a pipeline with samplers takes no fit parameters, and got {sorted(params)}")
        X, y = fit_steps(self.steps[:-1], X, y)
        self.steps[-1][1].fit(X, y)
        return self


def fit_steps(steps: Iterable[tuple[str, Any]], X: Any, y: Any) -> tuple[Any, Any]:
    """Fit *steps*, each on what those before it make of the rows, as pipelines do.

    Args:
        steps: Unfitted, by name; fitted in place. None and ``"passthrough"`` stand for no step.
        X: Training rows.
        y: Their target.

    Returns:
        The rows and the target that the step after them learns from.
    """
    for _, step in steps:
        if step is None or step == "passthrough":
            continue
        if isinstance(step, Resampler):
            X, y = step.fit_resample(X, y)
        elif hasattr(step, "fit_transform"):
            X = step.fit_transform(X, y)
        else:
            X = step.fit(X, y).transform(X)
    return X, y


def through_steps(steps: Iterable[tuple[str, Any]], X: Any) -> Any:
    """Return what fitted *steps* make of rows."""
    for _, step in steps:
        if step is not None and step != "passthrough":
            X = step.transform(X)
    return X
