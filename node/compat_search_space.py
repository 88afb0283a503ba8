"""Search spaces and parameters of the first contract's requests, read strictly.

A saved canvas is kept whatever it holds (`registry.migrations`); a request is told what is wrong with it.
What models take today is in `registry.migrations.origin_params`.
"""

from typing import Any

from hyperparameter_tuning.registry.migrations.origin_values import NOTHING, json_object
from hyperparameter_tuning.shared.errors import UserError


def none_read(value: Any) -> Any:
    """Return None for the texts that stood for it on a canvas, any other value as it is."""
    return None if isinstance(value, str) and value.strip().casefold() in NOTHING else value


def read_object(value: Any, name: str) -> dict[str, Any]:
    """Return an object that may be written as JSON text; nothing at all is an empty one.

    Raises:
        UserError: it is neither.
    """
    try:
        return {str(key): item for key, item in json_object(value).items()}
    except ValueError as error:
        raise UserError(f"'{name}' {error}.", pointer=f"/{name}") from error


def read_search_space(value: Any) -> dict[str, list[Any]]:
    """Return the values to try by parameter, each once and None last.

    Args:
        value: A mapping of lists, or its JSON text; a single value counts as a list of one.

    Raises:
        UserError: it is no object, or a parameter has no value.
    """
    return {name: _values(name, item) for name, item in read_object(value, "search_space").items()}


def _values(name: str, given: Any) -> list[Any]:
    listed = list(given) if isinstance(given, list | tuple | set | frozenset) else [given]
    distinct = {(type(value), repr(value)): value for value in map(none_read, listed)}
    if not distinct:
        raise UserError(f"'{name}' has no value to try.", pointer=f"/search_space/{name}")
    return sorted(distinct.values(), key=lambda value: value is None)
