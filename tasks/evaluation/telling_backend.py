"""joblib's loky processes, telling of answers as they come: `Parallel` by itself looks for them every 10 ms.

What is asked of the processes does not belong here (`worker_pool`).
"""

from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

from joblib.parallel import LokyBackend


class TellingBackend(LokyBackend):  # type: ignore[misc]  # joblib has no types
    """A backend for one call of ``Parallel(return_as="generator_unordered")``.

    joblib takes results in a thread of its own and puts them where the caller's next look, after a sleep of
    10 ms, finds them (joblib 1.6, ``Parallel._retrieve``): as long as a small search. Here that thread hands
    them over, and the caller waits for exactly that.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._told: SimpleQueue[list[Any] | BaseException] = SimpleQueue()
        self._has_processes = False

    def configure(self, *args: Any, **settings: Any) -> int:
        """Prepare the processes, as joblib asks for at a call.

        Returns:
            Their number.

        Raises:
            FallbackToBackend: there may be none here; joblib then calls one after the other.
        """
        n_jobs: int = super().configure(*args, **settings)
        self._has_processes = True
        return n_jobs

    def retrieve_result_callback(self, future: Any) -> list[Any]:
        """Hand over the answers of a batch, in joblib's thread.

        Returns:
            None of them, which is what joblib's own generator is left with.
        """
        try:
            self._told.put(super().retrieve_result_callback(future))
        except BaseException as error:
            self._told.put(error)
            raise
        return []

    def answers(self, generator: Iterator[Any], count: int) -> Iterator[Any]:
        """Yield *count* answers as they come, then end joblib's call.

        Args:
            generator: What ``Parallel`` returned.
            count: Number of its tasks.

        Raises:
            Exception: what a task raised, or what became of the processes.
        """
        while self._has_processes and count > 0:
            told = self._told.get()
            if isinstance(told, BaseException):
                raise told
            count -= len(told)
            yield from told
        yield from generator
