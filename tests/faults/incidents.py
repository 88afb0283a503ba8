"""What each fault test writes down, for the table of docs/reliability.md."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

VARIABLE = "HPT_FAULTS_REPORT"
# Read once, before the tests hide the variables of whoever runs them.
_FILE = os.environ.get(VARIABLE)


@dataclass(frozen=True)
class Incident:
    """What came of faults in one test.

    Attributes:
        fault: ``T1`` ... of the table, or a word.
        installation: ``sqlite+files`` ...
        clock: ``quick`` or ``default``.
        faults: How many were injected.
        jobs: How many jobs were concerned.
        lost: How many of them came to no end, or to a wrong one.
        duplicates: Trials, ends or patches that were there twice.
        recovery_seconds: Of each fault, where that has a meaning.
        figure: A further measured value in words.
    """

    fault: str
    installation: str
    clock: str = "quick"
    faults: int = 1
    jobs: int = 1
    lost: int = 0
    duplicates: int = 0
    recovery_seconds: tuple[float, ...] = ()
    figure: str = ""


def note(incident: Incident) -> None:
    """Append one line to the file that the environment names, if it names one."""
    if _FILE:
        with Path(_FILE).open("a") as file:
            file.write(json.dumps(asdict(incident)) + "\n")


def noted(path: Path) -> list[Incident]:
    """Return the incidents of a file."""
    lines = path.read_text().splitlines() if path.exists() else []
    found = [Incident(**json.loads(line)) for line in lines]
    return [Incident(**{**asdict(one), "recovery_seconds": tuple(one.recovery_seconds)}) for one in found]
