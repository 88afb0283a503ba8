"""Which records to list, and one page of them; frozen values.

How a page is found does not belong here: repositories do that.
"""

from dataclasses import dataclass

from hyperparameter_tuning.jobs.job_records import JobRecord
from hyperparameter_tuning.jobs.status import JobState
from hyperparameter_tuning.jobs.write_back_records import PipelineRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """Which jobs to list or purge; None and empty do not restrict.

    Attributes:
        owner: Only this owner's jobs.
        graph_ref: Only this pipeline's, graphs that were sent along under its name among them.
        node_id: Only this node's.
        model_type: Only this model's.
        states: Only jobs in one of these.
        dataset_source_id: Only jobs whose caller named their data so.
        has_applied_params: Only jobs whose parameters were applied and not taken back.
        older_than_seconds: Only jobs that finished longer ago than this.
        job_ids: Only these.
    """

    owner: str | None = None
    graph_ref: str | None = None
    node_id: str | None = None
    model_type: str | None = None
    states: tuple[JobState, ...] = ()
    dataset_source_id: str | None = None
    has_applied_params: bool = False
    older_than_seconds: float | None = None
    job_ids: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is restricted."""
        return self == JobFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A request for one page, newest first.

    Attributes:
        limit: Most items, 1 to 100.
        after: Cursor of the page before.
    """

    limit: int = 20
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """One page of jobs.

    Attributes:
        jobs: Newest first.
        next: Cursor of the following page; None at the end.
    """

    jobs: tuple[JobRecord, ...]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a purge removed, or would remove.

    Attributes:
        job_ids: Jobs, oldest first.
        artifact_keys: Tuned models that nothing names any more; remove them after the commit.
        dry_run: True when nothing was removed.
    """

    job_ids: tuple[str, ...]
    artifact_keys: tuple[str, ...]
    dry_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelinePage:
    """One page of pipelines.

    Attributes:
        pipelines: Newest first.
        next: Cursor of the following page; None at the end.
    """

    pipelines: tuple[PipelineRecord, ...]
    next: str | None
