"""How often finished units are stored: at once on a quiet machine, many together on a busy one."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest

from hyperparameter_tuning.jobs import progress
from hyperparameter_tuning.tasks import recorder
from hyperparameter_tuning.tasks.recorder import Recorder, pause_after


class SlowStore:
    """A job store whose transactions take a while; keeps how many messages each one writes."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.batches: list[int] = []

    async def run(self, work: Any, **_options: Any) -> None:
        await asyncio.sleep(self.seconds)
        await work(self)


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    async def count(store: SlowStore, _job_id: str, _token: str, messages: tuple[Any, ...]) -> None:
        store.batches.append(len(messages))

    monkeypatch.setattr(progress, "record", count)


async def recorded(store: SlowStore, messages: int, seconds: float) -> None:
    keeper: Any = SimpleNamespace(lost=asyncio.Event())
    async with Recorder(store, "job", "token", keeper) as taking:  # type: ignore[arg-type]
        for number in range(messages):
            await taking.take({"type": "log", "number": number})
            await asyncio.sleep(seconds / messages)


@pytest.mark.parametrize(
    ("taken", "pause"),
    [(0.0, 0.1), (0.004, 0.1), (0.02, 0.4), (0.2, 1.0), (30.0, 1.0)],
)
def test_recording_takes_a_twentieth_of_the_time_and_nothing_waits_longer_than_a_second(
    taken: float, pause: float
) -> None:
    assert pause_after(taken) == pytest.approx(pause)


async def test_a_slow_store_gets_few_and_large_batches() -> None:
    store, begun = SlowStore(0.03), time.monotonic()
    await recorded(store, 60, 1.5)
    assert sum(store.batches) == 60
    # The first comes after the shortest pause and the last at the end; 0.6 s lie between two others.
    assert len(store.batches) <= 2 + (time.monotonic() - begun) / pause_after(store.seconds)


async def test_what_waits_is_stored_at_the_end_without_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "BATCH_SECONDS", 60.0)
    store, begun = SlowStore(0.0), time.monotonic()
    await recorded(store, 3, 0.0)
    assert store.batches == [3]
    assert time.monotonic() - begun < 30
