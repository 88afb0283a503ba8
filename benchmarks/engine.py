"""The engine against scikit-learn: the same searches, two warm workers each, every split score equal.

Run as ``python -m benchmarks.engine [--case NAME ...] [--write]``; ``--write`` puts table and plot into
docs/benchmarks/, where rows of other cases stay as they are. A case whose scores differ in any bit fails
before anything is measured. `make bench` sets one thread per process, for both sides.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV

from benchmarks.engine_cases import CASES, Case
from benchmarks.engine_limits import LIMITS, Limit
from benchmarks.engine_tables import TABLES
from benchmarks.paired import Comparison, compare
from hyperparameter_tuning.tasks.searchers import GridSearch, RandomSearch

FOLDER = Path(__file__).parents[1] / "docs" / "benchmarks"
N_JOBS = 2


@dataclass(frozen=True)
class Row:
    """One case, measured."""

    case: Case
    comparison: Comparison
    cells: int

    @property
    def holds(self) -> bool:
        """Whether both medians reach what the case demands."""
        found = self.comparison
        return found.median_cpu >= self.case.cpu and found.median_wall >= self.case.wall


def searches(case: Case) -> tuple[Any, Any]:
    """Return scikit-learn's search and ours, unfitted."""
    shared = {"n_jobs": N_JOBS, "refit": False, "cv": 5}
    if case.search == "random":
        more = {"n_iter": case.draws, "random_state": 0, **shared}
        return (
            RandomizedSearchCV(case.estimator, case.space, **more),
            RandomSearch(case.estimator, case.space, **more),
        )
    return GridSearchCV(case.estimator, case.space, **shared), GridSearch(
        case.estimator, case.space, **shared
    )


def measured(name: str) -> Row:
    """Check one case's scores, then measure it.

    Raises:
        SystemExit: a score differs.
    """
    case = CASES[name]
    X, y = TABLES[case.table]()
    theirs, ours = searches(case)
    first, second = (_quiet(search.fit, X, y).cv_results_ for search in (theirs, ours))
    columns = [key for key in first if key.startswith("split")]
    if not all(np.array_equal(first[key], second[key]) for key in columns):
        raise SystemExit(f"{name}: scores differ from scikit-learn's")
    comparison = compare(lambda: _quiet(theirs.fit, X, y), lambda: _quiet(ours.fit, X, y), case.pairs)
    return Row(case, comparison, len(columns) * len(first["params"]))


CASE_HEAD = (
    "| case | data | CPU ratio [worst] | wall ratio [worst] | must reach | ours | equal cells |",
    "|---|---|---|---|---|---|---|",
)
LIMIT_HEAD = ("| figure | measured | limit |", "|---|---|---|")


def case_line(row: Row) -> str:
    """Return a line of the Markdown table of cases."""
    found, case = row.comparison, row.case
    note = f" ({found.drifted} pairs on a busy machine)" if found.drifted else ""
    return (
        f"{_case_start(case)} {found.median_cpu:.2f} [{min(found.cpu):.2f}] "
        f"| {found.median_wall:.2f} [{min(found.wall):.2f}]{note} | {case.cpu:g}; {case.wall:g} "
        f"| {found.ours.wall:.2f} s | {row.cells} of {row.cells} |"
    )


def limit_line(name: str, value: float) -> str:
    """Return a line of the Markdown table of what has a limit."""
    limit = LIMITS[name]
    bound = f"at {'most' if limit.at_most else 'least'} {limit.bound:g}"
    return f"{_limit_start(limit)} {value:.2f} {limit.unit} | {bound} |"


def _case_start(case: Case) -> str:
    return f"| {case.label} | {case.table} |"


def _limit_start(limit: Limit) -> str:
    return f"| {limit.label} |"


def machine() -> str:
    """Return what the figures were measured on, without names."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("scikit-learn", "numpy", "joblib"))
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, {packages}"


def write(told: Mapping[str, str]) -> None:
    """Write table and plot into docs/benchmarks/; what was not measured now stays as it was.

    Args:
        told: Lines of the tables, by the names of cases and limits.
    """
    from benchmarks.bar_chart import bar_chart

    FOLDER.mkdir(parents=True, exist_ok=True)
    page_file = FOLDER / "engine.md"
    before = page_file.read_text().splitlines() if page_file.exists() else []
    starts = {name: _case_start(case) for name, case in CASES.items()}
    starts |= {name: _limit_start(limit) for name, limit in LIMITS.items()}
    lines = {
        name: told.get(name) or next((line for line in before if line.startswith(start)), None)
        for name, start in starts.items()
    }
    cases = {name: lines[name] for name in CASES if lines[name]}
    method = (
        "Median of paired ratios, scikit-learn's cost over ours, both on two warm workers with one thread "
        "each, by turns (A B, B A ...); in brackets the worst pair. CPU counts this process and all workers. "
        "Before anything is measured every split score must be equal to the bit.\n\n"
        "![CPU ratios](engine.svg)\n\n"
    )
    limits = [line for name in LIMITS if (line := lines[name])]
    tables = ["\n".join((*CASE_HEAD, *cases.values())), "\n".join((*LIMIT_HEAD, *limits))]
    page_file.write_text(
        f"# The engine against scikit-learn\n\n{method}"
        + "\n\n".join([*tables, f"{machine()}; `make bench`."])
        + "\n"
    )
    bars = [
        (f"{CASES[name].label}, {CASES[name].table}", float(line.split("|")[3].split()[0]))
        for name, line in cases.items()
    ]
    (FOLDER / "engine.svg").write_text(bar_chart("CPU time, scikit-learn / ours", bars))


def _quiet(call: Callable[..., Any], *args: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args)


def main() -> int:
    """Measure, print, and fail where a ratio is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", nargs="*", default=["all"], choices=["all", *CASES, *LIMITS])
    parser.add_argument("--write", action="store_true", help="put table and plot into docs/benchmarks/")
    arguments = parser.parse_args()
    names = [*CASES, *LIMITS] if "all" in arguments.case else arguments.case
    told: dict[str, str] = {}
    missed = []
    for name in names:
        if name in CASES:
            row = measured(name)
            holds, told[name] = row.holds, case_line(row)
        else:
            value = LIMITS[name].measure()
            holds, told[name] = LIMITS[name].holds(value), limit_line(name, value)
        missed += [] if holds else [name]
        print(told[name], "" if holds else "MISSED", flush=True)
    if arguments.write:
        write(told)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
