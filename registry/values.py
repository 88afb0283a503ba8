"""Everything that turns JSON values into what estimators get, and back, under one name.

The rules do not belong here: parameters are in `registry.typed_params`, rows in `registry.space_rows`
and `registry.suggestions`.
"""

from hyperparameter_tuning.registry.space_rows import (
    dimension_from_row,
    row_kinds,
    rows_from_space,
    space_from_rows,
)
from hyperparameter_tuning.registry.suggestions import suggested_rows
from hyperparameter_tuning.registry.typed_params import (
    default_params,
    describe_bounds,
    known_field,
    number_types_of,
    typed_param,
    typed_params,
)

__all__ = [
    "default_params",
    "describe_bounds",
    "dimension_from_row",
    "known_field",
    "number_types_of",
    "row_kinds",
    "rows_from_space",
    "space_from_rows",
    "suggested_rows",
    "typed_param",
    "typed_params",
]
