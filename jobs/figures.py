"""What the store says about the installation as a whole: true for all its processes, whichever is asked.

How it is shown does not belong here (`node.metrics_text`), nor what only one process knows of itself.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from hyperparameter_tuning.jobs import figures_repository, tallies_repository
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.figures_repository import Waiting
from hyperparameter_tuning.jobs.keeper import LEASE
from hyperparameter_tuning.shared.errors import UnavailableError

FRESH_SECONDS = 2.0
"""Figures so young are given again: many who ask at once cost the store one look."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One look at the store.

    Attributes:
        jobs: Stored jobs by state.
        write_backs: Stored patches by state.
        waiting: What waits for the workers.
        untold: Jobs with events that the webhook was not told of.
        keeper_seconds: How long the acting keeper's lease lasts yet; 0 where none acts.
        totals: Tallies by name, see `tallies_repository`: ``submit``, ``move.`` and the name of a move,
            ``units``, ``sent``, ``write_back.`` and a state, ``keeper_rounds``, ``webhook.taken`` and
            ``webhook.refused``.
    """

    jobs: Mapping[str, int]
    write_backs: Mapping[str, int]
    waiting: Waiting
    untold: int
    keeper_seconds: float
    totals: Mapping[str, int]


async def look(session: Session) -> Figures:
    """Look at the store."""
    return Figures(
        jobs=await figures_repository.jobs_by_state(session),
        write_backs=await figures_repository.write_backs_by_state(session),
        waiting=await figures_repository.waiting(session),
        untold=await figures_repository.jobs_with_untold_webhooks(session),
        keeper_seconds=await figures_repository.lease_seconds(session, LEASE),
        totals=await tallies_repository.totals(session),
    )


class Gauge:
    """Looks at the store for whoever asks, not more often than `FRESH_SECONDS`; of one event loop."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._looking = asyncio.Lock()
        self._seen: Figures | None = None
        self._until = 0.0

    async def read(self) -> Figures | None:
        """Return fresh figures, or None while the store does not answer."""
        async with self._looking:
            if time.monotonic() >= self._until:
                self._seen = await self._look()
                self._until = time.monotonic() + FRESH_SECONDS
            return self._seen

    async def _look(self) -> Figures | None:
        try:
            async with self._db.read() as session:
                return await look(session)
        except UnavailableError:
            return None
