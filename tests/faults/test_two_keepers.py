"""Of two keepers one acts, and the other goes on where it fell."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select, update

from hyperparameter_tuning.jobs import reconciliation, repository
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.keeper import LEASE_SECONDS, keeper_holder
from hyperparameter_tuning.jobs.models import JOBS, OUTBOX, utc_now
from tests.faults.conftest import POSTGRESQL, SQLITE, at_length
from tests.faults.incidents import Incident, note
from tests.faults.installation import Installation, installed, kill
from tests.jobs import factories


def holder(made: Installation) -> str | None:
    return made.store(lambda db: db.run(keeper_holder, write=False))


def until_kept_by_another(made: Installation, than: str | None, patience: float) -> str:
    deadline = time.monotonic() + patience
    while True:
        found = holder(made)
        if found is not None and found != than:
            return found
        assert time.monotonic() < deadline
        time.sleep(0.1)


async def sent(db: Database) -> dict[str, int]:
    """How often each job that waits was sent."""
    async with db.read() as session:
        rows = (await session.execute(select(OUTBOX.c.job_id, OUTBOX.c.n_sent))).all()
    return {row.job_id: row.n_sent for row in rows}


@pytest.mark.parametrize("kind", at_length(POSTGRESQL[0], SQLITE[0]))
def test_one_of_two_keepers_acts_and_the_other_takes_over(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with installed(kind, tmp_path_factory.mktemp("keepers"), changes={"republish_seconds": 600.0}) as made:
        keepers = {process.pid: process for process in (made.start("keeper"), made.start("keeper"))}
        first = until_kept_by_another(made, None, 30)

        async def five(db: Database) -> None:
            for _ in range(5):
                await factories.submitted(db)

        made.store(five)
        until_all_sent(made, 5)
        assert set(made.store(sent).values()) == {1}
        kill(keepers[int(first.split(":")[1])])
        hit = time.monotonic()
        second = until_kept_by_another(made, first, LEASE_SECONDS + 10)
        seconds = time.monotonic() - hit
        assert int(second.split(":")[1]) in keepers
        made.store(five)
        until_all_sent(made, 10)
        assert set(made.store(sent).values()) == {1}
        note(Incident("killed keeper", kind, jobs=10, recovery_seconds=(round(seconds, 2),)))


def until_all_sent(made: Installation, count: int) -> None:
    deadline = time.monotonic() + 30
    while len([times for times in made.store(sent).values() if times]) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)


async def test_a_worker_that_comes_back_in_the_last_moment_keeps_its_job(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = await factories.claimed(database)
    async with database.write() as session:
        past = update(JOBS).where(JOBS.c.id == job.id).values(lease_until=utc_now(-1))
        await session.execute(past)
    async with database.read() as session:
        silent = [found for found in await repository.silent(session) if found.id == job.id]
    assert len(silent) == 1
    assert await database.run(lambda session: repository.renew(session, job.id, job.lease_token or "", 30))

    async def seen_before(_session: object) -> object:
        return silent

    monkeypatch.setattr(reconciliation.repository, "silent", seen_before)
    assert await reconciliation.expire_leases(database) == 0
    assert (await factories.present(database, job.id)).lease_token == job.lease_token
