"""Hearing a child to its end, and how long it may go on once somebody wants it to stop.

Starting and ending processes does not belong here (`tasks.children`), nor what comes next (`tasks.workflow`).
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.tasks.children import Child, ChildFailedError
from hyperparameter_tuning.tasks.lease_keeper import LeaseKeeper

Take = Callable[[dict[str, Any]], Awaitable[None]]

SHUTDOWN_SECONDS = 8.0
"""Time for a child when the worker ends; with giving the lease back it stays below 10 s."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a child may go on after each signal; None: the signal does not concern it.

    Attributes:
        cancel: After the person discards the job.
        shutdown: After the worker was told to end.
        whole: From its start on, whatever it says; who does not look up meanwhile cannot keep a limit.
        stop: After the person asks to finish early.
    """

    cancel: float
    shutdown: float
    whole: float
    stop: float | None = None


async def hear(child: Child, keeper: LeaseKeeper, patience: Patience, take: Take) -> bool:
    """Hand every message of *child* on until it ends, or is ended.

    Args:
        child: Entered already.
        keeper: Its signals end the child: asked first, killed when its time is over.
        patience: See `Patience`.
        take: Gets each message.

    Returns:
        Whether the child came to its own end.

    Raises:
        JobInterruptedError: the job has no future here.
        ChildFailedError: the child failed by itself.
    """
    listening = asyncio.create_task(_listen(child, take))
    waiting = asyncio.create_task(_time_is_over(child, keeper, patience))
    try:
        await asyncio.wait({listening, waiting}, return_when=asyncio.FIRST_COMPLETED)
        ended_itself = listening.done()
        if not ended_itself:
            await child.kill()
        error = (await asyncio.gather(listening, return_exceptions=True))[0]
    finally:
        for task in (listening, waiting):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting
    keeper.raise_if_interrupted()
    if error is not None and (ended_itself or not isinstance(error, ChildFailedError)):
        raise error
    return ended_itself


async def _listen(child: Child, take: Take) -> None:
    async for message in child.messages():
        if message["type"] != "child.started":
            await take(message)


async def _time_is_over(child: Child, keeper: LeaseKeeper, patience: Patience) -> None:
    """Return when the child has to be ended; ask it to stop at the first signal."""
    allowed = {keeper.lost: 0.0, keeper.cancel: patience.cancel, keeper.shutdown: patience.shutdown}
    if patience.stop is not None:
        allowed[keeper.stop] = patience.stop
    deadline = time.monotonic() + patience.whole
    waiting = {asyncio.ensure_future(signal.wait()): seconds for signal, seconds in allowed.items()}
    try:
        while (left := deadline - time.monotonic()) > 0:
            new, _ = await asyncio.wait(waiting, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            for signal in new:
                deadline = min(deadline, time.monotonic() + waiting.pop(signal))
                child.request_stop()
            if not waiting:
                await asyncio.sleep(deadline - time.monotonic())
                return
    finally:
        for signal in waiting:
            signal.cancel()
