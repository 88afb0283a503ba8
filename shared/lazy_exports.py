"""Room doors that open on demand (PEP 562): listing a name loads nothing.

Importing a room must stay cheap: the API starts without scikit-learn, the engine without a database.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_exports(room: str, table: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Make a room's ``__getattr__`` and ``__dir__``.

    Args:
        room: The room's ``__name__``.
        table: Public name to the module that defines it.

    Returns:
        The two functions to assign in the room's ``__init__``.
    """

    def load(name: str) -> Any:
        if name not in table:
            raise AttributeError(f"module '{room}' has no attribute '{name}'")
        return getattr(import_module(table[name]), name)

    def names() -> list[str]:
        return sorted(table)

    return load, names
