"""The work on one claimed job: load, search, fit, store; each in a child of its own.

How a job ends in the store does not belong here (`tasks.workflow`).
"""

import asyncio
import os
import shutil
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import structlog

from hyperparameter_tuning.jobs import progress
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.errors import TuningError, UnavailableError
from hyperparameter_tuning.shared.plain_form import PlainForm
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.shared.step_order import cautions, unsafe_steps
from hyperparameter_tuning.shared.tracing import span
from hyperparameter_tuning.tasks.child_main import ChildKind
from hyperparameter_tuning.tasks.child_phases import SHUTDOWN_SECONDS, Patience, Take, hear
from hyperparameter_tuning.tasks.children import start_child
from hyperparameter_tuning.tasks.job_documents import JobDocuments
from hyperparameter_tuning.tasks.job_outcome import outcome_document
from hyperparameter_tuning.tasks.lease_keeper import LeaseKeeper
from hyperparameter_tuning.tasks.recorder import Recorder

_log = structlog.get_logger(__name__)
Value = TypeVar("Value")
Message = dict[str, Any]

_RETRY_SECONDS = 1.0
# What has nothing to do with the time of a search, or only has to end, may take so long on a busy machine.
_LEAST_SECONDS = 60.0


class TimeIsOverError(TuningError):
    """A part of the job took longer than it may, and was ended."""

    default_code = "max_seconds"


class NothingToKeepError(Exception):
    """The person asked to finish early, before any candidate was complete."""


def worker_name() -> str:
    """Return how this worker is called in the job's row."""
    return f"{socket.gethostname()}:{os.getpid()}"


class JobRun:
    """One claimed job, its lease, and its folder.

    Attributes:
        db: The job store.
        held: Job id and lease token: what every write needs.
    """

    def __init__(self, job: JobRecord, settings: Settings, db: Database, keeper: LeaseKeeper) -> None:
        self.db = db
        self.held = (job.id, job.lease_token or "")
        self._settings = settings
        self._keeper = keeper
        asked = (job.config.get("budget") or {}).get("max_seconds") or settings.max_seconds
        self._max_seconds = min(float(asked), settings.max_seconds)
        self._aside_seconds = max(settings.max_seconds, _LEAST_SECONDS)
        # By token: a worker that lost the job may still be tidying up its own folder.
        self._folder = settings.scratch / job.id / self.held[1]
        self._documents = JobDocuments(
            job_id=job.id,
            config=job.config,
            plain=PlainForm.model_validate(job.plain),
            summary=DataSummary.model_validate(job.data_summary),
            validation_fingerprint=job.fingerprints.get("validation"),
            model_type=job.model_type,
            providers=job.providers,
        )

    async def work(self) -> Mapping[str, Any]:
        """Do everything that leads to a result.

        Returns:
            The outcome document for `jobs.finishing.succeed`; the tuned model is stored.

        Raises:
            JobInterruptedError: the job has no future here.
            NothingToKeepError: stopped before anything was complete.
            TuningError: it failed, with a sentence for the person.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        async with Recorder(self.db, *self.held, self._keeper) as recorder:
            with span("job.load"):
                await self._load(recorder)
            with span("job.search") as told:
                report = await self._search(recorder)
                told.note(units=recorder.units, reason=report["reason"])
        self._keeper.raise_if_interrupted()
        if report["winner"] is None:
            raise NothingToKeepError
        with span("job.refit"):
            refitted = await self._refit(report["winner"])
        with span("job.store_model"):
            files = await asyncio.to_thread(self._store, refitted)
        labels = cautions(unsafe_steps(self._documents.plain.model_dump(), node_kinds()))
        return outcome_document(report, refitted, files, labels)

    async def persist(self, work: Callable[[Session], Awaitable[Value]], *, write: bool = True) -> Value:
        """Run a transaction, again and again while the store does not answer and the lease holds.

        Args:
            work: Gets the session; may be called more than once.
            write: False for one that only reads.

        Raises:
            JobInterruptedError: the lease was lost meanwhile.
        """
        while True:
            try:
                return await self.db.run(work, write=write)
            except UnavailableError as error:
                _log.warning("store_unavailable", job_id=self.held[0], reason=str(error))
                if self._keeper.lost.is_set():
                    self._keeper.raise_if_interrupted()
                await asyncio.sleep(_RETRY_SECONDS)

    async def clean_up(self) -> None:
        """Remove the working files."""
        await asyncio.to_thread(_remove, self._folder)

    async def _load(self, recorder: Recorder) -> None:
        async def take(message: Message) -> None:
            if message["type"] != "loaded":
                await recorder.take(message)

        whole = self._aside_seconds
        if not await self._child("load", {}, Patience(cancel=0, shutdown=0, whole=whole), take):
            raise TimeIsOverError(
                f"Reading the data took longer than the {whole:g} s that a job may run here."
            )

    async def _search(self, recorder: Recorder) -> Message:
        """Search; where the search had to be killed, or a stop came before it, take the recorded best."""
        if not self._keeper.stop.is_set():
            report = await self._report(recorder)
            if report is not None:
                return report
        # Killed though nobody asked for it: it did not keep its time, and a search without time is left.
        late = not self._keeper.stop.is_set()
        report = await self._report(
            recorder, only_recorded=not late, elapsed=self._max_seconds if late else 0.0
        )
        if report is not None:
            return report
        if late:
            raise TimeIsOverError("The best candidate so far could not be scored in time. Allow more time.")
        raise NothingToKeepError

    async def _report(
        self, recorder: Recorder, *, only_recorded: bool = False, elapsed: float = 0.0
    ) -> Message | None:
        reports: list[Message] = []

        async def take(message: Message) -> None:
            if message["type"] == "search.report":
                reports.append(message)
            else:
                await recorder.take(message)

        await recorder.flush()
        job_id = self.held[0]
        recorded = await self.persist(lambda session: progress.recorded_units(session, job_id), write=False)
        grace = self._settings.grace_seconds
        # A unit that began in time is let end, and the best of a halving is scored once more.
        whole = self._max_seconds + max(grace, self._max_seconds / 2)
        if only_recorded or elapsed:
            whole = max(whole, _LEAST_SECONDS)
        stop = None if only_recorded else grace
        patience = Patience(cancel=grace, shutdown=SHUTDOWN_SECONDS, whole=whole, stop=stop)
        payload = {"recorded": recorded, "only_recorded": only_recorded, "elapsed": elapsed}
        await self._child("search", payload, patience, take)
        return reports[0] if reports else None

    async def _refit(self, winner: Mapping[str, Any]) -> Message:
        found: list[Message] = []

        async def take(message: Message) -> None:
            found.append(message)

        payload = {"params": winner["params"], "number_types": winner["number_types"]}
        whole = self._aside_seconds
        patience = Patience(cancel=0, shutdown=SHUTDOWN_SECONDS, whole=whole)
        if not await self._child("refit", payload, patience, take):
            raise TimeIsOverError(
                f"Fitting the chosen candidate took longer than the {whole:g} s that a job may run here."
            )
        return found[0]

    async def _child(
        self, kind: ChildKind, payload: Mapping[str, Any], patience: Patience, take: Take
    ) -> bool:
        """Run a child; say whether it came to its own end."""
        self._keeper.raise_if_interrupted()
        whole = {"documents": self._documents.as_payload(), "folder": str(self._folder), **payload}
        child = await start_child(kind, whole, settings=self._settings, folder=self._folder)
        async with child:
            return await hear(child, self._keeper, patience, take)

    def _store(self, refitted: Message) -> dict[str, artifacts.Artifact]:
        """Put the files of the tuned model into the artifact store, under names that no try had before."""
        folder = "/".join(self.held)
        try:
            return {
                name: artifacts.store(refitted[name], f"{folder}/{name}.skops", self._settings)
                for name in ("model", "prepared_model")
                if refitted[name] is not None
            }
        except OSError as error:
            message = f"The tuned model could not be stored: {error.strerror or type(error).__name__}."
            raise UnavailableError(message, code="storage_failed") from error


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.parent.rmdir()
    except OSError:
        return  # another try of the same job has its folder there
