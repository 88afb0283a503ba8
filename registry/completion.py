"""A valid configuration made whole: what was left open is written down, so that a job says what it ran.

Judging does not belong here (`registry.validation`), nor other spellings (`registry.normalisation`).
"""

from typing import Any

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.config_rows import FixedParam
from hyperparameter_tuning.registry.task import fixed_params
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.registry.values import dimension_from_row, rows_from_space
from hyperparameter_tuning.shared.errors import UserError

Document = dict[str, Any]


def completed(case: TuningCase) -> Document:
    """Return the configuration as the job stores it.

    The model and the direction are the ones in force, the search space holds the rows used, and every value
    has its declared type: the same document, spelled by a browser or by Python, completes to the same.
    A value that its model refuses stays as it was written.
    """
    document: Document = case.config.model_dump(mode="json")
    model = case.model
    if model is None:
        return document
    document["model"] = model.key
    document["search_space"] = [_typed_row(model, row) for row in document["search_space"]] or _suggested(
        case
    )
    document["fixed_params"] = [_typed_fixed(model, row) for row in case.config.fixed_params]
    if case.metric is not None and case.is_data_known:
        document["objective"]["direction"] = case.metric[0].direction
    return document


def _suggested(case: TuningCase) -> list[Document]:
    rows = [dict(row) for _, row in case.rows]
    whole = case.config.model_validate({**case.config.model_dump(), "search_space": rows})
    dumped: list[Document] = whole.model_dump(mode="json")["search_space"]
    return dumped


def _typed_row(model: ModelSpec, row: Document) -> Document:
    if not row["enabled"]:
        return row
    try:
        (typed,) = rows_from_space(model, (dimension_from_row(model, row),))
    except UserError:
        return row
    return row | typed


def _typed_fixed(model: ModelSpec, row: FixedParam) -> Document:
    document = row.model_dump(mode="json")
    try:
        return document | {"value": fixed_params([row], model)[row.name]}
    except UserError:
        return document
