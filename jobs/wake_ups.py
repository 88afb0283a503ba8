"""Tells other processes that a job has new events, so that their readers look at once.

Only haste is at stake: whoever hears nothing finds the events by polling (`jobs.events`). What the events say
does not belong here, nor the server that carries the word (`jobs.wake_ups_redis`).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, MutableMapping
from typing import Any

from hyperparameter_tuning.shared.settings import Settings

CHANNEL = "events"
_NOTED = "jobs_with_new_events"

Heard = Callable[[frozenset[str]], None]
"""Gets the jobs that have new events; none means that it is not known which."""


class WakeUps(ABC):
    """The way between the processes of one installation, for one event loop; nothing it does can fail."""

    @abstractmethod
    def tell(self, job_ids: frozenset[str]) -> None:
        """Say that events of these jobs were committed; returns at once, whatever the way is like."""

    @abstractmethod
    async def listen(self, heard: Heard) -> None:
        """Call *heard* for what anybody tells, until cancelled; returns where there is nothing to hear."""

    @abstractmethod
    async def close(self) -> None:
        """Let go of what is open, within a moment."""


class NoWakeUps(WakeUps):
    """The embedded installation: every reader polls."""

    def tell(self, job_ids: frozenset[str]) -> None:
        """Do nothing."""

    async def listen(self, heard: Heard) -> None:
        """Return: nobody tells."""

    async def close(self) -> None:
        """Do nothing."""


def make_wake_ups(settings: Settings) -> WakeUps:
    """Return what the broker of *settings* can carry; nothing is opened before it is used."""
    if settings.broker.startswith(("redis:", "rediss:", "redis+socket:", "unix:")):
        from hyperparameter_tuning.jobs.wake_ups_redis import RedisWakeUps

        return RedisWakeUps(settings.broker, f"{settings.broker_key_prefix}{CHANNEL}")
    return NoWakeUps()


def note_events(info: MutableMapping[Any, Any], job_id: str) -> None:
    """Remember, in the *info* of a session, that its transaction adds events to the job."""
    info.setdefault(_NOTED, set()).add(job_id)


def noted_jobs(info: MutableMapping[Any, Any]) -> frozenset[str]:
    """Return the jobs that `note_events` was called for."""
    return frozenset(info.get(_NOTED, ()))
