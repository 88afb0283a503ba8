"""Documents about pipelines and node kinds as editors send and receive them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from hyperparameter_tuning.node import examples
from hyperparameter_tuning.node.contract import CONTRACT_VERSION
from hyperparameter_tuning.node.job_documents import AnswerDocument
from hyperparameter_tuning.node.job_requests import RequestDocument
from hyperparameter_tuning.node.migrated_nodes import MigratedNodeDocument
from hyperparameter_tuning.node.panel_documents import PanelRequest
from hyperparameter_tuning.node.problems import FindingDocument

EXAMPLE_GRAPH: dict[str, Any] = {
    "graph_version": 1,
    "nodes": [
        {
            "id": "data",
            "type": "dataset",
            "position": {"x": 0, "y": 0},
            "data": {
                "label": "Breast cancer",
                "type_version": 1,
                "config": {"source": "sample", "name": "breast_cancer", "target": "target"},
            },
        },
        {
            "id": "tune",
            "type": "hyperparameter_tuning",
            "position": {"x": 260, "y": 0},
            "data": {"label": "Tune", "type_version": 1, "config": {}},
        },
        {
            "id": "model",
            "type": "model",
            "position": {"x": 520, "y": 0},
            "data": {
                "label": "Forest",
                "type_version": 1,
                "config": {"model": "random_forest_classifier", "params": {"n_estimators": 50}},
            },
        },
    ],
    "edges": [
        {
            "id": "e1",
            "source": "data",
            "target": "tune",
            "sourceHandle": "dataset",
            "targetHandle": "dataset",
        },
        {
            "id": "e2",
            "source": "data",
            "target": "model",
            "sourceHandle": "dataset",
            "targetHandle": "dataset",
        },
        {
            "id": "e3",
            "source": "tune",
            "target": "model",
            "sourceHandle": "best_params",
            "targetHandle": "params",
        },
    ],
    "viewport": {"x": 0, "y": 0, "zoom": 1},
}


class PipelineRequest(RequestDocument):
    """A pipeline to keep.

    Attributes:
        name: What people call it.
        graph: The canvas; unknown keys are kept as they are.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Breast cancer", "graph": EXAMPLE_GRAPH}]}
    )

    name: str | None = Field(None, max_length=200)
    graph: dict[str, JsonValue]


class NewPipelineRequest(PipelineRequest):
    """A new pipeline, under an id of the caller's choice or a fresh one."""

    id: str | None = Field(None, min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")


class PipelineSummary(AnswerDocument):
    """A pipeline without its graph."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PIPELINE_SUMMARY]})

    id: str
    name: str
    revision: int
    created_at: datetime
    updated_at: datetime


class PipelineDocument(PipelineSummary):
    """A pipeline.

    Attributes:
        revision: Counts saves from 1; also the ETag.
        graph: The canvas; nodes of earlier versions in their present form, everything else as it was saved.
        findings: What the canvas's checks say; saving is never refused for them.
        migrated: What became of nodes of earlier versions. Nothing is stored of it: save what you opened.
        stale: Of every tuning node that has a result, whether a run would be of something else now: of other
            data, another configuration, another path or model. Null when the data could not be looked at.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **examples.PIPELINE_SUMMARY,
                    "graph": EXAMPLE_GRAPH,
                    "findings": [],
                    "migrated": [],
                    "stale": {},
                }
            ]
        }
    )

    graph: dict[str, Any]
    findings: list[FindingDocument] = Field(default_factory=list)
    migrated: list[MigratedNodeDocument] = Field(default_factory=list)
    stale: dict[str, bool] | None = None


class PipelineList(AnswerDocument):
    """One page of pipelines, newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PIPELINE_LIST]})

    items: list[PipelineSummary]
    next: str | None


class ExamplePipelineDocument(BaseModel):
    """A pipeline that comes with the package.

    Attributes:
        id: Stable; no id of a stored pipeline.
        name: What people call it.
        description: What it shows, in one sentence.
        graph: The canvas, to be kept as it is.
    """

    id: str
    name: str
    description: str
    graph: dict[str, Any]


class ExamplePipelineList(AnswerDocument):
    """Every example, the one to start with first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contract_version": CONTRACT_VERSION,
                    "items": [
                        {
                            "id": "breast_cancer",
                            "name": "Breast cancer",
                            "description": "Two classes from numbers.",
                            "graph": EXAMPLE_GRAPH,
                        }
                    ],
                }
            ]
        }
    )

    items: list[ExamplePipelineDocument]


class ValidationRequest(PanelRequest):
    """A configuration to judge, on a graph where there is one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"config": {"strategy": {"name": "random"}}, "graph": EXAMPLE_GRAPH, "node_id": "tune"},
                {"config": {"budget": {"max_trials": 50}}, "pipeline_id": "penguins"},
            ]
        }
    )


class ValidationAnswer(AnswerDocument):
    """What the one validator says.

    Attributes:
        findings: The errors first; ``source`` says which document a pointer goes into.
        config: The configuration normalised and completed; the pointers go into it. Null where it could not
            be read.
        runnable: Whether Run would be accepted.
        migrated: What became of nodes of earlier versions, and of such a configuration in the request.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.VALIDATION]})

    findings: list[FindingDocument]
    config: dict[str, Any] | None
    runnable: bool
    migrated: list[MigratedNodeDocument] = Field(default_factory=list)


class NodeList(AnswerDocument):
    """Every kind of node, for the palette."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.NODE_LIST]})

    items: list[dict[str, Any]]


class NodeDescriptor(AnswerDocument):
    """Everything that an editor needs to know of one kind of node; the ETag is ``schema_hash``."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [examples.NODE]})

    descriptor_version: int
    type: str
    type_version: int
    display_name: str
    schema_hash: str


class ModelHyperparameters(AnswerDocument):
    """The hyperparameters of one model.

    Attributes:
        available: Whether its package is installed here.
        reason: What to install where it is not.
        fields: Name, label, types, bounds, choices and default of each.
        defaults: What an untouched model node runs with.
        suggested: Rows of the suggested search space: ``full``, and ``trimmed`` for grids.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.MODEL]})

    model_type: str
    label: str
    problem_type: str
    aliases: list[str]
    available: bool = True
    reason: str | None = None
    fields: list[dict[str, Any]]
    defaults: dict[str, Any]
    suggested: dict[str, list[dict[str, Any]]]


class Health(AnswerDocument):
    """Whether the process answers."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.HEALTH]})

    status: str


class Readiness(AnswerDocument):
    """Whether everything is there that a run needs."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.READINESS]})

    status: str
    checks: dict[str, dict[str, Any]]
