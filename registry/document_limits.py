"""What any document must keep to before its meaning is looked at: JSON, finite, not too large, not too deep.

What a document means does not belong here (`registry.validation`).
"""

import json
import math
from collections.abc import Iterator
from typing import Any

from hyperparameter_tuning.registry.form_fields import MAX_TEXT, SAFE_INTEGER
from hyperparameter_tuning.shared.errors import TooLargeError, UserError
from hyperparameter_tuning.shared.findings import Finding, json_pointer

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


def parse_document(raw: bytes | str, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """Read JSON that keeps to the limits.

    Args:
        raw: JSON text, UTF-8 where it is bytes.
        max_bytes: Largest text that is looked at.
        max_depth: Most levels of objects and lists.

    Returns:
        Plain Python values.

    Raises:
        TooLargeError: the text is larger than *max_bytes* (code ``too_large``) or deeper than *max_depth*
            (code ``too_deep``).
        UserError: it is no JSON (``invalid_json``), or holds NaN or Infinity (``not_finite``).
    """
    size = len(raw) if isinstance(raw, bytes) else len(raw.encode("utf-8", "surrogatepass"))
    if size > max_bytes:
        raise TooLargeError(f"The document has {size:,} bytes; {max_bytes:,} are allowed.", limit=max_bytes)
    document = _loaded(raw, max_depth)
    if _is_shallow_and_finite(document, max_depth):
        return document
    for finding in shape_findings(document, max_depth):
        if finding.code in ("too_deep", "not_finite"):
            error = TooLargeError if finding.code == "too_deep" else UserError
            raise error(finding.message, code=finding.code, pointer=finding.pointer)
    return document


def _is_shallow_and_finite(document: Any, max_depth: int) -> bool:
    """Look level by level, without pointers: a canvas of 8 MB has half a million values, and all are fine."""
    level = [document]
    for depth in range(max_depth + 1):
        inner: list[Any] = []
        n_containers = 0
        for value in level:
            if isinstance(value, dict | list):
                n_containers += 1
                inner += value.values() if isinstance(value, dict) else value
            elif isinstance(value, float) and not math.isfinite(value):
                return False
        if not n_containers:
            return True
        if depth == max_depth:
            break
        level = inner
    return False


def _loaded(raw: bytes | str, max_depth: int) -> Any:
    try:
        return json.loads(raw, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except UserError:
        raise
    except RecursionError as error:
        raise TooLargeError(_depth_message(max_depth), code="too_deep", limit=max_depth) from error
    except json.JSONDecodeError as error:
        raise UserError(
            f"This is not JSON: {error.msg} in line {error.lineno}, column {error.colno}.",
            code="invalid_json",
        ) from error
    except ValueError as error:
        raise UserError(f"This is not JSON in UTF-8: {error}.", code="invalid_json") from error


def _refuse_constant(name: str) -> Any:
    raise UserError(
        f"{name} is not a JSON number; leave the field out or give a finite one.", code="not_finite"
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UserError(f"The key '{twice[:100]}' stands twice in one object; keep one.", code="invalid_json")
    return result


def limit_findings(document: Any) -> list[Finding]:
    """Return what keeps *document* from being looked at: depth, size, texts and numbers out of range."""
    findings = list(shape_findings(document, MAX_DEPTH))
    if findings:
        return findings
    size = len(json.dumps(document, ensure_ascii=False).encode())
    if size > MAX_BYTES:
        return [_finding("", "too_large", f"The document has {size:,} bytes; {MAX_BYTES:,} are allowed.")]
    return []


def shape_findings(document: Any, max_depth: int = MAX_DEPTH) -> Iterator[Finding]:
    """Yield a finding per value that JSON, JavaScript or a database could not keep as it is."""
    stack: list[tuple[Any, tuple[str | int, ...]]] = [(document, ())]
    while stack:
        value, path = stack.pop()
        if isinstance(value, dict | list):
            if len(path) >= max_depth:
                yield _finding(json_pointer(*path), "too_deep", _depth_message(max_depth))
                return
            stack.extend(_children(value, path))
            if isinstance(value, dict):
                yield from (found for key in value for found in _key_findings(key, path))
        else:
            yield from _scalar_findings(value, path)


def _children(value: Any, path: tuple[str | int, ...]) -> list[tuple[Any, tuple[str | int, ...]]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [(child, (*path, key)) for key, child in reversed(list(items))]


def _scalar_findings(value: Any, path: tuple[str | int, ...]) -> Iterator[Finding]:
    pointer = json_pointer(*path)
    if isinstance(value, str):
        if len(value) > MAX_TEXT:
            yield _finding(
                pointer, "too_long", f"This text has {len(value):,} characters; {MAX_TEXT} are allowed."
            )
        elif "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            yield _finding(
                pointer, "invalid_text", "This text holds a character that cannot be stored; retype it."
            )
    elif isinstance(value, float) and not math.isfinite(value):
        yield _finding(
            pointer, "not_finite", f"{value} is not a JSON number; leave it out or give a finite one."
        )
    elif isinstance(value, int) and abs(value) > SAFE_INTEGER:
        yield _finding(
            pointer, "out_of_bounds", "This whole number is beyond 2^53, which browsers cannot keep exactly."
        )
    elif value is not None and not isinstance(value, bool | int | float):
        yield _finding(pointer, "wrong_type", f"A value of type {type(value).__name__} is not JSON.")


def _key_findings(key: Any, path: tuple[str | int, ...]) -> Iterator[Finding]:
    if isinstance(key, str):
        yield from _scalar_findings(key, path)
    else:
        yield _finding(
            json_pointer(*path), "wrong_type", f"The key {key!r} is not a text; JSON has no others."
        )


def _depth_message(max_depth: int) -> str:
    return f"The document is nested deeper than {max_depth} levels; flatten it."


def _finding(pointer: str, code: str, message: str) -> Finding:
    return Finding(pointer, code, "error", message)
