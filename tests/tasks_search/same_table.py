"""Equality of two ``cv_results_`` to the bit, but for the times."""

from typing import Any

import numpy as np

_TIMES = ("_fit_time", "_score_time")


def assert_same_table(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    """Compare names, their order, types, masks and values."""
    assert list(ours) == list(theirs)
    assert _plain(ours["params"]) == _plain(theirs["params"])
    for name in theirs:
        if name == "params" or name.endswith(_TIMES):
            continue
        assert ours[name].dtype == theirs[name].dtype, name
        assert type(ours[name]) is type(theirs[name]), name
        shown = ~np.ma.getmaskarray(theirs[name])
        assert np.array_equal(shown, ~np.ma.getmaskarray(ours[name])), name
        floats = theirs[name].dtype.kind == "f"
        both = (np.ma.getdata(table[name])[shown] for table in (ours, theirs))
        assert np.array_equal(*both, equal_nan=floats), name


def _plain(params: Any) -> list[list[tuple[str, str, Any]]]:
    return [[(name, type(value).__name__, value) for name, value in row.items()] for row in params]
