"""How the origin's forms wrote values: JSON as text, numbers as text, "none" for nothing.

What the values mean does not belong here (`registry.migrations.origin_config`).
"""

import json
import math
from collections.abc import Mapping
from typing import Any

NOTHING = frozenset({"", "none", "null"})
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def json_object(value: Any) -> dict[str, Any]:
    """Read an object that may be written as JSON text.

    Args:
        value: An object, its text, or nothing.

    Returns:
        The object; empty where nothing is written.

    Raises:
        ValueError: it is neither; the message is the end of a sentence.
    """
    if value is None or (isinstance(value, str) and value.strip().casefold() in NOTHING):
        return {}
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, str):
        raise ValueError("is no JSON object")
    try:
        found = json.loads(value, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ValueError("is no JSON") from error
    if not isinstance(found, dict):
        raise ValueError("is no JSON object")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(name)


def text(value: Any) -> str | None:
    """Return a text without blanks around it, or None where nothing is written."""
    return value.strip() or None if isinstance(value, str) else None


def number(value: Any) -> int | float | None:
    """Return a finite number that may be written as text, whole ones as integers; None where it is none."""
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # JSON text such as 1e400 is read as infinity.
    return None if isinstance(value, float) and not math.isfinite(value) else value


def whole(value: Any) -> int | None:
    """Return a whole number that may be written as text or as 5.0; None where it is none."""
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


def truth(value: Any, default: bool) -> bool:
    """Return a yes or no that may be written as text; *default* where it is neither."""
    if isinstance(value, bool):
        return value
    return _TRUTH.get(str(value).strip().casefold(), default)


def first(config: Mapping[str, Any], *names: str) -> Any:
    """Return the first value that is written under one of *names*; None where nothing is."""
    written = (config[name] for name in names if config.get(name) not in (None, ""))
    return next(written, None)
