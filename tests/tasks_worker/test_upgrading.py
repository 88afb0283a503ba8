"""New tables under jobs that are queued and running: they end, and older processes may write meanwhile."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, inspect, select, text

from hyperparameter_tuning.jobs import claims, database
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.migrations import runner
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.shared.host import load_host
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.process_groups import groups_folder
from hyperparameter_tuning.tasks.workflow import run_job
from tests import servers
from tests.tasks_worker import installation as here

SUBMITTED_BEFORE = "f" * 32
CLI = (sys.executable, "-m", "hyperparameter_tuning.node.cli")
# Long enough to be met in the middle: its candidates share no fit.
SEARCH: dict[str, Any] = {
    "strategy": {"name": "random"},
    "search_space": [
        {"kind": "int", "name": "n_estimators", "low": 90, "high": 110},
        {"kind": "float", "name": "max_samples", "low": 0.5, "high": 1.0},
    ],
    "budget": {"max_trials": 8, "max_seconds": 240},
}
# What a next version would add, under rules that `TestEveryVersion` holds.
NEXT = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "next", "{head}"
branch_labels = depends_on = None


def upgrade():
    for name in ("hpt_jobs", "hpt_trials", "hpt_trial_folds", "hpt_events"):
        op.add_column(name, sa.Column("of_the_next", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_hpt_jobs_of_the_next", "hpt_jobs", ["of_the_next"])
    op.create_table("hpt_next", sa.Column("id", sa.Integer(), primary_key=True))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a store of this version, in a database of its own."""
    base = Settings(data_dir=tmp_path / "data")
    if request.param == "sqlite":
        settings = here.with_table(base)
        shutil.copy(request.getfixturevalue("sqlite_template"), settings.data_dir / "tuning.db")
        yield settings
        return
    template = request.getfixturevalue("postgres_template")
    with servers.postgres_database(request.getfixturevalue("postgres_url"), template) as url:
        yield here.with_table(base, database_url=url)


def head_and_before() -> tuple[str, str]:
    head = ScriptDirectory.from_config(runner._config()).get_revision("head")
    assert isinstance(head.down_revision, str)
    return head.revision, head.down_revision


def go_back(settings: Settings) -> None:
    """Make the store one of the version before."""
    with runner._locked(settings) as connection:
        command.downgrade(runner._config(connection=connection), "-1")
    assert database.current(settings) == head_and_before()[1]


def go_on(settings: Settings, folder: Path) -> None:
    """Make the store one of a next version, as its own `db upgrade` would."""
    (folder / "next.py").write_text(NEXT.format(head=head_and_before()[0]))
    ours = files("hyperparameter_tuning.jobs.migrations") / "versions"
    with runner._locked(settings) as connection:
        config = runner._config(connection=connection)
        config.set_main_option("version_locations", f"{ours}{os.pathsep}{folder}")
        command.upgrade(config, "head")
    assert database.current(settings) == "next"


async def begun(db: Database) -> JobRecord:
    """A job that a worker had begun and handed back, and that another one holds now."""
    job = await here.submitted(db, here.FOREST, **SEARCH)
    host, shutdown = load_host(db.settings), threading.Event()
    running = asyncio.create_task(run_job(job.id, db.settings, db, host, shutdown))
    await here.until(db, job.id, here.scored(3))
    shutdown.set()
    await running
    await host.close()
    claimed = await here.claim(db, job.id)
    assert claimed is not None
    return claimed


async def check_runs_to_its_end(db: Database, job_id: str) -> None:
    host = load_host(db.settings)
    await run_job(job_id, db.settings, db, host)
    await host.close()
    ended = await here.present(db, job_id)
    assert ended.state is JobState.SUCCEEDED, ended.error_message


class TestUpgrade:
    async def test_jobs_of_the_version_before_go_on(self, upgraded: Settings) -> None:
        db = Database(upgraded)
        queued, running = await here.submitted(db), await begun(db)
        held, units = (running.id, running.lease_token or ""), await here.units(db, running.id)
        await db.close()
        await asyncio.to_thread(go_back, upgraded)

        upgrading = await asyncio.to_thread(_called, upgraded, "db", "upgrade")
        after, before = head_and_before()
        assert f"from {before} to {after}" in upgrading.stdout, upgrading.stderr

        # Whoever held its job through the upgrade still does, and nothing of it is lost.
        assert await db.run(lambda session: claims.heartbeat(session, *held)) is not None
        assert await here.units(db, running.id) == units
        await db.run(lambda session: claims.give_back(session, *held))
        for job in (queued, running):
            await check_runs_to_its_end(db, job.id)
        found = await here.units(db, running.id)
        assert len(found) > len(units)
        assert [unit for unit in found if unit in units] == units
        await db.close()

    async def test_a_process_of_the_version_before_may_submit_after_it(self, upgraded: Settings) -> None:
        db = Database(upgraded)
        job = await here.submitted(db)
        await asyncio.to_thread(go_back, upgraded)
        known = await asyncio.to_thread(_columns, upgraded)
        await asyncio.to_thread(database.upgrade, upgraded)
        await asyncio.to_thread(_insert_as_before, upgraded, known, job.id)
        assert await here.claim(db, SUBMITTED_BEFORE) is not None
        await db.close()

    async def test_to_a_next_version_leaves_a_search_alone(self, upgraded: Settings, tmp_path: Path) -> None:
        db, host = Database(upgraded), load_host(upgraded)
        job = await here.submitted(db, here.FOREST, **SEARCH)
        running = asyncio.create_task(run_job(job.id, upgraded, db, host))
        await here.until(db, job.id, here.scored(3))
        (group,) = (int(record.stem) for record in groups_folder(upgraded).glob("*.json"))
        # Not to miss it on a busy machine; the worker itself goes on.
        os.killpg(group, signal.SIGSTOP)
        try:
            await asyncio.to_thread(go_on, upgraded, tmp_path)
            meanwhile = await here.present(db, job.id)
        finally:
            os.killpg(group, signal.SIGCONT)
        assert meanwhile.state is JobState.RUNNING
        await running
        ended = await here.present(db, job.id)
        assert (ended.state, ended.attempts) == (JobState.SUCCEEDED, 1), ended.error_message
        assert ended.n_units > meanwhile.n_units
        await host.close()
        await db.close()


class TestStart:
    """What a process that starts says to tables of another version."""

    @pytest.fixture
    def settings(self, sqlite_settings: Settings) -> Settings:
        return sqlite_settings.model_copy(update={"api_port": 0})

    @pytest.mark.parametrize(
        ("name", "changes"),
        [("api", {}), ("api", {"api_host": "0.0.0.0", "auth": "tokens"}), ("keeper", {}), ("worker", {})],
    )
    def test_with_older_tables_names_the_command(
        self, settings: Settings, name: str, changes: dict[str, str]
    ) -> None:
        settings = settings.model_copy(update=changes)
        go_back(settings)
        assert "tuning-node db upgrade" in refusal(settings, name)
        assert database.current(settings) == head_and_before()[1], "only who is asked to changes tables"

    def test_with_newer_tables_asks_for_a_newer_program(self, settings: Settings) -> None:
        with runner._engine(settings) as engine, engine.begin() as connection:
            connection.execute(text(f"UPDATE {runner.VERSION_TABLE} SET version_num = 'next'"))
        assert "Update this program" in refusal(settings, "serve")
        assert database.current(settings) == "next", "which it leaves as they are"


def refusal(settings: Settings, name: str) -> str:
    done = _called(settings, name)
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr
    return done.stderr


class TestEveryVersion:
    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_adds_only_what_older_processes_need_not_name(
        self, kind: str, request: pytest.FixtureRequest, tmp_path: Path
    ) -> None:
        """Step by step from the first: new columns are nullable or have a default, and nothing goes."""
        scripts = ScriptDirectory.from_config(runner._config())
        versions = [version.revision for version in reversed(list(scripts.walk_revisions()))]
        if kind == "sqlite":
            climb(Settings(data_dir=tmp_path / "climb"), versions)
            return
        with servers.postgres_database(request.getfixturevalue("postgres_url")) as url:
            climb(Settings(data_dir=tmp_path, database_url=url), versions)


def climb(settings: Settings, versions: list[str]) -> None:
    before: dict[str, list[str]] = {}
    for version in versions:
        with runner._locked(settings) as connection:
            command.upgrade(runner._config(connection=connection), version)
        tables = _columns(settings)
        assert before.keys() <= tables.keys(), version
        for table, known in before.items():
            assert set(known) <= set(tables[table]), (version, table)
            for name in set(tables[table]) - set(known):
                assert _may_be_left_out(settings, table, name), (version, table, name)
        before = tables


def _may_be_left_out(settings: Settings, table: str, name: str) -> bool:
    with runner._engine(settings) as engine:
        columns = {column["name"]: column for column in inspect(engine).get_columns(table)}
    return bool(columns[name]["nullable"]) or columns[name]["default"] is not None


def _columns(settings: Settings) -> dict[str, list[str]]:
    """Return the columns of every table."""
    with runner._engine(settings) as engine:
        look = inspect(engine)
        return {
            table: [column["name"] for column in look.get_columns(table)] for table in look.get_table_names()
        }


def _insert_as_before(settings: Settings, known: dict[str, list[str]], job_id: str) -> None:
    """Store a copy of a job, naming only the columns that the version before knows."""
    with runner._engine(settings) as engine, engine.begin() as connection:
        jobs = Table("hpt_jobs", MetaData(), autoload_with=connection)
        row = connection.execute(select(jobs).where(jobs.c.id == job_id)).one()._mapping
        new = {"id": SUBMITTED_BEFORE, "run_id": "old", "run_number": 99}
        old = {name: row[name] for name in known["hpt_jobs"]}
        connection.execute(jobs.insert().values({**old, **new}))


def _called(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HPT_")}
    return subprocess.run(
        [*CLI, *arguments],
        env={**kept, **settings.environment()},
        cwd=settings.data_dir,
        capture_output=True,
        text=True,
        timeout=60,
    )
