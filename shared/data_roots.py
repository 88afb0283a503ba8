"""Where dataset files may lie: the packaged examples, the configured roots, and the data folder.

Reading a file's content is in `shared.data`. No message here shows where a root really is.
"""

import errno
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

import fsspec

from hyperparameter_tuning.shared.errors import DataError, UnavailableError
from hyperparameter_tuning.shared.settings import Settings

_SETTLING_NANOSECONDS = 2_000_000_000
EXAMPLES_PREFIX = "examples"
_NO_ANSWER = "A data root does not answer; try again later."
_ROOTS = (
    "Paths are relative to one of this server's data roots: the folders in HPT_DATA_ROOTS, the folder 'data' "
    "in its data directory, or 'examples/' for the packaged examples."
)


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file inside a data root.

    Attributes:
        name: As the graph names it.
        size: Bytes.
        filesystem: fsspec file system that holds it.
        location: Its place there; never shown.
        written: Nanoseconds since the epoch of the last change, and the file's number on its disk; empty
            where the file system does not say.
    """

    name: str
    size: int
    filesystem: Any
    location: str
    written: tuple[int, ...] = ()

    @property
    def suffix(self) -> str:
        """Lower-case suffix with its dot."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def is_settled(self) -> bool:
        """Whether a later change would show: clocks are coarse, so not right after the last one."""
        return bool(self.written) and time.time_ns() - self.written[0] > _SETTLING_NANOSECONDS

    def open(self) -> BinaryIO:
        """Open it for reading.

        Raises:
            DataError: it was removed meanwhile.
            UnavailableError: it cannot be opened now.
        """
        try:
            return cast(BinaryIO, self.filesystem.open(self.location, "rb"))
        except FileNotFoundError as error:
            raise DataError(f"There is no file '{self.name}' any more.", code="dataset_missing") from error
        except OSError as error:
            message = f"This server may not read '{self.name}', or its disk does not answer."
            raise UnavailableError(message, code="data_root_unavailable") from error


def packaged_examples() -> Path:
    """Return the folder of the packaged example graphs and tables; it is only ever read."""
    return Path(str(files("hyperparameter_tuning.frontend_schema"))) / "examples"


def resolve_file(path: str, settings: Settings) -> DataFile:
    """Find a dataset file.

    Args:
        path: As the graph names it, with ``/`` between its parts.
        settings: Names the roots.

    Raises:
        DataError: the path is absolute, climbs out by ``..`` or a link, names a folder, or nothing is there.
        UnavailableError: a remote root does not answer.
    """
    parts = _checked_parts(path)
    for found in _candidates(parts, settings):
        if found is not None:
            return replace(found, name=path)
    raise DataError(f"There is no file '{path}'. {_ROOTS}", code="dataset_missing")


def _checked_parts(path: str) -> list[str]:
    parts = re.split(r"[\\/]", path)
    absolute = not parts[0] or parts[0].startswith("~") or re.match(r"[A-Za-z]:", path) or "://" in path
    if absolute or ".." in parts or re.search(r"[\x00-\x1f]", path):
        raise DataError(
            f"'{_shown(path)}' is not inside the data roots. {_ROOTS}", code="dataset_outside_roots"
        )
    return [part for part in parts if part not in ("", ".")]


def _shown(path: str) -> str:
    return re.sub(r"[\x00-\x1f]", "?", path)[:200]


def _candidates(parts: list[str], settings: Settings) -> Iterator[DataFile | None]:
    if len(parts) > 1 and parts[0] == EXAMPLES_PREFIX:
        # Ours, and never written to: a link in it is the installer's own.
        yield _local(packaged_examples(), parts[1:], links=True)
    for root in (*settings.data_roots, str(settings.data_dir.absolute() / "data")):
        yield _remote(root, parts) if "://" in root else _local(Path(root), parts, links=False)


def _local(root: Path, parts: list[str], *, links: bool) -> DataFile | None:
    place = root.joinpath(*parts)
    try:
        if not place.exists():
            return None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return None
        raise UnavailableError(_NO_ANSWER, code="data_root_unavailable") from error
    real = place.resolve()
    if not links and not real.is_relative_to(root.resolve()):
        message = f"'{'/'.join(parts)}' is a link that leads out of the data roots. {_ROOTS}"
        raise DataError(message, code="dataset_outside_roots")
    _check_file(real.is_file(), parts)
    status = real.stat()
    written = (status.st_mtime_ns, status.st_ino)
    return DataFile("/".join(parts), status.st_size, fsspec.filesystem("file"), str(real), written)


def _remote(root: str, parts: list[str]) -> DataFile | None:
    location = "/".join(parts)
    try:
        filesystem, base = fsspec.core.url_to_fs(root)
        location = f"{base.rstrip('/')}/{location}"
        info = filesystem.info(location)
    except FileNotFoundError:
        return None
    except (OSError, ImportError, ValueError) as error:
        raise UnavailableError(_NO_ANSWER, code="data_root_unavailable") from error
    _check_file(info["type"] == "file", parts)
    return DataFile("/".join(parts), int(info["size"]), filesystem, location)


def _check_file(is_file: bool, parts: list[str]) -> None:
    if not is_file:
        message = f"'{'/'.join(parts)}' is a folder: name a CSV or Parquet file in it."
        raise DataError(message, code="dataset_missing")
