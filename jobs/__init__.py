"""The life of a job: submitted, claimed, recorded, finished, written back; nothing accepted is lost.

How candidates are scored does not belong here (`tasks`), nor HTTP (`node`). Names load on demand.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.jobs"
_OLD = "hyperparameter_tuning.legacy_imports"

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Database": f"{_ROOM}.database",
        "Dispatcher": f"{_ROOM}.dispatcher",
        "EventHub": f"{_ROOM}.events",
        "JobRecord": f"{_ROOM}.records",
        "JobState": f"{_ROOM}.status",
        "Keeper": f"{_ROOM}.keeper",
        "Submission": f"{_ROOM}.records",
        "create_host": f"{_ROOM}.reference_host",
        "include_name": f"{_ROOM}.host_migrations",
        # Names of the first import path; what became of them is in legacy/README.md.
        "_resolve_next_run_number": f"{_OLD}.tuning_jobs",
        "bulk_mark_tuning_cancelled": f"{_OLD}.tuning_job_status",
        "create_tuning_job": f"{_OLD}.tuning_jobs",
        "get_tuning_job": f"{_OLD}.tuning_jobs",
        "list_tuning_jobs": f"{_OLD}.tuning_jobs",
        "purge_tuning_jobs": f"{_OLD}.tuning_jobs",
        "update_tuning_job_progress_sync": f"{_OLD}.tuning_job_status",
        "update_tuning_job_status": f"{_OLD}.tuning_job_status",
    },
)
