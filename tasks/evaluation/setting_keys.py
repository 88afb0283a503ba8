"""Keys of settings: which candidates agree in some of their parameters."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np

_PLAIN_VALUES = (str, int, float, bool, type(None), np.generic)


def setting_key(params: Mapping[str, Any]) -> Hashable:
    """Return what two settings share exactly when their values are equal in type and value."""
    return tuple(sorted((name, _value_key(value)) for name, value in params.items()))


def are_plain(params: Mapping[str, Any]) -> bool:
    """Say whether values speak for themselves: an object may have changed when it comes again."""
    return all(map(_is_plain, params.values()))


def _is_plain(value: Any) -> bool:
    return all(map(_is_plain, value)) if isinstance(value, tuple | list) else isinstance(value, _PLAIN_VALUES)


def _value_key(value: Any) -> str:
    if isinstance(value, _PLAIN_VALUES):
        return f"{type(value).__qualname__} {value!r}"
    if isinstance(value, tuple | list):
        return f"{type(value).__qualname__} {[_value_key(item) for item in value]}"
    return f"object {id(value)}"
