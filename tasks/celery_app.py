"""The worker's Celery app: one task, in the threads pool, that runs a job as asynchronous code.

Producers do not import this (`jobs.dispatcher` sends by name), and what a job is does not belong here
(`tasks.workflow`). Celery's own limits and revokes are not used: threads cannot be ended; children can.
"""

import asyncio
import logging
import threading
import warnings
from typing import Any

from celery import Celery
from celery.exceptions import SecurityWarning
from celery.signals import setup_logging, worker_init, worker_ready, worker_shutting_down

from hyperparameter_tuning.jobs.database import Database, check_current
from hyperparameter_tuning.jobs.dispatcher import make_queue_folders
from hyperparameter_tuning.registry.left_out import log_left_out
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.host import load_host, try_host
from hyperparameter_tuning.shared.logs import configure_logging
from hyperparameter_tuning.shared.settings import TASK_NAME, celery_settings, get_settings
from hyperparameter_tuning.shared.tracing import start_tracing
from hyperparameter_tuning.tasks.children import start_fork_server
from hyperparameter_tuning.tasks.process_groups import reap_recorded_groups
from hyperparameter_tuning.tasks.silence_watch import SilenceWatch
from hyperparameter_tuning.tasks.workflow import run_job

POOL = "threads"
COMMAND = "tuning-node worker"
CELERY_COMMAND = "celery --app hyperparameter_tuning.tasks.celery_app worker --pool threads"

# These tell of each start what is the same at each start.
CHATTY = ("celery", "kombu")

logger = logging.getLogger(__name__)

app = Celery("hyperparameter_tuning")
app.conf.update(celery_settings(get_settings()))
app.conf.worker_consumer = "hyperparameter_tuning.tasks.prompt_consumer:PromptConsumer"

# It warns of pickled messages, which run code as the worker's user; we accept JSON only.
warnings.filterwarnings("ignore", category=SecurityWarning)

_worker_ends = threading.Event()
_silence = SilenceWatch()


@app.task(name=TASK_NAME, ignore_result=True)  # type: ignore[untyped-decorator]
def run(job_id: str) -> None:
    """Run one job; a message for a job that is not queued any more does nothing."""
    with _silence.working():
        asyncio.run(_run(job_id))


async def _run(job_id: str) -> None:
    """Give the job a store and a host of this event loop."""
    settings = get_settings()
    db, host = Database(settings), load_host(settings)
    try:
        await run_job(job_id, settings, db, host, _worker_ends)
    finally:
        await host.close()
        await db.close()


@setup_logging.connect(weak=False)  # type: ignore[untyped-decorator]
def log_in_our_form(**_: Any) -> None:
    """Keep Celery from making loggers of its own, and from its chatter."""
    configure_logging(get_settings())
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


@worker_init.connect(weak=False)  # type: ignore[untyped-decorator]
def prepare_worker(sender: Any = None, **_: Any) -> None:
    """Refuse what cannot work before the first job, end what an earlier worker left, and warm up.

    Raises:
        SystemExit: another pool than threads, tables of another version, or a host that cannot be built; the
            words say what to mend.
    """
    settings = get_settings()
    pool = sender.pool_cls if isinstance(sender.pool_cls, str) else sender.pool_cls.__module__
    if pool.rpartition(".")[2] not in (POOL, "thread"):
        raise SystemExit(
            f"This worker runs in Celery's {POOL} pool only, not in '{pool}': in others a search cannot use "
            f"its processes. Start it with '{COMMAND}' or '{CELERY_COMMAND}'."
        )
    try:
        check_current(settings)
        asyncio.run(try_host(settings))
    except TuningError as error:
        raise SystemExit(error.message) from error
    start_tracing(settings, "worker")
    log_left_out()
    make_queue_folders(settings)
    reap_recorded_groups(settings)
    start_fork_server()


@worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
def say_ready(**_: Any) -> None:
    """Say that jobs are taken from now on, and watch that they are."""
    _silence.start(get_settings())
    logger.info("The worker waits for jobs.")


@worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
def hand_jobs_back(**_: Any) -> None:
    """Tell every running job that this worker ends; each returns within 10 s."""
    _worker_ends.set()
