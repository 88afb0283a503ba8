"""What editors are answered about executing the node: values and references by output port.

How a stored record becomes such a document is in `node.execution_views`.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from hyperparameter_tuning.node import examples
from hyperparameter_tuning.node.job_documents import AnswerDocument, ArtifactLink, JobDocument
from hyperparameter_tuning.node.migrated_nodes import MigratedNodeDocument


class ParamsOutput(BaseModel):
    """Value of the port ``best_params``.

    Attributes:
        type: Port type.
        value: Hyperparameters by name.
        number_types: ``int`` or ``float`` for those that take a count or a fraction: 1 and 1.0 differ there.
    """

    type: Literal["params"] = "params"
    value: dict[str, Any]
    number_types: dict[str, str]


class ModelOutput(BaseModel):
    """Value of the port ``tuned_model``: a reference.

    Attributes:
        type: Port type; a pipeline has the upstream steps inside.
        artifact: Where to read it.
        input: ``raw`` takes rows as the dataset has them, ``prepared`` as the upstream steps leave them.
        columns: ``{name, dtype}`` of each input column, in order.
        steps: Node ids of the upstream steps inside.
    """

    type: Literal["model.trained", "model.trained.pipeline"]
    artifact: ArtifactLink
    input: str
    columns: list[dict[str, Any]]
    steps: list[str]


class TrialColumn(BaseModel):
    """One column of the trials table; ``dtype`` is null where every value seen is null."""

    name: str
    dtype: Literal["number", "boolean", "text", "datetime"] | None


class TableOutput(BaseModel):
    """Value of the port ``trials``: a reference.

    Attributes:
        type: Port type.
        href: The trials as JSON, in pages.
        formats: The whole table, by format.
        columns: Of the whole table, in order.
    """

    type: Literal["table"] = "table"
    href: str
    formats: dict[str, str]
    columns: list[TrialColumn]


class ReportOutput(BaseModel):
    """Value of the port ``report``: a reference."""

    type: Literal["report"] = "report"
    href: str


class NodeOutputs(BaseModel):
    """What the node gives, by the id of the port."""

    best_params: ParamsOutput
    tuned_model: ModelOutput | None
    trials: TableOutput
    report: ReportOutput


class ExecuteAnswer(AnswerDocument):
    """What became of executing the node.

    Attributes:
        state: ``up_to_date``: the outputs hold; ``stale``: they were asked to be reused as they are;
            ``submitted``: a run of its own is on its way; ``joined``: the same run was there already.
        job_id: The job whose outputs count, or will.
        fingerprint: What the run depends on, as one text.
        changed: Where stale: any of ``config``, ``data``, ``upstream``, ``model``, ``parameters``.
        message: One sentence.
        outputs: By port; null while the job is on its way.
        job: The job.
        migrated: What became of nodes of earlier versions, and of such a configuration in the request.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EXECUTION]})

    state: Literal["up_to_date", "stale", "submitted", "joined"]
    job_id: str
    fingerprint: str
    changed: list[str] = Field(default_factory=list)
    message: str
    outputs: NodeOutputs | None
    job: JobDocument
    migrated: list[MigratedNodeDocument] = Field(default_factory=list)
