"""Every name that the old packages passed on is there, by its old path and with its old parameters."""

import importlib
import inspect
from typing import Any

import pytest

import hyperparameter_tuning.legacy_imports as legacy_imports
from hyperparameter_tuning.legacy_imports.alias_table import OLD_NAMES

TUNING = "core.feature_engineering.modeling.hyperparameter_tuning"
SHARED = "core.feature_engineering.modeling.shared"
EXPORTS = {
    f"{TUNING}.registry": (
        *("TuningStrategyOption", "DEFAULT_TUNING_STRATEGIES", "SUPPORTED_IMPLS", "_normalize_entry"),
        *("_resolve_source", "get_tuning_strategy_options", "get_strategy_alias_map"),
        *("get_default_strategy_value", "normalize_strategy_value", "get_strategy_impl"),
        *("get_strategy_option", "get_strategy_choices_for_ui", "get_supported_strategy_values"),
        "resolve_strategy_selection",
    ),
    f"{TUNING}.jobs": (
        *("create_tuning_job", "purge_tuning_jobs", "get_tuning_job", "list_tuning_jobs"),
        *("update_tuning_job_status", "update_tuning_job_progress_sync", "bulk_mark_tuning_cancelled"),
        "_resolve_next_run_number",
    ),
    f"{TUNING}.tasks": (
        *("TrainingDataBundle", "SearchExecutionResult", "dispatch_hyperparameter_tuning_job"),
        *("run_hyperparameter_tuning", "_run_hyperparameter_tuning_workflow"),
        *("_build_training_data_bundle", "_build_searcher", "_prepare_search_parameters"),
        *("_execute_search", "_build_search_metrics", "_build_optuna_distributions"),
        *("_create_optuna_searcher", "OptunaSearchCV", "_HAS_OPTUNA", "_OPTUNA_INTEGRATION_GUIDANCE"),
        "cancel_tuning_task",
    ),
    SHARED: (
        *("CrossValidationConfig", "SearchConfiguration", "ModelingInputs", "_coerce_search_space"),
        *("_resolve_problem_type_hint", "_build_cv_splitter", "_parse_cross_validation_config"),
        *("_build_metadata_update", "_persist_best_estimator", "_serialize_value", "_summarize_results"),
        *("_classification_metrics", "_regression_metrics", "_prepare_training_data"),
    ),
}
ALL = [(module, name) for module, names in EXPORTS.items() for name in names]
SIGNATURES = {
    "_create_optuna_searcher": (
        *("kwargs", "search_config", "_search_cls", "_sampler_cls", "_accepts_sampler_fn"),
    ),
    "_build_searcher": ("spec", "search_config", "base_params", "search_space", "splitter"),
    "_prepare_search_parameters": ("job", "node_config", "spec", "search_config"),
    "create_tuning_job": ("session", "payload", "user_id", "model_type_override"),
    "_resolve_next_run_number": ("session", "dataset_source_id", "node_id", "model_type"),
    "list_tuning_jobs": ("session", "user_id", "dataset_source_id", "pipeline_id", "node_id", "limit"),
    "purge_tuning_jobs": (
        *("session", "statuses", "older_than", "dataset_source_id", "pipeline_id", "limit", "dry_run"),
    ),
    "update_tuning_job_progress_sync": ("job_id", "progress", "current_step"),
    "_build_training_data_bundle": ("frame", "target_column"),
    "_build_optuna_distributions": ("search_space",),
    "_normalize_entry": ("raw", "seen"),
    "_resolve_source": ("raw",),
    "_build_cv_splitter": ("problem_type", "cv_config", "y_train"),
    "_summarize_results": ("cv_results", "limit"),
}


def loaded(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


class TestExports:
    @pytest.mark.parametrize(("module", "name"), ALL, ids=[name for _, name in ALL])
    def test_a_name_resolves_by_its_old_path(self, module: str, name: str) -> None:
        assert loaded(module, name) is not None

    @pytest.mark.parametrize("name", SIGNATURES)
    def test_its_parameters_are_the_old_ones(self, name: str) -> None:
        (module,) = (module for module, names in EXPORTS.items() if name in names)
        assert tuple(inspect.signature(loaded(module, name)).parameters) == SIGNATURES[name]

    @pytest.mark.parametrize("module", OLD_NAMES)
    def test_a_module_answers_to_the_names_it_had(self, module: str) -> None:
        door, names = OLD_NAMES[module]
        old = importlib.import_module(
            module.replace("hyperparameter_tuning", TUNING, 1)
            if ".shared." not in module
            else module.replace("hyperparameter_tuning.shared", SHARED, 1)
        )
        for name in names:
            assert getattr(old, name) is loaded(door, name)

    @pytest.mark.parametrize("module", ["common", "inputs", "results", "search", "evaluation", "artifacts"])
    def test_each_module_of_the_old_shared_is_there(self, module: str) -> None:
        found = importlib.import_module(f"{SHARED}.{module}").__name__
        assert found.startswith("hyperparameter_tuning.shared")

    def test_optuna_is_always_there_and_its_search_is_ours(self) -> None:
        from hyperparameter_tuning.tasks.searchers import OptunaSearch

        assert loaded(f"{TUNING}.tasks", "_HAS_OPTUNA") is True
        assert loaded(f"{TUNING}.tasks.optuna_support", "OptunaSearchCV") is OptunaSearch
        assert loaded(f"{TUNING}.tasks.optuna_support", "TPESampler").__module__.startswith("optuna")

    def test_the_task_has_its_old_name(self) -> None:
        assert loaded(f"{TUNING}.tasks", "run_hyperparameter_tuning").name == f"{TUNING}.run"

    def test_the_door_of_this_folder_promises_what_it_has(self) -> None:
        assert all(getattr(legacy_imports, name) is not None for name in dir(legacy_imports))
