"""The worker: the Celery app, the workflow of a job, its children, the strategies and their one evaluator.

HTTP and editors do not belong here. Listing a name loads nothing.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.tasks"

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Evaluator": f"{_ROOM}.evaluation.evaluator",
        "GridSearch": f"{_ROOM}.searchers.estimators",
        "HalvingGridSearch": f"{_ROOM}.searchers.estimators",
        "HalvingRandomSearch": f"{_ROOM}.searchers.estimators",
        "OptunaSearch": f"{_ROOM}.searchers.estimators",
        "Proposer": f"{_ROOM}.searchers.proposer",
        "RandomSearch": f"{_ROOM}.searchers.estimators",
        "TrainingDataBundle": f"{_ROOM}.data_bundle",
        "app": f"{_ROOM}.celery_app",
        "execute_search": f"{_ROOM}.execution",
        "refit": f"{_ROOM}.refit",
        "run_job": f"{_ROOM}.workflow",
    },
)
