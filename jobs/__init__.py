"""The life of a job: submitted, claimed, recorded, finished, written back; nothing accepted is lost.

How candidates are scored does not belong here (`tasks`), nor HTTP (`node`). Names load on demand.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.jobs"

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
    },
)
