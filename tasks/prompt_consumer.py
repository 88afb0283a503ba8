"""A Celery consumer that ends soon after it was told to, on brokers that are polled.

What a worker does before it ends is in `tasks.celery_app`.
"""

from typing import Any

from celery.worker.consumer import Consumer

LONGEST_WAIT_SECONDS = 0.25
"""Celery waits 2 s for a message, and once more after it was told to end: four seconds of an idle worker."""


class PromptConsumer(Consumer):  # type: ignore[misc]
    """Looks more often whether it is to end; brokers with an event loop of their own tell it at once."""

    def loop_args(self) -> tuple[Any, ...]:
        """Return what Celery's loop gets, the connection made impatient where the loop waits in it."""
        consumer, connection, *rest = super().loop_args()
        return (consumer, connection if self.hub else _Impatient(connection), *rest)


class _Impatient:
    """A connection as Celery's waiting loop uses it; after a shorter wait the loop merely turns around."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def drain_events(self, timeout: float) -> Any:
        return self._connection.drain_events(timeout=min(timeout, LONGEST_WAIT_SECONDS))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
