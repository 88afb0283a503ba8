"""Parquet files as tables, refused by what they would unpack to, before they unpack to it.

Other formats are in `shared.table_files`, which chooses by suffix.
"""

from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from hyperparameter_tuning.shared.data_roots import DataFile
from hyperparameter_tuning.shared.errors import DataError, TooLargeError
from hyperparameter_tuning.shared.settings import Settings

# A table in memory may be so much larger than the largest file: texts of one digit become eight bytes.
_MEMORY_PER_BYTE = 10
_CELL_BYTES = 8
# A page that unpacks to so many times its size was made to do so; small files may be that lucky.
_MOST_UNPACKED_PER_BYTE = 100
_UNSUSPICIOUS_BYTES = 1_000_000


def parse_parquet(stream: BinaryIO, file: DataFile, settings: Settings) -> pd.DataFrame:
    """Read a Parquet file.

    Args:
        stream: Its bytes from the beginning; seekable.
        file: Its name and size.
        settings: Limits; in memory a table may take ten times ``max_data_bytes``.

    Raises:
        DataError: it is no Parquet, or a column holds lists or structures.
        TooLargeError: it passes a limit.
    """
    try:
        schema = pq.read_schema(stream)
        stream.seek(0)
        _check_flat(schema, file)
        texts = [field.name for field in schema if _is_text(field.type)]
        # As dictionaries, texts stay as small as they are in the file, however often they repeat.
        parquet = pq.ParquetFile(stream, read_dictionary=texts)
        _check_footer(parquet.metadata, file, settings)
        table = _with_plain_texts(parquet.read(), set(texts), file, settings)
        frame: pd.DataFrame = table.to_pandas()
    except (pa.ArrowException, OSError) as error:
        message = f"'{file.name}' cannot be read as Parquet: {' '.join(str(error).split())[:300]}"
        raise DataError(message, code="unreadable") from error
    return frame.reset_index() if any(name is not None for name in frame.index.names) else frame


def _is_text(kind: Any) -> bool:
    return any(
        test(kind)
        for test in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_binary,
            pa.types.is_large_binary,
        )
    )


def _check_flat(schema: Any, file: DataFile) -> None:
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    if nested:
        message = (
            f"Column '{nested[0]}' of '{file.name}' holds lists or structures: give it one value per row."
        )
        raise DataError(message, code="nested_column")


def _check_footer(metadata: Any, file: DataFile, settings: Settings) -> None:
    if metadata.num_rows > settings.max_data_rows:
        raise too_large(file, "rows", settings.max_data_rows)
    if metadata.num_columns > settings.max_data_columns:
        raise too_large(file, "columns", settings.max_data_columns)
    unpacked = sum(metadata.row_group(index).total_byte_size for index in range(metadata.num_row_groups))
    if unpacked > max(_MOST_UNPACKED_PER_BYTE * file.size, _UNSUSPICIOUS_BYTES):
        raise too_large(file, "times its size when unpacked", _MOST_UNPACKED_PER_BYTE)
    cells = metadata.num_rows * metadata.num_columns * _CELL_BYTES
    _check_memory(max(unpacked, cells), file, settings)


def _check_memory(size: int, file: DataFile, settings: Settings) -> None:
    limit = _MEMORY_PER_BYTE * settings.max_data_bytes
    if size > limit:
        raise too_large(file, "bytes when unpacked", limit)


def _with_plain_texts(table: Any, texts: set[str], file: DataFile, settings: Settings) -> Any:
    """Unpack the texts, once their whole length is known to be allowed."""
    size = 0
    for column in table.columns:
        for chunk in column.chunks:
            if pa.types.is_dictionary(chunk.type) and _is_text(chunk.type.value_type):
                lengths = pc.binary_length(chunk.dictionary).cast(pa.int64())
                size += pc.sum(lengths.take(chunk.indices)).as_py() or 0
    _check_memory(size, file, settings)
    for index, name in enumerate(table.column_names):
        if name in texts and pa.types.is_dictionary(table.column(index).type):
            decoded = table.column(index).cast(table.column(index).type.value_type)
            table = table.set_column(index, name, decoded)
    return table


def too_large(file: DataFile, what: str, limit: int) -> TooLargeError:
    """Return the refusal of a file that passes a limit."""
    message = f"'{file.name}' has more than {limit} {what}, the most that this server reads."
    return TooLargeError(message, code="dataset_too_large", limit=limit)
