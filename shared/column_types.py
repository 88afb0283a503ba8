"""What each column holds, inferred once, and tables brought to what was inferred.

The inferred kinds are stored with the job, so that editor, search and prediction treat a column alike. What
a model can take is in `shared.preparation`.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from pandas.api import types

from hyperparameter_tuning.shared.columns import Column, ColumnKind
from hyperparameter_tuning.shared.errors import DataError

Values = pd.Series  # one column of a table

MANY_TEXTS = 1000
FEW_TEXTS = 20
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?\Z")


def infer_columns(frame: pd.DataFrame) -> tuple[Column, ...]:
    """Say what each column holds.

    Whole numbers with gaps are integers, as are True and False with gaps booleans, although pandas reads
    both as something else. An infinity counts as a gap. Texts are a category when they are at most 20, or
    at most 1000 and on average seen twice; texts that are all ISO dates are dates.

    Args:
        frame: Column names are texts.
    """
    return tuple(_infer(str(name), frame[name]) for name in frame.columns)


def conform(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Bring a table to the columns that were inferred, in their order.

    Integers and booleans become int64 (float64 where there are gaps), numbers float64 without infinities,
    categories and texts objects (str, or NaN for a gap), dates datetime64 in UTC. Columns that were not
    inferred are left out.

    Args:
        frame: Any table that has the columns.
        columns: As inferred at submit.

    Returns:
        A new table with positions as index.

    Raises:
        DataError: a column is missing or holds what cannot be its kind.
    """
    missing = [column.name for column in columns if column.name not in frame.columns]
    if missing:
        raise DataError(
            f"The table has no column '{missing[0]}', which it had before.", code="column_missing"
        )
    conformed = {
        column.name: _conformed(frame[column.name], column).reset_index(drop=True) for column in columns
    }
    return pd.DataFrame(conformed, index=pd.RangeIndex(len(frame)))


def _infer(name: str, values: Values) -> Column:
    kind, clean = _kind(values)
    present = clean.dropna()
    counts = present.value_counts()
    return Column(
        name=name,
        dtype=kind,
        missing=int(clean.isna().sum()),
        distinct=len(counts),
        minimum_class_count=int(counts.min()) if 0 < len(counts) <= MANY_TEXTS else None,
    )


def _kind(values: Values) -> tuple[ColumnKind, Values]:
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        return "category", _texts(values)
    if types.is_bool_dtype(dtype):
        return "boolean", values
    if types.is_datetime64_any_dtype(dtype):
        return "datetime", values
    if types.is_integer_dtype(dtype):
        return "integer", values
    if types.is_numeric_dtype(dtype) or types.is_timedelta64_dtype(dtype):
        return _kind_of_numbers(_numbers(values))
    return _kind_of_objects(values)


def _kind_of_numbers(numbers: Values) -> tuple[ColumnKind, Values]:
    present = numbers.dropna()
    # Whole numbers lose their type to a gap; without one, 1.0 was meant to be a real number.
    gaps = len(present) < len(numbers)
    whole = gaps and len(present) > 0 and bool((present == present.round()).all())
    return ("integer" if whole else "number"), numbers


def _kind_of_objects(values: Values) -> tuple[ColumnKind, Values]:
    present = values.dropna()
    if present.empty:
        return "number", _numbers(values)
    inferred = types.infer_dtype(present, skipna=True)
    if inferred in _KIND_OF_INFERRED:
        return _KIND_OF_INFERRED[inferred](values)
    texts = _texts(values)
    present = texts.dropna()
    if all(_DATE.match(text) for text in present.unique()[:MANY_TEXTS]):
        dates = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce")
        if int(dates.notna().sum()) == len(present):
            return "datetime", dates
    distinct = present.nunique()
    few = distinct <= FEW_TEXTS or (distinct <= MANY_TEXTS and 2 * distinct <= len(present))
    return ("category" if few else "text"), texts


_KIND_OF_INFERRED: Mapping[str, Callable[[Values], tuple[ColumnKind, Values]]] = {
    "boolean": lambda values: ("boolean", values),
    "integer": lambda values: ("integer", values),
    "decimal": lambda values: _kind_of_numbers(_numbers(values)),
    "floating": lambda values: _kind_of_numbers(_numbers(values)),
    "mixed-integer-float": lambda values: _kind_of_numbers(_numbers(values)),
    "date": lambda values: ("datetime", _dates(values)),
    "datetime": lambda values: ("datetime", _dates(values)),
    "datetime64": lambda values: ("datetime", _dates(values)),
}


def _conformed(values: Values, column: Column) -> Values:
    try:
        return _CONFORM[column.dtype](values)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(
            f"Column '{column.name}' held {_HELD[column.dtype]} when its type was inferred, and now holds "
            "something else.",
            code="column_type_changed",
        ) from error


def _whole(values: Values) -> Values:
    numbers = _numbers(values)
    return numbers if numbers.isna().any() else numbers.astype(np.int64)


def _numbers(values: Values) -> Values:
    if types.is_timedelta64_dtype(values.dtype):
        seconds: Values = values.dt.total_seconds()
        return seconds
    numbers = pd.to_numeric(values).astype(np.float64)
    return numbers.where(np.isfinite(numbers), np.nan)


def _texts(values: Values) -> Values:
    objects = values.astype(object)
    texts = objects.map(str)
    return texts.astype(object).where(objects.notna(), np.nan)


def _dates(values: Values) -> Values:
    return pd.to_datetime(values, utc=True, format="ISO8601" if types.is_string_dtype(values.dtype) else None)


_CONFORM: Mapping[str, Callable[[Values], Values]] = {
    "integer": _whole,
    "boolean": _whole,
    "number": _numbers,
    "category": _texts,
    "text": _texts,
    "datetime": _dates,
}
_HELD: Mapping[str, str] = {
    "integer": "whole numbers",
    "boolean": "yes or no",
    "number": "numbers",
    "category": "texts",
    "text": "texts",
    "datetime": "dates",
}
