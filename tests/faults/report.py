"""Runs every fault at length and tells what came of them; with ``--write``, into docs/reliability.md.

Run as ``make faults``.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.incidents import VARIABLE, Incident, noted

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reliability.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
# The longest files first: what is left at the end keeps one process busy alone.
TESTS = ("tests/node/test_openapi.py", "tests/jobs/test_state_machine.py", "tests/faults")

TITLES: Mapping[str, str] = {
    "T1": "worker killed with its group",
    "T2": "search killed under its worker",
    "T3": "the same message five times",
    "T4": "worker frozen past its lease, then woken",
    "T5 killed": "Redis killed and started again",
    "T5 flushed": "Redis forgets everything",
    "T6": "Redis frozen",
    "T7": "PostgreSQL crashed and restarted",
    "T8 store": "disk of the job store full",
    "T8 worker": "disk of the worker full",
    "T9": "clock of the worker an hour off",
    "T10": "cancel at random moments, every second with the worker killed after it",
    "T11 abort": "step that aborts",
    "T11 memory": "step that eats all memory",
    "T11 endless": "step that never ends, cancelled",
    "T11 worker": "job whose worker dies three times",
    "T12": "submits from 50 clients",
    "T12 same run": "one run submitted 50 times at once",
    "T13 submit": "API dies between commit and message",
    "T13 write-back": "keeper dies before and after each step of a write-back",
    "T14": "editor that saves 20 times a second",
    "T14 conflict": "edit that meets the result",
    "T15": "event stream cut twice a second",
    "T19": "worker asked to end",
    "T20": "job store put back from a backup",
    "deaf worker": "connection of the worker to Redis carries nothing any more",
    "killed keeper": "keeper killed beside another",
    "lists": "10,000 jobs",
    "trials": "5,000 trials",
}


def main() -> int:
    """Run the tests, print the table, and write it where that was asked and all passed."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--write"]
    if arguments and "--write" in sys.argv:
        print(f"--write is for a whole run: leave out {' '.join(arguments)}.")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "incidents.jsonl"
        begun = time.monotonic()
        code = run(file, arguments)
        minutes = (time.monotonic() - begun) / 60
        text = told(noted(file), minutes)
    print(text)
    if code == 0 and "--write" in sys.argv:
        before, _, rest = PAGE.read_text().partition(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}")
    return code


def run(file: Path, arguments: list[str]) -> int:
    """Run short and long forms alike, three files at a time; returns pytest's exit code."""
    command = [sys.executable, "-m", "pytest", *TESTS, "-m", "faults or not faults", "--timeout", "900"]
    command += ["--numprocesses", "3", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, VARIABLE: str(file)}).returncode


def told(incidents: Iterable[Incident], minutes: float) -> str:
    """Return the figures as Markdown."""
    found = list(incidents)
    groups: dict[tuple[str, str], list[Incident]] = {}
    for one in found:
        groups.setdefault((one.fault, one.clock), []).append(one)
    order = {name: place for place, name in enumerate(TITLES)}
    rows = [_row(*key, groups[key]) for key in sorted(groups, key=lambda key: (order[key[0]], key[1]))]
    faults, jobs = sum(one.faults for one in found), sum(one.jobs for one in found)
    lost, twice = sum(one.lost for one in found), sum(one.duplicates for one in found)
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    head = (
        f"{day}, {os.cpu_count()} cores, {minutes:.0f} minutes: {faults} faults, {jobs} jobs, {lost} jobs "
        f"lost, {twice} duplicates."
    )
    table = [
        "| fault | leases | where | faults | jobs | lost | twice | recovery, median | worst | measured |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([head, "", *table, *rows, ""])


def _row(fault: str, clock: str, incidents: list[Incident]) -> str:
    seconds = [second for one in incidents for second in one.recovery_seconds]
    median = f"{statistics.median(seconds):.1f} s" if seconds else ""
    worst = f"{max(seconds):.1f} s" if seconds else ""
    where = ", ".join(sorted({one.installation for one in incidents}, reverse=True))
    figures = "; ".join(dict.fromkeys(f"{one.installation}: {one.figure}" for one in incidents if one.figure))
    cells = [
        f"{fault}: {TITLES[fault]}" if fault.startswith("T") else TITLES[fault],
        clock,
        where,
        sum(one.faults for one in incidents),
        sum(one.jobs for one in incidents),
        sum(one.lost for one in incidents),
        sum(one.duplicates for one in incidents),
        median,
        worst,
        figures,
    ]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
