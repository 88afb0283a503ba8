"""Runs, sends and cancels a job by its id, for callers that do not know of an outbox or a lease."""

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.dispatcher import Dispatcher
from hyperparameter_tuning.jobs.outbox import publish_pending
from hyperparameter_tuning.legacy_imports.blocking import with_database
from hyperparameter_tuning.legacy_imports.old_errors import value_errors
from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError
from hyperparameter_tuning.shared.host import load_host
from hyperparameter_tuning.shared.settings import get_settings
from hyperparameter_tuning.tasks.workflow import run_job


async def _run_hyperparameter_tuning_workflow(job_id: str) -> None:
    """Run a queued job in children of this process until it has ended; any other job is left alone."""
    settings = get_settings()
    database, host = Database(settings), load_host(settings)
    try:
        await run_job(job_id, settings, database, host)
    finally:
        await host.close()
        await database.close()


def dispatch_hyperparameter_tuning_job(job_id: str) -> None:
    """Send a stored job to the workers, a held one too; while the broker is down the keeper does it later.

    Raises:
        OldCallError: there is no such job, or it has ended.
    """

    async def send(database: Database) -> None:
        await database.run(lambda session: service.start(session, job_id))
        dispatcher = Dispatcher(database.settings)
        try:
            await publish_pending(database, dispatcher, [job_id])
        finally:
            dispatcher.close()

    with value_errors():
        with_database(send)


def cancel_tuning_task(job_id: str) -> None:
    """Ask a job to end; its worker does so at the next unit. An ended or unknown one is left alone."""

    async def cancel(database: Database) -> None:
        try:
            await database.run(lambda session: service.request_cancel(session, job_id))
        except (ConflictError, NotFoundError):
            return

    with_database(cancel)
