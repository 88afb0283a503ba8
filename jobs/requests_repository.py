"""Every statement about what callers of the first contract sent with a job: names and values of their own.

What the job itself was made of is in the jobs table; nothing here changes how it runs.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Select, insert, select, update

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import REQUESTS


async def add(session: Session, job_id: str, document: Mapping[str, Any]) -> None:
    """Keep *document* with a fresh job; its ``pipeline_id`` and ``dataset_source_id`` can be searched for."""
    row = {
        "job_id": job_id,
        "pipeline_id": document["pipeline_id"],
        "dataset_source_id": document["dataset_source_id"],
        "document": dict(document),
    }
    await session.execute(insert(REQUESTS), [row])


async def documents(session: Session, job_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return the documents of these jobs by job id; jobs without one are left out."""
    statement = select(REQUESTS.c.job_id, REQUESTS.c.document).where(REQUESTS.c.job_id.in_(job_ids))
    return {row.job_id: row.document for row in (await session.execute(statement)).all()}


async def change(session: Session, job_id: str, document: Mapping[str, Any]) -> None:
    """Replace the document of a job that has one."""
    statement = update(REQUESTS).where(REQUESTS.c.job_id == job_id)
    await session.execute(statement.values(document=dict(document)))


def of_pipeline(pipeline_id: str) -> Select[tuple[str]]:
    """Return the query for the ids of jobs that were sent under this pipeline's name."""
    return select(REQUESTS.c.job_id).where(REQUESTS.c.pipeline_id == pipeline_id)


def of_dataset(dataset_source_id: str) -> Select[tuple[str]]:
    """Return the query for the ids of jobs whose caller named their data so."""
    return select(REQUESTS.c.job_id).where(REQUESTS.c.dataset_source_id == dataset_source_id)
