"""What a node kind of another package must be before it is offered.

What kinds do with rows does not belong here (`shared.preparation`).
"""

import re
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import ValidationError

from hyperparameter_tuning.registry.form_fields import HINT, Hint
from hyperparameter_tuning.registry.outside_names import MAX_NAME, path_faults, trusted_type_faults
from hyperparameter_tuning.registry.published_config import without_hints
from hyperparameter_tuning.registry.schema_findings import schema_findings
from hyperparameter_tuning.registry.schema_subset import unsafe_keywords
from hyperparameter_tuning.shared.node_kinds import FoldPolicy, NodeKindSpec, PortSpec

_TYPE = re.compile(r"[\w.\-]+\Z")
_PATHS = ("result_path", "artifact_path", "params_path", "number_types_path", "target_path")


def kind_faults(kind: NodeKindSpec) -> Iterator[str]:
    """Yield a sentence per thing that is wrong with *kind*, the most basic first."""
    if not isinstance(kind.type, str) or not _TYPE.match(kind.type) or len(kind.type) > MAX_NAME:
        yield (
            f"The type {kind.type!r} must be letters, digits, '_', '-' and '.', {MAX_NAME} at most: "
            "it stands in addresses."
        )
    policies = get_args(FoldPolicy)
    if kind.fold_policy not in policies:
        yield f"There is no fold policy {kind.fold_policy!r}: it must be one of {', '.join(policies)}."
    yield from trusted_type_faults(kind.trusted_types)
    yield from _port_faults(kind)
    yield from _builder_faults(kind)
    yield from _path_faults(kind)
    yield from _schema_faults(kind)


def _port_faults(kind: NodeKindSpec) -> Iterator[str]:
    for side, ports in (("inputs", kind.inputs), ("outputs", kind.outputs)):
        if not all(isinstance(port, PortSpec) for port in ports):
            yield f"Its {side} must be PortSpecs."
        elif len({port.id for port in ports}) < len(ports):
            yield f"Two of its {side} have one id."
    if not isinstance(kind.test_outputs, tuple):
        yield f"Its test_outputs must be a tuple of output ids, not {kind.test_outputs!r}."


def _builder_faults(kind: NodeKindSpec) -> Iterator[str]:
    if kind.builder is not None:
        yield from path_faults("builder", kind.builder)
    elif kind.fold_policy == "transformer":
        yield "A transformer needs a builder, which makes the step that is fitted in every fold."


def _path_faults(kind: NodeKindSpec) -> Iterator[str]:
    """Paths point into a node's data; a model kind says where its model stands."""
    places: dict[str, Any] = {name: getattr(kind, name) for name in _PATHS}
    if kind.config_path != "":
        places["config_path"] = kind.config_path
    places |= {f"config_paths[{name!r}]": path for name, path in kind.config_paths.items()}
    if kind.model_key is not None and not kind.model_key.startswith("="):
        places["model_key"] = kind.model_key
    for name, path in places.items():
        if path is not None and not (isinstance(path, str) and path.startswith("/")):
            yield f"Its {name} must be a path into the node's data that starts with '/', not {path!r}."
    if kind.fold_policy == "model" and kind.model_key is None:
        yield "A model kind needs a model_key: where the model's name stands in the data, or '=name'."


def _schema_faults(kind: NodeKindSpec) -> Iterator[str]:
    unsafe = next(unsafe_keywords(without_hints(kind.config_schema)), None)
    if unsafe is not None:
        pointer, keyword = unsafe
        yield (
            f"Its config_schema has '{keyword}' at '{pointer}', which is not understood by all forms: use "
            "scalars, lists, closed objects and unions tagged by a const."
        )
        return
    yield from _hint_faults(kind.config_schema)
    refused = schema_findings(kind.config_schema, dict(kind.default_config))
    if refused:
        yield f"Its default_config does not fit its config_schema: {refused[0].message}"


def _hint_faults(node: Any) -> Iterator[str]:
    """A kind made from a built-in one carries its hints; others would break the form that is published."""
    if isinstance(node, list):
        for item in node:
            yield from _hint_faults(item)
    elif isinstance(node, dict):
        if HINT in node and not _is_hint(node[HINT]):
            yield (
                f"Its config_schema has {node[HINT]!r} as '{HINT}', "
                "which is kept for the hints of built-in forms."
            )
        for key, value in node.items():
            if key != HINT:
                yield from _hint_faults(value)


def _is_hint(value: Any) -> bool:
    try:
        Hint.model_validate(value)
    except ValidationError:
        return False
    return True
