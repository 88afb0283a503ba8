"""What an installation offers to a configuration: strategies, models and metrics, and which are installed.

Entries do not belong here (`registry.defaults`, `registry.models`, `registry.metrics`).
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec, StrategySpec
from hyperparameter_tuning.registry.defaults import BUILT_IN_STRATEGIES
from hyperparameter_tuning.registry.metric_entries import METRICS
from hyperparameter_tuning.registry.metrics import registered_metrics
from hyperparameter_tuning.registry.models.catalog import BUILT_IN_MODELS, registered_models
from hyperparameter_tuning.registry.outside import Registered
from hyperparameter_tuning.registry.services import strategy_specs
from hyperparameter_tuning.shared.settings import Settings


@dataclass(frozen=True, eq=False)
class Offer:
    """What a configuration may name; two offers are the same only when they are one object.

    Attributes:
        strategies: The default first.
        models: In the order of the list.
        metrics: In the order of the list.
    """

    strategies: tuple[StrategySpec, ...]
    models: tuple[ModelSpec, ...]
    metrics: tuple[MetricSpec, ...]


@lru_cache(maxsize=1)
def built_in_offer() -> Offer:
    """Return everything built in, each optional part assumed present: the same on every machine."""
    return Offer(BUILT_IN_STRATEGIES, BUILT_IN_MODELS, METRICS)


def live_offer(settings: Settings | None = None) -> Offer:
    """Return everything registered here; what lacks its distribution is in it, see `missing_reason`."""
    return _offer_of(strategy_specs(settings), registered_models(), registered_metrics())


@lru_cache(maxsize=8)
def _offer_of(
    strategies: tuple[StrategySpec, ...], models: Registered[ModelSpec], metrics: Registered[MetricSpec]
) -> Offer:
    return Offer(strategies, models.specs, metrics.specs)


@lru_cache(maxsize=8)
def installed(offer: Offer) -> Offer:
    """Return *offer* without what lacks its distribution."""
    return Offer(
        tuple(spec for spec in offer.strategies if missing_reason(spec) is None),
        tuple(spec for spec in offer.models if missing_reason(spec) is None),
        offer.metrics,
    )


def missing_reason(spec: StrategySpec | ModelSpec) -> str | None:
    """Say what to install before *spec* can be used, or None when nothing is missing."""
    if spec.requires is None or _is_installed(spec.requires):
        return None
    return f"{spec.label} needs the package {spec.requires}: pip install {spec.requires}."


def _is_installed(distribution: str) -> bool:
    try:
        version(distribution)
    except PackageNotFoundError:
        return False
    return True
