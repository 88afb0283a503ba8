"""The target column taken apart from the features, with sentences for what can be wrong with it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.findings import nearest_name

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class TargetRows:
    """The rows that have a target.

    Attributes:
        y: Their target, shape (n_rows,): float64 for regression; texts or whole numbers for classification.
        positions: Their positions in the table.
        dropped: Rows without a target.
        classes: Sorted classes; empty for regression.
    """

    y: NDArray[Any]
    positions: NDArray[np.intp]
    dropped: int
    classes: tuple[Any, ...]


def target_rows(frame: "pd.DataFrame", target: str, problem_type: str) -> TargetRows:
    """Take the target out of a table whose columns have been conformed.

    Args:
        frame: The table.
        target: Name of the target column.
        problem_type: ``classification`` or ``regression``.

    Raises:
        DataError: there is no such column, it has no value, it is text under regression, or it holds one
            class only.
    """
    if target not in frame.columns:
        nearest = nearest_name(target, frame.columns)
        hint = f" Did you mean '{nearest}'?" if nearest else ""
        raise DataError(f"The table has no column '{target}' to predict.{hint}", code="target_unknown")
    column = frame[target]
    positions = np.flatnonzero(column.notna().to_numpy())
    if not len(positions):
        raise DataError(f"The target column '{target}' has no value in any row.", code="target_empty")
    kept, dropped = column.iloc[positions], len(column) - len(positions)
    if problem_type == "regression":
        return TargetRows(_numbers(kept, target), positions, dropped, ())
    y = _classes(kept)
    classes = tuple(np.unique(y).tolist())
    if len(classes) < 2:
        raise DataError(
            f"The target column '{target}' holds one class only ({classes[0]}): there is nothing to "
            "tell apart.",
            code="one_class",
        )
    return TargetRows(y, positions, dropped, classes)


def _numbers(column: "pd.Series[Any]", target: str) -> NDArray[Any]:
    try:
        return column.to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"The target column '{target}' holds texts or dates: choose classification, or another column.",
            code="target_not_numeric",
        ) from error


def _classes(column: "pd.Series[Any]") -> NDArray[Any]:
    values = column.to_numpy()
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    if values.dtype.kind == "f" and np.all(values == np.round(values)):
        return values.astype(np.int64)  # whole numbers that had gaps
    return np.asarray([str(value) for value in values], dtype=object)
