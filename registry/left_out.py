"""Everything that other packages register and that cannot be used here, over all four registries.

Why one cannot be used is said in `registry.outside`.
"""

from hyperparameter_tuning.registry.metrics import registered_metrics
from hyperparameter_tuning.registry.models.catalog import registered_models
from hyperparameter_tuning.registry.node_kinds import registered_kinds
from hyperparameter_tuning.registry.outside import LeftOut
from hyperparameter_tuning.registry.services import registered_strategies


def left_out() -> tuple[LeftOut, ...]:
    """Return what is left out, strategies first; empty where nothing is broken."""
    return (
        *registered_strategies().left_out,
        *registered_models().left_out,
        *registered_metrics().left_out,
        *registered_kinds().left_out,
    )
