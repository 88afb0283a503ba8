"""How candidates are judged: the kinds of cross-validation, as documents.

Making folds does not belong here (`shared.splits`), nor checking them against data (`registry.rules_folds`).
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from hyperparameter_tuning.registry.form_fields import COLUMN, FormDocument, Name, hint

MAX_FOLDS = 50
MAX_REPEATS = 50


class KFold(FormDocument):
    """Every row judges once: in each of the folds."""

    model_config = ConfigDict(title="Folds")

    kind: Literal["k_fold"] = Field("k_fold", title="Kind")
    folds: int = Field(5, title="Folds", ge=2, le=MAX_FOLDS)
    shuffle: bool = Field(True, title="Shuffle", description="Off: folds are runs of neighbouring rows.")
    stratify: Literal["auto", "on", "off"] = Field(
        "auto",
        title="Stratify",
        description="Keep the class shares in every fold; auto: for classification, where possible.",
        json_schema_extra=hint(labels=("Auto", "On", "Off")),
    )
    repeats: int = Field(
        1,
        title="Repeats",
        ge=1,
        le=MAX_REPEATS,
        description="Divide anew so many times; more fits, less noise.",
    )


class GroupKFold(FormDocument):
    """Rows of one group are never on both sides of a fold."""

    model_config = ConfigDict(title="Folds by group")

    kind: Literal["group_k_fold"] = Field("group_k_fold", title="Kind")
    column: Name = Field(
        title="Group column",
        description="It says which rows belong together; no feature.",
        json_schema_extra=COLUMN,
    )
    folds: int = Field(5, title="Folds", ge=2, le=MAX_FOLDS)


class TimeSeries(FormDocument):
    """Each fold is judged by rows that come after those it learns from."""

    model_config = ConfigDict(title="Time series")

    kind: Literal["time_series"] = Field("time_series", title="Kind")
    folds: int = Field(5, title="Folds", ge=2, le=MAX_FOLDS)
    gap: int = Field(
        0, title="Gap", ge=0, le=1_000_000, description="Rows left out between learning and judging."
    )
    column: Name | None = Field(
        None,
        title="Time column",
        description="Rows are put in its order, and it is no feature; empty: the table's own order.",
        json_schema_extra=COLUMN,
    )


class Holdout(FormDocument):
    """One share of the rows judges every candidate."""

    model_config = ConfigDict(title="Holdout")

    kind: Literal["holdout"] = Field("holdout", title="Kind")
    test_size: float = Field(
        0.25, title="Judging share", gt=0, lt=1, description="Share of the rows that judges."
    )


class ValidationPort(FormDocument):
    """The rows at the validation port judge every candidate."""

    model_config = ConfigDict(title="Rows at the validation port")

    kind: Literal["validation_port"] = Field("validation_port", title="Kind")


CrossValidation = Annotated[
    KFold | GroupKFold | TimeSeries | Holdout | ValidationPort,
    Field(discriminator="kind", title="Cross-validation"),
]
