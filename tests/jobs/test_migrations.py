"""Migrations make exactly the tables of the models, under a lock, on both databases."""

import os
import re
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from hyperparameter_tuning.jobs import database
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.migrations import runner
from hyperparameter_tuning.jobs.models import METADATA
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.settings import Settings
from tests import servers


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path):
    """Settings of a store without tables."""
    if request.param == "sqlite":
        yield Settings(data_dir=tmp_path / "empty")
        return
    with servers.postgres_database(request.getfixturevalue("postgres_url")) as url:
        yield Settings(data_dir=tmp_path, database_url=url)


HEAD = ScriptDirectory.from_config(runner._config()).get_current_head()

UPGRADE = """
from hyperparameter_tuning.jobs import database
from hyperparameter_tuning.shared.settings import Settings
database.upgrade(Settings())
print(database.current(Settings()))
"""


class TestUpgrade:
    def test_tables_are_those_of_the_models(self, empty: Settings) -> None:
        database.upgrade(empty)
        with runner._engine(empty) as engine, engine.connect() as connection:
            options = {"version_table": runner.VERSION_TABLE, "include_name": runner.is_ours}
            context = MigrationContext.configure(connection, opts=options)
            assert compare_metadata(context, METADATA) == []

    def test_many_processes_may_upgrade_at_once(self, empty: Settings) -> None:
        command = [sys.executable, "-c", UPGRADE]
        environment = os.environ | empty.environment()
        running = [
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)
        ]
        assert [process.communicate()[0].strip() for process in running] == [HEAD] * 3

    def test_a_second_upgrade_changes_nothing(self, empty: Settings) -> None:
        database.upgrade(empty)
        database.upgrade(empty)
        assert database.current(empty) == HEAD

    def test_tables_go_into_the_schema_of_the_settings(self, postgres_url: str, tmp_path) -> None:
        with servers.postgres_database(postgres_url) as url:
            settings = Settings(data_dir=tmp_path, database_url=url, database_schema="tuning")
            database.upgrade(settings)
            database.check_current(settings)
            with runner._engine(settings) as engine, engine.connect() as connection:
                schemas = "SELECT DISTINCT table_schema FROM information_schema.tables"
                found = connection.execute(text(f"{schemas} WHERE table_name LIKE 'hpt_%'"))
                assert found.scalars().all() == ["tuning"]

    async def test_the_running_store_finds_its_schema(self, postgres_url: str, tmp_path) -> None:
        with servers.postgres_database(postgres_url) as url:
            settings = Settings(data_dir=tmp_path, database_url=url, database_schema="tuning")
            database.upgrade(settings)
            db = Database(settings)
            async with db.read() as session:
                assert (await session.execute(METADATA.tables["hpt_jobs"].select())).all() == []
            await db.close()

    def test_a_schema_that_is_no_name_is_refused(self, tmp_path) -> None:
        settings = Settings(
            data_dir=tmp_path, database_url="postgresql+psycopg://x", database_schema='a"; --'
        )
        with pytest.raises(ValueError, match="HPT_DATABASE_SCHEMA"):
            database.upgrade(settings)


class TestCheckCurrent:
    def test_an_empty_store_is_refused_with_the_command(self, empty: Settings) -> None:
        with pytest.raises(TuningError, match="Run: tuning-node db upgrade") as caught:
            database.check_current(empty)
        assert caught.value.code == "schema_outdated"

    def test_looking_creates_no_file(self, tmp_path) -> None:
        settings = Settings(data_dir=tmp_path / "nothing")
        assert database.current(settings) is None
        assert not settings.data_dir.exists()

    def test_an_upgraded_store_passes(self, empty: Settings) -> None:
        database.upgrade(empty)
        database.check_current(empty)

    def test_a_newer_store_is_refused(self, empty: Settings) -> None:
        database.upgrade(empty)
        with runner._engine(empty) as engine, engine.begin() as connection:
            connection.execute(text(f"UPDATE {runner.VERSION_TABLE} SET version_num = '9999'"))
        with pytest.raises(TuningError, match="Update this program") as caught:
            database.check_current(empty)
        assert caught.value.code == "schema_newer"


class TestSql:
    def test_the_statements_make_every_table(self, empty: Settings) -> None:
        script = database.sql(empty)
        made = set(re.findall(r"CREATE TABLE (\w+)", script))
        assert made == {*METADATA.tables, "hpt_alembic_version"}
        assert database.current(empty) is None


class TestDowngrade:
    def test_down_and_up_again_is_the_same(self, empty: Settings) -> None:
        from alembic import command

        database.upgrade(empty)
        with runner._locked(empty) as connection:
            command.downgrade(runner._config(connection=connection), "base")
        assert database.current(empty) is None
        database.upgrade(empty)
        database.check_current(empty)
