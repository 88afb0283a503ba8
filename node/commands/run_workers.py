"""Workers for one run of a pipeline file: those that are there already, or our own for as long as it takes.

Starting processes is in `node.installation`.
"""

from contextlib import ExitStack
from pathlib import Path

from hyperparameter_tuning.node.commands.console import complain, process_environment
from hyperparameter_tuning.node.installation import installation, kept_alive
from hyperparameter_tuning.node.process_records import read_running
from hyperparameter_tuning.shared.errors import ConflictError
from hyperparameter_tuning.shared.settings import Settings


def others_work_in(data_dir: Path) -> bool:
    """Say whether worker and keeper run in this data directory already."""
    running = read_running(data_dir)
    return running is not None and running.is_alive


class RunWorkers:
    """Sees to it that somebody works in a data directory while the block lasts.

    Args:
        settings: Of the installation.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stack = ExitStack()
        self._are_ours = False

    def __enter__(self) -> "RunWorkers":
        """Begin; nothing is started before `ensure`."""
        return self

    def __exit__(self, *details: object) -> None:
        """End what is ours; a job that still runs is handed back by its worker."""
        self._stack.close()

    def ensure(self) -> None:
        """Start worker and keeper unless they run; again when those of somebody else have ended since."""
        if self._are_ours or others_work_in(self._settings.data_dir):
            return
        try:
            supervisor = self._stack.enter_context(
                installation(
                    self._settings,
                    process_environment(self._settings),
                    log_dir=self._settings.data_dir / "logs",
                    announce=complain,
                )
            )
        except ConflictError:
            return  # somebody else was first; the next call sees whether they stay
        self._stack.enter_context(kept_alive(supervisor))
        self._are_ours = True
