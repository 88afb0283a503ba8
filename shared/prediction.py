"""Predicting with a tuned model: rows are checked against what the model was fitted on, then predicted.

Works without the server: the file and its document (`GET .../artifact` and `.../artifact/document`) suffice.
Storing and opening files is in `shared.artifacts`; fitting does not belong here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
from pandas.api import types

from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.column_types import conform
from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.errors import DataError

_NAMED = 5
_KINDS: Mapping[str, str] = {
    "integer": "numbers",
    "number": "numbers",
    "boolean": "yes or no",
    "category": "texts",
    "text": "texts",
    "datetime": "dates",
}


@dataclass(frozen=True, slots=True)
class TunedModel:
    """A tuned model and what it takes.

    Attributes:
        estimator: Fitted scikit-learn estimator or pipeline.
        columns: Input columns in their order; only name and kind of each are known.
        input: ``raw`` takes rows as the dataset has them, ``prepared`` as the steps before the model leave
            them.
        classes: Labels as the data has them, in the order of the probabilities; empty for regression.
    """

    estimator: Any
    columns: tuple[Column, ...]
    input: str
    classes: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of rows.

    Attributes:
        values: Labels as the data has them, or numbers; shape (n_rows,), with the index of the rows.
        probabilities: A column per label, shape (n_rows, n_classes); None where the model has none.
        notes: Sentences about columns that were not used, and values that were taken as missing.
    """

    values: "pd.Series[Any]"
    probabilities: pd.DataFrame | None = None
    notes: tuple[str, ...] = ()


def load_tuned(
    file: Path | str | BinaryIO, document: Mapping[str, Any], trusted: Collection[str] = ()
) -> TunedModel:
    """Open a tuned model.

    Args:
        file: Path of the downloaded file, or an open binary file.
        document: Its document: ``sha256``, ``input``, ``columns`` and ``classes``.
        trusted: Types of other packages that may be opened besides the published allow-list. The document
            names those that the model needs (``trusted_types``); whoever opens it says whether to.

    Raises:
        DataError: the file is not the one of the document, is no model, or needs a type that is not trusted.
    """
    wanted = [name for name in document.get("trusted_types") or () if name not in trusted]
    if wanted:
        raise DataError(
            f"The model holds types of other packages: if you trust them, open it with trusted={wanted!r}.",
            code="artifact_type_not_allowed",
        )
    columns = tuple(Column(name=item["name"], dtype=item["dtype"]) for item in document["columns"])
    with TemporaryDirectory(prefix="hpt-model-") as folder:
        path = _on_disk(file, Path(folder))
        estimator = artifacts.load(path, document["sha256"], trusted)
    return TunedModel(estimator, columns, document["input"], tuple(document.get("classes") or ()))


def predict(model: TunedModel, frame: pd.DataFrame) -> Prediction:
    """Predict rows.

    Columns are found by name, in any order, and brought to the types that the model was fitted on, as at
    training: whole numbers may come as real ones, numbers as text are numbers, an infinity counts as a gap.
    Categories that were not seen at training are fine.

    Args:
        model: From `load_tuned`.
        frame: Rows with at least the model's columns.

    Raises:
        DataError: columns are missing, hold something else, or have gaps that the model cannot take; the
            sentence names them.
    """
    notes = [*_unused(model, frame), *_infinite(model, frame)]
    rows = _checked(model, frame)
    try:
        found = model.estimator.predict(rows)
        chances = model.estimator.predict_proba(rows) if hasattr(model.estimator, "predict_proba") else None
    except ValueError as error:
        raise _refused(model, rows, error) from error
    values = pd.Series(_as_in_the_data(model, found), index=frame.index, name="prediction")
    probabilities = None
    if chances is not None and model.classes:
        probabilities = pd.DataFrame(chances, index=frame.index, columns=list(model.classes))
    return Prediction(values, probabilities, tuple(notes))


def _on_disk(file: Path | str | BinaryIO, folder: Path) -> Path:
    if isinstance(file, str | Path):
        return Path(file)
    path = folder / "model.skops"
    path.write_bytes(file.read())
    return path


def _checked(model: TunedModel, frame: pd.DataFrame) -> pd.DataFrame:
    missing = [column.name for column in model.columns if column.name not in frame.columns]
    if missing:
        raise DataError(f"The rows have no {_columns(missing)}: the model needs them.", code="column_missing")
    wrong = [column for column in model.columns if not _can_be(frame[column.name], column)]
    if wrong:
        held = "; ".join(f"'{column.name}' must hold {_KINDS[column.dtype]}" for column in wrong[:_NAMED])
        more = f"; and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise DataError(f"The rows do not fit the model: {held}{more}.", code="column_type_changed")
    return conform(frame, model.columns)


def _can_be(values: "pd.Series[Any]", column: Column) -> bool:
    # Anything can be read as text; a model that was fitted on texts would call numbers unseen categories.
    if column.dtype in ("category", "text") and not values.isna().all():
        return not (types.is_numeric_dtype(values.dtype) or types.is_datetime64_any_dtype(values.dtype))
    if column.dtype != "datetime" and types.is_datetime64_any_dtype(values.dtype):
        return False
    try:
        conform(values.to_frame(), [column])
    except DataError:
        return False
    return True


def _unused(model: TunedModel, frame: pd.DataFrame) -> list[str]:
    known = {column.name for column in model.columns}
    extra = [str(name) for name in frame.columns if name not in known]
    return [f"Not used: {_columns(extra)}."] if extra else []


def _infinite(model: TunedModel, frame: pd.DataFrame) -> list[str]:
    names = [
        column.name
        for column in model.columns
        if column.name in frame.columns
        and types.is_float_dtype(frame[column.name].dtype)
        and bool(np.isinf(frame[column.name].to_numpy(dtype=float, na_value=np.nan)).any())
    ]
    return [f"Infinite values were taken as missing, as at training: {_columns(names)}."] if names else []


def _refused(model: TunedModel, rows: pd.DataFrame, error: ValueError) -> DataError:
    gaps = [column.name for column in model.columns if rows[column.name].isna().any()]
    if gaps:
        return DataError(
            f"The model cannot take rows without a value in {_columns(gaps)}: fill them, as the rows it "
            "learned from had none.",
            code="missing_values",
        )
    return DataError(f"The model refused the rows: {str(error).splitlines()[0]}", code="rows_refused")


def _as_in_the_data(model: TunedModel, found: Any) -> Any:
    """Return labels as the data has them: yes and no were counted as 1 and 0."""
    if not model.classes:
        return found
    labels = np.empty(len(model.classes), dtype=object)
    labels[:] = model.classes
    codes = {label: index for index, label in enumerate(np.asarray(model.estimator.classes_).tolist())}
    return (
        pd.Series(labels[[codes[value] for value in np.asarray(found).tolist()]]).infer_objects().to_numpy()
    )


def _columns(names: Collection[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in list(names)[:_NAMED])
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{'column' if len(names) == 1 else 'columns'} {shown}{more}"
