"""A fitted estimator under other settings: a copy that shares all that was learnt.

Which settings make sense on it does not belong here; each rule knows.
"""

from collections.abc import Mapping
from typing import Any


def copy_with(fitted: Any, settings: Mapping[str, Any]) -> Any:
    """Return a shallow copy of an estimator with *settings* among its own parameters.

    ``set_params`` would read the signature of the class anew for each of many candidates: a tenth of a
    millisecond, where pruning a tree takes less.

    Args:
        fitted: Of scikit-learn; it keeps its state in its attributes alone.
        settings: Values of parameters by their own names, none of them nested.
    """
    twin = object.__new__(type(fitted))
    vars(twin).update(vars(fitted), **settings)
    return twin
