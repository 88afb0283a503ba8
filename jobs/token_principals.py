"""Who asks, by bearer token, and what they may do: everything with what is theirs, nothing else.

Making and revoking tokens is in `jobs.tokens`. A host of another package has principals of its own.
"""

import logging
from collections.abc import Mapping

from hyperparameter_tuning.jobs import pipelines_repository, tokens, tokens_repository
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.shared.errors import NotSignedInError, UnavailableError
from hyperparameter_tuning.shared.host import Principal

logger = logging.getLogger(__name__)

SCHEME = "bearer"


class TokenPrincipals:
    """The reference host's principals where ``HPT_AUTH`` is ``tokens``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def from_request(self, headers: Mapping[str, str]) -> Principal:
        """Return the owner of the request's token.

        Raises:
            NotSignedInError: there is none (``not_signed_in``), or it lets nobody in (``invalid_token``).
        """
        scheme, _, token = headers.get("authorization", "").strip().partition(" ")
        if scheme.lower() != SCHEME or not token.strip():
            raise NotSignedInError("Send 'Authorization: Bearer' with a token of this server.")
        bearer = await self._db.run(lambda session: tokens.recognise(session, token.strip()), write=False)
        if bearer is None:
            raise NotSignedInError(
                "This token is not known here, has expired or was revoked: ask for a new one.",
                code="invalid_token",
            )
        if not bearer.use_is_noted:
            await self._note_use(bearer.token_id)
        return Principal(bearer.owner_id)

    async def may(self, principal: Principal, action: str, ref: str | None) -> bool:
        """Say whether the pipeline is the principal's; a graph that is sent along is nobody else's.

        Raises:
            NotFoundError: there is no such pipeline.
        """
        if ref is None:
            return True
        owner = await self._db.run(lambda session: pipelines_repository.owner_of(session, ref), write=False)
        return owner == principal.id

    async def _note_use(self, token_id: str) -> None:
        try:
            await self._db.run(lambda session: tokens_repository.note_use(session, token_id), durable=False)
        except UnavailableError as error:
            # Nobody is kept out because the disk is full.
            logger.warning("The use of token %s could not be noted: %s", token_id, error.message)
