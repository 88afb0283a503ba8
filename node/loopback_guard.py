"""Keeps web pages of other origins away from an API that trusts everybody on this machine.

Access control does not belong here: this only sees to it that "everybody on this machine" does not come to
mean "every page open in a browser on it".
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from hyperparameter_tuning.node.error_handlers import problem_response
from hyperparameter_tuning.node.loopback_names import is_loopback
from hyperparameter_tuning.shared.errors import UserError


class LoopbackGuard:
    """Refuses requests that name another host, or that come from a page of another origin.

    The first stops DNS rebinding, the second stops forms and scripts of foreign pages, which browsers send to
    this machine without asking.

    Args:
        app: The application behind.
        origins: Origins that may call besides pages of this machine.
    """

    def __init__(self, app: ASGIApp, origins: Iterable[str] = ()) -> None:
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on or refuse it."""
        if scope["type"] == "http":
            refusal = self._refusal(Headers(scope=scope))
            if refusal is not None:
                response = problem_response(UserError(refusal, code="cross_origin"), Request(scope))
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refusal(self, headers: Headers) -> str | None:
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if not is_loopback(host):
            return f"This server answers to localhost only, not to '{host}'."
        origin = headers.get("origin")
        if origin is None or origin in self._origins:
            return None
        if is_loopback(urlsplit(origin).hostname or ""):
            return None
        return f"Pages of '{origin}' may not call this server. HPT_CORS_ORIGINS lists the origins that may."
