"""What a form looks like, generated beside the schema: for react-jsonschema-form and for JSON Forms.

Types and limits do not belong here; they are in the schema (`registry.safe_schema`).
"""

from collections.abc import Callable, Mapping
from typing import Any

from hyperparameter_tuning.registry.form_fields import COLUMN, HINT

Schema = Mapping[str, Any]

ONE_OF_SEVERAL_TEXT = ["string"]
"""How `registry.scalar_forms` writes a text that might be a number as well: emptied, it stays a text."""


def with_columns(schema: Schema, names_columns: Callable[[str], bool]) -> dict[str, Any]:
    """Return the schema of a kind's configuration with a form hint at each property that names columns.

    Args:
        schema: A closed object, or a union of them.
        names_columns: Says it of a property.
    """
    marked = dict(schema)
    if "oneOf" in schema:
        marked["oneOf"] = [with_columns(branch, names_columns) for branch in schema["oneOf"]]
    if "properties" in schema:
        parts = schema["properties"].items()
        marked["properties"] = {
            name: {**part, **COLUMN} if names_columns(name) else part for name, part in parts
        }
    return marked


def rjsf_ui(schema: Schema) -> dict[str, Any]:
    """Return the UI schema for react-jsonschema-form.

    Args:
        schema: In the safe subset; form hints inside are heeded.

    Returns:
        A tree along the data. Lists under ``oneOf`` have the order of the schema's branches, and every
        ``ui:order`` ends in ``"*"``, so that a field added by a later version is still shown.
    """
    ui: dict[str, Any] = dict(schema.get(HINT, {}).get("ui", {}))
    labels = schema.get(HINT, {}).get("labels")
    if labels:
        ui["ui:enumNames"] = labels
    if schema.get("type") == ONE_OF_SEVERAL_TEXT:
        ui["ui:emptyValue"] = ""
    elif _empties_to_null(schema):
        ui["ui:emptyValue"] = None
    if "oneOf" in schema:
        ui["oneOf"] = [_branch_ui(branch) for branch in schema["oneOf"]]
    if "properties" in schema:
        ui |= _object_ui(schema)
    if isinstance(schema.get("items"), Mapping):
        items = rjsf_ui(schema["items"])
        if items:
            ui["items"] = items
    return ui


def _empties_to_null(schema: Schema) -> bool:
    """An emptied field says "none" where that is a value: a missing key would mean the default."""
    types = schema.get("type", ())
    return not isinstance(types, str) and "null" in types and "enum" not in schema


def _object_ui(schema: Schema) -> dict[str, Any]:
    parts = {name: rjsf_ui(part) for name, part in schema["properties"].items()}
    return {"ui:order": [*parts, "*"]} | {name: part for name, part in parts.items() if part}


def _branch_ui(branch: Schema) -> dict[str, Any]:
    """The select above a branch shows its title: a label again and an input for the tag are noise."""
    ui = rjsf_ui(branch) | {"ui:label": False}
    for name, part in branch.get("properties", {}).items():
        if "const" in part:
            ui[name] = {"ui:widget": "hidden"}
    return ui


def jsonforms_ui(schema: Schema) -> dict[str, Any]:
    """Return the UI schema for JSON Forms: one control per field, plain objects as groups."""
    if "properties" not in schema:
        return {"type": "VerticalLayout", "elements": [{"type": "Control", "scope": "#"}]}
    return {"type": "VerticalLayout", "elements": _elements(schema, "#")}


def _elements(schema: Schema, scope: str) -> list[dict[str, Any]]:
    return [_element(part, f"{scope}/properties/{name}") for name, part in schema["properties"].items()]


def _element(schema: Schema, scope: str) -> dict[str, Any]:
    if "properties" in schema:
        return {"type": "Group", "label": schema.get("title", ""), "elements": _elements(schema, scope)}
    control: dict[str, Any] = {"type": "Control", "scope": scope}
    if "title" in schema:
        control["label"] = schema["title"]
    options = _options(schema)
    return control | ({"options": options} if options else {})


def _options(schema: Schema) -> dict[str, Any]:
    ui = schema.get(HINT, {}).get("ui", {})
    readonly = {"readonly": True} if ui.get("ui:readonly") or schema.get("readOnly") else {}
    named = {"elementLabelProp": "name"} if _has_named_items(schema) else {}
    return readonly | named


def _has_named_items(schema: Schema) -> bool:
    """Rows that carry a name are listed by it."""
    items = schema.get("items", {})
    return all("name" in branch.get("properties", {}) for branch in items.get("oneOf", [items]))
