"""The worker: the Celery app, the workflow of a job, its children, the strategies and their one evaluator.

HTTP and editors do not belong here. Listing a name loads nothing.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.tasks"
_OLD = "hyperparameter_tuning.legacy_imports"

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
        # Names of the first import path; what became of them is in legacy/README.md.
        "OptunaSearchCV": f"{_ROOM}.searchers",
        "SearchExecutionResult": f"{_OLD}.search_execution",
        "_HAS_OPTUNA": f"{_ROOM}.searchers",
        "_OPTUNA_INTEGRATION_GUIDANCE": f"{_ROOM}.searchers",
        "_build_optuna_distributions": f"{_ROOM}.searchers",
        "_build_search_metrics": f"{_OLD}.search_execution",
        "_build_searcher": f"{_ROOM}.searchers",
        "_build_training_data_bundle": f"{_OLD}.training_data",
        "_create_optuna_searcher": f"{_ROOM}.searchers",
        "_execute_search": f"{_OLD}.search_execution",
        "_infer_target_class_count": f"{_OLD}.training_data",
        "_optuna_accepts_sampler": f"{_ROOM}.searchers",
        "_prepare_search_parameters": f"{_ROOM}.searchers",
        "_run_hyperparameter_tuning_workflow": f"{_OLD}.job_workflow",
        "cancel_tuning_task": f"{_OLD}.job_workflow",
        "dispatch_hyperparameter_tuning_job": f"{_OLD}.job_workflow",
        "run_hyperparameter_tuning": f"{_OLD}.celery_task",
    },
)
