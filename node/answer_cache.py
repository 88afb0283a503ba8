"""Answers that are kept while an editor asks the same again: panels do with every click.

What answers are made of does not belong here. Only pure answers may be kept: their key is everything
that they are made from.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
ANSWERS_KEPT = 64


class AnswerCache(Generic[T]):
    """The newest answers by key; the one that was not asked for longest goes first. Of one event loop.

    Args:
        limit: Most answers kept.
    """

    def __init__(self, limit: int = ANSWERS_KEPT) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    async def answer(self, key: str, make: Callable[[], T]) -> T:
        """Return the answer for *key*; where it is not kept, *make* gives it in a thread."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        made = await asyncio.to_thread(make)
        self._kept[key] = made
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return made
