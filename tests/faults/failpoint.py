"""Runs a command of ours in a process that dies or freezes at a chosen call.

    python -m tests.faults.failpoint package.module:name.of.function before|after|frozen COMMAND ...

It dies as if the machine lost its power there. Frozen after the call, it goes on at SIGCONT and freezes no
more.

The function is replaced where it is looked up, so name the module that calls it. Light at import: the fork
server of a worker imports it again.
"""

import functools
import importlib
import inspect
import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

LAUNCHER = ("-m", "tests.faults.failpoint")


def arm(path: str, when: str) -> None:
    """Let this process die before, die after, or freeze after the next call of a function."""
    module, _, names = path.partition(":")
    *owners, name = names.split(".")
    owner: Any = importlib.import_module(module)
    for step in owners:
        owner = getattr(owner, step)
    setattr(owner, name, _deadly(getattr(owner, name), when))


def _deadly(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    hit = _frozen_once() if when == "frozen" else _die
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*arguments: Any, **options: Any) -> Any:
            if when == "before":
                hit()
            result = await function(*arguments, **options)
            hit()
            return result

        return awaited

    @functools.wraps(function)
    def called(*arguments: Any, **options: Any) -> Any:
        if when == "before":
            hit()
        result = function(*arguments, **options)
        hit()
        return result

    return called


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _frozen_once() -> Callable[[], None]:
    calls = itertools.count()

    def freeze() -> None:
        if next(calls) == 0:
            os.kill(os.getpid(), signal.SIGSTOP)

    return freeze


if __name__ == "__main__":
    _, point, moment, *command = sys.argv
    arm(point, moment)
    sys.argv = ["tuning-node", *command]
    from hyperparameter_tuning.node.cli import main

    main()
