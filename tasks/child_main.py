"""What runs first and last in every child process: its group, its limits, its line, its explicit end.

The work itself is named by import path, so that this module stays light in the worker.
"""

import atexit
import logging
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.import_paths import load_by_path
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.child_channel import ChildChannel
from hyperparameter_tuning.tasks.failures import unforeseen
from hyperparameter_tuning.tasks.process_groups import record_own_group

logger = logging.getLogger(__name__)

ChildKind = Literal["load", "search", "refit"]
ChildWork = Callable[[Mapping[str, Any], Settings, ChildChannel], None]

WORK: Mapping[str, str] = {
    "load": "hyperparameter_tuning.tasks.loader:load",
    "search": "hyperparameter_tuning.tasks.child_work:search",
    "refit": "hyperparameter_tuning.tasks.child_work:refit",
}

THREAD_CAPS: Mapping[str, str] = {
    name: "1"
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
}
"""One thread per process, set before numpy loads: the processes share the cores, not the threads."""


QUIET_TRACKER = "ignore::UserWarning:joblib.externals.loky.backend.resource_tracker"
"""A killed search leaves files to loky's tracker, which would tell of each; they go with the job's folder."""


@dataclass(frozen=True, slots=True)
class ChildOrder:
    """What a child is started with.

    Attributes:
        work: Import path ``package.module:function`` of a `ChildWork`.
        payload: Its argument.
        settings: Settings of the installation.
        folder: The job's working files.
        worker_pid: The process that asks.
        worker_started: When that process was created.
    """

    work: str
    payload: Mapping[str, Any]
    settings: Settings
    folder: Path
    worker_pid: int
    worker_started: float


def run_child(line: socket.socket, order: ChildOrder) -> None:
    """Be a child: the target of every process that `tasks.children` starts.

    Args:
        line: Connected to the worker; JSON lines both ways.
        order: What to do.
    """
    os.setsid()
    record_own_group(order.settings, order.worker_pid, order.worker_started, order.folder)
    os.environ.update(THREAD_CAPS)
    os.environ["PYTHONWARNINGS"] = QUIET_TRACKER
    # Whatever is left behind by a kill goes with the job's folder.
    os.environ["JOBLIB_TEMP_FOLDER"] = os.environ["TMPDIR"] = tempfile.tempdir = str(order.folder)
    channel = ChildChannel(line, order.worker_pid, order.worker_started)
    channel.send({"type": "child.started"})
    failure = _do(order, channel)
    if failure is not None:
        channel.send(failure)
    channel.finish()
    _end_loky()
    # A forked process ends without these; joblib tidies its folders up by them.
    atexit._run_exitfuncs()


def _do(order: ChildOrder, channel: ChildChannel) -> dict[str, Any] | None:
    """Do the work; whatever goes wrong becomes one typed sentence, and a traceback only in the log."""
    try:
        _configure_logging(order)
        work: ChildWork = load_by_path(order.work)
        work(order.payload, order.settings, channel)
    except TuningError as error:
        return _as_message(error)
    except Exception as error:
        logger.exception("child failed: %s", order.work)
        return _as_message(unforeseen(error))
    return None


def _as_message(error: TuningError) -> dict[str, Any]:
    return {"type": "failed", "code": error.code, "message": error.message}


def _configure_logging(order: ChildOrder) -> None:
    """Log as the worker does; every line says which job the child works on."""
    import structlog

    from hyperparameter_tuning.shared.logs import configure_logging

    configure_logging(order.settings)
    job_id = order.payload.get("documents", {}).get("job_id")
    if job_id is not None:
        structlog.contextvars.bind_contextvars(job_id=job_id)


def _end_loky() -> None:
    """Stop loky's processes where joblib started any; asking joblib for its pool would start one."""
    module = sys.modules.get("joblib.externals.loky.reusable_executor")
    executor = getattr(module, "_executor", None)
    if executor is not None:
        executor.shutdown(wait=True, kill_workers=True)
