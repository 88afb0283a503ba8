"""Rows of a SQL table behind a named connection; a graph never holds a URL or a password.

Making a table of the rows is in `shared.data`. The job store does not belong here (`jobs`).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Inspector, MetaData, Table, create_engine, inspect, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from hyperparameter_tuning.shared.data_roots import packaged_examples
from hyperparameter_tuning.shared.errors import TooLargeError, UnavailableError, UnknownNameError
from hyperparameter_tuning.shared.findings import nearest_name
from hyperparameter_tuning.shared.settings import Settings

EXAMPLES_CONNECTION = "examples"
# The store's asynchronous drivers read through their synchronous relatives here.
_DRIVERS = {
    "sqlite+aiosqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+asyncpg": "postgresql+psycopg",
}


@dataclass(frozen=True, slots=True)
class SqlRows:
    """What a table holds.

    Attributes:
        columns: Names in the table's order.
        rows: One tuple per row.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def read_sql(connection: str, table: str, settings: Settings) -> SqlRows:
    """Read a whole table or view.

    Rows come in the order of the primary key, or of all columns where there is none, so that the same
    content gives the same folds.

    Args:
        connection: A key of ``HPT_CONNECTIONS``, or ``examples``.
        table: Name, with ``schema.`` before it where needed.
        settings: Connections, and the greatest number of rows and columns.

    Raises:
        UnknownNameError: there is no such connection or table.
        TooLargeError: it has too many rows or columns.
        UnavailableError: the database does not answer.
    """
    engine = create_engine(_url(connection, settings), poolclass=NullPool)
    try:
        with engine.connect() as reading:
            found = _reflect(reading, connection, table)
            if len(found.columns) > settings.max_data_columns:
                raise _too_large(table, "columns", settings.max_data_columns)
            return _rows(reading, found, settings)
    except SQLAlchemyError as error:
        raise UnavailableError(
            f"The connection '{connection}' cannot be read now ({type(error).__name__}).",
            code="connection_failed",
        ) from error
    finally:
        engine.dispose()


def connection_names(settings: Settings) -> tuple[str, ...]:
    """Return the names that a graph may use."""
    return tuple(sorted({EXAMPLES_CONNECTION, *settings.connections}))


def _url(connection: str, settings: Settings) -> URL:
    if connection in settings.connections:
        url = make_url(settings.connections[connection].get_secret_value())
        return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if connection == EXAMPLES_CONNECTION:
        path = (packaged_examples() / "wine.db").resolve()
        # immutable: SQLite neither locks nor journals, so a read-only installation will do.
        query = {"mode": "ro", "immutable": "1", "uri": "true"}
        return URL.create("sqlite", database=f"file:{path}", query=query)
    known = connection_names(settings)
    nearest = nearest_name(connection, known)
    hint = f"Did you mean '{nearest}'?" if nearest else f"Known are {', '.join(known)}."
    raise UnknownNameError(
        f"There is no connection '{connection}' in this server's settings (HPT_CONNECTIONS). {hint}",
        code="unknown_connection",
        nearest=nearest,
    )


def _reflect(reading: Connection, connection: str, table: str) -> Table:
    inspector = inspect(reading)
    schema, name, known = None, table, _tables(inspector, None)
    if table not in known and "." in table:
        schema, _, name = table.rpartition(".")
        known = _tables(inspector, schema) if schema in inspector.get_schema_names() else []
    if name not in known:
        nearest = nearest_name(name, known)
        hint = f" Did you mean '{nearest}'?" if nearest else ""
        raise UnknownNameError(
            f"The connection '{connection}' has no table '{table}'.{hint}",
            code="unknown_table",
            nearest=nearest,
        )
    return Table(name, MetaData(), schema=schema, autoload_with=reading)


def _tables(inspector: Inspector, schema: str | None) -> list[str]:
    return [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]


def _rows(reading: Connection, table: Table, settings: Settings) -> SqlRows:
    order = list(table.primary_key.columns) or list(table.columns)
    statement = select(table).order_by(*order).limit(settings.max_data_rows + 1)
    rows = [tuple(row) for row in reading.execute(statement)]
    if len(rows) > settings.max_data_rows:
        raise _too_large(table.name, "rows", settings.max_data_rows)
    return SqlRows(tuple(str(column.name) for column in table.columns), rows)


def _too_large(table: str, what: str, limit: int) -> TooLargeError:
    message = f"The table '{table}' has more than {limit} {what}, the most that this server reads."
    return TooLargeError(message, code="dataset_too_large", limit=limit)
