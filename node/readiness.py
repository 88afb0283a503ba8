"""What must be there before a run can end well: job store, queue, keeper.

How it is shown does not belong here: ``/readyz`` and ``tuning-node doctor`` both ask.
"""

import asyncio
import os
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.keeper import keeper_holder
from hyperparameter_tuning.jobs.wake_ups_redis import client_url
from hyperparameter_tuning.registry.left_out import left_out
from hyperparameter_tuning.shared.errors import TuningError, UnavailableError
from hyperparameter_tuning.shared.settings import Settings, celery_settings

CHECK_SECONDS = 3.0
BROKER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        ok: Whether it is there.
        message: What was seen; for what is missing, what to do.
    """

    ok: bool
    message: str


async def checks(settings: Settings, database: Database) -> dict[str, Check]:
    """Look at everything at once; nothing takes longer than some seconds."""
    looked = await asyncio.gather(
        _within(_database(database), "The job store does not answer."),
        _within(_broker(settings), "The queue does not answer; jobs wait in the store until it does."),
        _within(_keeper(database), "The job store does not answer, so no keeper can be seen."),
    )
    return dict(zip(("database", "broker", "keeper"), looked, strict=True)) | {"packages": _packages()}


def _packages() -> Check:
    """Say what other packages register in vain; everything else works without it, so it fails nothing."""
    broken = left_out()
    if not broken:
        return Check(True, "All that other packages register can be used.")
    return Check(True, " ".join(item.sentence for item in broken))


async def _within(look: Awaitable[Check], otherwise: str) -> Check:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await look
    except TimeoutError:
        return Check(False, otherwise)
    except (TuningError, OSError) as error:
        return Check(False, f"{otherwise} ({error})" if str(error) not in otherwise else otherwise)


async def _database(database: Database) -> Check:
    async with database.read():
        return Check(True, "The job store answers.")


async def _keeper(database: Database) -> Check:
    async with database.read() as session:
        holder = await keeper_holder(session)
    if holder is None:
        return Check(False, "No keeper runs. Start one: tuning-node keeper")
    return Check(True, f"A keeper runs ({holder}).")


async def _broker(settings: Settings) -> Check:
    if settings.broker.startswith("redis"):
        await _ping_redis(settings)
        return Check(True, "Redis answers.")
    if settings.broker.startswith("filesystem"):
        folder = Path(celery_settings(settings)["broker_transport_options"]["data_folder_in"])
        if not os.access(folder, os.W_OK):
            raise UnavailableError(f"The queue's folder {folder} cannot be written.")
        return Check(True, "The queue's folder can be written.")
    return Check(True, "The queue is of a kind that is not looked at.")


async def _ping_redis(settings: Settings) -> None:
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    client = Redis.from_url(
        client_url(settings.broker), socket_connect_timeout=BROKER_SECONDS, socket_timeout=BROKER_SECONDS
    )
    try:
        await client.ping()
    except RedisError as error:
        raise UnavailableError(str(error)) from error
    finally:
        await client.aclose()
