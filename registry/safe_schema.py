"""JSON Schema from Pydantic in the subset that real form renderers and validators accept.

What the subset is does not belong here (`registry.schema_subset`), nor what a form shows
(`registry.ui_schema`), nor which schemas exist (`registry.schema_export`).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from hyperparameter_tuning.registry.form_fields import HINT
from hyperparameter_tuning.registry.schema_subset import KEY_ORDER, unsafe_keywords

Schema = dict[str, Any]

TYPE_ORDER = ("object", "array", "string", "number", "integer", "boolean", "null")


class _SafeGenerator(GenerateJsonSchema):
    """Pydantic's generator without the parts that forms cannot show."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False  # titles are written by hand

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        result = super().tagged_union_schema(schema)
        result.pop("discriminator", None)
        return result

    def union_schema(self, schema: core_schema.UnionSchema) -> JsonSchemaValue:
        return _merged(super().union_schema(schema))

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return _merged(super().nullable_schema(schema))

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        result = super().model_schema(schema)
        # The attribute list of a docstring describes the fields; a form shows the first paragraph alone.
        if "description" in result:
            result["description"] = _plain(result["description"].split("\n\n")[0])
        for name, text in _attributes(schema["cls"].__doc__ or "").items():
            if name in result.get("properties", {}):
                result["properties"][name].setdefault("description", text)
        return result


def _attributes(docstring: str) -> dict[str, str]:
    """Return what the ``Attributes:`` section of a Google-style docstring says of each."""
    _, _, section = docstring.partition("Attributes:\n")
    entries = re.split(r"^ {8}(\w+): ", section.split("\n\n")[0], flags=re.MULTILINE)[1:]
    return {name: _plain(text) for name, text in zip(entries[::2], entries[1::2], strict=True)}


def _plain(text: str) -> str:
    return " ".join(text.replace("``", "'").split())


def _merged(schema: Schema) -> Schema:
    """Replace ``anyOf`` over scalars, or over one part and null, by one list of types in the tried order."""
    branches = schema.get("anyOf", [])
    parts = [branch for branch in branches if branch.get("type") != "null"]
    scalars = all(branch.get("type") not in (None, "object", "array") for branch in parts)
    if not branches or not (scalars or (len(parts) == 1 and "type" in parts[0])):
        return schema
    types: set[str] = set()
    rest: Schema = {}
    for branch in branches:
        types |= {branch["type"]} if isinstance(branch["type"], str) else set(branch["type"])
        rest |= {key: value for key, value in branch.items() if key != "type"}
    if "number" in types:
        types.discard("integer")
    if "const" in rest:
        rest["enum"] = [rest.pop("const")]
    if "enum" in rest and "null" in types:
        rest["enum"] = [*rest["enum"], None]
    own = {key: value for key, value in schema.items() if key != "anyOf"}
    return rest | own | {"type": [name for name in TYPE_ORDER if name in types]}


def hinted_schema(model: type[BaseModel]) -> Schema:
    """Return the schema of a configuration in the safe subset, form hints still inside.

    Raises:
        ValueError: a field cannot be said in the subset; the sentence names it.
    """
    schema = _schema_of(model)
    for pointer, keyword in unsafe_keywords(schema):
        if keyword != HINT:
            raise ValueError(
                f"{model.__name__} cannot be published: '{keyword}' at '{pointer}' is not understood by "
                "all forms. Use scalars, lists, closed objects and unions tagged by a Literal."
            )
    return schema


def open_schema(model: type[BaseModel]) -> Schema:
    """Return the schema of a document that no form shows: objects may be open, and have no defaults.

    It compiles wherever configurations do.
    """
    schema: Schema = _without_defaults(_schema_of(model))
    return schema


def _schema_of(model: type[BaseModel]) -> Schema:
    raw = model.model_json_schema(schema_generator=_SafeGenerator)
    schema: Schema = _ordered(_tagged(_inlined(raw, raw.get("$defs", {}))))
    return schema


def _without_defaults(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_defaults(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _without_defaults(part) for name, part in value.items()}
        if key == "properties"
        else _without_defaults(value)
        for key, value in node.items()
        if key != "default"
    }


def _inlined(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = definitions[node["$ref"].rsplit("/", 1)[-1]]
        return _inlined(target | {key: value for key, value in node.items() if key != "$ref"}, definitions)
    return _merged({key: _inlined(value, definitions) for key, value in node.items() if key != "$defs"})


def _tagged(node: Any) -> Any:
    """Require the tags of branches, make other constants enums, and keep defaults on leaves only."""
    if isinstance(node, list):
        return [_tagged(item) for item in node]
    if not isinstance(node, dict):
        return node
    result = {key: _PARTS.get(key, _tagged)(value) for key, value in node.items()}
    if isinstance(result.get("default"), dict | list):
        del result["default"]
    return result


def _branches(branches: list[Schema]) -> list[Schema]:
    return [_branch(branch) for branch in branches]


def _properties(properties: Schema) -> Schema:
    return {name: _without_const(_tagged(part)) for name, part in properties.items()}


def _branch(node: Schema) -> Schema:
    """Put the tag of a branch first, keep it a constant, and require it; a scalar branch has none."""
    branch: Schema = _tagged(node)
    if "properties" not in node:
        return branch
    tags = {
        name: _tagged(part) | {"readOnly": True}
        for name, part in node["properties"].items()
        if "const" in part
    }
    required = list(dict.fromkeys([*tags, *branch.get("required", [])]))
    return branch | {"properties": tags | {**branch["properties"], **tags}, "required": required}


def _without_const(part: Schema) -> Schema:
    if "const" not in part:
        return part
    return {key: value for key, value in part.items() if key != "const"} | {"enum": [part["const"]]}


# What is below these keys is no schema itself.
_PARTS: dict[str, Callable[[Any], Any]] = {
    "oneOf": _branches,
    "properties": _properties,
    HINT: lambda hint: hint,
}


def _ordered(node: Any) -> Any:
    if isinstance(node, list):
        return [_ordered(item) for item in node]
    if not isinstance(node, dict):
        return node
    keys = [key for key in KEY_ORDER if key in node] + sorted(key for key in node if key not in KEY_ORDER)
    return {
        key: {name: _ordered(value) for name, value in node[key].items()}
        if key == "properties"
        else _ordered(node[key])
        for key in keys
    }
