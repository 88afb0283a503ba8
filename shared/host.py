"""The ports through which this package reaches a host: graphs, datasets, principals, events.

A host is one object, built alike in API, worker, loader child, keeper and command line from the setting
``HPT_HOST=package.module:factory``. Our own pipelines table, data roots and settings are the reference
implementation (`jobs.reference_host`); nothing else may touch them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from hyperparameter_tuning.shared.columns import DataSummary

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from hyperparameter_tuning.shared.settings import Settings


@dataclass(frozen=True, slots=True)
class LoadedGraph:
    """A graph document and the revision it had when it was read."""

    graph: Mapping[str, Any]
    revision: int


@dataclass(frozen=True, slots=True)
class AppliedPatch:
    """A patch went onto the graph.

    Attributes:
        revision: The graph's revision afterwards.
        inverse: Operations that undo it, with their own expectations.
        already: True when this patch_id had been applied before; nothing was changed now.
        skipped_nodes: Targets that were left untouched, because of conflicts of their own.
        conflicts: Their conflict documents ``{node_id, path, code, expected, actual, proposed}``.
    """

    revision: int
    inverse: tuple[Mapping[str, Any], ...] = ()
    already: bool = False
    skipped_nodes: tuple[str, ...] = ()
    conflicts: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class PatchConflicts:
    """Nothing was applied: every target node had a conflict."""

    revision: int
    conflicts: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        id: Stable id; jobs are owned by it.
        claims: What the host's authority check needs later, JSON values only; stored with the job.
    """

    id: str = "local"
    claims: Mapping[str, Any] = field(default_factory=dict)


class Graphs(Protocol):
    """Where pipelines are kept."""

    async def load(self, ref: str) -> LoadedGraph:
        """Return the graph behind *ref*, or raise `NotFoundError`."""

    async def apply(
        self, ref: str, patch: Mapping[str, Any], base_revision: int | None = None
    ) -> AppliedPatch | PatchConflicts:
        """Put *patch* onto the present graph; all or nothing per target node, idempotent by patch_id."""


class Datasets(Protocol):
    """Where tables are kept. *ref* is a dataset node's configuration."""

    async def summary(self, ref: Mapping[str, Any]) -> DataSummary:
        """Return rows and columns, cached by fingerprint; raise `DataError` when unreadable."""

    async def fingerprint(self, ref: Mapping[str, Any]) -> str:
        """Return ``sha256:...`` of the present content."""

    def open(self, ref: Mapping[str, Any]) -> pd.DataFrame | pa.Table:
        """Read the whole table; called in the loader child, so it blocks."""

    async def output(self, graph_ref: str, node_id: str, port: str) -> Mapping[str, Any] | None:
        """Return the dataset ref of what *node_id* last gave at *port*, where the host keeps outputs."""


class Principals(Protocol):
    """Who may do what."""

    async def from_request(self, headers: Mapping[str, str]) -> Principal:
        """Return who sent a request with these headers."""

    async def may(self, principal: Principal, action: str, ref: str | None) -> bool:
        """Say whether *principal* may do *action* (read, write, run) on the graph or job *ref*."""


class Events(Protocol):
    """Where events go besides our own table."""

    async def publish(self, event: Mapping[str, Any]) -> None:
        """Take one event, after its commit and at least once."""


class Host(Protocol):
    """The four ports in one object, and its end."""

    @property
    def graphs(self) -> Graphs:
        """Where pipelines are kept."""

    @property
    def datasets(self) -> Datasets:
        """Where tables are kept."""

    @property
    def principals(self) -> Principals:
        """Who may do what."""

    @property
    def events(self) -> Events:
        """Where events go."""

    async def close(self) -> None:
        """Release connections; called once, at the end of the process."""


PORTS = ("graphs", "datasets", "principals", "events")


def load_host(settings: Settings) -> Host:
    """Build the host that ``HPT_HOST`` names.

    Args:
        settings: Passed on to the factory.

    Raises:
        ValueError: the path cannot be imported, or the object lacks a port; the sentence names it.
    """
    module_name, _, factory_name = settings.host.partition(":")
    try:
        factory = getattr(import_module(module_name), factory_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(
            f"HPT_HOST is '{settings.host}', which cannot be imported ({error}). "
            "Name a factory as package.module:function."
        ) from error
    host: Host = factory(settings)
    missing = [port for port in PORTS if not hasattr(host, port)]
    if missing:
        raise ValueError(f"The host from '{settings.host}' lacks {', '.join(missing)}.")
    return host
