"""The copy in single precision that trees make of their rows at every fit: made once per fold."""

from typing import Any

import numpy as np

from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold


def single_precision(fold: PreparedFold, table: Any) -> Any:
    """Return *table*, one of the fold's, as trees convert it by themselves: float32, by rows.

    Args:
        fold: Keeps the copy.
        table: ``X_train`` or ``X_test`` of the fold, dense.
    """
    return fold.once(("float32", id(table)), lambda: np.ascontiguousarray(table, dtype=np.float32))
