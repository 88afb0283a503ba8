"""Files as tables, by their suffix: CSV with any common separator, and Parquet.

Finding the file is in `shared.data_roots`; reading Parquet, in `shared.parquet_files`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import pandas as pd
from pandas.api import types

from hyperparameter_tuning.shared.data_roots import DataFile
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.parquet_files import parse_parquet, too_large
from hyperparameter_tuning.shared.settings import Settings

_SEPARATORS = (",", ";", "\t", "|")
_UNNAMED = re.compile(r"Unnamed: \d+\Z")
_DECIMAL_COMMA = r"\s*[+-]?\d+,(?:\d{1,2}|\d{4,})\s*"


def parse_file(stream: BinaryIO, file: DataFile, settings: Settings) -> pd.DataFrame:
    """Parse a file by its suffix.

    Args:
        stream: Its bytes from the beginning; seekable.
        file: Its name and size.
        settings: Limits on rows and columns.

    Raises:
        DataError: the suffix is unknown or the content is something else.
        TooLargeError: it has too many rows or columns.
    """
    parser = _PARSERS.get(file.suffix)
    if parser is None:
        known = ", ".join(_PARSERS)
        message = f"'{file.name}' cannot be read as a table: its name must end in one of {known}."
        raise DataError(message, code="unknown_format")
    return parser(stream, file, settings)


def _csv(stream: BinaryIO, file: DataFile, settings: Settings) -> pd.DataFrame:
    separator = _separator(stream, file, settings)
    try:
        _check_surplus(stream, file, separator, settings)
        frame = _parsed(stream, separator, settings, index_col=False)
        if separator != ",":
            frame = _with_decimal_commas(frame, stream, separator, settings)
    except UnicodeDecodeError as error:
        raise DataError(
            f"'{file.name}' is no UTF-8 text: save it as CSV in UTF-8.", code="unreadable"
        ) from error
    except pd.errors.EmptyDataError as error:
        raise DataError(f"'{file.name}' is empty.", code="empty_table") from error
    except (pd.errors.ParserError, ValueError) as error:
        message = f"'{file.name}' cannot be read as CSV: {_one_line(error)}"
        raise DataError(message, code="unreadable") from error
    return _without_empty_columns(frame)


def _separator(stream: BinaryIO, file: DataFile, settings: Settings) -> str:
    header = stream.readline(settings.max_data_columns * 256).decode("utf-8-sig", errors="replace")
    # What is quoted belongs to a name.
    bare = re.sub(r'"[^"]*"', "", header)
    separator = max(_SEPARATORS, key=bare.count)
    if bare.count(separator) >= settings.max_data_columns:
        raise too_large(file, "columns", settings.max_data_columns)
    return separator


def _parsed(stream: BinaryIO, separator: str, settings: Settings, **options: Any) -> pd.DataFrame:
    stream.seek(0)
    frame: pd.DataFrame = pd.read_csv(
        stream,
        sep=separator,
        encoding="utf-8-sig",
        nrows=settings.max_data_rows + 1,
        low_memory=False,
        **options,
    )
    return frame


def _check_surplus(stream: BinaryIO, file: DataFile, separator: str, settings: Settings) -> None:
    """Refuse rows with more values than the header has names; pandas would shift or drop them.

    A separator at the end of each row is harmless.
    """
    stream.seek(0)
    try:
        # Without a header the first row says how many values the second may have.
        pd.read_csv(stream, sep=separator, encoding="utf-8-sig", header=None, nrows=2, dtype=object)
    except pd.errors.ParserError:
        frame = _parsed(stream, separator, settings)
        # The first columns of such a file became the index, and the surplus came last.
        surplus = frame.index.nlevels
        if surplus > frame.shape[1] or frame.iloc[:, -surplus:].notna().any(axis=None):
            raise DataError(
                f"The rows of '{file.name}' have more values than the header has names: name every column.",
                code="unreadable",
            ) from None


def _with_decimal_commas(
    frame: pd.DataFrame, stream: BinaryIO, separator: str, settings: Settings
) -> pd.DataFrame:
    """Read 1,5 as a number where the file writes its numbers so, and loses none that has a point.

    Three digits after every comma may be thousands: such texts alone do not make the file one.
    """
    texts = [name for name in frame.columns if not types.is_numeric_dtype(frame[name].dtype)]
    if not any(frame[name].astype(str).str.fullmatch(_DECIMAL_COMMA).any() for name in texts):
        return frame
    other = _parsed(stream, separator, settings, decimal=",", index_col=False)
    read = {name for name in other.columns if types.is_numeric_dtype(other[name].dtype)}
    numbers = set(frame.columns) - set(texts)
    clear = any(frame[name].astype(str).str.fullmatch(_DECIMAL_COMMA).any() for name in read - numbers)
    return other if clear and numbers <= read else frame


def _without_empty_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out what a separator at the end of every line makes: columns without name and values."""
    empty = [name for name in frame.columns if _UNNAMED.match(str(name)) and frame[name].isna().all()]
    return frame.drop(columns=empty)


_PARSERS: Mapping[str, Callable[[BinaryIO, DataFile, Settings], pd.DataFrame]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".parquet": parse_parquet,
    ".pq": parse_parquet,
}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
