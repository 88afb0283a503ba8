"""The plain form of a tuning task: the canvas without the canvas.

Whatever an editor sends (a reference, a canvas, this form) is turned into this form, and this is what a
job stores. How a canvas is turned into it is in `shared.graph_paths`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from hyperparameter_tuning.shared.sample_names import sample_target


class PlainDocument(BaseModel):
    """Settings of every document of the plain form: closed, frozen, finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class PlainStep(PlainDocument):
    """One node between the dataset and the tuning node.

    Attributes:
        node_id: The node on the canvas, where there is one.
        kind: Node kind; a splitter is a step.
        config: The node's own configuration.
        output: For a splitter, the output that the path leaves it by.
    """

    node_id: str | None = None
    kind: str
    config: dict[str, Any] = Field(default_factory=dict)
    output: str | None = None


class PlainValidation(PlainDocument):
    """Where the rows at the `validation` port come from.

    Attributes:
        dataset: The dataset node's configuration; None for the dataset of the training path.
        steps: The steps on the way, the splitter that names the output included.
    """

    dataset: dict[str, Any] | None = None
    steps: tuple[PlainStep, ...] = ()


class PlainModel(PlainDocument):
    """The model to tune and the parameters it has now.

    Attributes:
        type: Registry key.
        params: Current parameters of the first target; they are trial 0.
        number_types: ``int`` or ``float`` for parameters that take a count or a fraction.
    """

    type: str
    params: dict[str, Any] = Field(default_factory=dict)
    number_types: dict[str, Literal["int", "float"]] = Field(default_factory=dict)


class PlainTarget(PlainDocument):
    """A model node downstream that the write-back addresses.

    Attributes:
        node_id: The node on the canvas.
        kind: Its node kind.
        params: Its parameters at submit; what a patch expects to find.
        number_types: As `PlainModel.number_types`.
        path_differs: Whether its data arrives by another path than the tuning node's.
    """

    node_id: str
    kind: str = "model"
    params: dict[str, Any] = Field(default_factory=dict)
    number_types: dict[str, Literal["int", "float"]] = Field(default_factory=dict)
    path_differs: bool = False


class PlainForm(PlainDocument):
    """Everything about the graph that a tuning job depends on.

    Attributes:
        dataset: The dataset node's configuration: ``{source: file | sql | sample, ...}``.
        dataset_node_id: Its node, where there is one.
        dataset_kind: The kind of that node, which says how the configuration looks; absent: ``dataset``.
        steps: From the dataset to the tuning node, in order; the splitter among them.
        validation: Present when something is connected to the `validation` port.
        model: The model to tune; None while nothing says which.
        target: The column to predict; absent: the one that the dataset declares.
        node_id: The tuning node, where there is one.
        node_kind: Its kind, which says where a result is put; absent: the tuning kind of this package.
        targets: Model nodes that `best_params` feeds, ordered by node id.
    """

    dataset: dict[str, Any] | None = None
    dataset_node_id: str | None = None
    dataset_kind: str | None = None
    steps: tuple[PlainStep, ...] = ()
    validation: PlainValidation | None = None
    model: PlainModel | None = None
    target: str | None = None
    node_id: str | None = None
    node_kind: str | None = None
    targets: tuple[PlainTarget, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _take_declared_target(cls, document: Any) -> Any:
        if not isinstance(document, Mapping) or document.get("target") is not None:
            return document
        dataset = document.get("dataset")
        target = declared_target(dataset) if isinstance(dataset, Mapping) else None
        return document if target is None else {**document, "target": target}

    @model_validator(mode="before")
    @classmethod
    def _take_first_targets_params(cls, document: Any) -> Any:
        """A model that says nothing of its parameters holds what its first node holds: that is trial 0."""
        model, targets = (
            (document.get("model"), document.get("targets"))
            if isinstance(document, Mapping)
            else (None, None)
        )
        if not isinstance(model, Mapping) or "params" in model or not isinstance(targets, list | tuple):
            return document
        named = [
            item for item in targets if isinstance(item, Mapping) and isinstance(item.get("node_id"), str)
        ]
        first = min(named, key=lambda item: item["node_id"], default={})
        held = {name: first[name] for name in ("params", "number_types") if name in first}
        return {**document, "model": {**model, **held}}

    @field_validator("targets")
    @classmethod
    def _in_order(cls, targets: tuple[PlainTarget, ...]) -> tuple[PlainTarget, ...]:
        return tuple(sorted(targets, key=lambda target: target.node_id))


def declared_target(dataset: Mapping[str, Any]) -> str | None:
    """Return the column that a dataset's configuration declares as target; sample tables know theirs."""
    declared = dataset.get("target")
    if isinstance(declared, str) and declared:
        return declared
    return sample_target(dataset.get("name")) if dataset.get("source") == "sample" else None
