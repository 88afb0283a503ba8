"""Whether this process is about to end, known before it stops answering: nobody should ask it more.

How a server ends is in `node.serving`; whoever holds something open for long asks to be told here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENDING_SENTENCE = "This process ends; another one answers."

_told: set[Callable[[], None]] = set()
_ending = False


def begin_ending() -> None:
    """Say to all who asked that the process is about to end; asking again is fine."""
    global _ending
    _ending = True
    for tell in tuple(_told):
        tell()


def is_ending() -> bool:
    """Say whether the process is about to end."""
    return _ending


@contextmanager
def told_of_ending(tell: Callable[[], None]) -> Iterator[None]:
    """Call *tell* when the process is about to end, while the block lasts."""
    _told.add(tell)
    try:
        yield
    finally:
        _told.discard(tell)
