"""Wake-ups by Redis pub/sub: in the background, together, and given up for a while when Redis is in trouble.

Nothing is queued here for a server that is away: polling finds the events anyway.
"""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from hyperparameter_tuning.jobs.wake_ups import Heard, WakeUps

if TYPE_CHECKING:
    from redis.asyncio import Redis

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 1.0
# After so long without a word the server is asked, and after as long again it is taken for lost.
QUIET_SECONDS = 15.0
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
# What was told just before the end gets this long to leave.
LAST_WORD_SECONDS = 0.05


@dataclass(slots=True)
class _Link:
    """Whether Redis answers in one direction, and how long it is left alone when it does not.

    One failure is no news: servers drop connections that were idle. The second is logged, and then only the
    end of the trouble.

    Attributes:
        name: For the log.
        failures: In a row.
        pause_ends: Monotonic time, in seconds.
    """

    name: str
    failures: int = 0
    pause_ends: float = 0.0

    @property
    def is_paused(self) -> bool:
        return time.monotonic() < self.pause_ends

    def failed(self, error: Exception) -> float:
        """Count a failure and return the seconds to wait before the next try."""
        pause = min(FIRST_PAUSE_SECONDS * 2.0 ** min(self.failures, 10), LONGEST_PAUSE_SECONDS)
        self.failures += 1
        self.pause_ends = time.monotonic() + pause
        if self.failures == 2:
            # Only its kind: the text of an error may have the password of the URL in it.
            kind = type(error).__name__
            logger.warning("%s by Redis fails (%s); new events are found by polling.", self.name, kind)
        return pause

    def succeeded(self) -> None:
        if self.failures > 1:
            logger.info("%s by Redis works again.", self.name)
        self.failures = 0


class RedisWakeUps(WakeUps):
    """Publishes and hears the ids of jobs on one channel; connects when it is first used.

    Args:
        broker: URL as Celery takes it, password included.
        channel: Name of the channel, the installation's prefix included.
    """

    def __init__(self, broker: str, channel: str) -> None:
        self._broker = broker
        self._channel = channel
        self._client: Redis | None = None
        self._untold: set[str] = set()
        self._telling: asyncio.Task[None] | None = None
        self._out = _Link("Waking readers")
        self._in = _Link("Being woken")

    def tell(self, job_ids: frozenset[str]) -> None:
        """Say it in the background; what is told while a message is on its way leaves together."""
        if self._out.is_paused:
            return
        self._untold |= job_ids
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    async def listen(self, heard: Heard) -> None:
        """Call *heard* for what is told, and once whenever something may have been missed; never returns."""
        while True:
            try:
                await self._hear(heard)
            except Exception as error:
                # Whatever the server does, the reader polls; this is only tried again.
                await asyncio.sleep(self._in.failed(error))

    async def close(self) -> None:
        """Give the last word a moment, then let go of the connections."""
        if self._telling is not None:
            await asyncio.wait({self._telling}, timeout=LAST_WORD_SECONDS)
            self._telling.cancel()
            with suppress(asyncio.CancelledError):
                await self._telling
        client, self._client = self._client, None
        if client is None:
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await client.aclose()
        except Exception as error:
            # The server may be gone already; the system closes what is left.
            logger.debug("A connection to Redis did not close: %s.", type(error).__name__)

    async def _tell(self) -> None:
        try:
            while self._untold:
                client = await self._connected()
                job_ids, self._untold = self._untold, set()
                async with asyncio.timeout(ANSWER_SECONDS):
                    await client.publish(self._channel, " ".join(sorted(job_ids)))
                self._out.succeeded()
        except Exception as error:
            # The commit stands and polling finds it; nobody waits for this word.
            self._untold.clear()
            self._out.failed(error)

    async def _hear(self, heard: Heard) -> None:
        client = await self._connected()
        async with client.pubsub() as channel:
            async with asyncio.timeout(ANSWER_SECONDS):
                await channel.subscribe(self._channel)
            is_asked = False
            while True:
                message = await channel.get_message(timeout=QUIET_SECONDS)
                if message is None and is_asked:
                    raise TimeoutError
                if message is None:
                    await channel.ping()
                elif message["type"] == "subscribe":
                    self._in.succeeded()
                    heard(frozenset())
                elif message["type"] == "message":
                    heard(frozenset(message["data"].split()))
                is_asked = message is None

    async def _connected(self) -> "Redis":
        if self._client is None:
            # In a thread: the import takes longer than anybody may be held up.
            client = await asyncio.to_thread(_client, self._broker)
            self._client = self._client or client
        return self._client


def _client(broker: str) -> "Redis":
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    return Redis.from_url(
        client_url(broker),
        decode_responses=True,
        encoding_errors="replace",
        # Pub/sub is the same in both, and servers before 6 have no other.
        protocol=2,
        # Once, and at once: a connection that was idle may be gone.
        retry=Retry(NoBackoff(), 1),
        socket_connect_timeout=ANSWER_SECONDS,
        socket_timeout=ANSWER_SECONDS,
    )


def client_url(broker: str) -> str:
    """Return the URL that the Redis client takes for a broker URL as Celery takes it.

    Celery has its own scheme for sockets, its own name for the database, which channels do not have, its own
    spelling of certificate checks, and several servers in one URL, of which the first is taken.
    """
    parts = urlsplit(broker.split(";")[0])
    query = {name: value for name, value in parse_qsl(parts.query) if name != "virtual_host"}
    if "ssl_cert_reqs" in query:
        query["ssl_cert_reqs"] = query["ssl_cert_reqs"].lower().removeprefix("cert_")
    scheme = "unix" if parts.scheme == "redis+socket" else parts.scheme
    return f"{scheme}://{parts.netloc}{parts.path}{'?' if query else ''}{urlencode(query)}"
