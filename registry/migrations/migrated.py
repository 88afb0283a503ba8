"""What a migration gives: the present form, and one sentence per change that an author may want to know."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Migrated:
    """A document of the next version.

    Attributes:
        document: The new form; the old one is not changed.
        notes: Sentences for the person at the canvas.
    """

    document: Mapping[str, Any]
    notes: tuple[str, ...] = ()
