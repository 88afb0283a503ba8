"""Who may read the metrics: whoever has the token, or, where none is set, this machine alone.

What they say does not belong here (`node.metrics_text`); they name no owner, no graph and no job.
"""

import hmac

from starlette.requests import Request

from hyperparameter_tuning.node.loopback_names import is_loopback
from hyperparameter_tuning.shared.errors import NotAllowedError, NotSignedInError
from hyperparameter_tuning.shared.settings import Settings

# A proxy on this machine asks for others.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


def refuse_strangers(request: Request, settings: Settings) -> None:
    """Let whoever may read the metrics pass.

    Raises:
        NotSignedInError: a token is set, and the request has not this one.
        NotAllowedError: none is set, and the request is not of this machine, or not known to be.
    """
    if settings.metrics_token is not None:
        _compare(request.headers.get("authorization", ""), settings.metrics_token.get_secret_value())
        return
    address = request.client.host if request.client else ""
    if not is_loopback(address) or any(name in request.headers for name in _FORWARDED):
        raise NotAllowedError(
            "Metrics are told to this machine only. Set HPT_METRICS_TOKEN to read them from elsewhere.",
            code="metrics_not_allowed",
        )


def _compare(header: str, token: str) -> None:
    scheme, _, given = header.partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not same:
        raise NotSignedInError("Send 'Authorization: Bearer' with the value of HPT_METRICS_TOKEN.")
