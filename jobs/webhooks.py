"""Posts events to the webhook of the settings: after their commit, at least once, each job's in order.

Telling a host that is Python is `jobs.forwarding`; signing is `jobs.webhook_signatures`. How far each job was
told is in its row, so that it survives this process.
"""

import json
import logging
import time
from typing import TYPE_CHECKING, Literal

from hyperparameter_tuning.jobs import events_repository, tallies_repository
from hyperparameter_tuning.jobs.backoff import Backoff
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.records import EventRecord
from hyperparameter_tuning.jobs.webhook_signatures import HEADER, secrets_of, signature
from hyperparameter_tuning.shared.logs import logging_about
from hyperparameter_tuning.shared.settings import Settings

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

JOBS_AT_ONCE = 50
EVENTS_AT_ONCE = 100
ANSWER_SECONDS = 5.0
ABOUT_THE_EVENT = frozenset({400, 409, 413, 422})
"""Answers that speak of one event: its job waits, others are told. Other refusals are of the receiver."""

Answer = Literal["taken", "refused", "away"]


class Webhook:
    """The one receiver of an installation; of one event loop.

    Args:
        settings: URL and secrets.
        db: The job store.
    """

    def __init__(self, settings: Settings, db: Database) -> None:
        if settings.webhook_url is None:
            raise ValueError("There is no webhook in the settings.")
        self._url = settings.webhook_url.get_secret_value()
        self._secrets = secrets_of(settings)
        self._db = db
        self._client: httpx.AsyncClient | None = None
        self._receiver = Backoff()
        self._jobs: dict[str, Backoff] = {}
        self._ends = False

    async def deliver(self) -> int:
        """Post what was not posted yet; what is refused stays for a later time.

        Returns:
            How many events were taken.
        """
        if self._receiver.is_on or self._ends:
            return 0
        waiting = await self._db.run(
            lambda session: events_repository.untold(session, JOBS_AT_ONCE, self._left_alone()), write=False
        )
        told = 0
        for job_id, seq in waiting:
            with logging_about(job_id=job_id):
                told += await self._tell(job_id, seq)
            if self._receiver.is_on or self._ends:
                break
        return told

    def end(self) -> None:
        """Post nothing more after the event that is under way."""
        self._ends = True

    async def close(self) -> None:
        """Release the connections."""
        if self._client is not None:
            await self._client.aclose()

    def _left_alone(self) -> tuple[str, ...]:
        return tuple(job_id for job_id, backoff in self._jobs.items() if backoff.is_on)

    async def _tell(self, job_id: str, seq: int) -> int:
        """Post events of one job until one is not taken, and note how far it got."""
        found = await self._db.run(
            lambda session: events_repository.after(session, job_id, seq, EVENTS_AT_ONCE), write=False
        )
        done, answer = 0, "taken"
        for event in found:
            answer = await self._post(event)
            if answer != "taken":
                break
            done += 1
            if self._ends:
                break
        last, refused = found[done - 1].seq if done else seq, answer == "refused"
        if done or refused:
            await self._db.run(lambda session: _note(session, job_id, last, done, refused), durable=False)
        return done

    async def _post(self, event: EventRecord) -> Answer:
        import httpx

        body = json.dumps(event.as_document(), allow_nan=False, separators=(",", ":")).encode()
        try:
            async with self._opened().stream(
                "POST", self._url, content=body, headers=self._headers(event, body)
            ) as response:
                status = response.status_code
        except httpx.HTTPError as error:
            # Only its kind: the text may have the URL in it, and that may hold a token.
            return self._failed(event, f"does not answer ({type(error).__name__})", None)
        if 200 <= status < 300:
            self._receiver.succeeded()
            self._jobs.pop(event.job_id, None)
            return "taken"
        return self._failed(event, f"answers {status}", status)

    def _failed(self, event: EventRecord, what: str, status: int | None) -> Answer:
        about_event = status in ABOUT_THE_EVENT
        backoff = self._jobs.setdefault(event.job_id, Backoff()) if about_event else self._receiver
        wait = backoff.failed()
        logger.warning(
            "The webhook %s to event %s of job %s; tried again in %g s.", what, event.seq, event.job_id, wait
        )
        return "refused" if status is not None else "away"

    def _headers(self, event: EventRecord, body: bytes) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "User-Agent": "hyperparameter-tuning-node",
            "HPT-Event": event.type,
            "HPT-Event-Id": f"{event.job_id}.{event.seq}",
            HEADER: signature(self._secrets, body, int(time.time())),
        }

    def _opened(self) -> "httpx.AsyncClient":
        import httpx

        if self._client is None:
            # A redirect would send signed events to somebody whom nobody named.
            self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, follow_redirects=False)
        return self._client


async def _note(session: Session, job_id: str, last: int, taken: int, refused: bool) -> None:
    if taken:
        await events_repository.mark_told(session, job_id, last)
        await tallies_repository.add(session, "webhook.taken", taken)
    if refused:
        await tallies_repository.add(session, "webhook.refused")
