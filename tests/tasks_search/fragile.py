"""Estimators that misbehave on request; importable by worker processes."""

import os
import signal
import time
import warnings
from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.exceptions import ConvergenceWarning


class Fragile(ClassifierMixin, BaseEstimator):
    """Predicts the majority; what else it does is its parameter."""

    def __init__(self, act: str = "fit", seconds: float = 0.0, diary: str | None = None) -> None:
        self.act = act
        self.seconds = seconds
        self.diary = diary

    def fit(self, X: Any, y: Any) -> Self:
        if self.diary is not None:
            with Path(self.diary).open("a") as lines:
                lines.write(f"{self.act} {len(X)} {type(X).__name__} {os.getpid()}\n")
        time.sleep(self.seconds)
        if self.act == "raise":
            raise ValueError("The first line.\nThe second line.")
        if self.act == "warn":
            warnings.warn("Beware.", UserWarning, stacklevel=2)
            warnings.warn("Beware.", UserWarning, stacklevel=2)
        if self.act == "unconverged":
            warnings.warn(f"{len(X)} rounds were not enough", ConvergenceWarning, stacklevel=2)
        if self.act == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        self.classes_, counts = np.unique(y, return_counts=True)
        self.majority_ = self.classes_[counts.argmax()]
        return self

    def predict(self, X: Any) -> Any:
        if self.act == "mute":
            raise RuntimeError("No prediction.")
        return np.full(len(X), self.majority_)


def nan_score(estimator: Any, X: Any, y: Any) -> float:
    return float("nan") if estimator.act == "nan" else 0.25


def raising_score(estimator: Any, X: Any, y: Any) -> float:
    raise KeyError("no such thing")
