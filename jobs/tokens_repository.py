"""Every statement about bearer tokens; the secrets themselves never come here, only their sha256."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, insert, or_, select, update

from hyperparameter_tuning.jobs.database import Session
from hyperparameter_tuning.jobs.models import TOKENS, utc_now
from hyperparameter_tuning.jobs.token_records import Bearer, TokenRecord

_SHOWN = [column for column in TOKENS.c if column.name != "sha256"]


async def add(session: Session, row: Mapping[str, Any], seconds: float | None) -> TokenRecord:
    """Insert a token.

    Args:
        session: An open write transaction.
        row: ``id``, ``sha256``, ``owner_id`` and ``label``.
        seconds: How long it is valid; None is for ever.
    """
    times = {"created_at": utc_now(), "expires_at": None if seconds is None else utc_now(seconds)}
    await session.execute(insert(TOKENS).values({**row, **times}))
    found = await get(session, row["id"])
    assert found is not None
    return found


async def get(session: Session, token_id: str) -> TokenRecord | None:
    """Return a token, or None."""
    statement = select(*_SHOWN, _state()).where(TOKENS.c.id == token_id)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else TokenRecord(**row._mapping)


async def find(session: Session) -> list[TokenRecord]:
    """Return every token, the newest first."""
    statement = select(*_SHOWN, _state()).order_by(TOKENS.c.created_at.desc(), TOKENS.c.id)
    return [TokenRecord(**row._mapping) for row in (await session.execute(statement)).all()]


async def bearer(session: Session, sha256: str, noted_seconds: float) -> Bearer | None:
    """Return whose living token has this hash, or None.

    Args:
        session: Any session.
        sha256: Of the token; looking it up by its hash takes as long whichever of its letters are right.
        noted_seconds: For so long a noted use counts.
    """
    recently = func.coalesce(TOKENS.c.last_used_at > utc_now(-noted_seconds), False)
    statement = select(TOKENS.c.id, TOKENS.c.owner_id, recently).where(TOKENS.c.sha256 == sha256, _lives())
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else Bearer(token_id=row[0], owner_id=row[1], use_is_noted=bool(row[2]))


async def note_use(session: Session, token_id: str) -> None:
    """Remember that the token is used now."""
    await session.execute(update(TOKENS).where(TOKENS.c.id == token_id).values(last_used_at=utc_now()))


async def revoke(session: Session, token_id: str) -> None:
    """Take a token back; one that is revoked already keeps the time of it."""
    statement = update(TOKENS).where(TOKENS.c.id == token_id, TOKENS.c.revoked_at.is_(None))
    await session.execute(statement.values(revoked_at=utc_now()))


async def any_living(session: Session) -> bool:
    """Say whether anybody at all can be let in."""
    return (await session.execute(select(TOKENS.c.id).where(_lives()).limit(1))).first() is not None


def _lives() -> ColumnElement[bool]:
    not_expired = or_(TOKENS.c.expires_at.is_(None), TOKENS.c.expires_at > utc_now())
    return and_(TOKENS.c.revoked_at.is_(None), not_expired)


def _state() -> ColumnElement[str]:
    return case((TOKENS.c.revoked_at.is_not(None), "revoked"), (_lives(), "valid"), else_="expired").label(
        "state"
    )
