"""Short ways to make the findings that rules give.

What is judged does not belong here: see the ``rules_*`` modules.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.findings import Finding, json_pointer

Fix = Mapping[str, Any]


def error(pointer: str, code: str, message: str, fix: Fix | None = None) -> Finding:
    """Return a finding that refuses."""
    return Finding(pointer, code, "error", message, fix)


def warning(pointer: str, code: str, message: str, fix: Fix | None = None) -> Finding:
    """Return a finding that informs."""
    return Finding(pointer, code, "warning", message, fix)


def todo(pointer: str, code: str, message: str) -> Finding:
    """Return an open item of the checklist."""
    return Finding(pointer, code, "todo", message)


def patch_fix(title: str, *operations: tuple[str, str] | tuple[str, str, Any]) -> Fix:
    """Return a remedy that changes the configuration.

    Args:
        title: What a button says.
        operations: (op, pointer) or (op, pointer, value) of RFC 6902.
    """
    patch = [dict(zip(("op", "path", "value"), operation, strict=False)) for operation in operations]
    return {"title": title, "patch": patch}


def insert_fix(title: str, steps: Sequence[tuple[str, Mapping[str, Any]]]) -> Fix:
    """Return a remedy that puts nodes between the tuning node and what feeds it.

    Args:
        title: What a button says.
        steps: (node kind, configuration), in the order of the data.
    """
    return {
        "title": title,
        "insert_steps": [{"kind": kind, "config": dict(config)} for kind, config in steps],
    }


def refused(refusal: UserError, pointer: str) -> Finding:
    """Return what a registry refused, at its own pointer or at *pointer*, with the nearest name as a fix."""
    place = refusal.pointer or pointer
    nearest = refusal.details.get("nearest")
    fix = patch_fix(f"Use {nearest}", ("replace", place, nearest)) if nearest is not None else None
    return error(place, refusal.code, refusal.message, fix)


def row_pointer(index: int | None, *parts: str | int) -> str:
    """Return the pointer of a search row, or of the search space for a suggested one."""
    return "/search_space" if index is None else json_pointer("search_space", index, *parts)
