"""Fits that must not warn: which of many candidates a member's warning belongs to is not known afterwards."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_fit(*common: str) -> Iterator[None]:
    """Make any warning of the block an error, which ends in plain fits that warn each for itself.

    Args:
        common: Beginnings of warnings that every candidate's own fit gives.

    Yields:
        Nothing.

    Raises:
        Warning: what the block warned of.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for message in common:
            warnings.filterwarnings("always", message=message)
        yield
