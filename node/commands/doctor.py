"""``tuning-node doctor``: what is in force here, what is missing, and the next command.

What must be there is said in `node.readiness`.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from hyperparameter_tuning.node.commands.console import FAILED, CommandError, settings_of
from hyperparameter_tuning.node.commands.doctor_line import Line
from hyperparameter_tuning.node.commands.job_tables import as_json, console_of_output

if TYPE_CHECKING:
    from hyperparameter_tuning.shared.settings import Settings

DISTRIBUTIONS = (
    "hyperparameter-tuning-node",
    "scikit-learn",
    "optuna",
    "celery",
    "sqlalchemy",
    "fastapi",
    "skops",
)
# By the code of the error.
REMEDIES = {
    "schema_outdated": "tuning-node db upgrade",
    "schema_newer": "pip install --upgrade hyperparameter-tuning-node",
}
MARKS = {"good": ("ok", "green"), "idle": ("-", "yellow"), "broken": ("!", "bold red")}


def doctor(
    ctx: typer.Context,
    as_json_document: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say what is in force here, what is missing, and what to do next.

    Exits with 1 when something cannot work as it is; what merely does not run is no error.
    """
    settings = settings_of(ctx)
    lines = [
        *_versions(),
        *_variables(settings),
        *_packages(),
        *_folders(settings),
        *_store_and_queue(settings),
        *_processes(settings),
    ]
    broken = any(line.state == "broken" for line in lines)
    advice = _advice(lines)
    if as_json_document:
        found = [{"name": line.name, "state": line.state, "message": line.message} for line in lines]
        typer.echo(as_json({"ok": not broken, "checks": found, "next": advice}))
    else:
        _print(lines, advice)
    raise typer.Exit(FAILED if broken else 0)


def _advice(lines: list[Line]) -> str:
    broken = [line for line in lines if line.state == "broken"]
    if broken and not any(line.next for line in broken):
        return f"mend the {broken[0].name}"
    return next((line.next for line in sorted(lines, key=_urgency) if line.next), "tuning-node jobs list")


def _urgency(line: Line) -> int:
    return ("broken", "idle", "good").index(line.state)


def _versions() -> Iterator[Line]:
    yield Line("python", "good", f"{sys.version.split()[0]} on {sys.platform}")
    for name in DISTRIBUTIONS:
        try:
            yield Line(name, "good", version(name))
        except PackageNotFoundError:
            yield Line(name, "broken", "not installed", "pip install hyperparameter-tuning-node")


def _packages() -> Iterator[Line]:
    """Say what other packages bring, and what of it is left out."""
    from hyperparameter_tuning.registry.left_out import left_out, providers

    for distribution, names in providers().items():
        yield Line(distribution, "good", f"brings {', '.join(names)}")
    for item in left_out():
        yield Line(item.distribution, "idle", item.sentence)


def _variables(settings: "Settings") -> Iterator[Line]:
    from hyperparameter_tuning.node.commands import settings_reading

    try:
        settings_reading.refuse_unusable(settings)
    except CommandError as error:
        yield Line("variable", "broken", str(error))
    for sentence in settings_reading.unknown_variables():
        yield Line("variable", "idle", sentence)


def _folders(settings: "Settings") -> Iterator[Line]:
    folder = settings.data_dir.absolute()
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        yield Line(
            "data folder", "broken", f"{folder} cannot be written", "tuning-node --data-dir FOLDER serve"
        )
    elif nearest == folder:
        yield Line("data folder", "good", str(folder))
    else:
        yield Line("data folder", "idle", f"{folder} does not exist yet; serve makes it", "tuning-node serve")
    for root in settings.data_roots:
        if "://" not in root:
            there = Path(root).is_dir()
            yield Line("data root", "good" if there else "broken", root if there else f"{root} is no folder")


def _store_and_queue(settings: "Settings") -> Iterator[Line]:
    from hyperparameter_tuning.jobs.database import check_current
    from hyperparameter_tuning.shared.errors import TuningError

    if settings.database_url is None and not settings.data_dir.exists():
        yield Line("job store", "idle", "not made yet; serve makes it", "tuning-node serve")
        return
    try:
        check_current(settings)
    except TuningError as error:
        yield Line("job store", "broken", error.message, REMEDIES.get(error.code))
        return
    yield Line("job store", "good", "its tables are of this version")
    yield from asyncio.run(_live(settings))


async def _live(settings: "Settings") -> list[Line]:
    from hyperparameter_tuning.jobs import service
    from hyperparameter_tuning.jobs.database import Database
    from hyperparameter_tuning.jobs.records import Page
    from hyperparameter_tuning.node.commands.worker_check import worker_lines
    from hyperparameter_tuning.node.readiness import checks

    database = Database(settings)
    try:
        found = await checks(settings, database)
        async with database.read() as session:
            newest = (await service.find(session, None, Page(limit=1))).jobs
    finally:
        await database.close()
    queue, keeper = found["broker"], found["keeper"]
    lines = [
        Line("queue", "good" if queue.ok else "broken", queue.message),
        Line(
            "keeper",
            "good" if keeper.ok else "idle",
            keeper.message,
            None if keeper.ok else "tuning-node serve",
        ),
    ]
    return [*lines, *await worker_lines(settings, newest[0] if newest else None)]


def _processes(settings: "Settings") -> Iterator[Line]:
    from hyperparameter_tuning.node.process_records import read_running

    running = read_running(settings.data_dir)
    if running is None or not running.is_alive:
        yield Line("serve", "idle", "does not run in this data folder", "tuning-node serve")
        return
    yield Line("serve", "good", running.url or "worker and keeper of a 'run'")
    for process in running.processes[1:]:
        state = "good" if process.is_alive else "broken"
        yield Line(process.name, state, f"process {process.pid}" if process.is_alive else "has just died")


def _print(lines: list[Line], advice: str) -> None:
    console = console_of_output()
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for line in lines:
        mark, style = MARKS[line.state]
        table.add_row(Text(mark, style=style), line.name, Text(line.message))
    console.print(table)
    console.print()
    console.print(Text(f"Next: {advice}"))
