"""The methods that a fitted search passes on to its best estimator.

Searching does not belong here (`search_estimator`).
"""

from collections.abc import Callable
from typing import Any

from sklearn.exceptions import NotFittedError
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted


def _passed_on(name: str) -> Callable[[Any], bool]:
    """Make the condition under which a search has the method *name*."""

    def has(search: Any) -> bool:
        if not search.refit:
            raise AttributeError(
                f"This {type(search).__name__} was made with refit={search.refit!r}: '{name}' needs the best "
                "parameters fitted on all rows. Refit by hand with best_params_, or set refit."
            )
        getattr(getattr(search, "best_estimator_", search.estimator), name)
        return True

    return has


def _delegate(name: str) -> Any:
    """Make the method *name*, which exists where the best estimator has it."""

    def method(self: "BestEstimatorMethods", X: Any) -> Any:
        check_is_fitted(self)
        return getattr(self.best_estimator_, name)(X)

    method.__name__ = name
    method.__doc__ = f"Return ``best_estimator_.{name}(X)``; *X* has shape (n_rows, n_features)."
    return available_if(_passed_on(name))(method)


class BestEstimatorMethods:
    """Delegates to ``best_estimator_``; each method exists where the estimator has it and refit is on."""

    refit: Any
    estimator: Any
    best_estimator_: Any

    predict = _delegate("predict")
    predict_proba = _delegate("predict_proba")
    predict_log_proba = _delegate("predict_log_proba")
    decision_function = _delegate("decision_function")
    score_samples = _delegate("score_samples")
    transform = _delegate("transform")
    inverse_transform = _delegate("inverse_transform")

    @property
    def classes_(self) -> Any:
        """Class labels of the best estimator, shape (n_classes,)."""
        _passed_on("classes_")(self)
        return self.best_estimator_.classes_

    @property
    def n_features_in_(self) -> int:
        """Number of features seen by `fit`."""
        try:
            check_is_fitted(self)
        except NotFittedError as error:
            # hasattr() must be False before fit.
            raise AttributeError(f"{type(self).__name__} is not fitted yet.") from error
        return int(self.best_estimator_.n_features_in_)
