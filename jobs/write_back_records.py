"""Patches as stored, and pipelines of the reference host; frozen values without rules.

What a patch says does not belong here (`jobs.patches_built`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

WriteBackKind = Literal["result", "params"]
WriteBackState = Literal["pending", "proposed", "applied", "conflict", "skipped", "reverted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBackRecord:
    """One patch of a job and what became of it.

    Attributes:
        id: Order of creation.
        patch_id: Idempotency key at the host.
        kind: ``result`` onto the tuning node, ``params`` onto the model nodes.
        state: ``pending`` is still to be applied, ``proposed`` waits for the person.
        automatic: Whether the worker made it, not a person.
        patch: The patch document.
        inverse: Operations that undo it; empty before it was applied.
        conflicts: Values that were changed since submit.
        skipped_nodes: Targets that were left untouched.
        reason: Why it is proposed, skipped or in conflict.
        revision: The graph's revision after it was applied.
        attempts: Failed tries to reach the host.
    """

    id: int
    job_id: str
    patch_id: str
    kind: WriteBackKind
    state: WriteBackState
    automatic: bool
    graph_ref: str | None
    patch: Mapping[str, Any]
    inverse: tuple[Mapping[str, Any], ...]
    conflicts: tuple[Mapping[str, Any], ...]
    skipped_nodes: tuple[str, ...]
    reason: str | None
    revision: int | None
    attempts: int
    created_at: datetime
    applied_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineRecord:
    """A pipeline of the reference host.

    Attributes:
        id: Its name in URLs; the graph ref of jobs.
        name: What people call it.
        owner_id: Who made it.
        revision: Counts saves from 1.
        graph: The graph document; its own ``revision`` is the same number.
    """

    id: str
    name: str
    owner_id: str
    revision: int
    graph: Mapping[str, Any]
    created_at: datetime
    updated_at: datetime
