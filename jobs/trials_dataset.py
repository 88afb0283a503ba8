"""The trials of a job as a dataset: what the port ``trials`` of a node gives, and how it is read.

What stands in the table is in `jobs.trial_tables`.
"""

import asyncio
import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.jobs import lookups
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.record_pages import JobFilter, Page
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.jobs.trial_tables import to_parquet
from hyperparameter_tuning.shared.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

PORT = "trials"
SOURCE = "trials"


def names_trials(ref: Mapping[str, Any]) -> bool:
    """Say whether a dataset ref is one of `newest_trials`."""
    return ref.get("source") == SOURCE


async def newest_trials(db: Database, graph_ref: str, node_id: str, owner: str) -> dict[str, Any] | None:
    """Return the dataset ref of the trials of a node's newest result, or None where it has none.

    Args:
        db: The job store.
        graph_ref: The pipeline.
        node_id: The tuning node.
        owner: Whose jobs count: anybody may send a canvas under the pipeline's name.
    """
    where = JobFilter(owner=owner, graph_ref=graph_ref, node_id=node_id, states=(JobState.SUCCEEDED,))
    async with db.read() as session:
        page = await lookups.find(session, where, Page(limit=1))
    return {"source": SOURCE, "job_id": page.jobs[0].id} if page.jobs else None


def read_trials(ref: Mapping[str, Any], settings: Settings, owner: str | None = None) -> "pd.DataFrame":
    """Read the table that a ref of `newest_trials` names; blocks.

    Args:
        ref: The ref.
        settings: Name the job store.
        owner: Where given, other owners' jobs do not exist.

    Returns:
        One row per trial, in their order; columns as of ``GET .../trials?format=parquet``.

    Raises:
        NotFoundError: there is no such job.
    """
    import pandas as pd

    # A thread of its own: the caller's may have an event loop that runs.
    with ThreadPoolExecutor(max_workers=1) as thread:
        rows = thread.submit(asyncio.run, _rows(str(ref.get("job_id")), settings, owner)).result()
    return pd.read_parquet(io.BytesIO(to_parquet(rows)))


async def _rows(job_id: str, settings: Settings, owner: str | None) -> list[dict[str, Any]]:
    database = Database(settings)
    try:
        async with database.read() as session:
            await lookups.get(session, job_id, owner)
            return await lookups.table_rows(session, job_id)
    finally:
        await database.close()
