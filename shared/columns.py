"""What is known of a table's columns before anything is fitted.

Reading tables is in `shared.data`; this is the shape of what was seen, stored with the job so that the
worker treats the columns as the editor was told.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict

ColumnKind = Literal["integer", "number", "boolean", "category", "text", "datetime"]
NUMERIC_KINDS: frozenset[str] = frozenset({"integer", "number", "boolean"})


class Column(BaseModel):
    """One column as it was seen at inference.

    Attributes:
        name: Column name.
        dtype: Inferred kind; ``category`` is text with few distinct values, ``text`` with many.
        missing: Number of rows without a value.
        distinct: Number of distinct values among the others.
        minimum_class_count: Rows of the rarest value, for columns that may be a classification target.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    dtype: ColumnKind
    missing: int = 0
    distinct: int = 0
    minimum_class_count: int | None = None


class DataSummary(BaseModel):
    """What validation needs to know of a dataset; the same for editor, API and worker.

    Attributes:
        rows: Number of rows.
        columns: In the table's order.
        fingerprint: sha256 over content and column names, prefixed ``sha256:``.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    rows: int
    columns: tuple[Column, ...] = ()
    fingerprint: str = ""

    def column(self, name: str) -> Column | None:
        """Return the column called *name*, or None."""
        return next((column for column in self.columns if column.name == name), None)
