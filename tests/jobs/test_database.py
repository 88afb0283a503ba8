"""The store's door: transactions, time, JSON, failures."""

import asyncio
import math
import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import OperationalError

from hyperparameter_tuning.jobs.database import Database, Session, idle_limit
from hyperparameter_tuning.jobs.models import LEASES, PIPELINES, utc_now
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.settings import Settings


def lease(name: str) -> dict[str, object]:
    return {"name": name, "holder": "me", "lease_until": utc_now()}


class TestWrite:
    async def test_an_exception_leaves_nothing_behind(self, database: Database) -> None:

        async def write_and_break(session: Session) -> None:
            await session.execute(insert(LEASES).values(lease("rolled-back")))
            raise RuntimeError

        with pytest.raises(RuntimeError):
            await database.run(write_and_break)
        async with database.read() as session:
            found = await session.execute(select(LEASES).where(LEASES.c.name == "rolled-back"))
            assert found.all() == []

    async def test_many_writers_wait_for_each_other(self, database: Database) -> None:
        async def write(index: int) -> None:
            async with database.write(durable=bool(index % 2)) as session:
                await session.execute(insert(LEASES).values(lease(f"writer-{index}")))

        await asyncio.gather(*(write(index) for index in range(40)))
        async with database.read() as session:
            names = (await session.execute(select(LEASES.c.name))).scalars().all()
        assert {f"writer-{index}" for index in range(40)} <= set(names)


class TestSqlite:
    @pytest.fixture
    async def sqlite(self, sqlite_settings: Settings):
        db = Database(sqlite_settings)
        yield db
        await db.close()

    async def test_a_read_session_refuses_to_write(self, sqlite: Database) -> None:
        async with sqlite.read() as session:
            with pytest.raises(OperationalError, match="readonly"):
                await session.execute(insert(LEASES).values(lease("never")))

    @pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
    async def test_durable_commits_reach_the_disk(self, sqlite: Database, durable: bool, level: int) -> None:
        async with sqlite.write(durable=durable) as session:
            assert (await session.execute(text("PRAGMA synchronous"))).scalar_one() == level
            assert (await session.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
            assert (await session.execute(text("PRAGMA busy_timeout"))).scalar_one() == 30_000

    @pytest.mark.parametrize("durable", [True, False])
    async def test_a_write_transaction_is_alone_from_its_first_moment(
        self, sqlite: Database, durable: bool
    ) -> None:
        other = Database(sqlite.settings)

        async def write() -> None:
            async with other.write():
                pass

        async with sqlite.write(durable=durable):
            waiting = asyncio.create_task(write())
            await asyncio.sleep(0.2)
            assert not waiting.done()
        await waiting
        await other.close()

    async def test_readers_do_not_wait_for_a_writer(self, sqlite: Database) -> None:
        async with sqlite.write() as session:
            await session.execute(insert(LEASES).values(lease("open")))
            async with asyncio.timeout(2), sqlite.read() as reader:
                assert (await reader.execute(select(LEASES))).all() == []


class TestClock:
    async def test_time_is_utc_and_moves_by_seconds(self, database: Database) -> None:
        async with database.read() as session:
            now, later = (await session.execute(select(utc_now(), utc_now(90.5)))).one()
        assert now.utcoffset() == timedelta(0)
        assert abs((later - now).total_seconds() - 90.5) < 0.1

    async def test_stored_instants_sort_as_they_happened(self, database: Database) -> None:
        async with database.write() as session:
            for index in range(3):
                row = {"name": f"at-{index}", "holder": "me", "lease_until": utc_now(index / 100)}
                await session.execute(insert(LEASES).values(row))
            statement = select(LEASES.c.name).where(LEASES.c.name.like("at-%")).order_by(LEASES.c.lease_until)
            assert (await session.execute(statement)).scalars().all() == ["at-0", "at-1", "at-2"]
            found = (await session.execute(select(LEASES.c.lease_until).where(LEASES.c.name == "at-1"))).one()
            again = select(LEASES.c.name).where(LEASES.c.lease_until == found.lease_until)
            assert (await session.execute(again)).scalars().all() == ["at-1"]


class TestJson:
    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    async def test_numbers_that_are_no_json_are_refused(self, database: Database, value: float) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            async with database.write() as session:
                await session.execute(insert(PIPELINES).values(self._pipeline({"x": value})))

    async def test_whole_floats_stay_floats(self, database: Database) -> None:
        async with database.write() as session:
            await session.execute(
                insert(PIPELINES).values(self._pipeline({"one": 1.0, "int": 1, "t": "é\x00"}))
            )
            graph = (
                await session.execute(select(PIPELINES.c.graph).where(PIPELINES.c.id == "json"))
            ).scalar_one()
        assert [type(value) for value in graph.values()] == [float, int, str]
        assert graph["t"] == "é\x00"

    @staticmethod
    def _pipeline(graph: dict[str, object]) -> dict[str, object]:
        now = {"created_at": utc_now(), "updated_at": utc_now()}
        return {"id": "json", "name": "", "owner_id": "me", "revision": 1, "graph": graph, **now}


class TestRun:
    async def test_the_whole_transaction_runs_again_when_the_connection_breaks(
        self, postgres_settings: Settings
    ) -> None:
        db = Database(postgres_settings)
        calls = []

        async def work(session: Session) -> int:
            calls.append(1)
            await session.execute(insert(LEASES).values(lease("again")))
            if len(calls) == 1:
                await session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
            return len(calls)

        try:
            assert await db.run(work) == 2
            async with db.read() as session:
                found = await session.execute(select(LEASES).where(LEASES.c.name == "again"))
                assert len(found.all()) == 1
        finally:
            await db.close()

    async def test_a_connection_that_died_idle_is_replaced_unseen(self, postgres_settings: Settings) -> None:
        db, other = Database(postgres_settings), Database(postgres_settings)
        try:
            async with db.read() as session:
                pid = (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            async with other.read() as session:
                await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            async with db.read() as session:
                assert (await session.execute(text("SELECT pg_backend_pid()"))).scalar_one() != pid
        finally:
            await db.close()
            await other.close()

    @pytest.mark.parametrize("more_rows", [0, 2])
    async def test_one_that_is_left_alone_lets_its_rows_go_and_runs_again(
        self, postgres_settings: Settings, more_rows: int
    ) -> None:
        await check_left_alone_lets_go(postgres_settings, more_rows)

    async def test_errors_of_the_work_are_not_tried_again(self, database: Database) -> None:
        calls = []

        async def work(session: Session) -> None:
            calls.append(1)
            raise ValueError("mine")

        with pytest.raises(ValueError, match="mine"):
            await database.run(work)
        assert len(calls) == 1


class TestIdleLimit:
    @pytest.mark.parametrize(("seconds", "said"), [(20.0, "20000"), (0.0001, "1")])
    def test_is_in_milliseconds_and_never_without_end(self, seconds: float, said: str, tmp_path) -> None:
        settings = Settings(data_dir=tmp_path, self_stop_seconds=seconds)
        assert idle_limit(settings).endswith(f" TO {said}")


async def check_left_alone_lets_go(settings: Settings, more_rows: int = 0) -> None:
    """On PostgreSQL a process that is frozen in the middle of a write has written nothing, and others do.

    Args:
        settings: Where the store is.
        more_rows: How many it wrote in one statement just before: they are sent in another way than one.
    """
    hasty = settings.model_copy(update={"self_stop_seconds": 0.5})
    frozen, other = Database(hasty), Database(hasty)
    rows, name = [], uuid4().hex

    async def taken(session: Session, holder: str) -> None:
        changed = await session.execute(
            update(LEASES).where(LEASES.c.name == name).values(holder=holder).returning(LEASES.c.name)
        )
        rows.append(changed.scalar_one())

    async def thaw(session: Session) -> None:
        await taken(session, "the frozen one")
        if more_rows:
            later = {"holder": "me", "lease_until": datetime.now(UTC)}
            await session.execute(
                insert(LEASES), [{"name": f"{name}{row}", **later} for row in range(more_rows)]
            )
        if len(rows) == 1:
            # Held until the server lets go of it: nothing is said on this connection meanwhile.
            await other.run(lambda session: taken(session, "somebody else"))
            await session.execute(select(LEASES.c.holder).where(LEASES.c.name == name))

    try:
        await other.run(lambda session: session.execute(insert(LEASES).values(lease(name))))
        async with asyncio.timeout(10):
            await frozen.run(thaw)
        async with other.read() as session:
            found = await session.execute(select(LEASES.c.holder).where(LEASES.c.name == name))
            assert found.scalar_one() == "the frozen one"
        assert len(rows) == 3
    finally:
        await frozen.close()
        await other.close()


class TestUnavailable:
    async def test_a_server_that_is_away_is_said_so(self, tmp_path) -> None:
        url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
        db = Database(Settings(data_dir=tmp_path, database_url=url))
        with pytest.raises(UnavailableError, match="does not answer"):
            async with db.read():
                pass
        await db.close()

    async def test_a_file_that_is_no_database_is_said_so(self, tmp_path) -> None:
        db = Database(Settings(data_dir=tmp_path / "missing"))
        before = set(threading.enumerate())
        with pytest.raises(UnavailableError):
            async with db.write():
                pass
        # The driver's thread would fail, with a traceback, if it outlived the event loop.
        assert set(threading.enumerate()) <= before
        await db.close()


class TestFullDisk:
    async def test_it_is_said_and_nothing_is_half_written(self, sqlite_settings: Settings) -> None:
        db = Database(sqlite_settings)

        async def fill(session: Session) -> None:
            await session.execute(text("PRAGMA max_page_count = 60"))
            for index in range(1000):
                await session.execute(insert(LEASES).values(lease(f"{index}-{'x' * 2000}")))

        with pytest.raises(UnavailableError) as caught:
            await db.run(fill)
        assert caught.value.code == "storage_full"
        async with db.read() as session:
            assert (await session.execute(text("PRAGMA integrity_check"))).scalar_one() == "ok"
            assert (await session.execute(select(LEASES))).all() == []
        await db.close()


class TestLoops:
    def test_each_event_loop_has_connections_of_its_own(self, sqlite_settings: Settings) -> None:
        db = Database(sqlite_settings)

        async def use(name: str) -> None:
            async with db.write() as session:
                await session.execute(insert(LEASES).values(lease(name)))
            await db.close()

        async def names() -> set[str]:
            async with db.read() as session:
                found = set((await session.execute(select(LEASES.c.name))).scalars())
            await db.close()
            return found

        asyncio.run(use("first loop"))
        asyncio.run(use("second loop"))
        assert {"first loop", "second loop"} <= asyncio.run(names())
