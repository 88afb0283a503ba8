"""Logs of the processes that ``serve`` starts: ours, and of libraries what a reader needs.

The form of a line is in `shared.logs`.
"""

import logging

from hyperparameter_tuning.shared.logs import configure_logging
from hyperparameter_tuning.shared.settings import Settings

# These tell of each start what is the same at each start.
CHATTY = ("alembic", "httpx", "kombu", "uvicorn")


def log_of_process(settings: Settings) -> None:
    """Send this process's logs to standard error, without the chatter of libraries."""
    configure_logging(settings)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
