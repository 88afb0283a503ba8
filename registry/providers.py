"""Which other packages a job's names came from, so that they can be told once a package has gone.

Finding what is registered now does not belong here (`registry.outside`), nor the sentence on a name that
nothing brings (`registry.unavailable`).
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from hyperparameter_tuning.registry.metrics import registered_metrics
from hyperparameter_tuning.registry.models.catalog import registered_models
from hyperparameter_tuning.registry.names import folded
from hyperparameter_tuning.registry.node_kinds import registered_kinds
from hyperparameter_tuning.registry.outside import METRICS, MODELS, NODE_KINDS, STRATEGIES
from hyperparameter_tuning.registry.services import registered_strategies

Provider = Mapping[str, str]
"""``kind`` (strategy, model, metric or node_kind), ``name``, ``package`` and its ``version``."""

_REGISTRIES: Mapping[str, Any] = {
    "strategy": (registered_strategies, STRATEGIES),
    "model": (registered_models, MODELS),
    "metric": (registered_metrics, METRICS),
    "node_kind": (registered_kinds, NODE_KINDS),
}


def providers_of(names: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Return who brings each of *names* that is not built in.

    Args:
        names: Pairs of kind and registered name, in the order of the answer; once each is enough.
    """
    found = []
    for kind, name in dict.fromkeys(names):
        look_up, _ = _REGISTRIES[kind]
        package = look_up().providers.get(name)
        if package is not None:
            found.append({"kind": kind, "name": name, "package": package.name, "version": package.version})
    return found


def job_names(
    strategy: str, model: str, metric: str, config: Mapping[str, Any], plain: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield kind and name of all that a job needs from a registry.

    Args:
        strategy: Of the job, as the registry calls it; *model* and *metric* likewise.
        model: See above.
        metric: See above.
        config: The completed configuration, with the metrics beside the first.
        plain: The plain form as a document, with the node kinds on the way and at its end.
    """
    yield "strategy", strategy
    yield "model", model
    for name in (metric, *((config.get("objective") or {}).get("additional_metrics") or ())):
        yield "metric", name
    validation = plain.get("validation") or {}
    nodes = (*(plain.get("steps") or ()), *(validation.get("steps") or ()), *(plain.get("targets") or ()))
    for node in nodes:
        if node.get("kind"):
            yield "node_kind", node["kind"]


def provider_of(kind: str, name: str, providers: Iterable[Provider]) -> Provider | None:
    """Return who brought what a job calls *name*, or None."""
    wanted = (kind, folded(name))
    return next((item for item in providers if (item["kind"], folded(item["name"])) == wanted), None)


def is_registered(provider: Provider) -> bool:
    """Say whether what it brought is still here, whoever brings it now."""
    look_up, group = _REGISTRIES[provider["kind"]]
    return provider["name"] in {getattr(spec, group.key) for spec in look_up().specs}


def noun(kind: str) -> str:
    """Return what one of *kind* is called in a sentence."""
    return str(_REGISTRIES[kind][1].noun)


def came_from(provider: Provider) -> str:
    """Say in one sentence where something came from that is not here (any more)."""
    package = f"{provider['package']} {provider['version']}".strip()
    try:
        present = version(provider["package"])
    except PackageNotFoundError:
        return f"It came from package {package}, which is not installed."
    return f"It came from package {package}; version {present}, which is installed, does not bring it."
