"""The API as a process of its own, on a socket that is open already.

Routes and the application are in `node.app`; who keeps this process alive is in `node.supervisor`.
"""

import importlib
import socket
import threading

import uvicorn

from hyperparameter_tuning.jobs.database import check_current
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.loopback_guard import LoopbackGuard
from hyperparameter_tuning.node.process_logging import log_of_process
from hyperparameter_tuning.shared.settings import Settings

TABLES = "hyperparameter_tuning.shared.samples"
"""What reads tables. Importing it takes seconds, which the first person to open a panel would wait for."""

DRAIN_SECONDS = 2
"""Open event streams and long polls are closed after this long at shutdown; clients go on where they were."""


def serve_api(settings: Settings, listener: socket.socket) -> None:
    """Answer on *listener* until a signal ends it.

    Raises:
        TuningError: the store has tables of another version.
    """
    log_of_process(settings)
    check_current(settings)
    threading.Thread(target=importlib.import_module, args=(TABLES,), name="tables", daemon=True).start()
    app = LoopbackGuard(create_app(settings), settings.cors_origins)
    config = uvicorn.Config(
        app,
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=DRAIN_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])
