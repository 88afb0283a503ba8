"""The copy in single precision that trees make of their rows at every fit: made once per fold."""

from typing import Any

import numpy as np
from sklearn.utils.validation import _get_feature_names, check_array

from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold


def single_precision(fold: PreparedFold, table: Any) -> Any:
    """Return *table*, one of the fold's, as trees convert it by themselves: float32, by rows.

    Whether what is not finite may stay is for the estimator to say, which looks at the copy again.

    Args:
        fold: Keeps the copy.
        table: ``X_train`` or ``X_test`` of the fold, dense.

    Raises:
        ValueError: values that are no numbers.
        TypeError: names of columns that scikit-learn refuses.
    """
    return fold.once(("float32", id(table)), lambda: _converted(table))


def _converted(table: Any) -> Any:
    _get_feature_names(table)  # an estimator that is given the copy sees no names, and would not refuse them
    return check_array(table, dtype=np.float32, order="C", ensure_all_finite=False)
