"""Trials as tables for people and programs: CSV and Parquet.

Which trials, and how they are asked for, does not belong here.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hyperparameter_tuning.jobs.records import TrialRecord

# A cell that starts so is run as a formula by spreadsheets (OWASP, "CSV Injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
LEADING_COLUMNS = ("number", "origin", "state", "score", "std", "n_folds", "resource", "rung", "how")
TRAILING_COLUMNS = ("error", "started_at", "finished_at")
TABLE_FORMATS = ("csv", "parquet")
# What a column of values seen so far cannot tell: a trial without an error says nothing of errors.
KNOWN_DTYPES = {
    **dict.fromkeys(("number", "score", "std", "n_folds", "resource", "rung"), "number"),
    **dict.fromkeys(("origin", "state", "how", "error"), "text"),
    **dict.fromkeys(("started_at", "finished_at"), "datetime"),
}
_DTYPES = {bool: "boolean", int: "number", float: "number"}

Row = Mapping[str, Any]


def flat_trial(trial: TrialRecord, ways: Sequence[str] = ()) -> dict[str, Any]:
    """Return a candidate as one row of a table: a column per metric and per parameter.

    Args:
        trial: The candidate.
        ways: How its units came about; they stand in one cell.
    """
    return {
        "number": trial.number,
        "origin": trial.origin,
        "state": trial.state,
        "score": trial.score,
        "std": trial.std,
        "n_folds": trial.n_folds,
        "resource": trial.resource,
        "rung": trial.rung,
        "how": ", ".join(ways) or None,
        **{f"score_{name}": value for name, value in trial.scores.items()},
        **{f"param_{name}": value for name, value in trial.params.items()},
        "error": trial.error,
        "started_at": None if trial.started_at is None else trial.started_at.isoformat(),
        "finished_at": None if trial.finished_at is None else trial.finished_at.isoformat(),
    }


def columns_of(rows: Sequence[Row]) -> list[str]:
    """Return the columns of *rows*: fixed ones around those of metrics and parameters, as they appear."""
    fixed = {*LEADING_COLUMNS, *TRAILING_COLUMNS}
    found = dict.fromkeys(name for row in rows for name in row if name not in fixed)
    return [*LEADING_COLUMNS, *found, *TRAILING_COLUMNS]


def column_dtypes(rows: Sequence[Row]) -> dict[str, str | None]:
    """Return the kind of each column of *rows* in `columns_of` order; None where every value is null.

    A column of values of several types is text: it holds their JSON texts.
    """
    return {name: _dtype(name, [row.get(name) for row in rows]) for name in columns_of(rows)}


def safe_cell(value: Any) -> Any:
    """Return what stands in a CSV cell for *value*.

    Texts that a spreadsheet would run as a formula get a leading quote; numbers stay numbers, negative ones
    too. None is an empty cell, True and False are written as JSON does.
    """
    if isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def to_csv(rows: Sequence[Row]) -> bytes:
    """Return *rows* as CSV (RFC 4180), UTF-8."""
    text = io.StringIO(newline="")
    names = columns_of(rows)
    writer = csv.writer(text)
    writer.writerow([safe_cell(name) for name in names])
    writer.writerows([[safe_cell(row.get(name)) for name in names] for row in rows])
    return text.getvalue().encode()


def to_parquet(rows: Sequence[Row]) -> bytes:
    """Return *rows* as Parquet; a column of values of several types holds their JSON texts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({name: _uniform([row.get(name) for row in rows]) for name in columns_of(rows)})
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def _dtype(name: str, values: Sequence[Any]) -> str | None:
    if name in KNOWN_DTYPES:
        return KNOWN_DTYPES[name]
    kinds = {_DTYPES.get(type(value), "text") for value in values if value is not None}
    return None if not kinds else kinds.pop() if len(kinds) == 1 else "text"


def _uniform(values: Sequence[Any]) -> list[Any]:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) <= 1:
        return list(values)
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    return [None if value is None else json.dumps(value) for value in values]
