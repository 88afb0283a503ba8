"""Reads a field of what old callers hand in: a row of their table, a Pydantic model, or a dictionary."""

from collections.abc import Mapping
from typing import Any


def read_field(source: Any, name: str, default: Any = None) -> Any:
    """Return field *name* of a mapping or an object; *default* where it is absent or None."""
    value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
    return default if value is None else value


def first_field(source: Any, *names: str) -> Any:
    """Return the first field of *names* that is there, or None."""
    return next((value for name in names if (value := read_field(source, name)) is not None), None)
