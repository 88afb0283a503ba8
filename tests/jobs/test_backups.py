"""Backup and restore as docs/backup.md says, with jobs under way: each ends once after the restore."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from hyperparameter_tuning.jobs import backups, claims, database
from hyperparameter_tuning.jobs.backups import back_up
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.keeper import Keeper
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError, UnavailableError, UserError
from hyperparameter_tuning.shared.settings import Settings
from tests import servers
from tests.jobs.factories import claim, claimed, present, submitted, succeeded, told, whole_trial
from tests.jobs.test_keeping import Mailbox, aged

Work = Callable[[Database], Awaitable[Any]]


async def under_way(db: Database) -> dict[str, str]:
    """Jobs of every sort: one that has ended, one that runs, one that waits."""
    ended, running, waiting = await succeeded(db), await claimed(db), await submitted(db)
    await told(db, running, *whole_trial(0))
    return {"ended": ended.id, "running": running.id, "waiting": waiting.id}


async def check_restored(settings: Settings, ids: dict[str, str]) -> None:
    """Do what a keeper and a worker do after the restore, and see that nothing is stuck or lost."""
    db = Database(settings)
    host, mailbox = create_host(settings), Mailbox()
    # The worker of then is gone, and so is its keeper: both leases run out by themselves.
    await aged(db, ids["running"], lease_until=1)
    await Keeper(settings, db, host, mailbox).tick()
    assert set(mailbox.sent) >= {ids["running"], ids["waiting"]}
    assert (await present(db, ids["ended"])).state == "succeeded"
    again = await claim(db, ids["running"])
    assert (again.attempts, again.n_units) == (2, 1), "what was recorded is still there"
    await db.run(lambda session: claims.give_back(session, again.id, again.lease_token or ""))
    await host.close()
    await db.close()


class TestSqlite:
    async def test_a_copy_made_while_jobs_run_is_whole_and_goes_on(
        self, sqlite_settings: Settings, tmp_path: Path
    ) -> None:
        model = tmp_path / "m.skops"
        model.write_bytes(b"a tuned model")
        db = Database(sqlite_settings)
        ids = await under_way(db)
        artifacts.store(model, "k/m.skops", sqlite_settings)
        copy = tmp_path / "backups" / "tuning.db"
        assert back_up(sqlite_settings, copy) == copy.stat().st_size > 0
        later = await submitted(db)
        await db.close()

        restored = Settings(data_dir=tmp_path / "restored")
        restored.data_dir.mkdir()
        shutil.copy(copy, restored.data_dir / "tuning.db")
        shutil.copytree(sqlite_settings.data_dir / "artifacts", restored.data_dir / "artifacts")
        database.check_current(restored)
        await check_restored(restored, ids)
        with artifacts.open_artifact("k/m.skops", restored) as stream:
            assert stream.read() == b"a tuned model"
        other = Database(restored)
        assert (await other.run(lambda session: _all_ids(session), write=False)) == set(ids.values())
        assert later.id not in ids.values()
        await other.close()

    async def test_writers_are_not_held_up_and_spoil_nothing(
        self, sqlite_settings: Settings, tmp_path: Path
    ) -> None:
        db = Database(sqlite_settings)
        for _ in range(5):
            await succeeded(db)
        copies = [tmp_path / f"copy-{number}.db" for number in range(5)]
        thread = threading.Thread(target=lambda: [back_up(sqlite_settings, copy) for copy in copies])
        thread.start()
        written = 0
        while thread.is_alive():
            await succeeded(db)
            written += 1
        thread.join()
        await db.close()
        assert written
        for copy in copies:
            with sqlite3.connect(copy) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                succeeded_there = (
                    "SELECT count(*) FROM hpt_jobs WHERE state = 'succeeded' AND best_trial IS NULL"
                )
                assert connection.execute(succeeded_there).fetchone() == (0,)
            connection.close()

    def test_the_command_says_what_to_copy_next(self, sqlite_settings: Settings, tmp_path: Path) -> None:
        copy = tmp_path / "copy.db"
        command = [sys.executable, "-m", "hyperparameter_tuning.node.cli"]
        folder = ["--data-dir", str(sqlite_settings.data_dir)]
        done = subprocess.run([*command, *folder, "db", "backup", str(copy)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert str(sqlite_settings.data_dir / "artifacts") in done.stdout
        again = subprocess.run([*command, *folder, "db", "backup", str(copy)], capture_output=True, text=True)
        assert again.returncode == 1
        assert "Name a new file" in again.stderr

    def test_what_cannot_be_copied_is_a_sentence(
        self, sqlite_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        there = tmp_path / "there.db"
        there.touch()
        with pytest.raises(ConflictError):
            back_up(sqlite_settings, there)
        with pytest.raises(NotFoundError):
            back_up(Settings(data_dir=tmp_path / "none"), tmp_path / "copy.db")
        postgres = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://x@h/x")
        with pytest.raises(UserError, match="pg_dump"):
            back_up(postgres, tmp_path / "copy.db")

        def full(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(backups.os, "replace", full)
        with pytest.raises(UnavailableError, match="space"):
            back_up(sqlite_settings, tmp_path / "copy.db")
        assert sorted(path.name for path in tmp_path.glob("copy.db*")) == []


class TestPostgresql:
    async def test_a_dump_made_while_jobs_run_goes_on_elsewhere(
        self, postgres_settings: Settings, postgres_url: str, tmp_path: Path
    ) -> None:
        db = Database(postgres_settings)
        ids = await under_way(db)
        dump = tmp_path / "tuning.dump"
        program = servers.postgres_program
        _run(
            program("pg_dump"), "--format", "custom", "--file", str(dump), _plain(postgres_settings.database)
        )
        await db.close()
        with servers.postgres_database(postgres_url) as fresh:
            _run(program("pg_restore"), "--no-owner", "--exit-on-error", "--dbname", _plain(fresh), str(dump))
            folder = tmp_path / "restored"
            restored = Settings(data_dir=folder, database_url=fresh)
            database.check_current(restored)
            await check_restored(restored, ids)


async def _all_ids(session: Any) -> set[str]:
    from sqlalchemy import select

    from hyperparameter_tuning.jobs.models import JOBS

    return set((await session.execute(select(JOBS.c.id))).scalars())


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
