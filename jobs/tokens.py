"""Bearer tokens of a standalone installation: made, listed, revoked, recognised.

How a request carries one is in `jobs.token_principals`. Functions flush and never commit.
"""

import secrets
from datetime import timedelta

from hyperparameter_tuning.jobs import tokens_repository
from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import TOKENS
from hyperparameter_tuning.jobs.secret_texts import digest, new_secret
from hyperparameter_tuning.jobs.stored_text import check_text
from hyperparameter_tuning.jobs.token_records import Bearer, NewToken, TokenRecord
from hyperparameter_tuning.shared.errors import NotFoundError, UserError

PREFIX = "hpt_"
"""So that a token is known for what it is wherever it turns up: in a log, in a commit."""
NOTED_SECONDS = 60.0
"""A use is written down so often at most: requests come by the hundred."""


async def create(
    session: Session, owner: str, label: str = "", expires_days: float | None = None
) -> NewToken:
    """Make a token that lets its bearer act as *owner*.

    Args:
        session: An open write transaction; commit it durably.
        owner: Whose pipelines and jobs the bearer sees and makes.
        label: What people call it.
        expires_days: How long it is valid; None is until it is revoked.

    Raises:
        UserError: a text is empty or cannot be stored, or the time is not greater than 0.
    """
    if not owner.strip():
        raise UserError("A token needs an owner.", pointer="/owner")
    if expires_days is not None and expires_days <= 0:
        raise UserError("A token is valid for more than 0 days.", pointer="/expires_days")
    check_text("owner", owner, TOKENS.c.owner_id.type.length)  # type: ignore[attr-defined]
    check_text("label", label, TOKENS.c.label.type.length)  # type: ignore[attr-defined]
    token = new_secret(PREFIX)
    row = {"id": secrets.token_hex(6), "sha256": digest(token), "owner_id": owner, "label": label}
    seconds = None if expires_days is None else timedelta(days=expires_days).total_seconds()
    return NewToken(record=await tokens_repository.add(session, row, seconds), token=token)


async def find(session: Session) -> list[TokenRecord]:
    """Return every token, the newest first; what they are is not stored."""
    return await tokens_repository.find(session)


async def revoke(session: Session, token_id: str) -> TokenRecord:
    """Take a token back, from the next request on; jobs that were accepted with it go on. Twice is fine.

    Raises:
        NotFoundError: there is no such token.
    """
    await tokens_repository.revoke(session, token_id)
    found = await tokens_repository.get(session, token_id)
    if found is None:
        raise NotFoundError(f"There is no token '{token_id}'; 'tuning-node token list' shows them.")
    return found


async def recognise(session: Session, token: str) -> Bearer | None:
    """Return whose living token it is, or None."""
    return await tokens_repository.bearer(session, digest(token), NOTED_SECONDS)


async def any_living(session: Session) -> bool:
    """Say whether there is a token that lets somebody in."""
    return await tokens_repository.any_living(session)
