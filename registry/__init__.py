"""What can be tuned and how, as data; a name is loaded when it is first asked for.

Searching does not belong here (`tasks`), nor the life of a job (`jobs`).
"""

from hyperparameter_tuning.shared.lazy_exports import lazy_exports

_ROOM = "hyperparameter_tuning.registry"
_EXPORTS = {
    "base": (
        "Bounds",
        "FieldSpec",
        "MetricSpec",
        "ModelSpec",
        "StrategySpec",
        "Supports",
        "TuningStrategyOption",
    ),
    "defaults": ("BUILT_IN_STRATEGIES", "DEFAULT_TUNING_STRATEGIES", "SUPPORTED_IMPLS"),
    "services": (
        "get_default_strategy_value",
        "get_strategy_alias_map",
        "get_strategy_choices_for_ui",
        "get_strategy_impl",
        "get_strategy_option",
        "get_strategy_spec",
        "get_supported_strategy_values",
        "get_tuning_strategy_options",
        "normalize_strategy_value",
        "resolve_strategy_selection",
        "strategy_specs",
    ),
    "migrations.graph_migration": ("migrate_graph",),
    "migrations.origin_config": ("migrate_origin_config",),
    "models.catalog": ("get_model", "load_estimator_class", "model_specs"),
    "metrics": ("auto_metric", "get_metric", "metric_specs", "scorer_name"),
    # The function `node_kinds` bears its module's name: import it from there.
    "node_kinds": ("TUNING_KIND",),
    "search_context": ("Plan", "Rung", "SearchBudget", "SearchContext"),
    "space": ("CategoricalDimension", "FloatDimension", "IntDimension", "Space"),
}

# Names of the first import path; what became of them is in legacy/README.md.
_OLD = dict.fromkeys(
    ("_normalize_entry", "_resolve_source"), "hyperparameter_tuning.legacy_imports.strategy_entries"
)

__getattr__, __dir__ = lazy_exports(
    __name__, {name: f"{_ROOM}.{module}" for module, names in _EXPORTS.items() for name in names} | _OLD
)
