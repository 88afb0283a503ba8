"""Tells workers of a job through Celery, by the task's name; the worker's code is never imported here.

Which job is to be sent does not belong here (`jobs.outbox`), nor the worker's own app (`tasks.celery_app`).
"""

import os
import shutil
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock

from celery import Celery
from kombu.exceptions import OperationalError

from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.settings import QUEUE, TASK_NAME, Settings, celery_settings

# Together below the 2.5 s that a submit may take with the broker down.
_CONNECT_SECONDS = 1.0
_FOLDERS = ("data_folder_in", "data_folder_out", "control_folder", "processed_folder")


class Dispatcher:
    """A Celery producer of one installation; usable from any thread."""

    def __init__(self, settings: Settings) -> None:
        configuration = celery_settings(settings)
        options = dict(configuration["broker_transport_options"])
        make_queue_folders(settings)
        if settings.broker.startswith("redis"):
            # A frozen server must not hold a request up: connecting and each answer are limited.
            options |= {
                "socket_connect_timeout": _CONNECT_SECONDS,
                "socket_timeout": _CONNECT_SECONDS,
                "max_retries": 0,
            }
        self._queue: Path | None = None
        self._unseen: Path | None = None
        if settings.broker.startswith("filesystem"):
            # The transport writes a message where workers look for it (kombu 5.7, `Channel._put`): one that
            # looked in between would read half of it, and end. So it is written beside, and moved there.
            self._queue = Path(options["data_folder_out"])
            self._unseen = Path(mkdtemp(prefix="unseen-", dir=self._queue.parent))
            options["data_folder_out"] = str(self._unseen)
        self._app = Celery("hyperparameter_tuning.dispatcher", set_as_current=False)
        self._app.conf.update(
            {
                **configuration,
                "broker_transport_options": options,
                "broker_connection_timeout": _CONNECT_SECONDS,
            }
        )
        # The filesystem transport's channels are not made for several threads at once.
        self._sending = Lock()

    def send(self, job_id: str) -> None:
        """Put one message ``{job_id}`` into the queue; blocks, at most some seconds.

        Raises:
            UnavailableError: the broker does not take it now.
        """
        try:
            with self._sending:
                self._app.send_task(
                    TASK_NAME, kwargs={"job_id": job_id}, queue=QUEUE, retry=False, ignore_result=True
                )
                self._show()
        except (OperationalError, OSError) as error:
            raise UnavailableError("The queue does not answer now; the job is sent when it does.") from error

    def close(self) -> None:
        """Release the connections to the broker."""
        self._app.close()
        if self._unseen is not None:
            shutil.rmtree(self._unseen, ignore_errors=True)

    def _show(self) -> None:
        """Put what was written where workers look, whole."""
        if self._queue is not None and self._unseen is not None:
            for message in self._unseen.iterdir():
                os.replace(message, self._queue / message.name)


def make_queue_folders(settings: Settings) -> None:
    """Create the folders of the filesystem transport, which expects them to exist."""
    options = celery_settings(settings)["broker_transport_options"]
    for name in _FOLDERS:
        if name in options:
            Path(options[name]).mkdir(parents=True, exist_ok=True)
