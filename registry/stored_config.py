"""The configuration that a job stores, read by the process that runs the job or goes on with it.

Between submit and then a package may have gone. Judging what a person wrote does not belong here
(`registry.validation`).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from hyperparameter_tuning.registry.config import TuningConfig, config_model
from hyperparameter_tuning.registry.config_sections import AUTO_METRIC
from hyperparameter_tuning.registry.metrics import get_metric
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.providers import Provider
from hyperparameter_tuning.registry.services import get_strategy_spec, strategy_specs
from hyperparameter_tuning.registry.unavailable import unavailable, unavailable_kind
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.settings import Settings


def stored_config(document: Mapping[str, Any], settings: Settings) -> TuningConfig:
    """Return a completed configuration, as what is registered in this process reads it.

    Args:
        document: As the job stores it.
        settings: Say which strategies are on offer.

    Raises:
        UnknownNameError: as `refuse_unavailable`.
    """
    refuse_unavailable(document, settings)
    return config_model(strategy_specs(settings)).model_validate(document)


def refuse_unavailable(
    document: Mapping[str, Any],
    settings: Settings,
    *,
    model: str | None = None,
    steps: Iterable[str] = (),
    providers: Collection[Provider] = (),
) -> None:
    """Refuse what names something that nothing here brings (any more).

    Args:
        document: Configuration as a job stores it.
        settings: Say which strategies are on offer.
        model: The job's model.
        steps: Node kinds on the way of its data.
        providers: Who brought what it names, as the job tells.

    Raises:
        UnknownNameError: code ``strategy_unavailable``, ``metric_unavailable``, ``model_unavailable`` or
            ``node_kind_unavailable``, with the name.
    """
    for kind, look_up in _named(document, settings, model):
        _refuse(kind, look_up, providers)
    refuse_unavailable_kinds(steps, providers)


def refuse_unavailable_target(
    model: str, target_kinds: Iterable[str], providers: Collection[Provider] = ()
) -> None:
    """Refuse to write parameters that nothing here can tell from a node's own, or place on it (any more).

    Args:
        model: The job's model.
        target_kinds: Kinds of the model nodes that are to get them.
        providers: Who brought these, as the job tells.

    Raises:
        UnknownNameError: code ``model_unavailable`` or ``node_kind_unavailable``, with the name.
    """
    _refuse("model", partial(get_model, model), providers)
    refuse_unavailable_kinds(target_kinds, providers)


def refuse_unavailable_kinds(kinds: Iterable[str], providers: Collection[Provider] = ()) -> None:
    """Refuse to say what stands where on a node of a kind that nothing here brings (any more).

    Args:
        kinds: Node kinds.
        providers: Who brought these, as the job tells.

    Raises:
        UnknownNameError: code ``node_kind_unavailable``, with the name.
    """
    known = node_kinds()
    gone = next((kind for kind in kinds if kind not in known), None)
    if gone is not None:
        raise unavailable_kind(gone, providers)


def _refuse(kind: str, look_up: Callable[[], object], providers: Iterable[Provider]) -> None:
    try:
        look_up()
    except UnknownNameError as error:
        raise unavailable(kind, error, providers) from error


def _named(
    document: Mapping[str, Any], settings: Settings, model: str | None
) -> Iterator[tuple[str, Callable[[], object]]]:
    strategy, objective = document.get("strategy") or {}, document.get("objective") or {}
    yield "strategy", partial(get_strategy_spec, strategy.get("name"), settings)
    if model is not None:
        yield "model", partial(get_model, model)
    for name in (objective.get("metric", AUTO_METRIC), *(objective.get("additional_metrics") or ())):
        if name != AUTO_METRIC:
            yield "metric", partial(get_metric, name)
