"""Values in JSON documents by pointer (RFC 6901): read, set, remove, compare.

What may be changed, and under which condition, is in `shared.patches`.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
"""What stands where nothing is; None is a JSON value."""


def tokens(pointer: str) -> list[str]:
    """Return the unescaped parts of a pointer.

    Raises:
        ValueError: it is neither empty nor begins with a slash.
    """
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"'{pointer}' is no JSON pointer: it must begin with '/'.")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def value_at(document: Any, pointer: str) -> Any:
    """Return the value that *pointer* leads to, or `MISSING`."""
    value = document
    for token in tokens(pointer):
        value = _child(value, token)
        if value is MISSING:
            return MISSING
    return value


def _child(value: Any, token: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(token, MISSING)
    if isinstance(value, list) and token.isdecimal() and int(token) < len(value):
        return value[int(token)]
    return MISSING


def set_at(document: Any, pointer: str, value: Any) -> str | None:
    """Put *value* where *pointer* leads to, creating the objects on the way; *document* is changed.

    Returns:
        The pointer of the outermost object that had to be created, or None.

    Raises:
        LookupError: something on the way is neither object nor list, or a list has no such place.
    """
    *parents, last = tokens(pointer)
    container, created, walked = document, None, ""
    for token in parents:
        walked += "/" + token.replace("~", "~0").replace("/", "~1")
        child = _child(container, token)
        if child is MISSING and isinstance(container, dict):
            child = container[token] = {}
            created = created or walked
        container = child
    if isinstance(container, dict):
        container[last] = value
    elif isinstance(container, list) and last.isdecimal() and int(last) < len(container):
        container[int(last)] = value
    else:
        raise LookupError(f"'{pointer}' leads through something that holds no values.")
    return created


def remove_at(document: Any, pointer: str, prune: str | None = None) -> None:
    """Remove the member of an object that *pointer* leads to; *document* is changed.

    Args:
        document: Holds the member.
        pointer: Of the member.
        prune: Pointer of an object on the way from which on those left empty are removed too.

    Raises:
        LookupError: there is no such member of an object.
    """
    parent, _, last = pointer.rpartition("/")
    container = value_at(document, parent)
    if not isinstance(container, dict):
        raise LookupError(f"'{pointer}' is no member of an object.")
    del container[tokens("/" + last)[0]]
    if prune is not None and not container and (parent == prune or parent.startswith(prune + "/")):
        remove_at(document, parent, prune)


def same_json(left: Any, right: Any) -> bool:
    """Say whether two JSON values are equal: by type and value, but 1 and 1.0 are one number."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return left == right
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same_json(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(same_json, left, right))
    return type(left) is type(right) and bool(left == right)
