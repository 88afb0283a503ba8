"""Runs asynchronous work for callers that wait, inside a running event loop or outside of one."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.shared.settings import get_settings

Value = TypeVar("Value")


def with_database(work: Callable[[Database], Coroutine[Any, Any, Value]]) -> Value:
    """Run *work* with this installation's job store in an event loop of its own thread, and wait for it."""

    async def opened() -> Value:
        database = Database(get_settings())
        try:
            return await work(database)
        finally:
            await database.close()

    with ThreadPoolExecutor(1, "old-calls") as thread:
        return thread.submit(lambda: asyncio.run(opened())).result()
