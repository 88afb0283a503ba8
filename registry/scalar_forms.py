"""A value that may be a text, a number, true or false, or nothing: a union that stock forms can edit.

One list of types would be shorter, but react-jsonschema-form edits it as a text, so that a number typed in
becomes a text, and JSON Forms has no renderer for a list of such values. What a value means for a parameter
does not belong here: `registry.typed_params` gives it its declared type.
"""

from typing import Annotated, Any

from pydantic import StrictBool, StrictFloat, StrictInt, WithJsonSchema

from hyperparameter_tuning.registry.form_fields import MAX_TEXT, Text, hint

# What react-jsonschema-form 6 needs to leave the branch alone while a text is being typed: an emptied field
# becomes an empty text, not null, which would be None (`registry.ui_schema` sees to it); no branch takes an
# empty text; none has a default, as that would be filled in; and the types of what looks like an empty text
# or no value stand in lists, since a bare type draws them to its branch. "radio" shows an answer that is not
# given yet, which a check box cannot. JSON Forms has no renderer for null, but one for an enum.
SCALAR_BRANCHES: dict[str, dict[str, Any]] = {
    "string": {
        "title": "Text",
        "type": ["string"],
        "minLength": 1,
        "maxLength": MAX_TEXT,
    },
    "number": {"title": "Number", "type": "number"},
    "boolean": {"title": "Yes or no", "type": "boolean", **hint(ui={"ui:widget": "radio"})},
    "null": {"title": "None", "type": ["null"], "enum": [None]},
}

Scalar = Annotated[
    Text | StrictFloat | StrictInt | StrictBool | None,
    WithJsonSchema({"title": "Value", "oneOf": list(SCALAR_BRANCHES.values())}),
]
