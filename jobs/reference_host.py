"""The host of a standalone installation: our own pipelines table, data roots, and who may ask.

Routes do not belong here (`node`), nor reading tables (`shared.data`) or changing graphs (`shared.patches`).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.jobs import pipelines_repository
from hyperparameter_tuning.jobs.database import Database, Session
from hyperparameter_tuning.jobs.token_principals import TokenPrincipals
from hyperparameter_tuning.jobs.trials_dataset import PORT, names_trials, newest_trials, read_trials
from hyperparameter_tuning.registry.migrations.graph_migration import MigratedGraph, migrate_graph
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.errors import StaleRevisionError
from hyperparameter_tuning.shared.host import (
    AppliedPatch,
    Datasets,
    Events,
    Graphs,
    Host,
    LoadedGraph,
    PatchConflicts,
    Principal,
    Principals,
)
from hyperparameter_tuning.shared.patches import apply_patch
from hyperparameter_tuning.shared.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

SUMMARIES_KEPT = 64


class PipelineGraphs:
    """Graphs kept in the pipelines table; a ref is a pipeline's id."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def load(self, ref: str) -> LoadedGraph:
        """Return the pipeline's graph in its present version, or raise `NotFoundError`."""
        record = await self._db.run(lambda session: pipelines_repository.get(session, ref), write=False)
        present = _present(record.graph)
        return LoadedGraph(present.document, record.revision, present.migrated)

    async def apply(
        self, ref: str, patch: Mapping[str, Any], base_revision: int | None = None
    ) -> AppliedPatch | PatchConflicts:
        """Put *patch* onto the present graph and save it as a new revision, in one transaction.

        Args:
            ref: The pipeline.
            patch: Idempotent by its ``patch_id``.
            base_revision: Where given, the graph must still have it.

        Raises:
            NotFoundError: there is no such pipeline.
            StaleRevisionError: the graph has another revision than *base_revision*.
        """

        async def work(session: Session) -> AppliedPatch | PatchConflicts:
            return await _apply(session, ref, patch, base_revision)

        return await self._db.run(work)


class LocalDatasets:
    """Tables below the data roots, behind named connections, samples, and trials of jobs.

    Args:
        settings: Name roots, connections and the job store.
        db: The job store.
        owner: Where given, trials of other owners' jobs do not exist. All other tables are everybody's.
    """

    def __init__(self, settings: Settings, db: Database, owner: str | None = None) -> None:
        self._settings = settings
        self._db = db
        self._owner = owner
        self._summaries: dict[str, DataSummary] = {}

    def seen_by(self, principal: Principal) -> "LocalDatasets":
        """Return the same tables without the trials of others: a request may name any job."""
        seen = LocalDatasets(self._settings, self._db, principal.id)
        seen._summaries = self._summaries
        return seen

    async def summary(self, ref: Mapping[str, Any]) -> DataSummary:
        """Return rows and columns; read again only when the content changed.

        Raises:
            DataError: the table cannot be read.
        """
        return await asyncio.to_thread(self._summary, dict(ref))

    async def fingerprint(self, ref: Mapping[str, Any]) -> str:
        """Return ``sha256:...`` of the present content.

        Raises:
            DataError: the table cannot be read.
        """
        from hyperparameter_tuning.shared.data import table_fingerprint

        if names_trials(ref):
            return (await self.summary(ref)).fingerprint
        return await asyncio.to_thread(table_fingerprint, dict(ref), self._settings)

    def open(self, ref: Mapping[str, Any]) -> "pd.DataFrame":
        """Read the whole table; blocks.

        Raises:
            DataError: the table cannot be read.
        """
        from hyperparameter_tuning.shared.data import read_table

        if names_trials(ref):
            return read_trials(ref, self._settings, self._owner)
        return read_table(dict(ref), self._settings)

    async def output(self, graph_ref: str, node_id: str, port: str) -> Mapping[str, Any] | None:
        """Return the trials of the node's newest result; this host keeps no other tables that nodes gave.

        Raises:
            NotFoundError: there is no such pipeline, or it is somebody else's.
        """
        if port != PORT:
            return None
        owner = await self._db.run(
            lambda session: pipelines_repository.owner_of(session, graph_ref, self._owner), write=False
        )
        return await newest_trials(self._db, graph_ref, node_id, owner)

    def _summary(self, ref: dict[str, Any]) -> DataSummary:
        from hyperparameter_tuning.shared.data import read_table, summarise, table_fingerprint

        if names_trials(ref):
            return summarise(read_trials(ref, self._settings, self._owner))
        key = table_fingerprint(ref, self._settings)
        if key not in self._summaries:
            while len(self._summaries) >= SUMMARIES_KEPT:
                self._summaries.pop(next(iter(self._summaries)))
            summary = summarise(read_table(ref, self._settings))
            self._summaries[key] = summary.model_copy(update={"fingerprint": key})
        return self._summaries[key]


class LocalPrincipal:
    """One person who may do everything: the API listens on this machine only."""

    async def from_request(self, headers: Mapping[str, str]) -> Principal:
        """Return the local person, whoever asks."""
        return Principal()

    async def may(self, principal: Principal, action: str, ref: str | None) -> bool:
        """Say yes."""
        return True


@dataclass(frozen=True, slots=True)
class OperatedHost:
    """A host as the command line has it: whoever runs that is the operator and may do everything."""

    graphs: Graphs
    datasets: Datasets
    events: Events
    principals: Principals = field(default_factory=LocalPrincipal)

    async def close(self) -> None:
        """Do nothing: who opened the host closes it."""


def operated(host: Host) -> OperatedHost:
    """Return *host* with nobody to ask for permission; requests of a command line carry no login."""
    return OperatedHost(host.graphs, host.datasets, host.events)


class TableEvents:
    """Nobody but our own API listens, and that reads the table.

    Attributes:
        reads_table: Tells the keeper that nothing needs to be forwarded.
    """

    reads_table = True

    async def publish(self, event: Mapping[str, Any]) -> None:
        """Do nothing: the event is in the table already."""


@dataclass(frozen=True, slots=True)
class ReferenceHost:
    """The four ports of a standalone installation."""

    graphs: Graphs
    datasets: Datasets
    principals: Principals
    events: Events
    database: Database

    async def close(self) -> None:
        """Close the connections to the store."""
        await self.database.close()


def create_host(settings: Settings) -> ReferenceHost:
    """Return the host that ``HPT_HOST`` names by default."""
    database = Database(settings)
    principals = TokenPrincipals(database) if settings.auth == "tokens" else LocalPrincipal()
    return ReferenceHost(
        PipelineGraphs(database), LocalDatasets(settings, database), principals, TableEvents(), database
    )


async def _apply(
    session: Session, ref: str, patch: Mapping[str, Any], base_revision: int | None
) -> AppliedPatch | PatchConflicts:
    record = await pipelines_repository.get(session, ref, lock=True)
    before = await pipelines_repository.find_patch(session, ref, patch["patch_id"])
    if before is not None:
        revision, outcome = before
        return AppliedPatch(revision=revision, already=True, **_as_tuples(outcome))
    if base_revision is not None and base_revision != record.revision:
        raise StaleRevisionError(
            f"The pipeline has revision {record.revision}, not {base_revision}.", revision=record.revision
        )
    result = apply_patch(_present(record.graph).document, patch)
    conflicts = result.conflicts
    if conflicts and not result.applied_nodes:
        return PatchConflicts(record.revision, conflicts)
    applied = AppliedPatch(
        revision=record.revision + 1,
        inverse=result.inverse,
        skipped_nodes=result.skipped_nodes,
        conflicts=conflicts,
    )
    outcome = {name: asdict(applied)[name] for name in ("inverse", "skipped_nodes", "conflicts")}
    mark = pipelines_repository.PatchMark(patch["patch_id"], outcome)
    saved = await pipelines_repository.save(session, ref, result.graph, record.revision, patch=mark)
    return AppliedPatch(revision=saved.revision, **_as_tuples(outcome))


def _present(graph: Mapping[str, Any]) -> MigratedGraph:
    """A patch is made for the graph as it opens, so it is put onto that, and the save keeps it."""
    return migrate_graph(graph, node_kinds())


def _as_tuples(outcome: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) for name, value in outcome.items()}
