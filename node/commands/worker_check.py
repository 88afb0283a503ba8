"""What is truly known of the workers: those that answer, those that were started here, and the newest claim.

Everything else that ``tuning-node doctor`` looks at is in `node.commands.doctor`.
"""

import asyncio
import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hyperparameter_tuning.node.commands.console import process_environment
from hyperparameter_tuning.node.commands.doctor_line import Line
from hyperparameter_tuning.node.commands.job_tables import SHORT_ID, time_text
from hyperparameter_tuning.node.process_records import read_running
from hyperparameter_tuning.node.supervisor import ping_command

if TYPE_CHECKING:
    from hyperparameter_tuning.jobs.records import JobRecord
    from hyperparameter_tuning.shared.settings import Settings

PING_SECONDS = 20.0
"""Most of it is the start of Celery, on a machine that may be busy."""


async def worker_lines(settings: "Settings", newest: "JobRecord | None") -> list[Line]:
    """Say what is known of the workers.

    Args:
        settings: Of this installation.
        newest: The run that was started last, by whomever.
    """
    if settings.broker.startswith("redis"):
        return [await _answering(settings), *_newest_claim(newest)]
    return [_started_here(settings), *_newest_claim(newest)]


async def _answering(settings: "Settings") -> Line:
    """Ask over Redis: every worker of this queue hears it, on whichever machine."""
    process = await asyncio.create_subprocess_exec(
        *ping_command(),
        env={**os.environ, **process_environment(settings)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(PING_SECONDS):
            said, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        return Line("workers", "idle", "could not be asked in time", "tuning-node worker")
    names = sorted(_names(said))
    if not names:
        return Line("workers", "idle", "none answers; runs wait until one does", "tuning-node worker")
    return Line("workers", "good", f"answered just now: {', '.join(names)}")


def _names(said: bytes) -> Iterator[str]:
    try:
        answers = json.loads(said)
    except ValueError:
        return  # Celery writes words instead of a document when nobody answered
    if isinstance(answers, dict):
        yield from answers


def _started_here(settings: "Settings") -> Line:
    """A queue in files cannot be asked who reads it: what was started here is known, no more."""
    running = read_running(settings.data_dir)
    processes = running.processes if running is not None and running.is_alive else ()
    if any(process.name == "worker" and process.is_alive for process in processes):
        return Line("workers", "good", "one was started by serve or run in this data folder")
    return Line(
        "workers",
        "idle",
        "none was started by serve or run in this data folder; one started by hand cannot be seen",
        "tuning-node serve",
    )


def _newest_claim(newest: "JobRecord | None") -> Iterator[Line]:
    if newest is not None and newest.worker:
        took = f"{newest.worker} took {newest.id[:SHORT_ID]} at {time_text(newest.started_at)}"
        yield Line("newest claim", "good", f"{took}; that run is {newest.state.value} now")
