"""Tables behind dataset nodes: read within limits, fingerprinted, summarised.

Where files may lie is in `shared.data_roots`; what the columns are, in `shared.column_types`. pandas is
loaded when something is read: the API imports this module at its start.
"""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.data_roots import DataFile, resolve_file
from hyperparameter_tuning.shared.dataset_refs import FileRef, SampleRef, SqlRef, parse_dataset_ref
from hyperparameter_tuning.shared.errors import DataError, TooLargeError
from hyperparameter_tuning.shared.fingerprints import PREFIX
from hyperparameter_tuning.shared.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

MAX_CELL_CHARACTERS = 1_000_000
"""Longest text of one cell; a longer one is a document that somebody put into a table."""
FINGERPRINT = "fingerprint"
"""Key of ``frame.attrs`` under which `read_table` leaves the fingerprint of what it read."""


def read_table(ref: Mapping[str, Any], settings: Settings) -> "pd.DataFrame":
    """Read a whole dataset.

    Args:
        ref: A dataset node's configuration: ``{source: file | sql | sample, ...}``.
        settings: Roots, connections and limits.

    Returns:
        The table with texts as column names and positions as index; its fingerprint is in ``attrs``.

    Raises:
        DataError: it does not exist, cannot be read as a table, or has no rows.
        TooLargeError: it passes a limit.
        UnknownNameError: the connection, table or sample is not known.
        UnavailableError: the database or the remote root does not answer.
    """
    frame, fingerprint = _read(ref, settings)
    _check_shape(frame, settings)
    _check_cells(frame)
    frame.columns = [str(name) for name in frame.columns]
    twice = sorted({name for name in frame.columns if (frame.columns == name).sum() > 1})
    if twice:
        raise DataError(
            f"The table has two columns called '{twice[0]}': rename one.", code="duplicate_column"
        )
    frame = frame.reset_index(drop=True)
    frame.attrs[FINGERPRINT] = fingerprint or frame_fingerprint(frame)
    return frame


def table_fingerprint(ref: Mapping[str, Any], settings: Settings) -> str:
    """Return ``sha256:...`` of a dataset's present content: of a file's bytes, of any other table's values.

    Raises:
        DataError: see `read_table`.
    """
    parsed = parse_dataset_ref(ref)
    if isinstance(parsed, SampleRef):
        return _sample_fingerprint(parsed.name)
    if not isinstance(parsed, FileRef):
        return str(read_table(ref, settings).attrs[FINGERPRINT])
    file = resolve_file(parsed.path, settings)
    _check_size(parsed.path, file.size, settings)
    return _known_hash(file) if file.is_settled else _hash_of_file(file)


def summarise(frame: "pd.DataFrame") -> DataSummary:
    """Say what validation needs to know of a table.

    The fingerprint is the one that `read_table` left, or that of the values where another read the table.
    """
    from hyperparameter_tuning.shared.column_types import infer_columns

    fingerprint = frame.attrs.get(FINGERPRINT) or frame_fingerprint(frame)
    return DataSummary(rows=len(frame), columns=infer_columns(frame), fingerprint=fingerprint)


def frame_fingerprint(frame: "pd.DataFrame") -> str:
    """Return ``sha256:...`` over names, types and values of a table in memory; its index does not count."""
    from pandas.util import hash_pandas_object

    digest = hashlib.sha256()
    for name, column in frame.items():
        digest.update(f"{name}\0{column.dtype}\0".encode())
        values = column.astype(str) if column.dtype == object else column
        digest.update(hash_pandas_object(values, index=False, categorize=False).to_numpy().tobytes())
    return PREFIX + digest.hexdigest()


def _read(ref: Mapping[str, Any], settings: Settings) -> tuple["pd.DataFrame", str | None]:
    parsed = parse_dataset_ref(ref)
    if isinstance(parsed, FileRef):
        from hyperparameter_tuning.shared.table_files import parse_file

        file = resolve_file(parsed.path, settings)
        _check_size(parsed.path, file.size, settings)
        with file.open() as stream:
            # One open file for both: what is hashed is what is parsed, whoever replaces it meanwhile.
            fingerprint = _hash_of(stream)
            stream.seek(0)
            return parse_file(stream, file, settings), fingerprint
    if isinstance(parsed, SqlRef):
        import pandas as pd

        from hyperparameter_tuning.shared.sql_source import read_sql

        found = read_sql(parsed.connection, parsed.table, settings)
        return pd.DataFrame.from_records(found.rows, columns=list(found.columns), coerce_float=True), None
    from hyperparameter_tuning.shared.samples import load_sample

    return load_sample(parsed.name), None


@lru_cache(maxsize=16)
def _sample_fingerprint(name: str) -> str:
    from hyperparameter_tuning.shared.samples import load_sample

    return frame_fingerprint(load_sample(name))


@lru_cache(maxsize=256)
def _known_hash(file: DataFile) -> str:
    """Hash a file once per version of it: an editor asks with every change of the panel."""
    return _hash_of_file(file)


def _hash_of_file(file: DataFile) -> str:
    with file.open() as stream:
        return _hash_of(stream)


def _hash_of(stream: Any) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(1 << 20):
        digest.update(chunk)
    return PREFIX + digest.hexdigest()


def _check_size(path: str, size: int, settings: Settings) -> None:
    if size > settings.max_data_bytes:
        message = f"'{path}' has {size} bytes; this server reads at most {settings.max_data_bytes}."
        raise TooLargeError(message, code="dataset_too_large", limit=settings.max_data_bytes)


def _check_shape(frame: "pd.DataFrame", settings: Settings) -> None:
    rows, columns = frame.shape
    for found, limit, what in (
        (rows, settings.max_data_rows, "rows"),
        (columns, settings.max_data_columns, "columns"),
    ):
        if found > limit:
            message = f"The table has more than {limit} {what}, the most that this server reads."
            raise TooLargeError(message, code="dataset_too_large", limit=limit)
        if not found:
            raise DataError(f"The table has no {what}: there is nothing to learn from.", code="empty_table")


def _check_cells(frame: "pd.DataFrame") -> None:
    for name, column in frame.items():
        if _longest_text(column) > MAX_CELL_CHARACTERS:
            message = (
                f"A cell of column '{name}' has more than {MAX_CELL_CHARACTERS} characters, the most that "
                "this server reads."
            )
            raise TooLargeError(message, code="dataset_too_large", limit=MAX_CELL_CHARACTERS)


def _longest_text(column: "pd.Series[Any]") -> int:
    import pandas as pd

    if isinstance(column.dtype, pd.StringDtype):
        return int(column.str.len().fillna(0).max())
    if column.dtype == object:
        return max((len(value) for value in column if isinstance(value, str | bytes)), default=0)
    return 0
