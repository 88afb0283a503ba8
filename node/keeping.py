"""The keeper as a process of its own: it runs until a signal ends it.

What it keeps is in `jobs.keeper`.
"""

import asyncio
import signal

from hyperparameter_tuning.jobs.database import Database, check_current
from hyperparameter_tuning.jobs.dispatcher import Dispatcher
from hyperparameter_tuning.jobs.keeper import Keeper
from hyperparameter_tuning.registry.left_out import log_left_out
from hyperparameter_tuning.shared.host import load_host
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.shared.tracing import start_tracing


async def keep(settings: Settings) -> None:
    """Run a keeper until SIGTERM or SIGINT.

    Raises:
        TuningError: the store has tables of another version.
    """
    await asyncio.to_thread(check_current, settings)
    log_left_out()
    start_tracing(settings, "keeper")
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(ended.set))
    database = Database(settings)
    host = load_host(settings)
    try:
        await Keeper(settings, database, host, Dispatcher(settings)).run(ended)
    finally:
        await host.close()
        await database.close()
