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
from hyperparameter_tuning.jobs.figures import Gauge
from hyperparameter_tuning.jobs.outbox import publish_pending
from hyperparameter_tuning.node.answer_cache import AnswerCache
from hyperparameter_tuning.node.ending import told_of_ending
from hyperparameter_tuning.node.request_figures import RequestFigures
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.errors import (
    NotAllowedError,
    NotFoundError,
    NotSignedInError,
    UnavailableError,
)
from hyperparameter_tuning.shared.host import Datasets, Host, Principal, check_host, load_host
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.settings import Settings

if TYPE_CHECKING:
    from hyperparameter_tuning.jobs.dispatcher import Dispatcher
    from hyperparameter_tuning.node.estimating import Counted

STATE_KEY = "hyperparameter_tuning"
PRINCIPAL_KEY = "hyperparameter_tuning.principal"

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
        resolutions: What panels were answered of late, see `node.resolving`.
        estimates: What was counted for them of late, see `node.estimating`.
        requests: What this process has answered.
        gauge: Looks at the store as a whole.
    """

    settings: Settings
    host: Host
    database: Database
    dispatcher: "Dispatcher"
    events: EventHub
    kinds: NodeKinds = field(default_factory=node_kinds)
    resolutions: AnswerCache[bytes] = field(default_factory=AnswerCache)
    estimates: "AnswerCache[Counted]" = field(default_factory=AnswerCache)
    requests: RequestFigures = field(default_factory=RequestFigures)
    gauge: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self.gauge = Gauge(self.database)

    async def publish(self, job_id: str) -> None:
        """Tell the queue about a stored job; when that fails the keeper will, since its outbox row stays."""
        try:
            await publish_pending(self.database, self.dispatcher, [job_id])
        except UnavailableError as error:
            logger.warning("Job %s waits for the keeper: %s", job_id, error.message)


@asynccontextmanager
async def open_services(
    settings: Settings, host: Host | None = None, *, check: bool = True
) -> AsyncIterator[Services]:
    """Open everything, and close what was opened here.

    Args:
        settings: Of this installation.
        host: A host that is open already, whose owner closes it; None builds the one of the settings.
        check: False leaves the tables alone, for callers that hold a transaction on them.

    Raises:
        TuningError: the store has tables of another version; the sentence has the command to run.
    """
    # Celery takes a moment to load and nobody needs it before the first job.
    from hyperparameter_tuning.jobs.dispatcher import Dispatcher

    if check:
        await asyncio.to_thread(check_current, settings)
    async with AsyncExitStack() as stack:
        database = Database(settings)
        stack.push_async_callback(database.close)
        if host is None:
            host = load_host(settings)
            stack.push_async_callback(host.close)
        else:
            check_host(host, f"The host {type(host).__name__}")
        events = EventHub(database, settings.poll_seconds)
        stack.push_async_callback(events.close)
        stack.enter_context(told_of_ending(events.end))
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
    """Return who asks, as the host sees it; the host is asked once for each request.

    Raises:
        NotSignedInError: nobody whom the host knows.
    """
    known: Principal | None = request.scope.get(PRINCIPAL_KEY)
    if known is None:
        known = await services.host.principals.from_request(dict(request.headers))
        request.scope[PRINCIPAL_KEY] = known
    return known


CurrentPrincipal = Annotated[Principal, Depends(current_principal)]


async def knows_who_asks(request: Request, services: Services) -> bool:
    """Say whether the host knows who asks; a host that cannot say so now does not."""
    try:
        await current_principal(request, services)
    except (NotSignedInError, UnavailableError):
        return False
    return True


def datasets_of(services: Services, principal: Principal) -> Datasets:
    """Return the host's tables as *principal* may see them, where the host keeps some of them apart."""
    seen_by = getattr(services.host.datasets, "seen_by", None)
    seen: Datasets = services.host.datasets if seen_by is None else seen_by(principal)
    return seen


async def require(services: Services, principal: Principal, action: str, ref: str | None) -> None:
    """Refuse what *principal* may not do, where it is to learn nothing in the words for what does not exist.

    Args:
        services: The open doors of this process.
        principal: Who asks.
        action: ``read``, ``run`` or ``write``.
        ref: The host's graph; None for a graph that the request carries.

    Raises:
        NotFoundError: it may not even read the graph, so it learns nothing about whether there is one.
        NotAllowedError: it may read the graph, but not do this; or may not send graphs along.
    """
    if await _may(services, principal, action, ref):
        return
    if ref is None:
        raise NotAllowedError("You may not send a graph along here: name a stored one.", pointer="/graph")
    if action == "read" or not await _may(services, principal, "read", ref):
        raise NotFoundError(f"There is no '{ref}'.", ref=ref)
    raise NotAllowedError(f"You may read '{ref}', but not {action} it.", ref=ref, action=action)


async def _may(services: Services, principal: Principal, action: str, ref: str | None) -> bool:
    try:
        return await services.host.principals.may(principal, action, ref)
    except NotFoundError:
        # The host's own words for it would tell what exists from what does not.
        return False
