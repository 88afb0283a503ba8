"""The child's end of the line to its worker: JSON lines out, orders in, and the end when it is cut.

What the messages mean does not belong here.
"""

import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any

from hyperparameter_tuning.tasks.process_groups import is_alive

_WORKER_CHECK_SECONDS = 1.0


def encode(message: Mapping[str, Any]) -> bytes:
    """Return *message* as one line of JSON; NaN and Infinity are refused, numpy scalars become numbers.

    Raises:
        ValueError: a number is not finite.
        TypeError: a value has no JSON form.
    """
    return json.dumps(message, allow_nan=False, default=_plain_value).encode() + b"\n"


def end_own_group() -> None:
    """Kill this process and everything it started, at once.

    Safe only in a group's leader: anywhere else it would kill the worker, so there only this process ends.
    """
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


class ChildChannel:
    """What a child may say and what it is told.

    A thread listens: it notes orders, and ends the whole group when the line is cut or the worker is gone,
    since nobody would record what the child finds.

    Attributes:
        stop_requested: Set once the worker asks to finish early.
    """

    def __init__(
        self,
        line: socket.socket,
        worker_pid: int,
        worker_started: float,
        on_lost: Callable[[], None] = end_own_group,
    ) -> None:
        self.stop_requested = threading.Event()
        self._line = line
        self._worker = (worker_pid, worker_started)
        self._on_lost = on_lost
        self._sending = threading.Lock()
        self._closing = False
        threading.Thread(target=self._listen, name="worker-line", daemon=True).start()

    def send(self, message: Mapping[str, Any]) -> None:
        """Hand one message to the worker; blocks while the worker is behind."""
        data = encode(message)
        with self._sending:
            try:
                self._line.sendall(data)
            except OSError:
                self._on_lost()

    def finish(self) -> None:
        """Say that nothing more will come."""
        self._closing = True
        self.send({"type": "end"})

    def _listen(self) -> None:
        reader = threading.Thread(target=self._read_orders, name="worker-orders", daemon=True)
        reader.start()
        while reader.is_alive() and is_alive(*self._worker):
            reader.join(_WORKER_CHECK_SECONDS)
        if not self._closing:
            self._on_lost()

    def _read_orders(self) -> None:
        with self._line.makefile("rb") as lines:
            for line in lines:
                if json.loads(line).get("type") == "stop":
                    self.stop_requested.set()


def _plain_value(value: Any) -> Any:
    item = getattr(value, "item", None)
    if item is None:
        raise TypeError(f"{type(value).__name__} has no JSON form")
    return item()
