"""The events of a job, live: server-sent events, or a long poll that gives the same documents."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from hyperparameter_tuning.jobs import events, service, tickets
from hyperparameter_tuning.jobs.records import EventRecord
from hyperparameter_tuning.jobs.status import TERMINAL_EVENTS
from hyperparameter_tuning.node.contract import ContractResponse, plain_document
from hyperparameter_tuning.node.contract_route import OpenRoute
from hyperparameter_tuning.node.entity_tags import is_count
from hyperparameter_tuning.node.event_documents import EventList, EventTicket
from hyperparameter_tuning.node.job_requests import JOBS_PATH, EventQuery
from hyperparameter_tuning.node.job_views import event_document
from hyperparameter_tuning.node.problems import problem_responses
from hyperparameter_tuning.node.services import (
    CurrentPrincipal,
    CurrentServices,
    Services,
    current_principal,
)
from hyperparameter_tuning.shared.errors import NotSignedInError, UserError
from hyperparameter_tuning.shared.host import Principal

# A ticket says who asks as well as the host does.
router = APIRouter(route_class=OpenRoute, tags=["jobs"])

PING_SECONDS = 15
RETRY_MILLISECONDS = 2000
PAGE = 500


async def current_follower(request: Request, job_id: str, services: CurrentServices) -> Principal:
    """Return who follows a job: the owner of the ticket in the address, which is used up, or who asks.

    Raises:
        NotSignedInError: the ticket is not (or no longer) good for this job (``invalid_ticket``), or nobody
            whom the host knows asks.
    """
    ticket = request.query_params.get("ticket")
    if ticket is None:
        return await current_principal(request, services)
    owner = await services.database.run(lambda session: tickets.use(session, job_id, ticket))
    if owner is None:
        raise NotSignedInError(
            f"This ticket opens nothing: each is for one job, once, within {tickets.TICKET_SECONDS} s. "
            "Ask for a new one.",
            code="invalid_ticket",
        )
    return Principal(owner)


CurrentFollower = Annotated[Principal, Depends(current_follower)]


@router.post(
    JOBS_PATH + "/{job_id}/events/ticket",
    operation_id="create_event_ticket",
    status_code=201,
    response_model=EventTicket,
    responses=problem_responses(404, 503),
    summary="Get a ticket for the event stream",
)
async def create_event_ticket(
    job_id: str, services: CurrentServices, principal: CurrentPrincipal
) -> Response:
    """Return a ticket with which a browser's EventSource, which sends no header, opens the stream once.

    Append it as ``?ticket=``. Each connection needs its own, a reconnect too.
    """
    async with services.database.write() as session:
        await service.get(session, job_id, owner=principal.id)
        ticket = await tickets.issue(session, job_id, principal.id)
    answer = EventTicket(ticket=ticket, expires_in=tickets.TICKET_SECONDS)
    return ContractResponse(answer, 201, {"Cache-Control": "no-store"})


@router.get(
    JOBS_PATH + "/{job_id}/events",
    operation_id="follow_job_events",
    response_model=EventList,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        204: {"description": "The job has ended and you have every event: stop asking."},
        **problem_responses(404, 406, 503),
    },
    summary="Follow a job",
)
async def follow_job_events(
    request: Request,
    job_id: str,
    services: CurrentServices,
    principal: CurrentFollower,
    asked: Annotated[EventQuery, Query()],
    last_event_id: Annotated[str | None, Header(description="Sent by browsers when they reconnect.")] = None,
) -> Response:
    """Stream events from where you were, each once and in order; nothing is missed between two connections.

    With ``Accept: application/json`` it is a long poll: it answers as soon as there is something new.

    A stream ends once the job has ended and its automatic write-back is settled; reconnecting then gives 204.
    """
    async with services.database.read() as session:
        await service.get(session, job_id, owner=principal.id)
    start = _start(asked.after, last_event_id)
    if _wants(request, "text/event-stream"):
        if start and await _is_over(services, job_id, start):
            return Response(status_code=204)
        return EventSourceResponse(
            _stream(services, job_id, start), ping=PING_SECONDS, ping_message_factory=_ping
        )
    if _wants(request, "application/json"):
        return ContractResponse(await _long_poll(services, job_id, start, asked.wait))
    raise UserError("Ask for text/event-stream or application/json.", code="not_acceptable")


def _start(after: int, last_event_id: str | None) -> int:
    if last_event_id is None:
        return after
    if not is_count(last_event_id):
        raise UserError("Last-Event-ID must be the number of an event.", code="invalid_value")
    return int(last_event_id)


def _wants(request: Request, media_type: str) -> bool:
    accepted = request.headers.get("accept", "*/*")
    names = [part.split(";")[0].strip().lower() for part in accepted.split(",")]
    family = media_type.split("/")[0] + "/*"
    return any(name in (media_type, family, "*/*") for name in names)


def _ping() -> ServerSentEvent:
    return ServerSentEvent(comment="ping")


async def _stream(services: Services, job_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(comment="open", retry=RETRY_MILLISECONDS)
    ended = after > 0 and await _has_ended(services, job_id)
    async for event in services.events.subscribe(job_id, after):
        yield _message(event)
        ended = ended or event.type in TERMINAL_EVENTS
        if ended and await _is_over(services, job_id, event.seq):
            return


def _message(event: EventRecord) -> ServerSentEvent:
    document = plain_document(event_document(event))
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    return ServerSentEvent(text, event=event.type, id=str(event.seq))


async def _has_ended(services: Services, job_id: str) -> bool:
    async with services.database.read() as session:
        return (await service.get(session, job_id)).is_terminal


async def _is_over(services: Services, job_id: str, seen: int) -> bool:
    """Say whether nothing more comes by itself after event *seen*."""
    async with services.database.read() as session:
        job = await service.get(session, job_id)
        if not job.is_terminal or job.last_seq > seen:
            return False
        patches = await service.write_backs(session, job_id)
    return all(patch.state != "pending" for patch in patches)


async def _long_poll(services: Services, job_id: str, after: int, wait: float) -> EventList:
    async with services.database.read() as session:
        found = await events.replay(session, job_id, after, PAGE)
    if not found and wait > 0 and not await _is_over(services, job_id, after):
        found = await _first_new(services, job_id, after, wait)
    last = found[-1].seq if found else after
    return EventList(
        items=[event_document(event) for event in found],
        next_after=last,
        terminal=await _is_over(services, job_id, last),
    )


async def _first_new(services: Services, job_id: str, after: int, wait: float) -> list[EventRecord]:
    stream = services.events.subscribe(job_id, after)
    try:
        async with asyncio.timeout(wait):
            return [await anext(stream)]
    except (TimeoutError, StopAsyncIteration):
        return []
    finally:
        await stream.aclose()  # type: ignore[attr-defined]
