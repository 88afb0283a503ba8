"""Modelling primitives that more than one room uses. Its door opens on demand.

No rule about what can be tuned belongs in this room (`registry`), nor anything about jobs.
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.shared"
_MODULES = {
    "artifacts": ("ALLOWED_TYPES", "Artifact"),
    "columns": ("Column", "DataSummary"),
    "data": ("read_table", "summarise", "table_fingerprint"),
    "errors": ("DataError", "TuningError", "UserError"),
    "findings": ("Finding",),
    "graph": ("Graph", "check_graph", "parse_graph"),
    "graph_paths": ("plain_form", "tuning_nodes"),
    "host": ("Host", "load_host"),
    "metrics": ("make_scorers",),
    "node_kinds": ("NodeKindSpec", "PortSpec"),
    "patches": ("Patch", "apply_patch", "preview"),
    "plain_form": ("PlainForm",),
    "prediction": ("TunedModel", "Prediction", "load_tuned", "predict"),
    "preparation": ("PreparedStep", "build_pipeline", "build_steps"),
    "settings": ("Settings", "get_settings"),
    "splits": ("make_splits",),
}

# Names of the first import path; what became of them is in legacy/README.md.
_OLD_MODULES = {
    "cross_validation": (
        "CrossValidationConfig",
        "_build_cv_splitter",
        "_parse_cross_validation_config",
        "_resolve_problem_type_hint",
    ),
    "fitted_metrics": ("_classification_metrics", "_regression_metrics"),
    "search_configuration": ("ModelingInputs", "SearchConfiguration", "_coerce_search_space"),
    "search_results": ("_serialize_value", "_summarize_results"),
    "training_artifacts": ("_build_metadata_update", "_persist_best_estimator"),
    "training_data": ("_prepare_training_data",),
}
_OLD = {
    name: f"hyperparameter_tuning.legacy_imports.{module}"
    for module, names in _OLD_MODULES.items()
    for name in names
}

__getattr__, __dir__ = lazy_exports(
    __name__, {name: f"{_ROOM}.{module}" for module, names in _MODULES.items() for name in names} | _OLD
)
