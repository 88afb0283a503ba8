"""What other packages bring and what of it cannot be used here, over all four registries.

Why one cannot be used is said in `registry.outside`.
"""

import logging
from typing import Any

from hyperparameter_tuning.registry.metrics import registered_metrics
from hyperparameter_tuning.registry.models.catalog import registered_models
from hyperparameter_tuning.registry.node_kinds import registered_kinds
from hyperparameter_tuning.registry.outside import LeftOut, Registered
from hyperparameter_tuning.registry.services import registered_strategies

logger = logging.getLogger(__name__)


def log_left_out() -> None:
    """Warn of each; a process that serves jobs does so when it starts."""
    for item in left_out():
        logger.warning("%s", item.sentence)


def left_out() -> tuple[LeftOut, ...]:
    """Return what is left out, strategies first; empty where nothing is broken."""
    return tuple(item for known in _registries() for item in known.left_out)


def providers() -> dict[str, list[str]]:
    """Return the names that each other package brings, by distribution and version."""
    found: dict[str, list[str]] = {}
    for known in _registries():
        for name, distribution in known.providers.items():
            found.setdefault(str(distribution), []).append(name)
    return dict(sorted(found.items()))


def _registries() -> tuple[Registered[Any], ...]:
    return (registered_strategies(), registered_models(), registered_metrics(), registered_kinds())
