"""The rows of a search space and of fixed parameters, as documents.

What a row means for a model does not belong here: `registry.values` gives each value its declared type.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from hyperparameter_tuning.registry.form_fields import MAX_CHOICES, FormDocument, Name, Whole, hint
from hyperparameter_tuning.registry.scalar_forms import Scalar

NumberType = Literal["int", "float"]

_NumberType = Annotated[
    NumberType | None,
    Field(
        title="Numbers are",
        description="For parameters that take a count or a fraction; by their size: above 1 is a count.",
        json_schema_extra=hint(labels=("Counts", "Fractions", "By their size")),
    ),
]


class Row(FormDocument):
    """What every row of a search space has."""

    name: Name = Field(title="Parameter", description="A parameter of the model.")
    enabled: bool = Field(True, title="Search this", description="Off: kept, but not searched.")


class IntRow(Row):
    """Every whole number from low to high."""

    model_config = ConfigDict(title="Whole numbers")

    kind: Literal["int"] = Field("int", title="Kind")
    low: Whole = Field(title="Low", json_schema_extra=hint(prefill=1))
    high: Whole = Field(title="High", json_schema_extra=hint(prefill=10))
    step: Whole = Field(1, title="Step", ge=1)
    log: bool = Field(False, title="Log scale", description="Draw evenly in the logarithm.")
    number_type: _NumberType = None


class FloatRow(Row):
    """Real numbers from low to high."""

    model_config = ConfigDict(title="Real numbers")

    kind: Literal["float"] = Field("float", title="Kind")
    low: float = Field(title="Low", json_schema_extra=hint(prefill=0.0))
    high: float = Field(title="High", json_schema_extra=hint(prefill=1.0))
    step: float | None = Field(None, title="Step", gt=0, description="Empty: every value between.")
    log: bool = Field(False, title="Log scale", description="Draw evenly in the logarithm.")
    grid_points: int | None = Field(
        None, title="Grid points", ge=1, le=MAX_CHOICES, description="How many values a grid takes."
    )
    number_type: _NumberType = None


class CategoricalRow(Row):
    """One of a list of values."""

    model_config = ConfigDict(title="Choices")

    kind: Literal["categorical"] = Field("categorical", title="Kind")
    choices: list[Scalar] = Field(title="Values", min_length=1, max_length=MAX_CHOICES)
    number_type: _NumberType = None


SearchRow = Annotated[IntRow | FloatRow | CategoricalRow, Field(discriminator="kind", title="Row")]


class FixedParam(FormDocument):
    """A parameter that has one value in every candidate."""

    model_config = ConfigDict(title="Fixed parameter")

    name: Name = Field(title="Parameter", description="A parameter of the model that is not searched.")
    value: Scalar = Field(title="Value")
    number_type: _NumberType = None
