"""The estimator behind the model; loaded in the worker alone."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data


class PrototypeClassifier(ClassifierMixin, BaseEstimator):
    """Predicts the class whose centre is nearest.

    Args:
        shrinkage: How far each centre is drawn towards the middle of all rows, 0 to 1.
        power: Power of the distance in each column.
    """

    def __init__(self, shrinkage: float = 0.0, power: int = 2) -> None:
        self.shrinkage = shrinkage
        self.power = power

    def fit(self, X, y):
        """Learn one centre per class."""
        X, y = validate_data(self, X, y)
        self.classes_ = np.unique(y)
        centres = np.array([X[y == label].mean(axis=0) for label in self.classes_])
        self.centres_ = (1 - self.shrinkage) * centres + self.shrinkage * X.mean(axis=0)
        return self

    def predict_proba(self, X):
        """Return shares by distance, shape (n_rows, n_classes)."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False)
        distances = (np.abs(X[:, None, :] - self.centres_[None]) ** self.power).mean(axis=2)
        nearness = np.exp(-(distances - distances.min(axis=1, keepdims=True)))
        return nearness / nearness.sum(axis=1, keepdims=True)

    def predict(self, X):
        """Return the nearest class, shape (n_rows,)."""
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
