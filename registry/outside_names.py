"""Which names registrations take, so that no two packages mean different things by one name.

Finding registrations does not belong here (`registry.outside`), nor resolving what a person wrote
(`registry.names`).
"""

import re
from collections.abc import Iterator
from functools import singledispatch

from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec, StrategySpec
from hyperparameter_tuning.registry.names import folded
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec

MAX_NAME = 64
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*\Z")
_SCOPES = frozenset({"classification", "regression"})

Claim = tuple[str, frozenset[str]]
"""A folded name and the problem types in which it is taken."""


class TakenNames:
    """The names of one registry that have an owner."""

    def __init__(self) -> None:
        self._scopes: dict[str, frozenset[str]] = {}

    def claim(self, spec: object) -> None:
        """Take every name of *spec*."""
        for name, scopes in claims(spec):
            self._scopes[name] = self._scopes.get(name, frozenset()) | scopes

    def clashes(self, spec: object) -> Iterator[str]:
        """Yield a sentence per name of *spec* that has an owner."""
        for name, scopes in claims(spec):
            if self._scopes.get(name, frozenset()) & scopes:
                yield f"The name '{name}' is taken."


@singledispatch
def claims(spec: object) -> list[Claim]:
    """Return what a spec is called; one alias may stand for a classifier and a regressor."""
    raise TypeError(f"{type(spec).__name__} has no names.")


@claims.register
def _(spec: StrategySpec) -> list[Claim]:
    return [(folded(name), _SCOPES) for name in (spec.value, *spec.aliases)]


@claims.register
def _(spec: MetricSpec) -> list[Claim]:
    return [(folded(name), _SCOPES) for name in (spec.key, *spec.aliases)]


@claims.register
def _(spec: ModelSpec) -> list[Claim]:
    aliases = [(folded(name), frozenset({spec.problem_type})) for name in spec.aliases]
    return [(folded(spec.key), _SCOPES), *aliases]


@claims.register
def _(spec: NodeKindSpec) -> list[Claim]:
    return [(spec.type, _SCOPES)]  # a type is compared as it stands


def name_faults(name: object, aliases: object = ()) -> Iterator[str]:
    """Yield what keeps *name* and *aliases* from being found by whoever writes them."""
    if not isinstance(name, str) or not _NAME.match(name) or len(name) > MAX_NAME:
        yield (
            f"The name {name!r} must be lower-case letters, digits and underscores, starting with a letter, "
            f"{MAX_NAME} at most."
        )
    if not isinstance(aliases, tuple | list) or not all(isinstance(item, str) and item for item in aliases):
        yield "Its aliases must be a tuple of texts."


def path_faults(field: str, path: object) -> Iterator[str]:
    """Yield a sentence where *path* is no import path ``package.module:name``; nothing is imported."""
    if not isinstance(path, str) or not _PATH.match(path):
        yield f"Its {field} must be an import path like 'package.module:name', not {path!r}."


def trusted_type_faults(names: object) -> Iterator[str]:
    """Yield a sentence where *names* are no full type names ``package.module.Class``."""
    listed = isinstance(names, tuple | list) and all(isinstance(name, str) and "." in name for name in names)
    if not listed:
        yield "Its trusted_types must be a tuple of full type names like 'package.module.Class'."
