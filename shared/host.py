"""The ports through which this package reaches a host: graphs, datasets, principals, events.

A host is one object, built alike in API, worker, loader child, keeper and command line from the setting
``HPT_HOST=package.module:factory``. Our own pipelines table, data roots and settings are the reference
implementation (`jobs.reference_host`); nothing else may touch them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import iscoroutine, iscoroutinefunction
from typing import TYPE_CHECKING, Any, Protocol

from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.import_paths import ImportPathError, load_by_path
from hyperparameter_tuning.shared.migrated_node import MigratedNode

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from hyperparameter_tuning.shared.settings import Settings


@dataclass(frozen=True, slots=True)
class LoadedGraph:
    """A graph document and the revision it had when it was read.

    Attributes:
        graph: The document, of any version that there was.
        revision: Its revision.
        migrated: What became of nodes of earlier versions, where the host brought them to the present one.
    """

    graph: Mapping[str, Any]
    revision: int
    migrated: tuple[MigratedNode, ...] = ()


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
    """Where tables are kept. *ref* is a dataset node's configuration.

    A host that keeps some tables from some people gives this port a further method ``seen_by(principal)``,
    which returns the port as that person may use it: requests go through it. Workers read what was checked
    at submit.
    """

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
        """Return who sent a request with these headers (names in lower case).

        Raises:
            NotSignedInError: nobody who is known.
        """

    async def may(self, principal: Principal, action: str, ref: str | None) -> bool:
        """Say whether *principal* may do *action* (read, write, run) on the graph *ref*.

        *ref* is None for a graph that a request carries: it may name any dataset, so a host that guards its
        tables by graph says no. ``write`` is asked again, of the principal stored with the job, when a result
        is put onto the graph.
        """


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


PORTS: Mapping[str, tuple[str, ...]] = {
    "graphs": ("load", "apply"),
    "datasets": ("summary", "fingerprint", "open", "output"),
    "principals": ("from_request", "may"),
    "events": ("publish",),
}


def load_host(settings: Settings) -> Host:
    """Build the host that ``HPT_HOST`` names.

    Args:
        settings: Passed on to the factory.

    Raises:
        TuningError: it cannot be imported or built, or the object lacks a port or a port's method; code
            ``host_unusable``, and the sentence names what is missing.
    """
    module_name, _, factory_name = settings.host.partition(":")
    if not module_name or not factory_name:
        raise _unusable(f"The host '{settings.host}' is not named as package.module:function.")
    try:
        factory = load_by_path(settings.host)
    except ImportPathError as error:
        why = _told(error.__cause__ or error)
        raise _unusable(f"The host '{settings.host}' cannot be imported ({why}).") from error
    try:
        host: Host = factory(settings)
    except Exception as error:
        raise _unusable(f"The host factory '{settings.host}' failed: {_told(error)}.") from error
    check_host(host, f"The host from '{settings.host}'")
    return host


async def try_host(settings: Settings) -> None:
    """Build the host and close it: at the start of processes that build one for each job.

    Raises:
        TuningError: as `load_host`.
    """
    await load_host(settings).close()


def check_host(host: Any, name: str) -> None:
    """Refuse an object that is no host, before the first request finds out.

    Args:
        host: What is to be one.
        name: How the sentence calls it.

    Raises:
        TuningError: it lacks a port or a port's method, or a method is of the wrong sort.
    """
    if host is None or iscoroutine(host):
        if host is not None:
            host.close()
        what = "None" if host is None else "a coroutine"
        raise _unusable(f"{name} is {what}: the factory must be a plain function that returns the host.")
    missing = [port for port in PORTS if getattr(host, port, None) is None]
    missing += [
        f"{port}.{method}"
        for port, methods in PORTS.items()
        for method in methods
        if port not in missing and not callable(getattr(getattr(host, port), method, None))
    ]
    if not callable(getattr(host, "close", None)):
        missing.append("close")
    if missing:
        raise _unusable(f"{name} lacks {', '.join(missing)}.")
    if iscoroutinefunction(host.datasets.open):
        raise _unusable(f"{name} has an async datasets.open: it must be a plain function, which may block.")


def _told(error: BaseException) -> str:
    """Return one line: a missing name in words, anything else with its class."""
    text = str(error).strip().partition("\n")[0].rstrip(".")
    if isinstance(error, ImportError | AttributeError | TuningError):
        return text or type(error).__name__
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _unusable(sentence: str) -> TuningError:
    return TuningError(sentence, code="host_unusable")
