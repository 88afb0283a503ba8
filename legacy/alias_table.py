"""Which module of today stands behind an old dotted name, and which old names a module answers to.

Data only: how an import is answered is in `alias_finder`, what the old functions do in their own modules.
"""

from collections.abc import Mapping

HOST = "core.feature_engineering.modeling"
TUNING = f"{HOST}.hyperparameter_tuning"
SHARED = f"{HOST}.shared"
PARENTS = ("core", "core.feature_engineering", HOST)

ROOTS: Mapping[str, str] = {
    TUNING: "hyperparameter_tuning",
    SHARED: "hyperparameter_tuning.shared",
}
"""Old package to the present one; what lies below the one lies below the other by the same name."""

RENAMED: Mapping[str, str] = {
    f"{SHARED}.common": "hyperparameter_tuning.shared",
    f"{SHARED}.inputs": "hyperparameter_tuning.shared",
    f"{SHARED}.results": "hyperparameter_tuning.shared",
    f"{SHARED}.search": "hyperparameter_tuning.shared",
}
"""Old modules that have no successor of their own: the room's door has their names."""

OLD_NAMES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "hyperparameter_tuning.tasks.data_bundle": (
        "hyperparameter_tuning.tasks",
        ("_build_training_data_bundle",),
    ),
    "hyperparameter_tuning.tasks.optuna_support": (
        "hyperparameter_tuning.tasks",
        (
            "OptunaSearchCV",
            "_HAS_OPTUNA",
            "_OPTUNA_INTEGRATION_GUIDANCE",
            "_build_optuna_distributions",
            "_create_optuna_searcher",
            "_optuna_accepts_sampler",
        ),
    ),
    "hyperparameter_tuning.tasks.execution": (
        "hyperparameter_tuning.tasks",
        ("SearchExecutionResult", "_build_search_metrics", "_execute_search"),
    ),
    "hyperparameter_tuning.tasks.workflow": (
        "hyperparameter_tuning.tasks",
        (
            "_infer_target_class_count",
            "_run_hyperparameter_tuning_workflow",
            "cancel_tuning_task",
            "dispatch_hyperparameter_tuning_job",
            "run_hyperparameter_tuning",
        ),
    ),
    "hyperparameter_tuning.jobs.repository": (
        "hyperparameter_tuning.jobs",
        ("_resolve_next_run_number", "get_tuning_job", "list_tuning_jobs"),
    ),
    "hyperparameter_tuning.jobs.service": (
        "hyperparameter_tuning.jobs",
        ("create_tuning_job", "purge_tuning_jobs"),
    ),
    "hyperparameter_tuning.jobs.status": (
        "hyperparameter_tuning.jobs",
        ("bulk_mark_tuning_cancelled", "update_tuning_job_progress_sync", "update_tuning_job_status"),
    ),
    "hyperparameter_tuning.registry.services": (
        "hyperparameter_tuning.registry",
        ("_normalize_entry", "_resolve_source"),
    ),
    "hyperparameter_tuning.shared.evaluation": (
        "hyperparameter_tuning.shared",
        ("_classification_metrics", "_regression_metrics"),
    ),
    "hyperparameter_tuning.shared.artifacts": (
        "hyperparameter_tuning.shared",
        ("_build_metadata_update", "_persist_best_estimator"),
    ),
}
"""Module to the door that has its old names, and those names.

A module answers to them once it was imported by its old path.
"""


def root_of(old: str) -> str | None:
    """Return the old package that *old* is or lies in, or None for any other module."""
    return next((root for root in ROOTS if old == root or old.startswith(f"{root}.")), None)


def new_name(old: str) -> str | None:
    """Return the present name of the module once called *old*, or None for any other module."""
    root = root_of(old)
    if root is None:
        return None
    return RENAMED.get(old, ROOTS[root] + old.removeprefix(root))
