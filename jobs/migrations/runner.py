"""Applies the versions under a lock, tells which one is in force, and prints them.

What the tables are does not belong here: `jobs.models` says it, the versions make it.
"""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import InterfaceError, OperationalError

from hyperparameter_tuning.jobs.database import BUSY_SECONDS, POSTGRESQL_CONNECT, use_schema
from hyperparameter_tuning.jobs.host_migrations import TABLE_PREFIX
from hyperparameter_tuning.shared.errors import TuningError, UnavailableError
from hyperparameter_tuning.shared.settings import Settings

VERSION_TABLE = "hpt_alembic_version"
UPGRADE_COMMAND = "tuning-node db upgrade"
# Any number that no other program on the server is likely to lock.
_LOCK_KEY = 0x687074_6D6967


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """Say whether autogenerate should look at *name*; a host's own tables stay out of it."""
    return kind != "table" or (name or "").startswith(TABLE_PREFIX)


def upgrade(settings: Settings) -> None:
    """See `jobs.database.upgrade`."""
    with _locked(settings) as connection:
        command.upgrade(_config(connection=connection), "head")


def current(settings: Settings) -> str | None:
    """See `jobs.database.current`."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        # Looking must not create the file.
        return None
    with _engine(settings) as engine, engine.connect() as connection:
        return MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE}
        ).get_current_revision()


def sql(settings: Settings) -> str:
    """See `jobs.database.sql`."""
    buffer = io.StringIO()
    config = _config(dialect_name=make_url(settings.database).get_backend_name())
    config.output_buffer = buffer
    command.upgrade(config, "head", sql=True)
    return buffer.getvalue()


def check_current(settings: Settings) -> None:
    """See `jobs.database.check_current`."""
    present = current(settings)
    scripts = ScriptDirectory.from_config(_config())
    if present == scripts.get_current_head():
        return
    try:
        known = present is None or scripts.get_revision(present) is not None
    except CommandError:
        known = False
    if not known:
        raise TuningError(
            f"The job store has tables of a newer version ({present}). Update this program.",
            code="schema_newer",
        )
    state = "has no tables yet" if present is None else f"has tables of an older version ({present})"
    raise TuningError(f"The job store {state}. Run: {UPGRADE_COMMAND}", code="schema_outdated")


def _config(**attributes: Any) -> Config:
    config = Config()
    folder = str(files("hyperparameter_tuning.jobs.migrations"))
    # Alembic reads this through ConfigParser, to which % is special.
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(attributes)
    return config


@contextmanager
def _engine(settings: Settings) -> Iterator[Engine]:
    url = make_url(settings.database)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite:
        engine = create_engine(url.set(drivername="sqlite"), connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediately)
    else:
        engine = create_engine(url, connect_args=dict(POSTGRESQL_CONNECT))
        use_schema(engine, settings)
    try:
        yield engine
    except (OperationalError, InterfaceError) as error:
        raise UnavailableError("The job store does not answer now. Try again in a moment.") from error
    finally:
        engine.dispose()


@contextmanager
def _locked(settings: Settings) -> Iterator[Connection]:
    """Open a transaction that only one process can be in."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    with _engine(settings) as engine, engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
            if settings.database_schema:
                schema = settings.database_schema.lower()
                connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
        yield connection


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except Exception as error:
            # The change to WAL needs the file for itself and does not wait as statements do.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _begin_immediately(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
