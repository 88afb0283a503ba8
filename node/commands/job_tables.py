"""Runs, trials and changes as tables in a terminal; nothing is read here."""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hyperparameter_tuning.node.commands.report_lines import Report, report_lines
from hyperparameter_tuning.node.contract import finite

if TYPE_CHECKING:
    from hyperparameter_tuning.jobs.records import JobRecord, TrialRecord
    from hyperparameter_tuning.node.commands.job_actions import Seen

TOP_TRIALS = 5
SHORT_ID = 12
WIDE = 200
NOT_SET = "(not set)"
SHOWN_OPERATIONS = ("set", "unset")
ORIGINS = {"baseline": "current parameters", "defaults": "library defaults", "search": ""}


def as_json(document: Any) -> str:
    """Return *document* as indented JSON, without NaN."""
    return json.dumps(finite(document), indent=2, ensure_ascii=False, allow_nan=False)


def console_of_output() -> Console:
    """Return a console for standard output; a pipe or a file has no width, so nothing is cut there."""
    out = Console()
    return out if out.is_terminal or "COLUMNS" in os.environ else Console(width=WIDE)


def score_text(score: float | None) -> str:
    """Return a score as people read it: about five significant digits."""
    return "-" if score is None else f"{score:.5g}"


def params_text(params: Mapping[str, Any]) -> str:
    """Return parameters in one line."""
    return ", ".join(f"{name}={value_text(value)}" for name, value in params.items())


def value_text(value: Any) -> str:
    """Return one value as JSON writes it, long fractions cut."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return json.dumps(value, ensure_ascii=False, default=str)


def print_jobs(jobs: Sequence["JobRecord"], console: Console | None = None) -> None:
    """Print a table of runs."""
    out = console or console_of_output()
    if not jobs:
        out.print("There are no such runs.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    shown = [name for name, least in JOB_COLUMNS.items() if out.width >= least]
    for name in shown:
        # Names may be cut, never what runs are told apart by.
        table.add_column(name, overflow="ellipsis", no_wrap=name in UNCUT)
    for job in jobs:
        cells = {
            "run": job.id[:SHORT_ID],
            "pipeline": job.graph_ref or "(file)",
            "node": job.node_id or "-",
            "model": job.model_type,
            "strategy": job.strategy,
            "status": job.state.value,
            "best": score_text(job.best_score),
            "metric": job.metric,
            "started": time_text(job.started_at or job.created_at, "%m-%d %H:%M"),
        }
        table.add_row(*(Text(cells[name]) for name in shown))
    out.print(table)


UNCUT = frozenset({"run", "model", "status", "best", "started"})
# By the least width of a terminal that shows the column; `jobs show` and --json have everything.
JOB_COLUMNS = {
    "run": 0,
    "pipeline": 88,
    "node": 110,
    "model": 0,
    "strategy": 100,
    "status": 0,
    "best": 0,
    "metric": 90,
    "started": 72,
}


def print_job(seen: "Seen", console: Console | None = None) -> None:
    """Print one run with its top trials, what its search tells of the parameters, and its patches."""
    out = console or console_of_output()
    job = seen.job
    lines = {
        "run": job.id,
        "status": job.state.value + (f" ({job.reason})" if job.reason else ""),
        "pipeline": job.graph_ref or "(file)",
        "model": job.model_type,
        "strategy": f"{job.strategy}, seed {job.seed}",
        "metric": f"{job.metric} ({'greater' if job.direction == 'maximize' else 'smaller'} is better)",
        "trials": f"{job.n_complete} complete, {job.n_failed} failed, {job.n_pruned} pruned",
        "started": time_text(job.started_at),
        "ended": time_text(job.finished_at),
        "error": job.error_message,
    }
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in lines.items():
        if value:
            table.add_row(name, Text(value))
    out.print(table)
    print_top_trials(seen.trials, job.direction, out)
    print_report(seen.report, out)
    for patch in seen.write_backs:
        out.print(Text(f"{patch.kind} patch: {patch.state}" + (f" ({patch.reason})" if patch.reason else "")))


def top_trials(
    trials: Sequence["TrialRecord"], direction: str, count: int = TOP_TRIALS
) -> list["TrialRecord"]:
    """Return the best complete trials scored on all rows, and the baseline wherever it stands."""
    whole = [trial for trial in trials if trial.score is not None and trial.resource in (None, 1.0)]
    ordered = sorted(whole, key=lambda trial: trial.score or 0.0, reverse=direction == "maximize")
    baseline = [trial for trial in ordered[count:] if trial.number == 0]
    return ordered[:count] + baseline


def print_top_trials(trials: Sequence["TrialRecord"], direction: str, console: Console) -> None:
    """Print the best trials, and the baseline among or below them."""
    shown = top_trials(trials, direction)
    if not shown:
        return
    table = Table(title="Top trials", title_justify="left", box=None, pad_edge=False, header_style="bold")
    for name in ("trial", "score", "std", "parameters", ""):
        table.add_column(
            name, justify="right" if name in ("trial", "score", "std") else "left", overflow="fold"
        )
    for trial in shown:
        table.add_row(
            str(trial.number),
            score_text(trial.score),
            score_text(trial.std),
            Text(params_text(trial.params)),
            ORIGINS.get(trial.origin, trial.origin),
        )
    console.print()
    console.print(table)


def print_report(report: Report, console: Console) -> None:
    """Print what the search tells of the parameters, where it tells anything."""
    lines = list(report_lines(report))
    if lines:
        console.print()
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def print_changes(rows: Sequence[Mapping[str, Any]], console: Console | None = None) -> None:
    """Print before and after of each value that applying changes."""
    out = console or console_of_output()
    changed = [row for row in rows if row["changed"] and row["op"] in SHOWN_OPERATIONS]
    if not changed:
        out.print("The model node has these values already.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("node", "value", "before", "after", ""):
        table.add_column(name, overflow="fold")
    for row in changed:
        table.add_row(
            Text(str(row["label"])),
            Text(str(row["path"]).rsplit("/", 1)[-1]),
            Text(NOT_SET if row["before_absent"] else value_text(row["before"])),
            Text(NOT_SET if row["after_absent"] else value_text(row["after"]), style="bold green"),
            Text("edited since the run started" if row["conflict"] else "", style="red"),
        )
    out.print(table)


def time_text(moment: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Return a moment in local time, to the second unless *form* says otherwise."""
    return "" if moment is None else moment.astimezone().strftime(form)
