"""What one running API holds: settings, host, job store, queue, event hub; opened and closed together.

No rule lives here, and no route: routes ask for it by `CurrentServices`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import Request

from hyperparameter_tuning.jobs.database import Database, check_current
from hyperparameter_tuning.jobs.events import EventHub
from hyperparameter_tuning.jobs.outbox import publish_pending
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.errors import NotFoundError, UnavailableError
from hyperparameter_tuning.shared.host import Host, Principal, load_host
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.settings import Settings

if TYPE_CHECKING:
    from hyperparameter_tuning.jobs.dispatcher import Dispatcher

STATE_KEY = "hyperparameter_tuning"

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Services:
    """The open doors of one process.

    Attributes:
        settings: Of this installation.
        host: Where graphs, datasets and principals are.
        database: The job store.
        dispatcher: Sends jobs to workers.
        events: Follows the event table for every open stream.
        kinds: Node kinds known here.
    """

    settings: Settings
    host: Host
    database: Database
    dispatcher: "Dispatcher"
    events: EventHub
    kinds: NodeKinds = field(default_factory=node_kinds)

    async def publish(self, job_id: str) -> None:
        """Tell the queue about a stored job; when that fails the keeper will, since its outbox row stays."""
        try:
            await publish_pending(self.database, self.dispatcher, [job_id])
        except UnavailableError as error:
            logger.warning("Job %s waits for the keeper: %s", job_id, error.message)


@asynccontextmanager
async def open_services(settings: Settings, host: Host | None = None) -> AsyncIterator[Services]:
    """Open everything, and close what was opened here.

    Args:
        settings: Of this installation.
        host: A host that is open already, whose owner closes it; None builds the one of the settings.

    Raises:
        TuningError: the store has tables of another version; the sentence has the command to run.
    """
    # Celery takes a moment to load and nobody needs it before the first job.
    from hyperparameter_tuning.jobs.dispatcher import Dispatcher

    await asyncio.to_thread(check_current, settings)
    async with AsyncExitStack() as stack:
        database = Database(settings)
        stack.push_async_callback(database.close)
        if host is None:
            host = load_host(settings)
            stack.push_async_callback(host.close)
        events = EventHub(database, settings.poll_seconds)
        stack.push_async_callback(events.close)
        dispatcher = await asyncio.to_thread(Dispatcher, settings)
        stack.callback(dispatcher.close)
        yield Services(settings, host, database, dispatcher, events)


def current_services(request: Request) -> Services:
    """Return what the application's lifespan opened."""
    services: Services | None = getattr(request.state, STATE_KEY, None)
    if services is None:
        raise RuntimeError(
            "The tuning node's lifespan did not run. Mount it with hyperparameter_tuning.node.install(app)."
        )
    return services


CurrentServices = Annotated[Services, Depends(current_services)]


async def current_principal(request: Request, services: CurrentServices) -> Principal:
    """Return who asks, as the host sees it."""
    return await services.host.principals.from_request(dict(request.headers))


CurrentPrincipal = Annotated[Principal, Depends(current_principal)]


async def require(services: Services, principal: Principal, action: str, ref: str) -> None:
    """Refuse what *principal* may not do, in the words used for what does not exist.

    Raises:
        NotFoundError: it may not, so it learns nothing about whether there is such a thing.
    """
    if not await services.host.principals.may(principal, action, ref):
        raise NotFoundError(f"There is no '{ref}'.", ref=ref)
