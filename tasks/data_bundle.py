"""The rows that a search may see, and their files: written once by the loader, mapped by search and refit.

Reading datasets and splitting them does not belong here (`tasks.loader`). Test rows have no place in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.errors import DataError

Array = np.ndarray[Any, np.dtype[Any]]

TEXT_KINDS = frozenset({"category", "text"})
_META_FILE = "bundle.json"
_TARGET, _GROUP, _TIME = "target", "group", "time"


@dataclass(frozen=True, slots=True)
class TargetMeta:
    """What is known of the target.

    Attributes:
        name: Its column.
        kind: Inferred kind of the column.
        dropped: Rows left out because they have no target.
    """

    name: str
    kind: str
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row before the row-wise steps that the tuned model repeats, for the columns that they take.

    Attributes:
        columns: What is known of each.
        row: Table of that row, shape (1, n_columns).
    """

    columns: tuple[Column, ...]
    row: pd.DataFrame


@dataclass(frozen=True, slots=True)
class TrainingDataBundle:
    """Training and validation rows, features apart from what judges and orders them.

    Attributes:
        X_train: Features, shape (n_train, n_features); text is ``object`` with NaN for missing.
        y_train: Target, shape (n_train,); never missing.
        X_validation: Features of the rows at the validation port; None where nothing is connected.
        y_validation: Their target.
        feature_columns: What is known of each feature, in the order of the columns: as inferred at submit,
            and as the steps that run once left them.
        target_meta: See `TargetMeta`.
        groups: Group of each training row, where folds go by group.
        times: Time of each training row, where folds go by time.
        source: A row before the row-wise steps that ran once; None where there are none.
    """

    X_train: pd.DataFrame
    y_train: Array
    X_validation: pd.DataFrame | None
    y_validation: Array | None
    feature_columns: tuple[Column, ...]
    target_meta: TargetMeta
    groups: Array | None = None
    times: Array | None = None
    source: SourceRow | None = None

    @property
    def classes(self) -> list[Any]:
        """The distinct targets in ascending order; a class that only validation rows have is one, too."""
        parts = [self.y_train] if self.y_validation is None else [self.y_train, self.y_validation]
        return [
            value.item() if hasattr(value, "item") else value for value in np.unique(np.concatenate(parts))
        ]


def write_bundle(folder: Path, bundle: TrainingDataBundle) -> None:
    """Write *bundle* as Arrow IPC files into *folder*.

    Raises:
        DataError: a column holds values that do not go together.
    """
    _write_table(folder / "train.arrow", _features(bundle.X_train, bundle.feature_columns))
    _write_table(folder / "train_roles.arrow", _roles(bundle.y_train, bundle.groups, bundle.times))
    if bundle.X_validation is not None and bundle.y_validation is not None:
        _write_table(folder / "validation.arrow", _features(bundle.X_validation, bundle.feature_columns))
        _write_table(folder / "validation_roles.arrow", _roles(bundle.y_validation))
    if bundle.source is not None:
        _write_table(folder / "source.arrow", _features(bundle.source.row, bundle.source.columns))
    meta = {
        "feature_columns": _documents(bundle.feature_columns),
        "source_columns": None if bundle.source is None else _documents(bundle.source.columns),
        "target_meta": asdict(bundle.target_meta),
    }
    (folder / _META_FILE).write_text(json.dumps(meta))


def read_bundle(folder: Path) -> TrainingDataBundle:
    """Read what `write_bundle` wrote, memory-mapped."""
    meta = json.loads((folder / _META_FILE).read_text())
    columns = _columns(meta["feature_columns"])
    roles = _read_table(folder / "train_roles.arrow")
    has_validation = (folder / "validation.arrow").exists()
    return TrainingDataBundle(
        X_train=_frame(_read_table(folder / "train.arrow"), columns),
        y_train=_array(roles, _TARGET),
        X_validation=_frame(_read_table(folder / "validation.arrow"), columns) if has_validation else None,
        y_validation=_array(_read_table(folder / "validation_roles.arrow"), _TARGET)
        if has_validation
        else None,
        feature_columns=columns,
        target_meta=TargetMeta(**meta["target_meta"]),
        groups=_optional_array(roles, _GROUP),
        times=_optional_array(roles, _TIME),
        source=_source(folder, meta["source_columns"]),
    )


def _source(folder: Path, documents: list[dict[str, Any]] | None) -> SourceRow | None:
    if documents is None:
        return None
    columns = _columns(documents)
    return SourceRow(columns, _frame(_read_table(folder / "source.arrow"), columns))


def _documents(columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [column.model_dump() for column in columns]


def _columns(documents: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    return tuple(Column(**document) for document in documents)


def _features(frame: pd.DataFrame, columns: Sequence[Column]) -> Mapping[str, pa.Array]:
    return {
        column.name: _arrow(frame[column.name], column.name, column.dtype in TEXT_KINDS) for column in columns
    }


def _roles(y: Array, groups: Array | None = None, times: Array | None = None) -> Mapping[str, pa.Array]:
    values = {_TARGET: y, _GROUP: groups, _TIME: times}
    return {role: _arrow(pd.Series(value), role) for role, value in values.items() if value is not None}


def _arrow(series: pd.Series[Any], name: str, text: bool = False) -> pa.Array:
    try:
        return pa.Array.from_pandas(series, type=pa.string() if text else None)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise DataError(
            f"Column '{name}' mixes values of different types; make them all text or all numbers."
        ) from error


def _write_table(path: Path, arrays: Mapping[str, pa.Array]) -> None:
    table = pa.table(dict(arrays))
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _read_table(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _frame(table: pa.Table, columns: Sequence[Column]) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    for column in columns:
        if column.dtype in TEXT_KINDS:
            frame[column.name] = _with_nan(frame[column.name])
    return frame


def _with_nan(series: pd.Series[Any]) -> pd.Series[Any]:
    """Return text as ``object`` with NaN: what scikit-learn's transformers take on every pandas."""
    values = series.astype(object)
    return values.where(values.notna(), np.nan)


def _array(table: pa.Table, name: str) -> Array:
    column = table.column(name)
    if pa.types.is_string(column.type):
        return np.array(column.to_pylist(), dtype=object)
    return np.asarray(column.to_pandas())


def _optional_array(table: pa.Table, name: str) -> Array | None:
    return _array(table, name) if name in table.column_names else None
