"""From the canvas to the plain form: the path that data takes to a tuning node, and what it feeds.

What the plain form itself shows (no dataset, no model, another path) is reported by `registry.validation`,
for every form of request alike. Here is reported what only the canvas shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.shared.errors import NotFoundError
from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.fingerprints import fingerprint, integral_numbers
from hyperparameter_tuning.shared.graph_document import Graph, Node
from hyperparameter_tuning.shared.graph_ports import edges_into, output_port, table_input
from hyperparameter_tuning.shared.json_pointers import MISSING, value_at
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec, object_at
from hyperparameter_tuning.shared.plain_form import (
    PlainForm,
    PlainModel,
    PlainStep,
    PlainTarget,
    PlainValidation,
)
from hyperparameter_tuning.shared.sample_names import sample_target
from hyperparameter_tuning.shared.splitter_outputs import (
    SAME_ROWS,
    SAME_ROWS_SENTENCE,
    same_rows_at_both_ports,
)

DATASET_PORT = "dataset"
VALIDATION_PORT = "validation"


@dataclass(frozen=True, slots=True)
class _DataPath:
    """The way of data to one port, from its source on.

    Attributes:
        source: The dataset node; None where the way does not begin at one.
        dataset: Its configuration.
        steps: Nodes between source and port.
        target: The target column that the node nearest to the port declares.
        findings: Why the way ends early.
    """

    source: Node | None
    dataset: dict[str, Any] | None
    steps: tuple[PlainStep, ...]
    target: str | None
    findings: tuple[Finding, ...] = ()

    def key(self) -> str:
        """Return a text that two ways share exactly when they give the same rows."""
        return fingerprint(integral_numbers([self.dataset, [_content(step) for step in self.steps]]))


def tuning_nodes(graph: Graph, kinds: NodeKinds) -> tuple[str, ...]:
    """Return the ids of the graph's tuning nodes in the document's order."""
    return tuple(
        node.id
        for node in graph.nodes.values()
        if node.type in kinds and kinds[node.type].fold_policy == "search"
    )


def plain_form(graph: Graph, node_id: str, kinds: NodeKinds) -> tuple[PlainForm, tuple[Finding, ...]]:
    """Follow the edges of a tuning node both ways.

    Args:
        graph: The graph.
        node_id: A tuning node of it.
        kinds: Node kinds by type.

    Returns:
        The plain form, as far as the graph says it, and findings with pointers into the graph.

    Raises:
        NotFoundError: the graph has no such node.
    """
    if node_id not in graph.nodes:
        raise NotFoundError(f"The graph has no node '{node_id}'.", code="unknown_node")
    node = graph.nodes[node_id]
    training = _path_to(graph, node, DATASET_PORT, kinds)
    validation, validation_findings = _validation(graph, node, training, kinds)
    targets, target_findings = _targets(graph, node, training, kinds)
    form = PlainForm(
        dataset=training.dataset,
        dataset_node_id=None if training.source is None else training.source.id,
        dataset_kind=None if training.source is None else training.source.type,
        steps=training.steps,
        validation=validation,
        model=_model(targets, graph, kinds),
        target=training.target,
        node_id=node_id,
        node_kind=node.type,
        targets=targets,
    )
    same = _same_rows(graph, node, form, kinds)
    return form, (*training.findings, *validation_findings, *same, *target_findings)


def upstream_hash(plain: PlainForm) -> str:
    """Return the fingerprint of everything before the tuning node: data, steps, validation, target.

    Ids of nodes do not count, nor whether a whole number is written 1 or 1.0.
    """
    validation = plain.validation
    return fingerprint(
        integral_numbers(
            {
                "dataset": plain.dataset,
                "steps": [_content(step) for step in plain.steps],
                "validation": None
                if validation is None
                else {"dataset": validation.dataset, "steps": [_content(step) for step in validation.steps]},
                "target": plain.target,
            }
        )
    )


def _content(step: PlainStep) -> dict[str, Any]:
    return {"kind": step.kind, "config": step.config, "output": step.output}


def _path_to(graph: Graph, node: Node, port: str, kinds: NodeKinds) -> _DataPath:
    """Walk from a port against the edges to a dataset; a fork is an error of `graph_checks`."""
    steps: list[PlainStep] = []
    declared: list[str] = []
    seen = {node.id}
    edges = edges_into(graph, node, port, kinds)
    while edges:
        edge, current = edges[0], graph.nodes.get(edges[0].source)
        if current is None or current.id in seen:
            break  # `graph_checks` reports unknown ends and cycles
        seen.add(current.id)
        kind = kinds.get(current.type)
        if kind is not None and (target := _declared_target(current, kind)):
            declared.append(target)
        if kind is not None and kind.fold_policy == "source":
            dataset = dict(kind.config_of(current.data))
            return _DataPath(current, dataset, tuple(reversed(steps)), next(iter(declared), None))
        if kind is None or kind.fold_policy in ("model", "search"):
            reason = _unknown_kind(current) if kind is None else _no_table(current)
            return _DataPath(None, None, (), next(iter(declared), None), (reason,))
        leaves_by = output_port(edge, kind)
        splits = kind.fold_policy == "splitter" and leaves_by is not None
        steps.append(
            PlainStep(
                node_id=current.id,
                kind=current.type,
                config=dict(kind.config_of(current.data)),
                output=leaves_by.id if splits and leaves_by is not None else None,
            )
        )
        edges = edges_into(graph, current, table_input(kind), kinds)
    return _DataPath(None, None, tuple(reversed(steps)), next(iter(declared), None))


def _declared_target(node: Node, kind: NodeKindSpec) -> str | None:
    declared = _text_at(node, kind.target_path)
    config = kind.config_of(node.data)
    if declared is None and kind.fold_policy == "source" and config.get("source") == "sample":
        return sample_target(config.get("name"))
    return declared


def _no_table(node: Node) -> Finding:
    message = (
        f"The data comes from '{node.label}', a '{node.type}' node, which this server cannot read rows from: "
        "connect a dataset, or preparation nodes after one."
    )
    return Finding(json_pointer("nodes", node.index), "unsupported_source", "error", message)


def _unknown_kind(node: Node) -> Finding:
    message = (
        f"'{node.label}' is a '{node.type}' node, and that node kind is unavailable: nothing that is "
        "installed here brings it. Install the package that did, or connect around the node."
    )
    return Finding(json_pointer("nodes", node.index), "node_kind_unavailable", "error", message)


def _validation(
    graph: Graph, node: Node, training: _DataPath, kinds: NodeKinds
) -> tuple[PlainValidation | None, tuple[Finding, ...]]:
    edges = edges_into(graph, node, VALIDATION_PORT, kinds)
    if not edges:
        return None, ()
    path = _path_to(graph, node, VALIDATION_PORT, kinds)
    pointer = json_pointer("edges", edges[0].index)
    if path.source is None:
        message = "Connect a dataset to the path that ends at the validation port."
        return None, path.findings or (Finding(pointer, "connect_dataset", "todo", message),)
    same = training.source is not None and path.source.id == training.source.id
    form = PlainValidation(dataset=None if same else path.dataset, steps=path.steps)
    # Validation rows go through the steps that were fitted on training rows; others cannot be honoured.
    own, trained = _transforms(path, kinds), _transforms(training, kinds)
    if own and own != trained:
        message = (
            "The validation rows pass other preparation nodes than the training rows, but they are prepared "
            "as those are: connect them before the preparation nodes, or through nodes that are set alike."
        )
        return form, (Finding(pointer, "validation_path_differs", "error", message),)
    return form, ()


def _same_rows(graph: Graph, node: Node, form: PlainForm, kinds: NodeKinds) -> Iterator[Finding]:
    if same_rows_at_both_ports(form, kinds):
        edge = edges_into(graph, node, VALIDATION_PORT, kinds)[0]
        yield Finding(json_pointer("edges", edge.index), SAME_ROWS, "warning", SAME_ROWS_SENTENCE)


def _transforms(path: _DataPath, kinds: NodeKinds) -> list[str]:
    # Splitters pick rows, and samplers never see rows that judge: neither prepares validation rows.
    return [
        fingerprint(integral_numbers([step.kind, step.config]))
        for step in path.steps
        if kinds[step.kind].fold_policy not in ("splitter", "sampler")
    ]


def _targets(
    graph: Graph, node: Node, training: _DataPath, kinds: NodeKinds
) -> tuple[tuple[PlainTarget, ...], tuple[Finding, ...]]:
    fed = {edge.target for edge in graph.outgoing(node.id) if _gives_params(edge.source_handle, node, kinds)}
    models = [
        (graph.nodes[item], kinds[graph.nodes[item].type])
        for item in sorted(fed)
        if item in graph.nodes and _is_model(graph.nodes[item], kinds)
    ]
    targets = tuple(_target(graph, item, kind, training, kinds) for item, kind in models)
    if not targets:
        unknown = [graph.nodes[item] for item in sorted(fed) if item in graph.nodes]
        return (), tuple(_unknown_kind(item) for item in unknown if item.type not in kinds)
    named = {item.id: name for item, kind in models if (name := _model_name(item, kind)) is not None}
    first, *others = named or [""]
    other = next((item for item in others if named[item] != named[first]), None)
    unwritable = tuple(_no_place(item, kind) for item, kind in models if not _has_place(kind))
    if other is None:
        return targets, unwritable
    one, two = graph.nodes[first], graph.nodes[other]
    message = (
        f"The best parameters feed two models of different types: '{one.label}' ({one.id}) is "
        f"{named[first]}, '{two.label}' ({two.id}) is {named[other]}. "
        "Connect models of one type, or use two tuning nodes."
    )
    differ = Finding(json_pointer("nodes", two.index), "models_differ", "error", message)
    return targets, (differ, *unwritable)


def _has_place(kind: NodeKindSpec) -> bool:
    return kind.params_path is not None or bool(kind.config_paths)


def _no_place(node: Node, kind: NodeKindSpec) -> Finding:
    message = (
        f"The best parameters cannot be written onto '{node.label}': its kind '{kind.type}' does not say by "
        "'params_path' where they stand. The result is stored and can be copied from there."
    )
    return Finding(json_pointer("nodes", node.index), "no_params_path", "warning", message)


def _gives_params(handle: str | None, node: Node, kinds: NodeKinds) -> bool:
    port = next((port for port in kinds[node.type].outputs if port.id == handle), None)
    return port is not None and port.type == "params"


def _is_model(node: Node, kinds: NodeKinds) -> bool:
    return node.type in kinds and kinds[node.type].fold_policy == "model"


def _target(
    graph: Graph, node: Node, kind: NodeKindSpec, training: _DataPath, kinds: NodeKinds
) -> PlainTarget:
    path = _path_to(graph, node, table_input(kind), kinds)
    # A model whose data is not connected yet has no other path; it has none.
    differs = path.source is not None and training.source is not None and path.key() != training.key()
    return PlainTarget(
        node_id=node.id,
        kind=node.type,
        params=_params(node, kind),
        number_types=dict(object_at(node.data, kind.number_types_path)),
        path_differs=differs,
    )


def _model(targets: tuple[PlainTarget, ...], graph: Graph, kinds: NodeKinds) -> PlainModel | None:
    for target in targets:
        node = graph.nodes[target.node_id]
        name = _model_name(node, kinds[node.type])
        if name is not None:
            return PlainModel(type=name, params=target.params, number_types=target.number_types)
    return None


def _model_name(node: Node, kind: NodeKindSpec) -> str | None:
    if kind.model_key is not None and kind.model_key.startswith("="):
        return kind.model_key[1:]
    name = _text_at(node, kind.model_key)
    return None if name is None else kind.model_names.get(name, name)


def _params(node: Node, kind: NodeKindSpec) -> dict[str, Any]:
    params = dict(object_at(node.data, kind.params_path))
    apart = {name: value_at(node.data, pointer) for name, pointer in kind.config_paths.items()}
    return params | {name: value for name, value in apart.items() if value is not MISSING}


def _text_at(node: Node, pointer: str | None) -> str | None:
    value = MISSING if pointer is None else value_at(node.data, pointer)
    return value if isinstance(value, str) and value else None
