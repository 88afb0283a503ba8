"""A process that has loaded what most tests load, and runs each test in a fork of itself.

That is half the time of a mutant. Started in the folder of a tree, whose own modules are loaded by the forks
alone: they find them as they are then. Reads lines of a file for what is printed, and of node ids.
"""

import importlib
import os
import sys
from typing import NoReturn

import pytest

# Nothing that a plugin of pytest brings: it is to be loaded by pytest.
LOADED = (
    "lightgbm",
    "pandas",
    "psycopg",
    "pydantic_settings",
    "redis",
    "scipy.stats",
    "sklearn.ensemble",
    "sklearn.feature_selection",
    "sklearn.model_selection",
    "sklearn.neural_network",
    "sklearn.pipeline",
    "sqlalchemy.ext.asyncio",
    "structlog",
    "xgboost",
)


def main() -> None:
    """Answer each line with pytest's code."""
    for name in LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        printed, *tests = line.split()
        child = os.fork()
        if child == 0:
            _run(printed, tests)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(printed: str, tests: list[str]) -> NoReturn:
    with open(printed, "w") as file, open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.exit(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *tests]))


if __name__ == "__main__":
    main()
