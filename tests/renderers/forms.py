"""The forms that are shown: descriptors as an editor gets them."""

from typing import Any

from hyperparameter_tuning.registry.descriptor import node_descriptor
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND, node_kinds
from hyperparameter_tuning.registry.schema_export import DIALECTS, export_schema


def forms() -> dict[str, dict[str, Any]]:
    """Return schema and UI schemas by the name of the form."""
    tuning = node_descriptor(TUNING_KIND, live=False)
    kinds = {kind: node_descriptor(kind, live=False) for kind in node_kinds() if kind != TUNING_KIND}
    dialects = {name: {**tuning, "config_schema": export_schema("config", name)} for name in DIALECTS}
    return {"config": tuning, **kinds, **dialects}
