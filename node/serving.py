"""The API as a process of its own, on a socket that is open already.

Routes and the application are in `node.app`; who keeps this process alive is in `node.supervisor`.
"""

import asyncio
import importlib
import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from hyperparameter_tuning.jobs.database import check_current
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.ending import begin_ending
from hyperparameter_tuning.node.loopback_guard import LoopbackGuard
from hyperparameter_tuning.node.process_logging import log_of_process
from hyperparameter_tuning.shared.settings import Settings

TABLES = "hyperparameter_tuning.shared.samples"
"""What reads tables. Importing it takes seconds, which the first person to open a panel would wait for."""

REQUEST_SECONDS = 8
"""What was asked before the end may take so long yet; streams and long polls end at once, and their readers
go on where they were at whoever answers then."""


class EndingServer(uvicorn.Server):
    """Says first that it is not ready, answers for a while yet, and only then lets go of its socket.

    Args:
        config: As of uvicorn.
        delay: Seconds in which whoever balances the load learns that this one is not ready.
    """

    def __init__(self, config: uvicorn.Config, delay: float) -> None:
        super().__init__(config)
        self._delay = delay

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        begin_ending()
        await asyncio.sleep(self._delay)
        await super().shutdown(sockets)


def serve_api(settings: Settings, listener: socket.socket) -> None:
    """Answer on *listener* until a signal ends it.

    Raises:
        TuningError: the store has tables of another version.
    """
    log_of_process(settings)
    check_current(settings)
    threading.Thread(target=importlib.import_module, args=(TABLES,), name="tables", daemon=True).start()
    app: ASGIApp = create_app(settings)
    if settings.auth == "none":
        app = LoopbackGuard(app, settings.cors_origins)
    config = uvicorn.Config(
        app,
        lifespan="on",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=REQUEST_SECONDS,
    )
    EndingServer(config, settings.shutdown_delay_seconds).run(sockets=[listener])
