"""Looking strategies up: the list in force, names and aliases, and the selection a configuration makes.

Entries do not belong here (`registry.defaults`), nor what strategies do (`tasks.searchers`).
"""

from functools import lru_cache
from typing import Any

from hyperparameter_tuning.registry.base import StrategySpec, TuningStrategyOption
from hyperparameter_tuning.registry.defaults import BUILT_IN_STRATEGIES
from hyperparameter_tuning.registry.names import NameIndex
from hyperparameter_tuning.registry.outside import STRATEGIES, Registered, registered
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.settings import Settings, get_settings


def registered_strategies() -> Registered[StrategySpec]:
    """Return every strategy here, whatever the settings offer: the built-ins and those of other packages."""
    return registered(STRATEGIES, _built_in)


def _built_in() -> tuple[StrategySpec, ...]:
    return BUILT_IN_STRATEGIES


def strategy_specs(settings: Settings | None = None) -> tuple[StrategySpec, ...]:
    """Return the strategies on offer, the default first.

    Args:
        settings: Whose ``strategies`` restrict and order the list; absent: this process's own.

    Raises:
        UnknownNameError: the settings name a strategy that does not exist.
    """
    wanted = (settings or get_settings()).strategies
    known = registered_strategies().specs
    if not wanted:
        return known
    by_value, index = {spec.value: spec for spec in known}, _index(known)
    return tuple(by_value[value] for value in dict.fromkeys(index.resolve(name) for name in wanted))


def get_strategy_spec(value: str | None, settings: Settings | None = None) -> StrategySpec:
    """Return the strategy called *value*, in any case and by any alias; None gives the default.

    Raises:
        UnknownNameError: no strategy on offer is called so; the message lists those that are.
    """
    offered = strategy_specs(settings)
    if value is None or not str(value).strip():
        return offered[0]
    canonical = _index(offered).resolve(value)
    return next(spec for spec in offered if spec.value == canonical)


@lru_cache(maxsize=8)
def _index(specs: tuple[StrategySpec, ...]) -> NameIndex:
    return NameIndex("strategy", {spec.value: spec.aliases for spec in specs})


def resolve_strategy_selection(value: Any) -> tuple[str, str]:
    """Return (canonical value, implementation) of what a configuration selects.

    None and blank text give the default; aliases resolve, whatever their case.

    Raises:
        UnknownNameError: nothing is called so; the message lists what is.
    """
    spec = get_strategy_spec(value)
    return spec.value, spec.value


def get_tuning_strategy_options() -> tuple[TuningStrategyOption, ...]:
    """Return the strategies on offer as list entries, the default first."""
    return tuple(
        TuningStrategyOption(spec.value, spec.label, spec.description, spec.value, spec.aliases)
        for spec in strategy_specs()
    )


def get_strategy_alias_map() -> dict[str, TuningStrategyOption]:
    """Return every spelling on offer, in lower case, with its entry."""
    return {
        name.casefold(): option
        for option in get_tuning_strategy_options()
        for name in (option.value, *option.aliases)
    }


def get_default_strategy_value() -> str:
    """Return the strategy of a fresh node."""
    return strategy_specs()[0].value


def normalize_strategy_value(value: Any) -> str:
    """Return the canonical name of *value*; None and blank text give the default.

    Raises:
        UnknownNameError: nothing is called so; it is never taken for the default.
    """
    return get_strategy_spec(value).value


def get_strategy_impl(value: Any) -> str:
    """Return the implementation that *value* stands for, as `normalize_strategy_value` reads it."""
    return resolve_strategy_selection(value)[1]


def get_strategy_option(value: Any) -> TuningStrategyOption | None:
    """Return the list entry of *value*, or None when nothing is called so."""
    try:
        canonical = normalize_strategy_value(value)
    except UnknownNameError:
        return None
    return get_strategy_alias_map()[canonical.casefold()]


def get_strategy_choices_for_ui() -> list[dict[str, str]]:
    """Return ``{value, label, description?}`` per strategy on offer, for a dropdown."""
    choices = []
    for option in get_tuning_strategy_options():
        choice = {"value": option.value, "label": option.label}
        choices.append(choice | ({"description": option.description} if option.description else {}))
    return choices


def get_supported_strategy_values() -> list[str]:
    """Return the canonical names on offer."""
    return [spec.value for spec in strategy_specs()]
