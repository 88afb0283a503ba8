"""Documents that travel between an editor and us beside the configuration: graphs, events, findings.

They are here for their schemas. Reading graphs does not belong here (`shared.graph`), nor patches, which are
documents already (`shared.patch_documents`); jobs and descriptors are in `registry.published_answers`.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

JsonObject = dict[str, Any]


class OpenDocument(BaseModel):
    """Keys that are not known here are the host's own, or a later version's: they are kept."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)


class Position(OpenDocument):
    """Where a node lies on the canvas."""

    x: float
    y: float


class NodeData(OpenDocument):
    """What a node holds: values only, never a schema."""

    label: str | None = Field(None, description="Shown on the node.")
    type_version: int | None = Field(None, description="Version of the kind that wrote the configuration.")
    config: JsonObject = Field(default_factory=dict, description="The node's configuration.")
    result: JsonObject | None = Field(None, description="What the last run put here; a copy never takes it.")


class GraphNode(OpenDocument):
    """One node of the canvas."""

    id: str = Field(min_length=1)
    type: str = Field(description="Node kind.")
    position: Position | None = None
    data: NodeData


class GraphEdge(OpenDocument):
    """One connection of the canvas."""

    id: str | None = None
    source: str = Field(description="Node that gives.")
    target: str = Field(description="Node that takes.")
    sourceHandle: str | None = Field(None, description="Output port.")  # noqa: N815 - React Flow's own key
    targetHandle: str | None = Field(None, description="Input port.")  # noqa: N815 - React Flow's own key


class GraphDocument(OpenDocument):
    """A pipeline as the canvas keeps it."""

    graph_version: Literal[1] = 1
    revision: int | None = Field(None, ge=0, description="Counts the saves.")
    nodes: list[GraphNode]
    edges: list[GraphEdge] = Field(default_factory=list)
    viewport: JsonObject | None = None


class EventDocument(OpenDocument):
    """One line of a job's history."""

    job_id: str
    seq: int = Field(ge=1, description="Counts the job's events without gaps; the id of the stream.")
    type: str = Field(
        description="job.*, search.*, trial.*, best.updated, rung.completed, budget.warning, log, writeback.*"
    )
    at: str = Field(description="ISO 8601 in UTC.")
    data: JsonObject


class FixDocument(OpenDocument):
    """A remedy that a button can apply."""

    title: str | None = Field(None, description="What the button says.")
    patch: list[JsonObject] = Field(
        default_factory=list, description="RFC 6902 operations on the configuration that was answered."
    )
    insert_steps: list[JsonObject] = Field(
        default_factory=list,
        description="Nodes {kind, config} to put before the tuning node, in order.",
    )


class FindingDocument(OpenDocument):
    """One remark of the validator."""

    pointer: str = Field(description="JSON pointer; empty: the whole document.")
    code: str = Field(description="Stable; for programs.")
    severity: Literal["error", "warning", "todo"] = Field(
        description="error refuses, warning informs, todo is an open item and no red field."
    )
    message: str = Field(description="For the person at the canvas.")
    source: Literal["config", "graph", "body"] | None = Field(
        None, description="The document the pointer is of."
    )
    fix: FixDocument | None = None
    alternatives: list[FixDocument] = Field(
        default_factory=list, description="Further remedies: one is applied, or 'fix'."
    )


class MigratedDocument(OpenDocument):
    """What became of a node of an earlier version."""

    node_id: str | None = Field(description="null: the configuration that the request itself carries.")
    type: str = Field(description="Its kind now.")
    from_version: int = Field(description="0 for the origin's nodes.")
    to_version: int | None = Field(description="null: it stays as it was, there is no such kind here.")
    notes: list[str] = Field(description="Sentences on what means something else now, or was left out.")


class ValidationDocument(OpenDocument):
    """What validate answers."""

    contract_version: str
    findings: list[FindingDocument]
    config: JsonObject | None = Field(description="The configuration in its published form, completed.")
    migrated: list[MigratedDocument] = Field(
        default_factory=list, description="Nodes and configuration of earlier versions."
    )
