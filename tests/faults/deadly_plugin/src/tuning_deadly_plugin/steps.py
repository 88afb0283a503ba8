"""What the step does when it is fitted."""

import os
from typing import Any, Self

from sklearn.base import BaseEstimator, TransformerMixin


class Deadly(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Does to its process what it is told to."""

    def __init__(self, how: str = "abort") -> None:
        self.how = how

    def fit(self, X: Any, y: Any = None) -> Self:
        {"abort": os.abort, "eat": eat, "loop": loop}[self.how]()
        return self

    def transform(self, X: Any) -> Any:
        return X


def eat() -> None:
    """Hold more and more memory, every page of it touched."""
    held = []
    while True:
        held.append(b"x" * 20_000_000)


def loop() -> None:
    """Never return."""
    while True:
        pass
