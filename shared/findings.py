"""What a validator says about a document: where, what, how bad, and a way out.

Rules do not belong here: `registry.validation` makes findings, this is only their shape.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

Severity = Literal["error", "warning", "todo"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on a document.

    Attributes:
        pointer: JSON pointer (RFC 6901) into the normalised document; "" is the whole.
        code: Stable machine string.
        severity: ``error`` refuses, ``warning`` informs, ``todo`` is an open item of the checklist
            that disables Run but never colours a field red.
        message: One sentence for the person at the canvas.
        fix: A machine-applicable remedy, where there is one.
        alternatives: Further remedies; one is applied, or *fix*.
    """

    pointer: str
    code: str
    severity: Severity
    message: str
    fix: Mapping[str, Any] | None = None
    alternatives: tuple[Mapping[str, Any], ...] = ()

    def as_document(self) -> dict[str, Any]:
        """Return the JSON form that editors receive."""
        document: dict[str, Any] = {
            "pointer": self.pointer,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
        }
        if self.fix is not None:
            document["fix"] = dict(self.fix)
        if self.alternatives:
            document["alternatives"] = [dict(item) for item in self.alternatives]
        return document


def json_pointer(*parts: str | int) -> str:
    """Join *parts* to a JSON pointer, escaped as RFC 6901 section 3 asks."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def nearest_name(name: object, known: object) -> str | None:
    """Return the known name that *name* was probably meant to be.

    Args:
        name: What was written.
        known: An iterable of the names that exist.

    Returns:
        The closest known name, or None when none is close.
    """
    names = [str(item) for item in known]  # type: ignore[attr-defined]
    by_folded = {item.casefold(): item for item in names}
    matches = get_close_matches(str(name).casefold(), list(by_folded), n=1, cutoff=0.5)
    return by_folded[matches[0]] if matches else None
