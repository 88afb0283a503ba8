"""A row-wise step as a transformer that cannot learn: it is fitted on one row and never sees a target.

Where such steps run is decided in `shared.step_order`. The stored model holds the transformer inside.
"""

from typing import Any, Self

from sklearn.base import BaseEstimator, clone


class RowWise(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Keeps a transformer from learning, whatever it would do with rows and targets.

    Args:
        transformer: Unfitted scikit-learn transformer.
    """

    def __init__(self, transformer: Any) -> None:
        self.transformer = transformer

    def fit(self, X: Any, y: Any = None) -> Self:
        """Fit on the first row of *X*: scikit-learn's transformers learn the names of columns from it."""
        self.transformer_ = clone(self.transformer).fit(X.iloc[:1])
        return self

    def transform(self, X: Any) -> Any:
        """Transform rows."""
        return self.transformer_.transform(X)

    def fit_transform(self, X: Any, y: Any = None) -> Any:
        """Fit on the first row, transform all."""
        return self.fit(X).transform(X)
