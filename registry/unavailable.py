"""Names that a saved document rightly holds and that mean nothing here now: their package is gone or broken.

They are told from mistyped names, which have a near one to offer. Nothing is ever put in their place.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher

from hyperparameter_tuning.registry.left_out import left_out
from hyperparameter_tuning.registry.names import folded
from hyperparameter_tuning.registry.providers import Provider, came_from, is_registered, noun, provider_of
from hyperparameter_tuning.registry.services import registered_strategies
from hyperparameter_tuning.shared.errors import UnknownNameError

TYPO_LIKENESS = 0.72
"""Least similarity (difflib's ratio) of a mistyped name to the one that is meant; two letters of four that
changed places give 0.75."""

_ENDINGS = ("_classifier", "_regressor", "_regression")


def unavailable(kind: str, error: UnknownNameError, providers: Iterable[Provider] = ()) -> UnknownNameError:
    """Return what to say of a name that is not registered: mistyped, or of a package that is not here.

    Args:
        kind: ``strategy``, ``model`` or ``metric``.
        error: What the registry says of it.
        providers: Who brought it, as far as a job tells; the sentence names the package.

    Returns:
        *error* itself for a mistyped name; else one with the code ``<kind>_unavailable``, ``known`` among its
        details, and no nearest name, since no other is meant.
    """
    name, known = str(error.details.get("name")), list(error.details.get("known", ()))
    wanted = (kind, folded(name))
    broken = next((item for item in left_out() if (item.noun, folded(item.name)) == wanted), None)
    provider = provider_of(kind, name, providers)
    mistyped = provider is None and _is_mistyped(name, known)
    if broken is not None:
        message = broken.sentence
    elif error.code != f"unknown_{kind}" or _is_ours(kind, name) or mistyped:
        return error
    else:
        message = (
            f"The {kind} '{name}' is unavailable: no package that is installed here brings it. Install the "
            f"one that did, or choose another: {', '.join(known)}.{_origin(provider)}"
        )
    return UnknownNameError(message, code=f"{kind}_unavailable", name=name, nearest=None, known=known)


def unavailable_kind(kind_type: str, providers: Iterable[Provider] = ()) -> UnknownNameError:
    """Return what to say of a node whose kind is not registered here, code ``node_kind_unavailable``.

    Args:
        kind_type: The kind.
        providers: As of `unavailable`.
    """
    broken = next((item for item in left_out() if (item.noun, item.name) == ("node kind", kind_type)), None)
    provider = provider_of("node_kind", kind_type, providers)
    message = (
        broken.sentence
        if broken is not None
        else f"The node kind '{kind_type}' is unavailable: no package that is installed here brings it. "
        f"Install the one that did, or connect around the node.{_origin(provider)}"
    )
    return UnknownNameError(message, code="node_kind_unavailable", name=kind_type)


def whats_gone(provider: Provider) -> str | None:
    """Say in one or two sentences what of a job is not here (any more), or None where it is."""
    if is_registered(provider):
        return None
    name = (noun(provider["kind"]), provider["name"])
    broken = next((item for item in left_out() if (item.noun, item.name) == name), None)
    if broken is not None:
        return broken.sentence
    return f"The {name[0]} '{name[1]}' is unavailable.{_origin(provider)}"


def _origin(provider: Provider | None) -> str:
    return "" if provider is None else f" {came_from(provider)}"


def _is_ours(kind: str, name: str) -> bool:
    """Whether it is merely not on offer, by the settings."""
    return kind == "strategy" and folded(name) in {spec.value for spec in registered_strategies().specs}


def _is_mistyped(name: str, known: list[str]) -> bool:
    meant = _stem(folded(name))
    return not meant.isidentifier() or any(
        SequenceMatcher(None, meant, _stem(folded(other))).ratio() >= TYPO_LIKENESS for other in known
    )


def _stem(name: str) -> str:
    """Return a name without the ending that all models share."""
    return next((name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)), name)
