"""What a dataset node names: a file, a SQL table behind a named connection, or a sample table.

Reading it is in `shared.data`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.shared.errors import DataError


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file inside the data roots."""

    path: str


@dataclass(frozen=True, slots=True)
class SqlRef:
    """A table or view behind a connection of the settings."""

    connection: str
    table: str


@dataclass(frozen=True, slots=True)
class SampleRef:
    """A sample table."""

    name: str


DatasetRef = FileRef | SqlRef | SampleRef

_REFS: Mapping[str, tuple[Callable[..., DatasetRef], tuple[str, ...]]] = {
    "file": (FileRef, ("path",)),
    "sql": (SqlRef, ("connection", "table")),
    "sample": (SampleRef, ("name",)),
}


def parse_dataset_ref(ref: Mapping[str, Any]) -> DatasetRef:
    """Read a dataset node's configuration; keys that name nothing to read, such as ``target``, are left.

    Raises:
        DataError: the source is unknown, or what it needs is not named; ``pointer`` is below *ref*.
    """
    source = ref.get("source")
    if not isinstance(source, str) or source not in _REFS:
        known = ", ".join(_REFS)
        message = f"A dataset names its source as one of {known}; this one says {source!r}."
        raise DataError(message, code="unknown_source", pointer="/source")
    make, names = _REFS[source]
    for name in names:
        if not isinstance(ref.get(name), str) or not ref[name]:
            message = f"The dataset node does not say which {name} to read."
            raise DataError(message, code="dataset_not_named", pointer=f"/{name}")
    return make(**{name: ref[name] for name in names})
