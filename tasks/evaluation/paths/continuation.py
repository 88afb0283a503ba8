"""What a continuation rule is: a fit that goes on to a greater length, as if it had been made in one go.

Which rule a class has is in `paths.table`; when a candidate comes again does not belong here (`growth`).
"""

import warnings
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold


class Continuation(ABC):
    """A longer fit of a candidate is its shorter fit, continued by ``warm_start``.

    Only for candidates that are on the path of their class, so that whatever keeps one off the path (no whole
    number as seed, several jobs, several targets) keeps it from here, too.

    Attributes:
        name: As it is recorded and told.
        param: The parameter that says how long a fit is, by the estimator's own name.
        unlike_plain: Beginning of a warning that only a continued fit gives; empty where there is none.
    """

    name: ClassVar[str]
    param: ClassVar[str] = "n_estimators"
    unlike_plain: ClassVar[str] = ""

    @abstractmethod
    def allows(self, estimator: Any) -> bool:
        """Say whether *estimator*, unfitted, which is on the path of its class, goes on to the same bits."""

    def go_on(self, fitted: Any, length: Any, fold: PreparedFold) -> None:
        """Continue a fit in place; it says of itself what one made in one go would say.

        Args:
            fitted: Shorter, or just as long; on the rows of *fold*.
            length: Value of `param`.
            fold: What to learn from.

        Raises:
            Exception: whatever the fit raises; *fitted* is of no use then.
        """
        fitted.set_params(**{self.param: length, "warm_start": True})
        with warnings.catch_warnings():
            if self.unlike_plain:
                warnings.filterwarnings("ignore", message=self.unlike_plain)
            fitted.fit(fold.X_train, fold.y_train, **fold.told())
        fitted.set_params(warm_start=False)
