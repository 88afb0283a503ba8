"""Removes jobs that have ended, in portions, each with its tuned models after its commit.

Which jobs those are says a `JobFilter`; live ones never go. One transaction's part is `jobs.service.purge`.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.artifact_removal import remove_artifacts
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobFilter, Purged

PORTION = 50
"""Jobs removed in one transaction, with thousands of trials each: nobody else writes to SQLite meanwhile."""


async def purge_all(db: Database, where: JobFilter, *, dry_run: bool = False) -> Purged:
    """Remove every job that matches and has ended, with its tuned models; or say which would go.

    Args:
        db: The job store.
        where: Must restrict something.
        dry_run: Whether everything stays.

    Raises:
        UserError: as `jobs.service.purge`.
    """
    if dry_run:
        return await db.run(lambda session: service.purge(session, where, dry_run=True), write=False)
    whole = Purged(job_ids=(), artifact_keys=(), dry_run=False)
    async for part in _portions(db, where):
        whole = replace(
            whole,
            job_ids=whole.job_ids + part.job_ids,
            artifact_keys=whole.artifact_keys + part.artifact_keys,
        )
    return whole


async def remove_old(db: Database) -> int:
    """Remove what ended longer ago than ``retention_days``; nothing where there is no such setting.

    Returns:
        How many jobs went.
    """
    days = db.settings.retention_days
    if days is None:
        return 0
    old = JobFilter(older_than_seconds=timedelta(days=days).total_seconds())
    return len((await purge_all(db, old)).job_ids)


async def _portions(db: Database, where: JobFilter) -> AsyncIterator[Purged]:
    while True:
        part = await db.run(lambda session: service.purge(session, where, limit=PORTION))
        # Only now: a file whose row came back with the transaction would be missed.
        await remove_artifacts(db.settings, part.artifact_keys)
        yield part
        if len(part.job_ids) < PORTION:
            return
