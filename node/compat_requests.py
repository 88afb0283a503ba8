"""The first contract's request for a run: one body, one job per model type.

What becomes of it is in `node.compat_run`; its answers are in `node.compat_documents`.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AliasChoices, ConfigDict, Field, JsonValue, WrapValidator, model_validator

from hyperparameter_tuning.node.job_requests import JobRequest, RequestDocument

OLD_FIELDS = frozenset(
    {
        *("dataset_source_id", "model_types", "model_type", "search_strategy", "search_space"),
        *("n_iterations", "n_iter", "scoring", "baseline_hyperparameters", "run_tuning", "target_node_id"),
    }
)
"""Fields of which one is enough to tell the first contract's body from today's."""
MAX_MODELS = 20


class OldGraph(RequestDocument):
    """The canvas; nodes and edges are as the canvas keeps them."""

    model_config = ConfigDict(extra="allow")

    nodes: list[dict[str, JsonValue]] = Field(default_factory=list)
    edges: list[dict[str, JsonValue]] = Field(default_factory=list)


class OldJobRequest(RequestDocument):
    """Run several models on one tuning node, in the words of the package's first contract.

    Attributes:
        dataset_source_id: The caller's name of the data. A dataset node on the path decides what is read;
            where there is none, this is a file below the data roots or a sample table's name.
        pipeline_id: The caller's name of the canvas; jobs are listed by it.
        node_id: The tuning node.
        model_types: One job per model; ``model_type`` with one name does, too.
        search_strategy: random, grid, halving, halving_random, optuna, or an alias.
        search_space: Values to try by parameter; empty: the model's suggested space.
        n_iterations: Number of candidates of random and optuna, ``n_iter`` for short; others have their own.
        scoring: Metric or scikit-learn's scorer name; left out: the model's own, accuracy or r2.
        random_state: Seed of all draws.
        baseline_hyperparameters: Parameters that are not searched; they are trial 0.
        cross_validation: ``enabled, strategy, folds, shuffle, random_state, refit_strategy``, with or without
            ``cv_`` before them.
        metadata: Kept and answered; its ``target_column`` and ``problem_type`` are read.
        run_tuning: False stores the jobs without sending them; ``/start`` sends one.
        graph: The canvas.
        target_node_id: The model node that the result is meant for.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "dataset_source_id": "breast_cancer",
                    "pipeline_id": "canvas-7",
                    "node_id": "tune-1",
                    "model_types": ["logistic_regression", "random_forest_classifier"],
                    "search_strategy": "random",
                    "search_space": {"C": [0.1, 1.0, 10.0]},
                    "n_iterations": 10,
                    "scoring": "accuracy",
                    "random_state": 42,
                    "cross_validation": {"enabled": True, "strategy": "auto", "folds": 5},
                    "metadata": {"target_column": "target"},
                    "graph": {"nodes": [], "edges": []},
                }
            ]
        }
    )

    dataset_source_id: str = Field(min_length=1, max_length=200)
    pipeline_id: str = Field(min_length=1, max_length=200)
    node_id: str = Field(min_length=1, max_length=200)
    model_types: list[str] = Field(min_length=1, max_length=MAX_MODELS)
    search_strategy: str | None = None
    search_space: dict[str, JsonValue] | str | None = None
    n_iterations: int | None = Field(None, ge=1, validation_alias=AliasChoices("n_iterations", "n_iter"))
    scoring: str | None = None
    random_state: int | None = Field(None, ge=0)
    baseline_hyperparameters: dict[str, JsonValue] | str | None = None
    cross_validation: dict[str, JsonValue] | None = None
    metadata: dict[str, JsonValue] | None = Field(
        None, validation_alias=AliasChoices("metadata", "job_metadata")
    )
    run_tuning: bool = True
    graph: OldGraph = Field(default_factory=OldGraph)
    target_node_id: str | None = Field(None, max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _one_list_of_models(cls, document: Any) -> Any:
        """Read one name as a list of one, strip names, drop empty ones and repetitions."""
        if not isinstance(document, Mapping):
            return document
        rest = {name: value for name, value in document.items() if name != "model_type"}
        given = [*_listed(document.get("model_types")), *_listed(document.get("model_type"))]
        names = [name.strip() if isinstance(name, str) else name for name in given]
        return {**rest, "model_types": list({str(name): name for name in names if name != ""}.values())}

    def meta(self, *names: str) -> str | None:
        """Return the first text among these entries of the metadata."""
        found = ((self.metadata or {}).get(name) for name in names)
        return next((value for value in found if isinstance(value, str) and value.strip()), None)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _read(document: Any, _handler: Any) -> JobRequest | OldJobRequest:
    """Choose by the fields that are there, so that what is wrong is said of the body that was meant."""
    old = isinstance(document, Mapping) and bool(OLD_FIELDS & document.keys())
    meant = OldJobRequest if old else JobRequest
    # As FastAPI reads bodies, so that a body that is no object is refused in the same words.
    return meant.model_validate(document, from_attributes=True)


AnyJobRequest = Annotated[JobRequest | OldJobRequest, WrapValidator(_read)]
"""What ``POST /hyperparameter-tuning-jobs`` takes."""
