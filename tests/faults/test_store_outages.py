"""A job store that goes away, is full, or is put back from a copy; and a worker whose clock is wrong."""

from __future__ import annotations

import resource
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from hyperparameter_tuning.jobs.status import JobState
from tests.acceptance.graphs import tuning_graph
from tests.faults import searches
from tests.faults.conftest import (
    DEFAULT,
    LONG,
    POSTGRESQL,
    SQLITE,
    Form,
    Running,
    form_name,
    on_servers,
    on_servers_at_length,
    only_at_length,
)
from tests.faults.faked_time import library, shifted
from tests.faults.full_disks import full, small_disk
from tests.faults.incidents import Incident, note
from tests.faults.installation import Installation, below, installed, kill
from tests.faults.searches import Undisturbed

JOBS = "/hyperparameter-tuning-jobs"


@dataclass
class Reader:
    """Somebody who looks at a job again and again, and counts the answers."""

    url: str
    answers: Counter[int] = field(default_factory=Counter)
    slowest_recovery: float = 0.0
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Reader:
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        lost: float | None = None
        with httpx.Client(timeout=30) as client:
            while not self._end.wait(0.05):
                status = client.get(self.url).status_code
                self.answers[status] += 1
                if status != 200:
                    lost = lost or time.monotonic()
                elif lost is not None:
                    self.slowest_recovery = max(self.slowest_recovery, time.monotonic() - lost)
                    lost = None


class TestRestartedDatabase:
    """T7."""

    @on_servers
    def test_loses_and_doubles_nothing(self, running: Running, whole: Undisturbed) -> None:
        made = running.installation
        crashes = 3 if made.clock == "quick" else 10
        assert made.postgres is not None
        undisturbed = whole(made, running.stack)
        with made.worker():
            job_id = searches.submit(running.stack, "random")
            with Reader(f"{running.stack.url}{JOBS}/{job_id}") as reader:
                for number in range(crashes):
                    made.until(job_id, lambda job, least=3 * number: job.n_units >= least or job.is_terminal)
                    made.postgres.crash_and_restart()
                ended = made.until_ended(job_id)
            assert ended.state is JobState.SUCCEEDED, ended.error_message
            searches.check_same(searches.result(made, running.stack, job_id), undisturbed, "random")
            searches.check_told_once(made, job_id)
        assert set(reader.answers) <= {200, 503}
        assert reader.slowest_recovery <= 5
        seconds = (round(reader.slowest_recovery, 2),)
        note(Incident("T7", made.name, made.clock, faults=crashes, recovery_seconds=seconds))


class TestFullDisk:
    """T8."""

    @pytest.fixture(params=["quick", pytest.param("default", marks=LONG)])
    def small(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
        with (
            small_disk(tmp_path / "small", 48) as folder,
            installed("sqlite+files", folder, request.param) as made,
        ):
            yield made

    def test_of_the_store_stops_everything_and_loses_nothing(
        self, small: Installation, whole: Undisturbed
    ) -> None:
        stack = small.api()
        small.start("keeper")
        undisturbed = whole(small, stack)
        with small.worker():
            job_id = searches.submit(stack, "random")
            before = searches.until_units(small, job_id, 6)
            folder = small.settings.data_dir
            begun = time.monotonic()
            with closing(sqlite3.connect(folder / "tuning.db")) as connection:
                # Its log would have room for some more writes.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with full(folder):
                body = {"run_id": "full", **_inline()}
                answer = stack.request("POST", JOBS, json=body)
                # Longer than the lease: the search must have ended itself.
                time.sleep(small.settings.lease_seconds + 1)
                while answer.status_code < 500:
                    assert time.monotonic() - begun < 90, "the store never was full"
                    body["run_id"] += "-"
                    answer = stack.request("POST", JOBS, json=body)
                assert answer.status_code == 503, answer.text
                assert answer.headers["content-type"].startswith("application/problem+json")
            hit = time.monotonic()
            ended = small.until_ended(job_id)
            searches.check_told_once(small, job_id)
            if ended.state is JobState.FAILED:
                # The worker writes to the same disk: it may have been the first to find no room.
                assert ended.error_code == "storage_full", (ended.error_code, ended.error_message)
                resumed = stack.request("POST", f"{JOBS}/{job_id}/resume", json={})
                assert resumed.status_code == 202, resumed.text
                job_id = resumed.json()["id"]
                ended = small.until_ended(job_id)
            assert ended.state is JobState.SUCCEEDED, (ended.error_code, ended.error_message)
            searches.check_same(searches.result(small, stack, job_id), undisturbed, "random")
            searches.check_kept(small, job_id, before)
        with closing(sqlite3.connect(folder / "tuning.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        note(
            Incident(
                "T8 store", small.name, small.clock, recovery_seconds=(round(time.monotonic() - hit, 2),)
            )
        )

    @on_servers_at_length
    def test_of_the_worker_fails_the_job_with_a_sentence(self, running: Running) -> None:
        made = running.installation
        with made.worker() as worker:
            made.until_ended(searches.submit_small(running.stack))
            # Less than the model needs, and more than the rows that the search reads.
            resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, (150_000, 150_000))
            for process in below(worker):
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (150_000, 150_000))
            job_id = searches.submit(running.stack, "random")
            failed = made.until_ended(job_id)
        assert (failed.state, failed.error_code) == (JobState.FAILED, "storage_full"), failed.error_message
        assert "room" in (failed.error_message or "")
        folder = Path(made.settings.artifacts)
        assert [path for path in folder.rglob("*") if path.is_file() and job_id in str(path)] == []
        with made.worker():
            again = running.stack.request("POST", f"{JOBS}/{job_id}/resume", json={})
            assert again.status_code == 202, again.text
            assert made.until_ended(again.json()["id"]).state is JobState.SUCCEEDED
        note(Incident("T8 worker", made.name, made.clock))


class TestWrongClock:
    """T9."""

    @on_servers_at_length
    @pytest.mark.parametrize("seconds", [3600, -3600])
    def test_of_a_worker_ends_no_lease(
        self, running: Running, seconds: int, pytestconfig: pytest.Config
    ) -> None:
        made = running.installation
        assert pytestconfig.cache is not None
        wrong = shifted(library(pytestconfig.cache), seconds)
        with made.worker(**wrong):
            job_id = searches.submit(running.stack, "random")
            ended = made.until_ended(job_id)
        assert (ended.state, ended.attempts) == (JobState.SUCCEEDED, 1), ended.error_message
        assert ended.finished_at is not None
        assert abs(ended.finished_at.timestamp() - time.time()) < 300
        types = [event.type for event in made.events(job_id)]
        assert "job.requeued" not in types
        note(Incident("T9", made.name, made.clock))


class TestBackup:
    """T20."""

    @pytest.mark.parametrize("form", only_at_length(SQLITE, POSTGRESQL, DEFAULT), ids=form_name)
    def test_that_is_put_back_goes_on_with_the_job_that_ran(
        self, form: Form, whole: Undisturbed, tmp_path: Path
    ) -> None:
        kind, clock = form
        with installed(kind, tmp_path / "one", clock) as made:
            stack = made.api()
            keeper = made.start("keeper")
            undisturbed = whole(made, stack)
            with made.worker():
                job_id = searches.submit(stack, "random")
                searches.until_units(made, job_id, 9)
                copy = _backup(made, tmp_path)
            kill(stack.process)
            kill(keeper)
            _restore(made, copy)
            before = made.units(job_id)
            assert (len(before) >= 9, made.job(job_id).state) == (True, JobState.RUNNING)
            again = made.api()
            made.start("keeper")
            hit = time.time()
            with made.worker():
                made.until_ended(job_id)
            searches.check_same(searches.result(made, again, job_id), undisturbed, "random")
            searches.check_kept(made, job_id, before)
            searches.check_told_once(made, job_id)
            seconds = round(searches.recovery_seconds(made, job_id, hit), 2)
        note(Incident("T20", kind, clock, recovery_seconds=(seconds,)))


def _backup(made: Installation, folder: Path) -> Path:
    """Copy the job store while it works, as docs tell."""
    if made.postgres is None:
        copy = folder / "backup.db"
        with (
            closing(sqlite3.connect(made.settings.data_dir / "tuning.db")) as live,
            closing(sqlite3.connect(copy)) as stored,
        ):
            live.backup(stored)
        return copy
    copy = made.postgres.data / "backup.dump"
    made.postgres.run("pg_dump", "--format=custom", f"--file={copy}", f"--dbname={_plain(made)}")
    return copy


def _restore(made: Installation, copy: Path) -> None:
    """Throw the store away and put the copy into its place."""
    if made.postgres is None:
        for path in made.settings.data_dir.glob("tuning.db*"):
            path.unlink()
        shutil.copy(copy, made.settings.data_dir / "tuning.db")
        return
    options = ("--clean", "--if-exists", "--no-owner", "--exit-on-error")
    made.postgres.run("pg_restore", *options, f"--dbname={_plain(made)}", str(copy))


def _plain(made: Installation) -> str:
    return made.settings.database.replace("postgresql+psycopg", "postgresql")


def _inline() -> dict[str, object]:
    """The body of a run that carries its graph along."""
    data = {"source": "sample", "name": "diabetes", "target": "target"}
    graph = tuning_graph(data, "ridge_regression", config={"budget": {"max_trials": 1}})
    return {"graph": graph, "node_id": "tune", "concurrent": True}
