"""Short forms in which JSON Schemas of configurations are written down.

Which configurations there are does not belong here: see `registry.kind_schemas`. Schemas made from Pydantic
models are in `registry.safe_schema`.

All keep to the subset that real form renderers accept (DESIGN.md section 3): no ``$ref``, ``anyOf``,
conditionals or free maps; unions are ``oneOf`` tagged by a ``const`` that is required; nullable types are
type lists; defaults stand on the leaves.
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.form_fields import hint

Schema = dict[str, Any]


def tag(value: str, title: str) -> Schema:
    """Return the schema of a branch's tag: one text, which is also its default and not to be edited."""
    return {"type": "string", "const": value, "default": value, "title": title, "readOnly": True}


def branch(
    title: str, tag_name: str, properties: Mapping[str, Schema], *, required: tuple[str, ...] = ()
) -> Schema:
    """Return one closed object of a tagged union; the tag is always required."""
    return {
        "type": "object",
        "title": title,
        "properties": dict(properties),
        "required": [tag_name, *required],
        "additionalProperties": False,
    }


def closed(title: str, properties: Mapping[str, Schema]) -> Schema:
    """Return a closed object whose properties all have defaults."""
    return {"type": "object", "title": title, "properties": dict(properties), "additionalProperties": False}


def text(title: str, *, default: str | None = None, description: str = "", limit: int = 256) -> Schema:
    """Return the schema of a short text."""
    schema: Schema = {"type": "string", "title": title, "minLength": 1, "maxLength": limit}
    return schema | _extras(default, description)


def choice(title: str, values: Mapping[str, str], *, default: str, description: str = "") -> Schema:
    """Return the schema of one text out of *values*, which says what a form calls each."""
    labelled = hint(labels=tuple(values.values()))
    return {"type": "string", "title": title, "enum": list(values)} | _extras(default, description) | labelled


def whole(
    title: str, *, default: int, minimum: int, maximum: int | None = None, description: str = ""
) -> Schema:
    """Return the schema of a whole number."""
    schema: Schema = {"type": "integer", "title": title, "minimum": minimum}
    if maximum is not None:
        schema["maximum"] = maximum
    return schema | _extras(default, description)


def flag(title: str, *, default: bool, description: str = "") -> Schema:
    """Return the schema of a yes or no."""
    return {"type": "boolean", "title": title} | _extras(default, description)


def _extras(default: Any, description: str) -> Schema:
    extras: Schema = {} if default is None else {"default": default}
    return extras | ({"description": description} if description else {})
