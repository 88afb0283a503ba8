"""A job as old callers know it: the columns of their table as attributes, `to_dict` without the graph."""

from typing import Any

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.node.compat_documents import OldJob
from hyperparameter_tuning.node.compat_views import old_job, read_told

_NOT_COLUMNS = {"contract_version", "message", "target_node_id"}


class TuningJob(OldJob):
    """One job; a value of the moment it was read, not a row that follows the store."""

    @property
    def job_metadata(self) -> dict[str, Any]:
        """The metadata under the name of the old attribute."""
        return self.metadata or {}

    def to_dict(self) -> dict[str, Any]:
        """Return the columns as JSON values, without the graph."""
        return self.model_dump(mode="json", exclude={*_NOT_COLUMNS, "graph"})


async def tuning_jobs(session: Session, jobs: list[JobRecord]) -> list[TuningJob]:
    """Return stored jobs as old callers know them."""
    told = await read_told(session, jobs)
    documents = (old_job(job, told[job.id], job.artifact_key) for job in jobs)
    return [TuningJob.model_validate(document.model_dump()) for document in documents]
