"""Lists of strategies as settings once held them: dictionaries or plain names, made into list entries."""

from collections.abc import Iterable, Mapping, MutableSet
from typing import Any

from hyperparameter_tuning.legacy_imports.old_errors import OldCallError, value_errors
from hyperparameter_tuning.registry.base import TuningStrategyOption, normalize_aliases
from hyperparameter_tuning.registry.defaults import DEFAULT_TUNING_STRATEGIES
from hyperparameter_tuning.registry.services import get_strategy_spec


def _resolve_source(raw: Any) -> list[dict[str, Any]]:
    """Return the entries of a setting, plain names as entries of their own; the built-in ones for nothing.

    Raises:
        OldCallError: an entry is neither.
    """
    if isinstance(raw, str | Mapping):
        raw = [raw]
    entries = [_entry(item) for item in raw or ()]
    return entries or [dict(entry) for entry in DEFAULT_TUNING_STRATEGIES]


def _normalize_entry(raw: Mapping[str, Any], seen: MutableSet[str]) -> TuningStrategyOption | None:
    """Return an entry as a list option, None for one that is blank or was seen.

    Args:
        raw: ``value``, and where given ``label``, ``description``, ``impl``, ``aliases``.
        seen: Values so far in lower case; this one is added.

    Raises:
        OldCallError: it stands for no implementation there is; it is never taken for random search.
    """
    value = str(raw.get("value") or "").strip()
    if not value or value.lower() in seen:
        return None
    with value_errors():
        impl = get_strategy_spec(str(raw.get("impl") or "").strip() or value).value
    seen.add(value.lower())
    aliases: Iterable[Any] = raw.get("aliases") or ()
    return TuningStrategyOption(
        value=value,
        label=str(raw.get("label") or "").strip() or value.replace("_", " ").title(),
        description=str(raw.get("description") or "").strip(),
        impl=impl,
        aliases=normalize_aliases([aliases] if isinstance(aliases, str) else aliases),
    )


def _entry(item: Any) -> dict[str, Any]:
    if isinstance(item, str):
        return {"value": item}
    if isinstance(item, Mapping):
        return dict(item)
    raise OldCallError(f"A strategy is a name or an object with 'value', not {type(item).__name__}.")
