"""What the graph needs to know of a kind of node, as data.

Which kinds exist does not belong here: `registry.node_kinds` lists them, and everything in this
room receives them as an argument.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hyperparameter_tuning.shared.json_pointers import MISSING, value_at

FoldPolicy = Literal["source", "transformer", "sampler", "row_wise", "splitter", "unsafe", "model", "search"]
"""How a node behaves towards folds (DESIGN.md section 3, Graph).

``source`` reads a dataset; ``transformer`` is fitted again inside every fold; ``sampler`` touches the
training part only; ``row_wise`` is stateless; ``splitter`` names its outputs; ``unsafe`` learns from rows
and cannot be refitted; ``model`` ends a path; ``search`` is the tuning node. `shared.step_contracts` says
what a builder of each answers, `shared.step_order` where it runs.
"""


@dataclass(frozen=True, slots=True)
class PortSpec:
    """One handle of a node; its id is the handle id on the canvas.

    Attributes:
        id: Stable within a type_version.
        label: Shown at the handle.
        type: Dotted port type: ``table``, ``params``, ``model``, ``model.trained``, ``report``, ``any``.
        required: Whether the node can run without an edge here (inputs only).
        max_connections: None for any number.
        description: One sentence.
    """

    id: str
    label: str
    type: str
    required: bool = False
    max_connections: int | None = 1
    description: str = ""


@dataclass(frozen=True, slots=True)
class NodeKindSpec:
    """A kind of node, as far as the search, the checks and the write-back must know it.

    Attributes:
        type: The value of a node's ``type`` on the canvas.
        label: Shown in the palette.
        description: One sentence for the palette.
        category: Folder of the palette, outermost first.
        icon: Name of an icon.
        fold_policy: See `FoldPolicy`.
        inputs: Handles on the left.
        outputs: Handles on the right.
        config_schema: JSON Schema of the configuration in the safe subset.
        default_config: Complete configuration of a freshly dropped node.
        config_path: Path into ``data`` of the configuration; "" where ``data`` itself is it.
        result_path: For tuning nodes: path into ``data`` where the result of a run is put.
        artifact_path: For models: path into ``data`` where the tuned model is attached.
        builder: Import path ``package.module:function`` of what builds a step of this kind (see
            `shared.step_contracts`). Without one a step cannot run here; a splitter without one is configured
            as the reference split is.
        model_key: For models: path into ``data`` (``/config/model``) where the model's registry key stands,
            or ``=key`` for a kind that is always the same model.
        model_names: For models: what the host calls a model, to the registry's key or alias.
        params_path: For models: path into ``data`` of the object of hyperparameters.
        number_types_path: For models: path into ``data`` of the object that says ``int`` or ``float`` for a
            parameter that takes a count or a fraction, since JSON cannot.
        config_paths: For models: per-parameter paths that differ from ``params_path/name``.
        target_path: For sources and splitters: path into ``data`` of a declared target column.
        column_fields: Properties of the configuration that name columns of the incoming table: a form offers
            them to choose from. The one at *target_path* is one of them without being named here.
        test_outputs: For splitters: ids of the outputs whose rows no search may see.
        type_version: Bumped by breaking changes.
        trusted_types: Full names of types that the fitted step holds beside scikit-learn's own, its own class
            among them: reading a stored model opens these, and nothing else (`shared.artifact_types`).
    """

    type: str
    label: str
    fold_policy: FoldPolicy
    description: str = ""
    category: tuple[str, ...] = ()
    icon: str = "node"
    inputs: tuple[PortSpec, ...] = ()
    outputs: tuple[PortSpec, ...] = ()
    config_schema: Mapping[str, Any] = field(default_factory=dict)
    default_config: Mapping[str, Any] = field(default_factory=dict)
    config_path: str = "/config"
    result_path: str = "/result"
    artifact_path: str = "/artifact"
    builder: str | None = None
    model_key: str | None = None
    model_names: Mapping[str, str] = field(default_factory=dict)
    params_path: str | None = None
    number_types_path: str | None = None
    config_paths: Mapping[str, str] = field(default_factory=dict)
    target_path: str | None = None
    column_fields: tuple[str, ...] = ()
    test_outputs: tuple[str, ...] = ("test",)
    type_version: int = 1
    trusted_types: tuple[str, ...] = ()

    def config_of(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the configuration in a node's *data*; empty where there is none."""
        return object_at(data, self.config_path)

    def names_columns(self, name: str) -> bool:
        """Say whether the property *name* of the configuration names columns of the table."""
        return name in self.column_fields or self.target_path == f"{self.config_path}/{name}"

    def path_of(self, parameter: str) -> str | None:
        """Return the path into ``data`` where *parameter* is stored, or None when this is no model."""
        if parameter in self.config_paths:
            return self.config_paths[parameter]
        return None if self.params_path is None else f"{self.params_path}/{parameter}"


NodeKinds = Mapping[str, NodeKindSpec]


def object_at(data: Mapping[str, Any], path: str | None) -> Mapping[str, Any]:
    """Return the object at *path* of a node's *data*; empty where there is no path, or no object there."""
    value = MISSING if path is None else value_at(data, path)
    return value if isinstance(value, Mapping) else {}


def types_match(source: str, target: str) -> bool:
    """Say whether an output of type *source* may feed an input of type *target*.

    They match when equal, when one is a dotted prefix of the other, or when either is ``any``.
    """
    if "any" in (source, target) or source == target:
        return True
    return source.startswith(target + ".") or target.startswith(source + ".")
