"""How long to leave alone what does not answer: twice as long each time, up to a limit.

What is left alone, and what is said of it, does not belong here.
"""

import time
from dataclasses import dataclass

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 300.0


@dataclass(slots=True)
class Backoff:
    """Failures in a row, and until when nothing is tried.

    Attributes:
        failures: In a row.
        ends: Monotonic time, in seconds, until which nothing is tried.
    """

    failures: int = 0
    ends: float = 0.0

    @property
    def is_on(self) -> bool:
        """Whether it is too early for the next try."""
        return time.monotonic() < self.ends

    def failed(self) -> float:
        """Count a failure, and return the seconds to wait before the next try."""
        seconds = min(FIRST_SECONDS * 2.0 ** min(self.failures, 20), LONGEST_SECONDS)
        self.failures += 1
        self.ends = time.monotonic() + seconds
        return seconds

    def succeeded(self) -> None:
        """Forget the failures."""
        self.failures, self.ends = 0, 0.0
