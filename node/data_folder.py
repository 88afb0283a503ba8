"""The folder that one installation writes into, and the job store in it, made ready for use.

Which processes work there is in `node.process_records`, the tables are in the jobs room.
"""

import os
from pathlib import Path

from hyperparameter_tuning.shared.errors import ConflictError, TuningError
from hyperparameter_tuning.shared.settings import Settings


def make_data_dir(data_dir: Path) -> None:
    """Make the folder, with those above it; one that is there is fine.

    Raises:
        ConflictError: it cannot be made or not be written; the sentence says why and what to do.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(data_dir, f"cannot be made ({error.strerror})") from error
    if not os.access(data_dir, os.W_OK | os.X_OK):
        raise _unusable(data_dir, "cannot be written")


def bring_up_to_date(settings: Settings) -> None:
    """Make the folder and give the job store this version's tables.

    Raises:
        ConflictError: the folder cannot be used.
        TuningError: the tables are of a newer version, which stay as they are, or the store does not answer.
    """
    from hyperparameter_tuning.jobs.database import check_current, upgrade

    make_data_dir(settings.data_dir)
    try:
        check_current(settings)
    except TuningError as error:
        if error.code != "schema_outdated":
            raise
        upgrade(settings)


def _unusable(data_dir: Path, reason: str) -> ConflictError:
    return ConflictError(
        f"The data folder '{data_dir.absolute()}' {reason}. Choose another one with --data-dir.",
        code="data_dir_unusable",
    )
