"""What editors ask about jobs: bodies and queries, closed and finite.

Answers are in `node.job_documents`; nothing is decided here.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, Strict, field_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from hyperparameter_tuning.jobs.naming import LONGEST
from hyperparameter_tuning.node.contract import LARGEST_COUNT

JOBS_PATH = "/hyperparameter-tuning-jobs"
JobStatus = Literal["queued", "running", "stopping", "cancelling", "succeeded", "failed", "cancelled"]
LONG_POLL_SECONDS = 20.0


def _no_flag(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticKnownError("float_type")
    return value


# Python takes true for 1: a flag in the wrong place would count something, or delete what is of any age.
Number = Annotated[float, BeforeValidator(_no_flag)]
Count = Annotated[int, Field(ge=0, le=LARGEST_COUNT), BeforeValidator(_no_flag)]
# Of bodies: JSON has true and false, and 0 or "no" is somebody's mistake.
Flag = Annotated[bool, Strict()]


class RequestDocument(BaseModel):
    """What editors send is closed and finite: a misspelt field is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _is_text(cls, value: Any) -> Any:
        # PostgreSQL has no NUL in texts, so nothing of this name exists and nothing gets it.
        if isinstance(value, str) and "\x00" in value:
            raise PydanticCustomError("nul", "A text cannot hold the character NUL")
        return value


class GraphQuestion(RequestDocument):
    """Names a graph, and a tuning node in it.

    Attributes:
        pipeline_id: A pipeline that the host keeps; short for ``graph: {ref}``.
        graph: ``{ref, revision?}``, a canvas ``{nodes, edges}``, or the plain form
            ``{dataset, steps, model, target, ...}`` that needs no canvas.
        base_revision: The revision that the editor shows; another one is refused.
        node_id: The tuning node; may be left out where the graph has only one.
    """

    pipeline_id: str | None = Field(None, max_length=256)
    graph: dict[str, JsonValue] | None = None
    base_revision: Count | None = None
    node_id: str | None = Field(None, max_length=256)


class JobRequest(GraphQuestion):
    """Press Run.

    Attributes:
        run_id: Idempotency key: the same one gives the same job. Made here when left out.
        config: The node's configuration; left out: the one saved in the graph, or the defaults. One of
            version 0 is migrated.
        concurrent: Whether another active job on the same node is fine.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"pipeline_id": "penguins", "base_revision": 3, "run_id": "run-2026-11-23-1"},
                {
                    "graph": {
                        "dataset": {"source": "sample", "name": "breast_cancer", "target": "target"},
                        "steps": [{"kind": "scale", "config": {"method": "standard"}}],
                        "model": {"type": "logistic_regression", "params": {"C": 1.0}},
                        "target": "target",
                    },
                    "config": {"strategy": {"name": "random"}, "budget": {"max_trials": 20}},
                },
            ]
        }
    )

    run_id: str | None = Field(None, min_length=1, max_length=128)
    config: dict[str, JsonValue] | None = None
    concurrent: Flag = False


class ExecuteRequest(JobRequest):
    """Run the node as a part of its whole pipeline.

    Attributes:
        on_stale: What to do where no result is up to date: ``run`` the node, ``reuse`` its newest result as
            it is, or ``fail``.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"pipeline_id": "penguins"},
                {"pipeline_id": "penguins", "node_id": "tune", "on_stale": "reuse"},
            ]
        }
    )

    on_stale: Literal["reuse", "run", "fail"] = "run"


class JobQuery(RequestDocument):
    """Which jobs to list; what is left out does not restrict.

    Attributes:
        pipeline_id: A pipeline, or the name under which a canvas was sent.
        dataset_source_id: The caller's name of the data, in the words of the first contract.
        status: Any of these; may be repeated.
        applied: Only jobs whose parameters were written onto model nodes and not taken back.
        limit: Most jobs of one page.
        after: The ``next`` of the page before.
        compat: Answer in the words of the first contract.
    """

    pipeline_id: str | None = None
    dataset_source_id: str | None = None
    node_id: str | None = None
    model_type: str | None = None
    status: list[JobStatus] = Field(default_factory=list)
    applied: bool = False
    limit: int = Field(20, ge=1, le=100)
    after: str | None = None
    compat: bool = False


class TrialQuery(RequestDocument):
    """Which candidates of a job, and in what form.

    Attributes:
        format: JSON pages, or the whole table.
        limit: Most candidates of one page; JSON only, tables are whole.
        after: Number of the candidate that the page follows; JSON only.
        folds: With every fold of each candidate; JSON only.
    """

    format: Literal["json", "csv", "parquet"] = "json"
    limit: int = Field(100, ge=1, le=500)
    after: int = Field(-1, ge=-1, le=LARGEST_COUNT)
    folds: bool = False


class EventQuery(RequestDocument):
    """From where on to follow a job.

    Attributes:
        after: Number of the last event that you have; 0 for all.
        wait: Seconds that a long poll waits for the next one.
        ticket: Of ``POST .../events/ticket``, in place of a header that says who asks.
    """

    after: Count = 0
    wait: float = Field(LONG_POLL_SECONDS, ge=0, le=60)
    ticket: str | None = Field(None, max_length=100)


class BestQuery(RequestDocument):
    """Which results to choose the best from.

    Attributes:
        problem_type: For names that stand for two models.
        metric: Left out: the newest job's.
        dataset_fingerprint: Left out: the newest job's.
        dataset_source_id: The caller's name of the data, in the words of the first contract.
        compat: Answer in the words of the first contract.
    """

    problem_type: Literal["classification", "regression"] | None = None
    pipeline_id: str | None = None
    node_id: str | None = None
    metric: str | None = None
    dataset_fingerprint: str | None = None
    dataset_source_id: str | None = None
    compat: bool = False


class ApplyChoice(RequestDocument):
    """Which parameters to put onto which model nodes.

    Attributes:
        trial: Any complete trial; left out: the best one.
        params: Any subset of its parameters; left out: all.
        targets: Node ids; left out: every target.
        overwrite: Replace values that were edited since submit; for people who have seen the conflict.
    """

    trial: Count | None = None
    params: list[str] | None = None
    targets: list[str] | None = None
    overwrite: Flag = False


class PreviewQuery(ApplyChoice):
    """How to show what applying would do.

    Attributes:
        format: Rows before and after, or the operations of RFC 6902 (JSON Patch).
        base_revision: For json-patch: the revision that you will apply it to; another one is refused.
    """

    format: Literal["json", "json-patch"] = "json"
    overwrite: bool = False
    base_revision: Count | None = None


class JsonPatchRequest(RequestDocument):
    """A patch to be written as RFC 6902 (JSON Patch) for one revision of one graph.

    Attributes:
        patch: As ``apply`` and a job's ``write_backs`` give it; to undo one, ``{patch_id, ops: inverse}``.
        graph: The canvas as you will apply the result to it.
        pipeline_id: Instead of ``graph``: a pipeline that the host keeps.
        base_revision: With ``pipeline_id``: the revision you will apply it to; another one is refused.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pipeline_id": "penguins",
                    "base_revision": 3,
                    "patch": {
                        "patch_id": "p1",
                        "ops": [
                            {
                                "op": "set",
                                "node_id": "model",
                                "path": "/data/config/params/max_depth",
                                "value": 7,
                                "expect": 5,
                            }
                        ],
                    },
                }
            ]
        }
    )

    patch: dict[str, JsonValue]
    graph: dict[str, JsonValue] | None = None
    pipeline_id: str | None = Field(None, max_length=256)
    base_revision: Count | None = None


class ApplyRequest(ApplyChoice):
    """Apply a choice.

    Attributes:
        applied: True confirms that the editor itself has executed the patch on an inline graph.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{}, {"trial": 7, "params": ["max_depth"], "targets": ["model-1"]}]}
    )

    applied: Flag = False


class RevertRequest(RequestDocument):
    """Undo what was applied.

    Attributes:
        applied: True confirms that the editor itself has executed the inverse on an inline graph.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    applied: Flag = False


class JobWords(RequestDocument):
    """What people call a job and note about it; a field that is left out stays, null takes it away."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "More trees", "note": "Wider range of depths."}]}
    )

    name: str | None = Field(None, max_length=LONGEST["name"])
    note: str | None = Field(None, max_length=LONGEST["note"])


class ResumeRequest(RequestDocument):
    """What the continued job may use on top; fields left out stay as they were."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"budget": {"max_trials": 60}}]})

    run_id: str | None = Field(None, min_length=1, max_length=128)
    budget: dict[str, float | int | None] = Field(default_factory=dict)
