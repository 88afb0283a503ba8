"""Signs what is posted to a webhook, so that its receiver knows who wrote it, and when.

Posting does not belong here (`jobs.webhooks`). The scheme is the one that receivers of payment events know:
HMAC-SHA256 (RFC 2104) over the time and the body; docs/webhooks.md has receivers that check it.
"""

import hashlib
import hmac
from collections.abc import Sequence

from hyperparameter_tuning.shared.settings import Settings

HEADER = "HPT-Signature"


def signature(secrets: Sequence[str], body: bytes, at: int) -> str:
    """Return the header's value: the time, and one signature for each secret.

    Args:
        secrets: The present one first; a receiver accepts what fits any that it knows.
        body: Exactly what is sent.
        at: Seconds since 1970; receivers refuse what is old.
    """
    signed = str(at).encode() + b"." + body
    found = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={one}" for one in found)])


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return the secrets to sign with, the present one first."""
    kept = (settings.webhook_secret, settings.webhook_old_secret)
    return tuple(secret.get_secret_value() for secret in kept if secret is not None)
