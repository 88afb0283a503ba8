"""The configuration that a request is about: its own, else the one saved in the node, else all defaults.

Nodes of a graph are brought to the present version where it is opened (`node.opened_graph`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hyperparameter_tuning.node.graph_answer import GraphAnswer
from hyperparameter_tuning.registry.migrations.origin_config import is_origin_config, migrate_origin_config
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND
from hyperparameter_tuning.shared.migrated_node import MigratedNode


def asked_config(
    sent: Mapping[str, Any] | None, answer: GraphAnswer
) -> tuple[Mapping[str, Any], GraphAnswer]:
    """Return the configuration in question, and the answer that says what was migrated for it.

    Args:
        sent: What the request carries; one of version 0 is brought to the present form.
        answer: What the request's graph says.
    """
    if sent is None:
        return answer.saved_config or {}, answer
    if not is_origin_config(sent):
        return sent, answer
    present = migrate_origin_config(sent, kept=False)
    told = MigratedNode(None, TUNING_KIND, 0, 1, present.notes)
    return present.document, replace(answer, migrated=(*answer.migrated, told))
