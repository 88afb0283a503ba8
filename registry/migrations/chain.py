"""Every step that there is, from any released version to the present one.

A new version of a kind adds its steps here and a fixture of the old one under ``tests/registry_versions``.
"""

from hyperparameter_tuning.registry.migrations.origin_kinds import ORIGIN_STEPS
from hyperparameter_tuning.registry.migrations.steps import Step

STEPS: tuple[Step, ...] = ORIGIN_STEPS


def oldest_version(node_type: str) -> int:
    """Return the oldest version that a kind can be migrated from; its first where no step leads to it."""
    return min((step.from_version for step in STEPS if step.node_type == node_type), default=1)
