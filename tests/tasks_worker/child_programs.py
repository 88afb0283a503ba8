"""What children do in the tests of children: real programs in real processes."""

import ctypes
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.child_channel import ChildChannel


def count(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    for number in range(payload["to"]):
        channel.send({"type": "number", "number": number})


def say_much(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    channel.send({"type": "text", "text": "x" * payload["length"]})


def environment(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    import numpy as np
    from threadpoolctl import threadpool_info

    np.ones((4, 4)) @ np.ones((4, 4))
    channel.send(
        {
            "type": "environment",
            "caps": os.environ["OMP_NUM_THREADS"],
            "threads": [pool["num_threads"] for pool in threadpool_info()],
            "group": os.getpgrp(),
            "pid": os.getpid(),
            "sklearn": "sklearn" in sys.modules,
            "daemon": multiprocessing.current_process().daemon,
        }
    )


def refuse(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    raise DataError("The file is empty.", code="empty")


def break_down(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    raise ZeroDivisionError("a secret of the implementation")


def abort(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    channel.send({"type": "number", "number": 0})
    os.abort()


def crash(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    ctypes.string_at(0)


def eat(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    eaten = []
    while True:
        eaten.append(b"x" * (8 * 1024 * 1024))
        time.sleep(0.01)


def eat_in_grandchildren(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    program = "import time; eaten = b'x' * (200 * 1024 * 1024); time.sleep(60)"
    for _ in range(3):
        subprocess.Popen([sys.executable, "-c", program])
    time.sleep(20)


def stop_when_asked(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    channel.send({"type": "ready"})
    channel.stop_requested.wait(30)
    channel.send({"type": "stopped"})


def hang(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    """Wait for ever, deaf to orders, with a grandchild that is deaf to SIGTERM."""
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('', flush=True); time.sleep(60)"
    )
    grandchild = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert grandchild.stdout is not None
    grandchild.stdout.readline()
    channel.send({"type": "ready", "grandchild": grandchild.pid})
    time.sleep(60)


def use_loky(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    from joblib import Parallel, delayed

    pids = Parallel(n_jobs=2)(delayed(_pid_after)(0.05) for _ in range(8))
    channel.send({"type": "loky", "pids": sorted(set(pids))})


def _pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()
