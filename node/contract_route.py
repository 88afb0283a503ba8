"""A route whose bodies are bounded and whose errors are problem documents, wherever it is mounted.

A route class rather than a middleware or an application's handlers: a host that mounts our router keeps its
own.
"""

import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from hyperparameter_tuning.node.contract import CONTRACT_HEADER, CONTRACT_VERSION
from hyperparameter_tuning.node.error_handlers import problem_response
from hyperparameter_tuning.node.request_figures import Answered
from hyperparameter_tuning.node.request_ids import REQUEST_ID_HEADER, log_fields, request_id
from hyperparameter_tuning.node.services import STATE_KEY, current_principal, current_services
from hyperparameter_tuning.registry.validation import parse_document
from hyperparameter_tuning.shared.errors import NotFoundError, TooLargeError, UserError
from hyperparameter_tuning.shared.logs import logging_about
from hyperparameter_tuning.shared.tracing import Span, span

MAX_BODY_BYTES = 1_000_000
MAX_BODY_DEPTH = 20
MAX_GRAPH_BYTES = 8_000_000
# A canvas carries foreign data that is opaque to us; the depth of our own part is checked with it.
MAX_GRAPH_DEPTH = 200


class BoundedRequest(Request):
    """A request whose JSON body is counted while it arrives and parsed strictly.

    Attributes:
        max_bytes: More are refused before they are kept.
        max_depth: Deeper nesting is refused.
    """

    def __init__(self, scope: Scope, receive: Receive, *, max_bytes: int, max_depth: int) -> None:
        super().__init__(scope, receive)
        self.max_bytes = max_bytes
        self.max_depth = max_depth

    async def body(self) -> bytes:
        """Read the body.

        Raises:
            TooLargeError: it is larger than the limit; told by its header or found while it arrives.
            UserError: it is not declared as JSON (a browser sends that to foreign sites without asking).
        """
        if not hasattr(self, "_body"):
            declared = self.headers.get("content-length", "0")
            if declared.isdecimal() and int(declared) > self.max_bytes:
                raise self._too_large()
            parts = bytearray()
            async for part in self.stream():
                parts += part
                if len(parts) > self.max_bytes:
                    raise self._too_large()
            self._body = bytes(parts)
            self._check_media_type()
        return self._body

    async def json(self) -> Any:
        """Parse the body: no NaN, no Infinity, no deeper nesting than allowed."""
        return parse_document(await self.body(), max_bytes=self.max_bytes, max_depth=self.max_depth)

    def _too_large(self) -> TooLargeError:
        return TooLargeError(
            f"The body is larger than {self.max_bytes} bytes, which is the most this request may have.",
            code="body_too_large",
            max_bytes=self.max_bytes,
        )

    def _check_media_type(self) -> None:
        media_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if self._body and media_type != "application/json" and not media_type.endswith("+json"):
            raise UserError(
                "The body must be sent with 'Content-Type: application/json'.", code="unsupported_media_type"
            )


class ContractRoute(APIRoute):
    """A route that keeps the contract: bounded JSON in, versioned answers and problem documents out.

    Attributes:
        max_bytes: Largest body.
        max_depth: Deepest nesting of a body.
        asks_who: Whether only those are answered whom the host knows. It is asked before the body is read.
    """

    max_bytes = MAX_BODY_BYTES
    max_depth = MAX_BODY_DEPTH
    asks_who = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            begun, name = time.monotonic(), request_id(request)
            bounded = BoundedRequest(
                request.scope, request.receive, max_bytes=self.max_bytes, max_depth=self.max_depth
            )
            with logging_about(**log_fields(request, name)), self._span(request) as told:
                try:
                    if self.asks_who:
                        await current_principal(bounded, current_services(bounded))
                    _refuse_nul(bounded)
                    response = await handle(bounded)
                except Exception as error:
                    # The boundary of this plugin inside a foreign application: all ends as a document.
                    response = problem_response(error, request)
                told.note(status=response.status_code)
            response.headers[CONTRACT_HEADER] = CONTRACT_VERSION
            response.headers[REQUEST_ID_HEADER] = name
            self._count(request, response.status_code, time.monotonic() - begun)
            return response

        return answer

    def _span(self, request: Request) -> AbstractContextManager[Span]:
        """Record the request in the trace of the caller; but not what is asked all the time."""
        if "health" in self.tags:
            return nullcontext(Span())
        return span(f"{request.method} {self.path_format}", parent=request.headers.get("traceparent"))

    def _count(self, request: Request, status: int, seconds: float) -> None:
        services = getattr(request.state, STATE_KEY, None)
        if services is not None:
            services.requests.count(Answered(request.method, self.path_format, status), seconds)


def _refuse_nul(request: Request) -> None:
    # PostgreSQL has no NUL in texts: nothing has such an id.
    if "\x00" in request.scope["path"]:
        raise NotFoundError("There is nothing at this address: no id holds the character NUL.")


class OpenRoute(ContractRoute):
    """A route that answers everybody, or finds out by itself who asks."""

    asks_who = False


class GraphRoute(ContractRoute):
    """A route whose body may carry a whole graph."""

    max_bytes = MAX_GRAPH_BYTES
    max_depth = MAX_GRAPH_DEPTH
