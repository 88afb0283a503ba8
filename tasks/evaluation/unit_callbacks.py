"""scikit-learn's callbacks around the fit and the scoring of one unit.

Which units there are does not belong here, nor the tasks above them (`searchers.search_estimator`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold


@dataclass(frozen=True, slots=True)
class UnitCallbacks:
    """Tells the callbacks of a search of one unit, in the process that works on it.

    Attributes:
        search: The search whose callbacks these are.
        context: ``sklearn.callback.CallbackContext`` of the unit.
    """

    search: Any
    context: Any

    @contextmanager
    def around_fit(self, estimator: Any, fold: PreparedFold) -> Iterator[None]:
        """Tell that the fit begins, and pass callbacks on to *estimator* while it is fitted."""
        with self.context.propagate_callback_context(estimator):
            self.context.call_on_fit_task_begin(estimator=self.search, **_rows(fold))
            yield

    @contextmanager
    def around_unit(self, fold: PreparedFold) -> Iterator[None]:
        """Tell that the unit ends, after its scoring and whether or not it succeeded."""
        try:
            yield
        finally:
            self.context.call_on_fit_task_end(estimator=self.search, **_rows(fold))


def callback_metadata(fit_params: Any) -> dict[str, Any] | None:
    """Return what callbacks are told of the parameters of a fit: its weights, where there are any."""
    weights = fit_params.get("sample_weight")
    return None if weights is None else {"sample_weight": weights}


def _rows(fold: PreparedFold) -> dict[str, Any]:
    return {"X": fold.X_train, "y": fold.y_train, "metadata": callback_metadata(fold.fit_params)}
