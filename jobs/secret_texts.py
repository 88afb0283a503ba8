"""Random texts that let whoever has one in, and what is stored of them.

Who gets one does not belong here: see `jobs.tokens` and `jobs.tickets`.
"""

import hashlib
import secrets

RANDOM_BYTES = 32


def new_secret(prefix: str = "") -> str:
    """Return a fresh text of 256 random bits, safe in headers and addresses."""
    return prefix + secrets.token_urlsafe(RANDOM_BYTES)


def digest(secret: str) -> str:
    """Return the sha256 under which *secret* is stored.

    Random bits of this number cannot be guessed from it, so that it needs neither salt nor a slow hash.
    """
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
