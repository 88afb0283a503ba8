"""The place where tuned models lie: a folder or any store that fsspec reaches, and its failures in our words.

What is kept there, and how a file is written whole, does not belong here (`shared.artifacts`).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
from fsspec.utils import get_protocol

from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.settings import Settings

WITHOUT_FOLDERS = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "adl", "oss", "memory"})
"""Stores that need no folder before a file; to ask some of them for one would make a bucket."""

_S3: Mapping[str, Any] = {
    "config_kwargs": {"connect_timeout": 5, "read_timeout": 15, "retries": {"total_max_attempts": 3}}
}
PATIENCE: Mapping[str, Mapping[str, Any]] = {"s3": _S3, "s3a": _S3}
"""Options of stores that wait for minutes otherwise until they say that nobody answers; those of the settings
go before them. In seconds, as botocore's configuration calls them."""


@dataclass(frozen=True, slots=True)
class Store:
    """An opened place.

    Attributes:
        filesystem: Of fsspec.
        root: Where ours begins, in its words.
    """

    filesystem: Any
    root: str

    @property
    def folder(self) -> Path | None:
        """The folder on this machine that it is; None for a store elsewhere."""
        return Path(self.root) if "file" in _protocols(self.filesystem) else None

    @property
    def has_folders(self) -> bool:
        """Whether a folder must be made before a file."""
        return not _protocols(self.filesystem) & WITHOUT_FOLDERS

    def path(self, key: str) -> str:
        """Return the store's own name of a key."""
        return f"{self.root}/{key}"

    def files(self) -> dict[str, dict[str, Any]]:
        """Return what the store says of each file, by its path in the store; nothing where nothing is yet.

        Raises:
            UnavailableError: the store does not answer, or does not let us in.
        """
        try:
            with reached():
                found: dict[str, dict[str, Any]] = self.filesystem.find(self.root, detail=True)
        except FileNotFoundError:
            return {}
        return found


def open_store(settings: Settings) -> Store:
    """Open the place that the settings name; nothing is asked of it yet.

    Raises:
        UnavailableError: the package that reaches it is not installed.
    """
    options = {**PATIENCE.get(get_protocol(settings.artifacts), {}), **store_options(settings)}
    with reached():
        filesystem, root = fsspec.core.url_to_fs(settings.artifacts, **options)
    # Other processes write there, too: what was listed a while ago is not what is there.
    filesystem.invalidate_cache()
    return Store(filesystem, root.rstrip("/"))


def store_options(settings: Settings) -> dict[str, Any]:
    """Return what the store takes beside its URL.

    Raises:
        ValueError: ``artifacts_options`` is no JSON object.
    """
    if settings.artifacts_options is None:
        return {}
    try:
        options = json.loads(settings.artifacts_options.get_secret_value())
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise ValueError("it must be a JSON object")
    return options


@contextmanager
def reached() -> Iterator[None]:
    """Turn the failures of a store into ours; those of the local disk stay as they are.

    Raises:
        UnavailableError: the store does not answer, or does not let us in.
    """
    try:
        yield
    except (FileNotFoundError, UnavailableError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise
        raise UnavailableError(
            # Only its kind: the text may have keys in it.
            f"The store of tuned models does not answer, or not to us ({type(error).__name__}).",
            code="artifacts_unavailable",
        ) from error


def _protocols(filesystem: Any) -> frozenset[str]:
    named = filesystem.protocol
    return frozenset((named,) if isinstance(named, str) else named)
