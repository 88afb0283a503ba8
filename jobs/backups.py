"""A copy of the job store while everything runs, for a SQLite file; PostgreSQL has its own programs for that.

Tuned models are files beside it and are copied as files: docs/backup.md says in which order.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url

from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError, UnavailableError, UserError
from hyperparameter_tuning.shared.settings import Settings


def back_up(settings: Settings, target: Path) -> int:
    """Copy the job store into a new file, as it is at one moment; jobs may run meanwhile.

    Args:
        settings: Say where the store is.
        target: The copy; must not exist.

    Returns:
        Bytes of the copy.

    Raises:
        UserError: the store is no SQLite file.
        NotFoundError: there is no store.
        ConflictError: *target* exists.
        UnavailableError: the copy could not be written.
    """
    source = _sqlite_file(settings)
    if target.exists():
        raise ConflictError(f"'{target}' exists. Name a new file.", code="file_exists")
    # Beside it, and renamed when it is whole: half a copy never looks like one.
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(part)) as copy:
            # In one go: a portion after which somebody wrote would begin all over again.
            live.backup(copy)
        os.replace(part, target)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise UnavailableError(f"The copy could not be written: {error}.", code="backup_failed") from error
    return target.stat().st_size


def _sqlite_file(settings: Settings) -> Path:
    url = make_url(settings.database)
    if url.get_backend_name() != "sqlite":
        raise UserError(
            "The job store is PostgreSQL: use pg_dump, as docs/backup.md says.", code="backup_by_pg_dump"
        )
    file = Path(url.database or "")
    if not file.is_file():
        raise NotFoundError(f"There is no job store at '{file}'.", code="no_job_store")
    return file
