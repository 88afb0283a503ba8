"""Connections to the job store: SQLite and PostgreSQL behind one door, transactions, and its failures.

No tables (`jobs.models`), no statements about jobs (`*_repository`), no migrations
(`jobs.migrations.runner`, reached here by `upgrade`, `current`, `sql` and `check_current`).
"""

import asyncio
import json
import math
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from hyperparameter_tuning.jobs.wake_ups import WakeUps, make_wake_ups, noted_jobs
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.settings import Settings, get_settings

Session = AsyncSession
Value = TypeVar("Value")

BUSY_SECONDS = 30
RETRIES = 6
POSTGRESQL_CONNECT: Mapping[str, Any] = {"connect_timeout": 5, "prepare_threshold": None}
"""Nothing is prepared on the server: behind a pooler the next transaction may have another connection."""
# Serialisation failure, deadlock, a transaction left alone, and the server going away or coming up.
_RETRIED_STATES = frozenset({"40001", "40P01", "25P03", "57P01", "57P02", "57P03", "53300"})
_SCHEMA_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")

encode_json = partial(json.dumps, allow_nan=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class _Access:
    """How a SQLite connection is opened and begun; each kind of access has its own pool.

    One pragma cannot be changed inside a transaction and another per statement costs a round trip, so a
    connection keeps its kind for life.
    """

    begin: str
    pragmas: tuple[str, ...]


_SQLITE_PRAGMAS = ("journal_mode = WAL", "foreign_keys = ON")
_ACCESS: dict[str, _Access] = {
    # A read never becomes a write: SQLite would answer "locked" at once instead of waiting.
    "read": _Access("BEGIN", (*_SQLITE_PRAGMAS, "query_only = ON")),
    "write": _Access("BEGIN IMMEDIATE", (*_SQLITE_PRAGMAS, "synchronous = NORMAL")),
    "durable": _Access("BEGIN IMMEDIATE", (*_SQLITE_PRAGMAS, "synchronous = FULL")),
}


@dataclass(slots=True)
class _LoopDoors:
    """What one event loop has open."""

    wake_ups: WakeUps
    engines: dict[str, AsyncEngine] = field(default_factory=dict)
    # SQLite lets one writer in; waiting here is fair and wakes at once, waiting there is neither.
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Database:
    """The job store of one installation; usable from any number of event loops.

    Attributes:
        settings: Where the store is.
        is_sqlite: Whether it is a SQLite file.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.is_sqlite = make_url(settings.database).get_backend_name() == "sqlite"
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _LoopDoors] = WeakKeyDictionary()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """Open a session that only reads.

        Raises:
            UnavailableError: the store does not answer.
        """
        with _translated():
            async with self._session("read") as session:
                # Connected at once, so that a store that is away shows here and not at the first statement.
                await session.connection()
                yield session

    @asynccontextmanager
    async def write(self, *, durable: bool = True) -> AsyncIterator[Session]:
        """Open a transaction that commits at the end of the block and rolls back on any exception.

        Await nothing but the session inside: on SQLite everybody else waits.

        Args:
            durable: Whether the commit must survive a power cut (SQLite: synchronous FULL). Heartbeats and
                batches of finished units need not: what is lost is scored again.

        Raises:
            UnavailableError: the store does not answer, or its disk is full.
            ValueError: NaN or an infinity was to be stored as JSON.
        """
        with _translated():
            if self.is_sqlite:
                async with (
                    self._own().writing,
                    self._transaction("durable" if durable else "write") as session,
                ):
                    yield session
            else:
                async with self._transaction("write") as session:
                    yield session
        # Committed, and nobody waits for this transaction any more.
        if told := noted_jobs(session.info):
            self.wake_ups.tell(told)

    async def run(
        self, work: Callable[[Session], Awaitable[Value]], *, write: bool = True, durable: bool = True
    ) -> Value:
        """Run *work* in a transaction of its own, and the whole of it again when the connection broke.

        Args:
            work: Gets the session; may be called more than once.
            write: False for a read session.
            durable: As in `write`.

        Raises:
            UnavailableError: the store still does not answer after some seconds.
        """
        for attempt in range(RETRIES):
            try:
                async with self.write(durable=durable) if write else self.read() as session:
                    return await work(session)
            except UnavailableError as error:
                if attempt == RETRIES - 1 or not _is_passing(error.__cause__):
                    raise
            # Jitter, so that those who collided do not collide again.
            await asyncio.sleep(0.05 * 2**attempt * random.uniform(0.5, 1.5))
        raise AssertionError("unreachable: the last attempt returns or raises")

    @property
    def wake_ups(self) -> WakeUps:
        """The way to and from other processes, for the running event loop."""
        return self._own().wake_ups

    async def close(self) -> None:
        """Close the connections of the running event loop."""
        own = self._loops.pop(asyncio.get_running_loop(), None)
        if own is None:
            return
        await own.wake_ups.close()
        for engine in own.engines.values():
            await engine.dispose()

    def _own(self) -> _LoopDoors:
        loop = asyncio.get_running_loop()
        if loop not in self._loops:
            self._loops[loop] = _LoopDoors(make_wake_ups(self.settings))
        return self._loops[loop]

    def _engine(self, access: str) -> AsyncEngine:
        engines = self._own().engines
        key = access if self.is_sqlite else "all"
        if key not in engines:
            engines[key] = (
                _sqlite_engine(self.settings, _ACCESS[access])
                if self.is_sqlite
                else _postgresql_engine(self.settings)
            )
        return engines[key]

    def _session(self, access: str) -> AsyncSession:
        return AsyncSession(
            self._engine(access),
            expire_on_commit=False,
            autoflush=False,
            info={"settings": self.settings},
        )

    @asynccontextmanager
    async def _transaction(self, access: str) -> AsyncIterator[AsyncSession]:
        async with self._session(access) as session, session.begin():
            connection = await session.connection()
            if not self.is_sqlite:
                await connection.exec_driver_sql(idle_limit(self.settings))
            yield session


def settings_of(session: Session) -> Settings:
    """Return the settings that *session* was opened with; of the process, for a host's own session."""
    settings: Settings = session.info.get("settings") or get_settings()
    return settings


def search_path(settings: Settings) -> str | None:
    """Return the PostgreSQL statement that finds our tables in the schema of the settings.

    Of each transaction, not of the connection: behind a pooler the next one may have another connection.

    Raises:
        ValueError: the schema's name is not a plain identifier.
    """
    schema = settings.database_schema
    if schema is None:
        return None
    if not _SCHEMA_NAME.fullmatch(schema):
        raise ValueError(f"HPT_DATABASE_SCHEMA is '{schema}'; use letters, digits and underscores only.")
    return f'SET LOCAL search_path TO "{schema.lower()}"'


def idle_limit(settings: Settings) -> str:
    """Return the PostgreSQL statement that ends a transaction whose process does not go on with it.

    A process that is frozen in the middle of a write holds the rows that it wrote to, and with a job's row
    the keeper. After ``HPT_SELF_STOP_SECONDS`` without a word it has no lease to write under. Of each
    transaction, as `search_path` is. SQLite has no such limit.
    """
    # Rounded up: 0 would be no limit.
    milliseconds = math.ceil(settings.self_stop_seconds * 1000)
    return f"SET LOCAL idle_in_transaction_session_timeout TO {milliseconds}"


def upgrade(settings: Settings) -> None:
    """Bring the store to this version's tables, under a lock; any number of processes may call it at once."""
    from hyperparameter_tuning.jobs.migrations import runner

    runner.upgrade(settings)


def current(settings: Settings) -> str | None:
    """Return the revision of the store's tables, or None when it has none."""
    from hyperparameter_tuning.jobs.migrations import runner

    return runner.current(settings)


def sql(settings: Settings) -> str:
    """Return the statements that make the tables in an empty store, for a person to run."""
    from hyperparameter_tuning.jobs.migrations import runner

    return runner.sql(settings)


def check_current(settings: Settings) -> None:
    """Refuse to go on with tables of another version.

    Raises:
        TuningError: code ``schema_outdated`` or ``schema_newer``; the sentence has the command to run.
        UnavailableError: the store does not answer.
    """
    from hyperparameter_tuning.jobs.migrations import runner

    runner.check_current(settings)


def _sqlite_engine(settings: Settings, access: _Access) -> AsyncEngine:
    engine = create_async_engine(
        settings.database,
        json_serializer=encode_json,
        connect_args={"timeout": BUSY_SECONDS, "async_creator_fn": _opened},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Without this the driver begins transactions itself, too late and never IMMEDIATE.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in access.pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(access.begin)

    return engine


async def _opened(*arguments: Any, **options: Any) -> Any:
    """Open a SQLite connection; one that cannot be opened leaves no thread behind.

    The driver lets that thread go on by itself, and it fails loudly when the event loop ends before it.
    """
    import aiosqlite

    connection = aiosqlite.connect(*arguments, **options)
    connection._thread.daemon = True
    try:
        return await connection
    except BaseException:
        while connection._thread.is_alive():
            await asyncio.sleep(0.001)
        raise


def _postgresql_engine(settings: Settings) -> AsyncEngine:
    engine = create_async_engine(
        settings.database,
        json_serializer=encode_json,
        pool_pre_ping=True,
        pool_timeout=BUSY_SECONDS,
        connect_args=dict(POSTGRESQL_CONNECT),
    )
    use_schema(engine.sync_engine, settings)
    _watch_many_rows(engine.sync_engine)
    return engine


def _watch_many_rows(engine: Engine) -> None:
    """Let `idle_limit` hold after a statement with several rows, too.

    The driver sends those rows as a pipeline whose end is a Flush after the Sync. The server starts the
    limit's clock at the Sync and stops it at any message; after a Flush it says nothing and starts none
    (PostgreSQL's protocol, "Extended Query"). One more statement starts it again.
    """

    @event.listens_for(engine, "after_cursor_execute")
    def start_clock(
        connection: Connection, _cursor: Any, _statement: str, _rows: Any, _context: Any, many: bool
    ) -> None:
        if many:
            # A cursor of its own: the count of rows is still to be read from the other one.
            cursor = connection.connection.cursor()
            cursor.execute("SELECT 1")
            cursor.close()


def use_schema(engine: Engine, settings: Settings) -> None:
    """Begin every transaction of a PostgreSQL engine in the schema of the settings, where they name one.

    Raises:
        ValueError: the schema's name is not a plain identifier.
    """
    statement = search_path(settings)
    if statement is None:
        return

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(statement)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the driver's failures into ours, so that no other room needs to know the driver."""
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        if "disk is full" in str(error):
            raise UnavailableError("The disk of the job store is full.", code="storage_full") from error
        raise UnavailableError("The job store does not answer now. Try again in a moment.") from error
    except DBAPIError as error:
        if _is_passing(error):
            raise UnavailableError("The job store was busy. Try again in a moment.") from error
        raise
    except StatementError as error:
        # A value that is no JSON: one driver wraps the reason, the other does not.
        if isinstance(error.orig, ValueError):
            raise error.orig from error
        raise


def _is_passing(error: BaseException | None) -> bool:
    """Say whether the same transaction may well succeed when it is run again."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    # A refused connection has no state; SQLite's "locked" came after its own long wait.
    return state in _RETRIED_STATES or (isinstance(error, OperationalError) and _is_refused(error, state))


def _is_refused(error: OperationalError, state: str | None) -> bool:
    return state is None and type(error.orig).__module__.startswith("psycopg")
