"""Runs a command of ours in a process that dies at a chosen call, as if the machine lost its power there.

    python -m tests.faults.failpoint package.module:name.of.function before|after COMMAND ...

The function is replaced where it is looked up, so name the module that calls it. Light at import: the fork
server of a worker imports it again.
"""

import functools
import importlib
import inspect
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

LAUNCHER = ("-m", "tests.faults.failpoint")


def arm(path: str, when: str) -> None:
    """Let this process die before, or after, the next call of a function."""
    module, _, names = path.partition(":")
    *owners, name = names.split(".")
    owner: Any = importlib.import_module(module)
    for step in owners:
        owner = getattr(owner, step)
    setattr(owner, name, _deadly(getattr(owner, name), when))


def _deadly(function: Callable[..., Any], when: str) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def awaited(*arguments: Any, **options: Any) -> Any:
            if when == "after":
                await function(*arguments, **options)
            _die()

        return awaited

    @functools.wraps(function)
    def called(*arguments: Any, **options: Any) -> Any:
        if when == "after":
            function(*arguments, **options)
        _die()

    return called


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _, point, moment, *command = sys.argv
    arm(point, moment)
    sys.argv = ["tuning-node", *command]
    from hyperparameter_tuning.node.cli import main

    main()
