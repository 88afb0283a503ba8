"""How a document says, beside its types, what a form needs: titles, hints, and which names are registered.

Generating schemas does not belong here (`registry.safe_schema`), nor UI schemas (`registry.ui_schema`).
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictStr

HINT = "x-form"
"""Key under which hints travel inside a raw schema; it is taken out before anything is published."""

MAX_TEXT = 256
MAX_ROWS = 50
MAX_CHOICES = 1000
MAX_SEED = 2**32 - 1
SAFE_INTEGER = 2**53 - 1
"""Greatest whole number that JavaScript keeps exactly."""

Registered = Literal["strategies", "models", "metrics", "metrics_or_auto"]

Name = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
Text = Annotated[StrictStr, Field(max_length=MAX_TEXT)]
Whole = Annotated[int, Field(ge=-SAFE_INTEGER, le=SAFE_INTEGER)]


class FormDocument(BaseModel):
    """A part of a configuration: closed, frozen, finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Hint(BaseModel):
    """What may stand under `HINT`; see `hint`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    registered: Registered | None = None
    labels: list[str] = []
    prefill: Any = None
    ui: dict[str, Any] = {}


def hint(
    *,
    registered: Registered | None = None,
    labels: tuple[str, ...] = (),
    prefill: Any = None,
    ui: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a field's ``json_schema_extra`` with hints for the generated form.

    Args:
        registered: The field is one of the registered names; the schema lists them.
        labels: Shown instead of the values of an enum, in the same order.
        prefill: What a form starts with in a field that is required.
        ui: Keys of the field's UI schema, ``ui:`` included.
    """
    known = {"registered": registered, "labels": list(labels), "prefill": prefill, "ui": ui}
    return {HINT: {key: value for key, value in known.items() if value not in (None, [])}}


COLUMN = hint(ui={"ui:options": {"role": "column"}})
"""The hint of a field that names columns of the table."""
