"""Frozen values about tokens; the token itself is only in `NewToken`, and never stored."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

TokenState = Literal["valid", "expired", "revoked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord:
    """What is stored of a token.

    Attributes:
        id: Names it for `jobs.tokens.revoke`; no secret.
        owner_id: As whom its bearer acts.
        label: What people call it.
        created_at: When it was made.
        expires_at: From when on it lets nobody in; None is never.
        revoked_at: When it was taken back, or None.
        last_used_at: About when it was last used, to the minute; None before the first time.
        state: What it is worth now.
    """

    id: str
    owner_id: str
    label: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    state: TokenState


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token that was just made: the only time that it can be read.

    Attributes:
        record: What was stored.
        token: The secret; not in ``repr``, so that no log shows it.
    """

    record: TokenRecord
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Whose living token a request had.

    Attributes:
        token_id: The token.
        owner_id: As whom its bearer acts.
        use_is_noted: Whether it was noted within the last minute that the token is used.
    """

    token_id: str
    owner_id: str
    use_is_noted: bool
