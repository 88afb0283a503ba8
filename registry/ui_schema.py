"""What a form looks like, generated beside the schema: for react-jsonschema-form and for JSON Forms.

Types and limits do not belong here; they are in the schema (`registry.safe_schema`).
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.registry.form_fields import HINT

Schema = Mapping[str, Any]


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
    if "oneOf" in schema:
        ui["oneOf"] = [_branch_ui(branch) for branch in schema["oneOf"]]
    if "properties" in schema:
        ui |= _object_ui(schema)
    if isinstance(schema.get("items"), Mapping):
        items = rjsf_ui(schema["items"])
        if items:
            ui["items"] = items
    return ui


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
    if schema.get(HINT, {}).get("ui", {}).get("ui:readonly") or schema.get("readOnly"):
        control["options"] = {"readonly": True}
    return control
