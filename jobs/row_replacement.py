"""Inserts that update the row with the same keys instead, in the words of either database.

Which rows those are does not belong here; see the repositories.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite

from hyperparameter_tuning.jobs.database import Session


def is_postgresql(session: Session) -> bool:
    """Say whether *session* talks to PostgreSQL."""
    return session.get_bind().dialect.name == "postgresql"


def insert_or_update(
    session: Session,
    table: Table,
    keys: Sequence[str],
    update_columns: Mapping[str, Any] | Sequence[str],
    only_if: ColumnElement[bool] | None = None,
) -> Any:
    """Return an insert that updates the row with the same *keys* instead, where there is one.

    Args:
        session: Says the dialect.
        table: Where to.
        keys: Columns of a unique constraint.
        update_columns: Names that take the new row's values, or names with expressions.
        only_if: Condition on the row that exists; where it does not hold, nothing happens.
    """
    postgres = is_postgresql(session)
    if not isinstance(update_columns, Mapping) and only_if is None:
        return _replacing_insert(postgres, table, tuple(keys), tuple(update_columns))
    statement = _dialect(postgres).insert(table)
    if not isinstance(update_columns, Mapping):
        update_columns = {name: statement.excluded[name] for name in update_columns}
    return statement.on_conflict_do_update(
        index_elements=list(keys), set_=dict(update_columns), where=only_if
    )


@cache
def _replacing_insert(postgres: bool, table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> Any:
    """Kept, for each batch of a search is saved by it: SQLAlchemy keeps what it compiled with a statement."""
    statement = _dialect(postgres).insert(table)
    new = {name: statement.excluded[name] for name in columns}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=new)


def _dialect(postgres: bool) -> Any:
    return postgresql if postgres else sqlite
