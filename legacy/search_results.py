"""Results as plain JSON values: single values, and the best rows of ``cv_results_``."""

import json
import math
from collections.abc import Mapping
from typing import Any


def _serialize_value(value: Any) -> Any:
    """Return *value* as JSON has it: NumPy's numbers as Python's, NaN as None, the unknown as its text."""
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        value = value.item()
    elif hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _serialize_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_serialize_value(item) for item in value]
    try:
        json.dumps(value)
    except TypeError:
        return repr(value)
    return value


_COLUMNS = ("mean_test_score", "std_test_score", "mean_train_score", "mean_fit_time")


def _summarize_results(cv_results: Mapping[str, Any], limit: int = 10) -> list[dict[str, Any]]:
    """Return the best rows of a search, the best first.

    Args:
        cv_results: ``cv_results_`` of any search; what it lacks is None in the rows.
        limit: Most rows.

    Returns:
        ``{rank, mean_test_score, std_test_score, mean_train_score, mean_fit_time, params}`` each.
    """
    params = list(cv_results.get("params", ()))
    ranks = list(cv_results.get("rank_test_score", range(1, len(params) + 1)))
    order = sorted(range(len(params)), key=lambda row: ranks[row])[:limit]
    return [
        {
            "rank": int(ranks[row]),
            **{
                name: _serialize_value(cv_results[name][row]) if name in cv_results else None
                for name in _COLUMNS
            },
            "params": _serialize_value(params[row]),
        }
        for row in order
    ]
