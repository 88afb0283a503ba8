"""The small table of the tests with one column changed."""

from typing import Any

from hyperparameter_tuning.shared.columns import DataSummary
from tests.registry_documents.cases import NUMBERS


def changed(name: str, **values: Any) -> DataSummary:
    """The small table with one column changed."""
    columns = [
        column.model_copy(update=values) if column.name == name else column for column in NUMBERS.columns
    ]
    return NUMBERS.model_copy(update={"columns": tuple(columns)})
