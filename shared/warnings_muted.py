"""One warning of a library, silenced where its cause is already reported in our own words."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def warnings_muted(category: type[Warning], message: str) -> Iterator[None]:
    """Ignore warnings of *category* whose text starts with *message* (a regular expression)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message, category)
        yield
