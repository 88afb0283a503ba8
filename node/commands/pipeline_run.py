"""One run of a pipeline file with open services: submit, follow, apply, write.

Starting workers is in `node.commands.running`; nothing is printed here, the display is told.
"""

import asyncio
import json
import shutil
import signal
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from hyperparameter_tuning.jobs import report, service, write_back
from hyperparameter_tuning.jobs.records import EventRecord, JobRecord, TrialRecord
from hyperparameter_tuning.jobs.reference_host import operated
from hyperparameter_tuning.jobs.status import TERMINAL_EVENTS, JobState
from hyperparameter_tuning.node import run_hook
from hyperparameter_tuning.node.commands.console import FAILED, INTERRUPTED
from hyperparameter_tuning.node.commands.run_workers import RunWorkers
from hyperparameter_tuning.node.data_folder import bring_up_to_date
from hyperparameter_tuning.node.job_requests import JobRequest
from hyperparameter_tuning.node.services import Services, open_services
from hyperparameter_tuning.shared.artifacts import open_verified
from hyperparameter_tuning.shared.errors import ConflictError, TuningError
from hyperparameter_tuning.shared.migrated_node import MigratedNode
from hyperparameter_tuning.shared.patches import apply_patch
from hyperparameter_tuning.shared.settings import Settings

EXIT_CODES = {JobState.SUCCEEDED: 0, JobState.FAILED: FAILED, JobState.CANCELLED: INTERRUPTED}
LOOK_SECONDS = 0.2
WATCH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What a person asked of a run.

    Attributes:
        document: The pipeline graph.
        node_id: The tuning node; None where the graph has only one.
        apply: Whether the best parameters go onto the pipeline.
        out: Where the pipeline with its result is written; None writes none.
        model: Where the tuned model is saved; None saves none.
    """

    document: Mapping[str, Any]
    node_id: str | None = None
    apply: bool = False
    out: Path | None = None
    model: Path | None = None


@dataclass(frozen=True, slots=True)
class RunResult:
    """What became of it.

    Attributes:
        job: At its end.
        trials: All candidates.
        report: How the search went; see `jobs.report`.
        changes: Before and after of what the best parameters change.
        out: The pipeline file that was written.
        applied: Whether it holds the best parameters.
        model: The model file that was written.
        migrated: What became of the file's nodes of earlier versions.
    """

    job: JobRecord
    trials: tuple[TrialRecord, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = field(default=())
    report: Mapping[str, Any] = field(default_factory=dict)
    out: Path | None = None
    applied: bool = False
    model: Path | None = None
    migrated: tuple[MigratedNode, ...] = ()

    @property
    def exit_code(self) -> int:
        """What the command ends with."""
        return EXIT_CODES[self.job.state]


class Display(Protocol):
    """What shows a run while it goes on."""

    def __enter__(self) -> "Display":
        """Begin to show."""

    def __exit__(self, *details: object) -> None:
        """End showing."""

    def look(self, job: JobRecord) -> None:
        """Show how far *job* is."""

    def happened(self, event: EventRecord) -> None:
        """Show something that happened."""

    def say(self, sentence: str) -> None:
        """Show a sentence."""


async def run_pipeline(settings: Settings, options: RunOptions, display: Display) -> RunResult:
    """Run the pipeline to its end.

    Raises:
        TuningError: the pipeline was refused, or the job store does not answer.
    """
    bring_up_to_date(settings)
    async with open_services(settings) as services:
        services.host = operated(services.host)
        principal = await services.host.principals.from_request({})
        request = JobRequest(graph=dict(options.document), node_id=options.node_id)
        submitted = await run_hook.submit(services, principal, request)
        job = submitted.job
        await services.publish(job.id)
        # Only now: a refused pipeline starts nothing.
        with RunWorkers(settings) as workers, display, _interrupts(services, job.id, display):
            for sentence in migration_sentences(submitted.migrated):
                display.say(sentence)
            workers.ensure()
            watch = asyncio.create_task(_watched(workers, display))
            job = await _followed(services, job.id, display)
            watch.cancel()
        async with services.database.read() as session:
            source = await report.read_source(session, job, services.kinds)
        found = await asyncio.to_thread(report.report_of, source)
        ended = RunResult(job, tuple(source.trials), report=found, migrated=submitted.migrated)
        if job.state is not JobState.SUCCEEDED:
            return ended
        return await _finished(services, options, ended)


def migration_sentences(nodes: Iterable[MigratedNode]) -> Iterator[str]:
    """Yield what the author of a file of an earlier version may want to know, each with its node."""
    for node in nodes:
        for note in node.notes:
            yield f"{node.node_id}: {note}"


async def _watched(workers: RunWorkers, display: Display) -> None:
    """Start workers when those of somebody else, which the run relied upon, have ended."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            workers.ensure()
        except (TuningError, OSError) as error:
            display.say(f"No workers could be started: {error}")


async def _followed(services: Services, job_id: str, display: Display) -> JobRecord:
    looked = 0.0
    loop = asyncio.get_running_loop()
    async for event in services.events.subscribe(job_id):
        ended = event.type in TERMINAL_EVENTS
        if ended or loop.time() - looked >= LOOK_SECONDS:
            looked = loop.time()
            display.look(await _present(services, job_id))
        display.happened(event)
        if ended:
            break
    return await _present(services, job_id)


async def _present(services: Services, job_id: str) -> JobRecord:
    async with services.database.read() as session:
        return await service.get(session, job_id)


@contextmanager
def _interrupts(services: Services, job_id: str, display: Display) -> Iterator[None]:
    """Make the first Ctrl-C cancel the run and wait for its end, and the second leave at once."""
    loop = asyncio.get_running_loop()
    main = asyncio.current_task()
    asked: list[asyncio.Task[None]] = []

    async def cancel() -> None:
        async with services.database.write() as session:
            await service.request_cancel(session, job_id)

    def interrupted() -> None:
        if asked and main is not None:
            main.cancel()
            return
        display.say("Cancelling; Ctrl-C again leaves at once.")
        asked.append(loop.create_task(_unless_ended(cancel())))

    loop.add_signal_handler(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


async def _unless_ended(cancel: Any) -> None:
    try:
        await cancel
    except ConflictError:
        # It ended in the same moment; its end is shown.
        return


async def _finished(services: Services, options: RunOptions, ended: RunResult) -> RunResult:
    job = ended.job
    changes: tuple[Mapping[str, Any], ...] = ()
    if job.plain.get("targets"):
        changes = tuple(await write_back.preview(services.database, services.host, job.id))
    if options.out is not None:
        graph = await _with_result(services, options, job)
        options.out.write_text(json.dumps(graph, indent=2, ensure_ascii=False, allow_nan=False) + "\n")
    if options.model is not None and job.artifact_key is not None:
        await asyncio.to_thread(_save_model, job, services.settings, options.model)
    return replace(
        ended,
        changes=changes,
        out=options.out,
        applied=options.apply and options.out is not None,
        model=options.model,
    )


async def _with_result(services: Services, options: RunOptions, job: JobRecord) -> Mapping[str, Any]:
    """Return the graph with the result on the tuning node, and the parameters where they are wanted."""
    async with services.database.read() as session:
        stored = await service.write_backs(session, job.id)
    patches = [item.patch for item in stored if item.kind == "result"]
    if options.apply:
        proposed = await write_back.apply(services.database, services.host, job.id)
        patches.append(proposed.patch)
    graph: Mapping[str, Any] = options.document
    for patch in patches:
        graph = apply_patch(graph, patch).graph
    if options.apply:
        await write_back.apply(services.database, services.host, job.id, applied=True)
    return graph


def _save_model(job: JobRecord, settings: Settings, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    key, sha256 = job.artifact_key or "", job.artifact_sha256 or ""
    with open_verified(key, sha256, settings) as stored, path.open("wb") as target:
        shutil.copyfileobj(stored, target)
