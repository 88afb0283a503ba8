"""Files as tables, by their suffix: CSV with any common separator, and Parquet.

Finding the file is in `shared.data_roots`; reading Parquet, in `shared.parquet_files`.
"""

from collections.abc import Callable, Mapping
from typing import BinaryIO

import pandas as pd

from hyperparameter_tuning.shared.data_roots import DataFile
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.parquet_files import parse_parquet, too_large
from hyperparameter_tuning.shared.settings import Settings

_SEPARATORS = (",", ";", "\t", "|")


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
        raise too_large(file, "columns", settings.max_data_columns)
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


_PARSERS: Mapping[str, Callable[[BinaryIO, DataFile, Settings], pd.DataFrame]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".parquet": parse_parquet,
    ".pq": parse_parquet,
}


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
