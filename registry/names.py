"""Resolving a name that a person wrote to a registered one, whatever its case or spelling.

What is registered does not belong here: every registry hands its own names in.
"""

from collections.abc import Iterable, Mapping

from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.findings import nearest_name


class NameIndex:
    """Canonical names with their aliases.

    Args:
        kind: What is named, for messages: ``strategy``, ``model``, ``metric``.
        names: Canonical name to its aliases, in the order in which lists show them.
    """

    def __init__(self, kind: str, names: Mapping[str, Iterable[str]]) -> None:
        self.kind = kind
        self.known = tuple(names)
        self._canonical = {folded(name): name for name in names}
        for name, aliases in names.items():
            for alias in aliases:
                self._canonical.setdefault(folded(alias), name)

    def find(self, name: object) -> str | None:
        """Return the canonical name of *name*, or None."""
        return self._canonical.get(folded(name))

    def resolve(self, name: object) -> str:
        """Return the canonical name of *name*.

        Raises:
            UnknownNameError: with the code ``unknown_<kind>``, the nearest and all known names.
        """
        found = self.find(name)
        if found is None:
            raise unknown_name(self.kind, name, self.known, spellings=self._canonical)
        return found


def folded(name: object) -> str:
    """Return the form in which names are compared: case, blanks and hyphens do not tell them apart."""
    return str(name).strip().casefold().replace("-", "_").replace(" ", "_")


def unknown_name(
    kind: str,
    name: object,
    known: Iterable[str],
    *,
    spellings: Mapping[str, str] | None = None,
    code: str | None = None,
) -> UnknownNameError:
    """Make the error that tells what *name* was probably meant to be, and what there is.

    Args:
        kind: What is named.
        name: What was written.
        known: Canonical names.
        spellings: Other spellings to canonical names; the nearest is looked for among them too.
        code: Machine string; absent: ``unknown_<kind>``.

    Returns:
        An error whose details carry ``name``, ``nearest`` (or None) and ``known``.
    """
    names = list(known)
    nearest = nearest_name(name, names)
    if nearest is None and spellings:
        close = nearest_name(name, spellings)
        nearest = None if close is None else spellings[close]
    hint = f" Did you mean '{nearest}'?" if nearest else ""
    shown = str(name)[:100]
    return UnknownNameError(
        f"There is no {kind} '{shown}'.{hint} Known: {', '.join(names)}.",
        code=code or f"unknown_{kind}",
        name=shown,
        nearest=nearest,
        known=names,
    )
