"""Names that a saved document rightly holds and that mean nothing here now: their package is gone or broken.

They are told from mistyped names, which have a near one to offer. Nothing is ever put in their place.
"""

from difflib import SequenceMatcher

from hyperparameter_tuning.registry.left_out import left_out
from hyperparameter_tuning.registry.names import folded
from hyperparameter_tuning.registry.services import registered_strategies
from hyperparameter_tuning.shared.errors import UnknownNameError

TYPO_LIKENESS = 0.72
"""Least similarity (difflib's ratio) of a mistyped name to the one that is meant; two letters of four that
changed places give 0.75."""

_ENDINGS = ("_classifier", "_regressor", "_regression")


def unavailable(kind: str, error: UnknownNameError) -> UnknownNameError:
    """Return what to say of a name that is not registered: mistyped, or of a package that is not here.

    Args:
        kind: ``strategy``, ``model`` or ``metric``.
        error: What the registry says of it.

    Returns:
        *error* itself for a mistyped name; else one with the code ``<kind>_unavailable``, ``known`` among its
        details, and no nearest name, since no other is meant.
    """
    name, known = str(error.details.get("name")), list(error.details.get("known", ()))
    wanted = (kind, folded(name))
    broken = next((item for item in left_out() if (item.noun, folded(item.name)) == wanted), None)
    if broken is not None:
        message = broken.sentence
    elif error.code != f"unknown_{kind}" or _is_ours(kind, name) or _is_mistyped(name, known):
        return error
    else:
        message = (
            f"The {kind} '{name}' is unavailable: no package that is installed here brings it. Install the "
            f"one that did, or choose another: {', '.join(known)}."
        )
    return UnknownNameError(message, code=f"{kind}_unavailable", name=name, nearest=None, known=known)


def unavailable_kind(kind_type: str) -> UnknownNameError:
    """Return what to say of a node whose kind is not registered here, code ``node_kind_unavailable``."""
    broken = next((item for item in left_out() if (item.noun, item.name) == ("node kind", kind_type)), None)
    message = (
        broken.sentence
        if broken is not None
        else f"The node kind '{kind_type}' is unavailable: no package that is installed here brings it. "
        "Install the one that did, or connect around the node."
    )
    return UnknownNameError(message, code="node_kind_unavailable", name=kind_type)


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
