"""Files as tables: CSV with any common separator, and Parquet, refused before they fill the memory.

Finding the file is in `shared.data_roots`.
"""

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from hyperparameter_tuning.shared.data_roots import DataFile
from hyperparameter_tuning.shared.errors import DataError, TooLargeError
from hyperparameter_tuning.shared.settings import Settings

_SEPARATORS = (",", ";", "\t", "|")
_COMPRESSION = 100


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
    header = stream.readline(settings.max_data_columns * 256).decode("utf-8-sig", errors="replace")
    separator = max(_SEPARATORS, key=header.count)
    if header.count(separator) >= settings.max_data_columns:
        raise _too_large(file, "columns", settings.max_data_columns)
    stream.seek(0)
    try:
        return pd.read_csv(
            stream,
            sep=separator,
            encoding="utf-8-sig",
            nrows=settings.max_data_rows + 1,
            low_memory=False,
            # Otherwise a file with one name too few has its first column taken for the index.
            index_col=False,
        )
    except UnicodeDecodeError as error:
        raise DataError(
            f"'{file.name}' is no UTF-8 text: save it as CSV in UTF-8.", code="unreadable"
        ) from error
    except pd.errors.EmptyDataError as error:
        raise DataError(f"'{file.name}' is empty.", code="empty_table") from error
    except (pd.errors.ParserError, pd.errors.ParserWarning, ValueError) as error:
        message = f"'{file.name}' cannot be read as CSV: {_one_line(error)}"
        raise DataError(message, code="unreadable") from error


def _parquet(stream: BinaryIO, file: DataFile, settings: Settings) -> pd.DataFrame:
    try:
        parquet = pq.ParquetFile(stream)
        metadata = parquet.metadata
        _check_parquet(metadata, file, settings)
        frame: pd.DataFrame = parquet.read().to_pandas()
    except (pa.ArrowException, OSError) as error:
        message = f"'{file.name}' cannot be read as Parquet: {_one_line(error)}"
        raise DataError(message, code="unreadable") from error
    return frame.reset_index() if any(name is not None for name in frame.index.names) else frame


def _check_parquet(metadata: Any, file: DataFile, settings: Settings) -> None:
    """Refuse by what the file's footer says, before its pages are unpacked."""
    if metadata.num_rows > settings.max_data_rows:
        raise _too_large(file, "rows", settings.max_data_rows)
    if metadata.num_columns > settings.max_data_columns:
        raise _too_large(file, "columns", settings.max_data_columns)
    unpacked = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
    if unpacked > max(settings.max_data_bytes, _COMPRESSION * file.size):
        raise _too_large(file, "bytes when unpacked", settings.max_data_bytes)


_PARSERS: Mapping[str, Callable[[BinaryIO, DataFile, Settings], pd.DataFrame]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".parquet": _parquet,
    ".pq": _parquet,
}


def _too_large(file: DataFile, what: str, limit: int) -> TooLargeError:
    message = f"'{file.name}' has more than {limit} {what}, the most that this server reads."
    return TooLargeError(message, code="dataset_too_large", limit=limit)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
