"""The subset of JSON Schema that real form renderers and strict validators accept (DESIGN.md section 3).

It has no references, no ``anyOf``, no conditionals, no free maps and no keyword of a vendor. Making schemas
does not belong here (`registry.safe_schema`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hyperparameter_tuning.shared.findings import json_pointer

KEY_ORDER = (
    "title",
    "description",
    "type",
    "const",
    "enum",
    "oneOf",
    "default",
    "properties",
    "required",
    "items",
)
SAFE_KEYWORDS = frozenset(
    {
        *KEY_ORDER,
        "additionalProperties",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "uniqueItems",
        "readOnly",
    }
)


def unsafe_keywords(schema: Mapping[str, Any], pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield (pointer, keyword) of everything in *schema* that is outside the safe subset.

    ``type`` beside ``oneOf`` and a map of free names count as outside, too.
    """
    for keyword in schema:
        if keyword not in SAFE_KEYWORDS:
            yield pointer, keyword
    if "oneOf" in schema and "type" in schema:
        yield pointer, "type"
    if schema.get("additionalProperties") not in (None, False):
        yield pointer, "additionalProperties"
    for name, part in _parts(schema):
        yield from unsafe_keywords(part, pointer + name)


def _parts(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, part in schema.get("properties", {}).items():
        yield json_pointer("properties", name), part
    for index, part in enumerate(schema.get("oneOf", ())):
        yield json_pointer("oneOf", index), part
    if isinstance(schema.get("items"), Mapping):
        yield "/items", schema["items"]
