"""The tuning node's host: its four ports onto this editor's boards, tables, people and activity feed."""

import asyncio
import io
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

import pandas as pd

from example_host import people
from example_host.store import database_url, open_sessions
from example_host.tables import Activity, Board, Change, StoredTable
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.data import summarise
from hyperparameter_tuning.shared.errors import DataError, NotFoundError, NotSignedInError
from hyperparameter_tuning.shared.host import AppliedPatch, LoadedGraph, PatchConflicts, Principal
from hyperparameter_tuning.shared.patches import apply_patch
from hyperparameter_tuning.shared.settings import Settings

LEVEL_OF_ACTION = {"read": "view", "run": "run", "write": "edit"}


class EditorHost:
    """All four ports; each call is one short session in a thread."""

    def __init__(self, url: str) -> None:
        self.graphs = self.datasets = self.principals = self.events = self
        self.url = url
        self.engine, self.sessions = open_sessions(url)
        self._summaries: dict[str, DataSummary] = {}

    # Graphs: a ref is a board's id.

    async def load(self, ref: str) -> LoadedGraph:
        """Return a board's graph."""
        return await asyncio.to_thread(self._load, ref)

    async def apply(
        self, ref: str, patch: Mapping[str, Any], base_revision: int | None = None
    ) -> AppliedPatch | PatchConflicts:
        """Change a board, once per patch_id; a save in the same moment makes it fail and be tried again."""
        return await asyncio.to_thread(self._apply, ref, patch)

    def _load(self, ref: str) -> LoadedGraph:
        with self.sessions() as session:
            board = session.get(Board, ref)
            if board is None:
                raise NotFoundError(f"There is no board '{ref}'.")
            return LoadedGraph(board.graph, board.revision)

    def _apply(self, ref: str, patch: Mapping[str, Any]) -> AppliedPatch | PatchConflicts:
        with self.sessions.begin() as session:
            board = session.get(Board, ref, with_for_update=True)
            if board is None:
                raise NotFoundError(f"There is no board '{ref}'.")
            made = session.get(Change, (ref, patch["patch_id"]))
            if made is not None:
                return AppliedPatch(made.revision, already=True, **made.outcome)
            done = apply_patch(board.graph, patch)
            if done.conflicts and not done.applied_nodes:
                return PatchConflicts(board.revision, done.conflicts)
            board.graph = dict(done.graph)
            session.flush()
            outcome: dict[str, Any] = {
                "inverse": done.inverse,
                "skipped_nodes": done.skipped_nodes,
                "conflicts": done.conflicts,
            }
            session.add(
                Change(board_id=ref, change_id=patch["patch_id"], revision=board.revision, outcome=outcome)
            )
            return AppliedPatch(board.revision, **outcome)

    # Datasets: a ref is what stands at data.source of a table node, {"table_id": 3, "label": "y"}.

    async def summary(self, ref: Mapping[str, Any]) -> DataSummary:
        """Return rows and columns, read again only where the content is new."""
        key = await self.fingerprint(ref)
        if key not in self._summaries:
            found = summarise(await asyncio.to_thread(self.open, ref))
            self._summaries[key] = found.model_copy(update={"fingerprint": key})
        return self._summaries[key]

    async def fingerprint(self, ref: Mapping[str, Any]) -> str:
        """Return the hash that was stored with the table."""
        return "sha256:" + (await asyncio.to_thread(self._table, ref)).sha256

    def open(self, ref: Mapping[str, Any]) -> pd.DataFrame:
        """Read a table."""
        return pd.read_parquet(io.BytesIO(self._table(ref, whole=True).content))

    async def output(self, graph_ref: str, node_id: str, port: str) -> None:
        """Return None: this editor keeps no outputs of nodes."""

    def _table(self, ref: Mapping[str, Any], *, whole: bool = False) -> StoredTable:
        with self.sessions() as session:
            table = session.get(StoredTable, ref.get("table_id"))
            if table is None:
                raise DataError(f"There is no stored table {ref.get('table_id')}.", code="dataset_missing")
            if whole:
                session.refresh(table, ["content"])
            return table

    # Principals: the editor's own login, by cookie or bearer token.

    async def from_request(self, headers: Mapping[str, str]) -> Principal:
        """Return who is signed in."""
        cookie = SimpleCookie(headers.get("cookie", "")).get(people.COOKIE)
        token = cookie.value if cookie else headers.get("authorization", "").removeprefix("Bearer ")
        return await asyncio.to_thread(self._principal, token)

    async def may(self, principal: Principal, action: str, ref: str | None) -> bool:
        """Say whether a right on the board is enough; a graph that is sent along may name any table."""
        return ref is not None and await asyncio.to_thread(self._may, principal, action, ref)

    def _principal(self, token: str) -> Principal:
        with self.sessions() as session:
            person = people.person_of(session, token)
            if person is None:
                raise NotSignedInError("Sign in first: POST /login.")
            return Principal(str(person.id), {"person_id": person.id})

    def _may(self, principal: Principal, action: str, ref: str) -> bool:
        with self.sessions() as session:
            return people.may(session, principal.claims["person_id"], LEVEL_OF_ACTION[action], ref)

    # Events: the activity feed; told at least once, kept once.

    async def publish(self, event: Mapping[str, Any]) -> None:
        """Keep an event."""
        await asyncio.to_thread(self._keep, event)

    def _keep(self, event: Mapping[str, Any]) -> None:
        with self.sessions.begin() as session:
            session.merge(Activity(job_id=event["job_id"], seq=event["seq"], what=event["type"]))

    async def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()


def create(settings: Settings) -> EditorHost:
    """Return the host; ``HPT_HOST=example_host.ports:create`` names it for every process."""
    shared = settings.database if settings.database_url else None
    return EditorHost(database_url(shared, settings.data_dir))
