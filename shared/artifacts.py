"""Tuned models as files: written whole or not at all, known by their sha256, opened without pickle.

Which job owns which file does not belong here; `jobs` keeps key, hash and size in its rows.
"""

import hashlib
import math
import os
import re
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from hyperparameter_tuning.shared.artifact_stores import open_store, reached
from hyperparameter_tuning.shared.artifact_types import ALLOWED_TYPES
from hyperparameter_tuning.shared.errors import DataError, NotFoundError, TuningError, UnavailableError
from hyperparameter_tuning.shared.settings import Settings

__all__ = [
    "ALLOWED_TYPES",
    "Artifact",
    "delete",
    "dump",
    "foreign_types",
    "load",
    "open_artifact",
    "open_verified",
    "orphans",
    "sha256_of",
    "store",
]

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*\Z")
_TEMPORARY = ".part"
_CHUNK_BYTES = 1 << 16
COPY_IN_MEMORY_BYTES = 16_000_000
"""Larger copies lie in the temporary folder while they are given out."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A stored file.

    Attributes:
        key: Name below the artifact folder, with ``/`` between its parts.
        sha256: 64 hexadecimal digits over the bytes.
        size: Bytes.
    """

    key: str
    sha256: str
    size: int


def dump(estimator: Any, path: Path | str, trusted: Collection[str] = ()) -> Path:
    """Write a fitted estimator with skops.

    Args:
        estimator: Any scikit-learn estimator or pipeline.
        path: Where to; replaced at once when the file is complete.
        trusted: Full names of types that it may hold beside `ALLOWED_TYPES`.

    Raises:
        TuningError: it holds another type, so that nobody could open it.
    """
    import skops.io

    target = Path(path)

    def write(temporary: Path) -> None:
        skops.io.dump(estimator, temporary)
        foreign = [name for name in foreign_types(temporary) if name not in trusted]
        if foreign:
            raise TuningError(
                f"The model cannot be stored: it holds {', '.join(foreign)}, which the allow-list of stored "
                "models does not name. A package that brings a model or a node kind names the types in its "
                "trusted_types.",
                code="artifact_type_not_allowed",
            )

    _write_whole(target, write)
    return target


def foreign_types(path: Path | str) -> tuple[str, ...]:
    """Return the types that a stored model holds beside `ALLOWED_TYPES`; nothing of it is run."""
    import skops.io

    return tuple(sorted(set(skops.io.get_untrusted_types(file=path)) - set(ALLOWED_TYPES)))


def load(path: Path | str, sha256: str | None = None, trusted: Collection[str] = ()) -> Any:
    """Open a model that `dump` wrote.

    Args:
        path: A local file.
        sha256: The hash it must have.
        trusted: Full names of types that it may hold beside `ALLOWED_TYPES`, from registrations.

    Raises:
        DataError: the file has other content, is no model, holds another type, or one whose package is not
            installed.
    """
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    if sha256 is not None and sha256_of(Path(path)) != sha256:
        raise DataError(
            "The model file is not the one that was stored: its sha256 differs.", code="artifact_changed"
        )
    try:
        return skops.io.load(path, trusted=[*ALLOWED_TYPES, *trusted])
    except UntrustedTypesFoundException as error:
        raise DataError(f"The model file is refused: {error}", code="artifact_type_not_allowed") from error
    except ImportError as error:
        message = f"The model file cannot be opened here ({error}): install the package of its model."
        raise DataError(message, code="artifact_package_missing") from error
    except (OSError, ValueError, KeyError, RuntimeError, zipfile.BadZipFile) as error:
        raise DataError("The file is no model that can be opened.", code="artifact_unreadable") from error


def store(local_path: Path | str, key: str, settings: Settings) -> Artifact:
    """Copy a local file into the artifact folder or object store.

    A folder never shows half a file; an object store is written under *key* at once, so *key* must be new
    to it: the job's row names it only afterwards.

    Raises:
        ValueError: *key* is no plain relative name.
        UnavailableError: the store does not take it.
    """
    source = Path(local_path)
    artifact = Artifact(_checked(key), sha256_of(source), source.stat().st_size)
    place = open_store(settings)
    if place.folder is not None:
        _write_whole(place.folder / key, lambda temporary: cast(None, shutil.copyfile(source, temporary)))
        return artifact
    try:
        with reached():
            if place.has_folders:
                place.filesystem.makedirs(os.path.dirname(place.path(key)), exist_ok=True)
            place.filesystem.put_file(str(source), place.path(key))
    except FileNotFoundError as error:
        message = "The store of tuned models is not there: make its bucket, or mend HPT_ARTIFACTS_URL."
        raise UnavailableError(message, code="artifacts_unavailable") from error
    return artifact


def open_artifact(key: str, settings: Settings) -> BinaryIO:
    """Open a stored file for reading.

    Raises:
        NotFoundError: nothing is stored under *key*.
        UnavailableError: the store does not answer.
    """
    path, place = _checked(key), open_store(settings)
    try:
        with reached():
            return cast(BinaryIO, place.filesystem.open(place.path(path), "rb"))
    except FileNotFoundError as error:
        raise NotFoundError("The tuned model is no longer stored.", code="artifact_missing") from error


def open_verified(key: str, sha256: str, settings: Settings) -> BinaryIO:
    """Return the content of a stored file, read once and compared: a damaged one is never given out.

    Raises:
        NotFoundError: it is not there, or no longer what was stored.
        UnavailableError: the store does not answer.
    """
    digest = hashlib.sha256()
    # A copy: what is given out is what was compared, whatever becomes of the store meanwhile.
    copy = tempfile.SpooledTemporaryFile(max_size=COPY_IN_MEMORY_BYTES)  # noqa: SIM115 - the caller closes it
    try:
        with open_artifact(key, settings) as stream, reached():
            while chunk := stream.read(_CHUNK_BYTES):
                digest.update(chunk)
                copy.write(chunk)
        if digest.hexdigest() != sha256:
            raise NotFoundError(
                "The stored model is damaged: its sha256 is not the one of the job.", code="artifact_changed"
            )
        copy.seek(0)
    except BaseException:
        copy.close()
        raise
    return cast(BinaryIO, copy)


def delete(key: str, settings: Settings) -> bool:
    """Remove a stored file; say whether there was one.

    Raises:
        UnavailableError: the store does not answer.
    """
    path, place = _checked(key), open_store(settings)
    try:
        with reached():
            # Object stores remove what is not there without a word.
            if not place.filesystem.exists(place.path(path)):
                return False
            place.filesystem.rm_file(place.path(path))
    except FileNotFoundError:
        return False
    return True


def orphans(known: Collection[str], settings: Settings, *, older_than: float = 3600.0) -> list[str]:
    """Return the keys of files that no row names.

    Args:
        known: Keys that rows name.
        settings: Says where the files are.
        older_than: Seconds; younger files may belong to a row that is about to be written.

    Raises:
        UnavailableError: the store does not answer.
    """
    place, oldest = open_store(settings), time.time() - older_than
    return sorted(
        key
        for path, info in place.files().items()
        if (key := path[len(place.root) :].lstrip("/")) not in known and _written(info) < oldest
    )


def sha256_of(path: Path) -> str:
    """Return the hexadecimal sha256 of a local file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _checked(key: str) -> str:
    if not _KEY.match(key):
        raise ValueError(f"'{key}' is no artifact key: letters, digits, '.', '_', '-' and '/' only, no '..'.")
    return key


def _write_whole(target: Path, write: Callable[[Path], None]) -> None:
    """Write a temporary neighbour, flush it to the disk, and rename it to *target*."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f"{target.name}.{uuid4().hex}{_TEMPORARY}")
    try:
        write(temporary)
        _flush(temporary)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush(target.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written(info: dict[str, Any]) -> float:
    # A store that does not say when a file was written never loses one here.
    written = info.get("mtime") or info.get("LastModified") or info.get("created") or math.inf
    return float(written.timestamp() if hasattr(written, "timestamp") else written)
