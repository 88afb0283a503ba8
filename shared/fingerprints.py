"""Fingerprints of JSON values: the same text on every machine for the same value.

What goes into a fingerprint does not belong here; its users say that. Fingerprints of tables are in
`shared.data`.
"""

import hashlib
import json
from typing import Any

PREFIX = "sha256:"


def canonical_json(value: Any) -> str:
    """Return the one JSON text of *value*: sorted keys, no spaces, types kept.

    ``1`` and ``1.0`` give different texts; callers for whom they are equal normalise first
    (`integral_numbers`).

    Args:
        value: JSON values; tuples count as lists.

    Raises:
        ValueError: NaN or an infinity is in it.
        TypeError: something that is not JSON is in it.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def fingerprint(value: Any) -> str:
    """Return ``sha256:`` and 64 hexadecimal digits over `canonical_json` of *value*."""
    return PREFIX + hashlib.sha256(canonical_json(value).encode()).hexdigest()


def integral_numbers(value: Any) -> Any:
    """Return *value* with every whole float written as an integer.

    A browser writes 1.0 as 1; where no type is declared the two must have one fingerprint.
    """
    if isinstance(value, dict):
        return {key: integral_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [integral_numbers(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
