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

__getattr__, __dir__ = lazy_exports(
    __name__, {name: f"{_ROOM}.{module}" for module, names in _MODULES.items() for name in names}
)
