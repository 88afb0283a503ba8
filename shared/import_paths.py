"""Loading what an import path names: estimators, proposers, plans, scorers, step builders.

Which paths there are does not belong here: entries of registries name them, so that listing loads nothing.
"""

from importlib import import_module
from typing import Any

from hyperparameter_tuning.shared.errors import TuningError

_LONGEST_REASON = 300


class ImportPathError(TuningError):
    """An entry of a registry names something that is not there; a fault of its package."""

    default_code = "import_failed"


def load_by_path(path: str) -> Any:
    """Import ``package.module:name`` and return what it names.

    Raises:
        ImportPathError: the module does not load, whatever it raised, or has no such name.
    """
    module, _, name = path.partition(":")
    try:
        return getattr(import_module(module), name)
    except (Exception, SystemExit) as error:
        raise ImportPathError(f"'{path}' cannot be loaded: {one_line(error)}.") from error


def one_line(error: BaseException) -> str:
    """Return class and text of an error of foreign code in one line of bounded length."""
    text = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1] + "…"
