"""One line of ``tuning-node doctor``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at.

    Attributes:
        name: What.
        state: ``good``; ``idle`` for what merely does not run; ``broken`` for what cannot work as it is.
        message: What was seen.
        next: The command that helps, where one does.
    """

    name: str
    state: str
    message: str
    next: str | None = None
