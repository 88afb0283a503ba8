"""Every check that the canvas makes when an edge is drawn, made again: ports, types, numbers, cycles.

What a node's configuration says is not checked here (`registry.validation`).
"""

from collections import Counter, deque
from collections.abc import Iterator

from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.graph_document import Edge, Graph
from hyperparameter_tuning.shared.graph_ports import input_port, output_port
from hyperparameter_tuning.shared.held_out_rows import CODE as TEST_ROWS
from hyperparameter_tuning.shared.held_out_rows import is_test_output, refusal
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec, PortSpec, types_match


def check_graph(graph: Graph, kinds: NodeKinds) -> list[Finding]:
    """Check every edge of a graph.

    Args:
        graph: The graph.
        kinds: Node kinds by type; edges at nodes of other kinds are opaque.

    Returns:
        Errors with pointers into the graph document.
    """
    findings = [finding for edge in graph.edges if (finding := _check_edge(edge, graph, kinds)) is not None]
    return [*findings, *_too_many(graph, kinds), *_cycles(graph), *_test_rows(graph, kinds)]


def _check_edge(edge: Edge, graph: Graph, kinds: NodeKinds) -> Finding | None:
    source, target = graph.nodes.get(edge.source), graph.nodes.get(edge.target)
    if source is None or target is None:
        missing = edge.source if source is None else edge.target
        return _error(
            edge, "unknown_node", f"An edge names the node '{missing}', which is not on the canvas."
        )
    from_kind, to_kind = kinds.get(source.type), kinds.get(target.type)
    if from_kind is None or to_kind is None:
        return None
    output, taken = output_port(edge, from_kind), input_port(edge, to_kind)
    if output is None:
        return _no_port(edge, "sourceHandle", "output", edge.source_handle, source.label, from_kind.outputs)
    if taken is None:
        return _no_port(edge, "targetHandle", "input", edge.target_handle, target.label, to_kind.inputs)
    if types_match(output.type, taken.type):
        return None
    message = (
        f"'{output.label}' of '{source.label}' gives {output.type}, but '{taken.label}' of '{target.label}' "
        f"takes {taken.type}."
    )
    return _error(edge, "port_mismatch", message)


def _no_port(
    edge: Edge, key: str, side: str, handle: str | None, label: str, ports: tuple[PortSpec, ...]
) -> Finding:
    known = ", ".join(f"'{port.id}'" for port in ports) or "none"
    named = (
        "which output or input is meant is not said" if handle is None else f"there is no {side} '{handle}'"
    )
    message = f"An edge at '{label}' does not fit: {named}. It has {known}."
    return Finding(json_pointer("edges", edge.index, key), "unknown_handle", "error", message)


def _too_many(graph: Graph, kinds: NodeKinds) -> Iterator[Finding]:
    counts: Counter[tuple[str, str]] = Counter()
    for edge in graph.edges:
        for node_id, port in _touched(edge, graph, kinds):
            counts[node_id, port.id] += 1
            if port.max_connections is not None and counts[node_id, port.id] == port.max_connections + 1:
                label = graph.nodes[node_id].label
                message = (
                    f"'{port.label}' of '{label}' takes {port.max_connections} connection: remove the others."
                )
                yield _error(edge, "too_many_edges", message)


def _touched(edge: Edge, graph: Graph, kinds: NodeKinds) -> Iterator[tuple[str, PortSpec]]:
    source, target = graph.nodes.get(edge.source), graph.nodes.get(edge.target)
    if source is not None and source.type in kinds and (port := output_port(edge, kinds[source.type])):
        yield source.id, PortSpec(f"out:{port.id}", port.label, port.type, False, port.max_connections)
    if target is not None and target.type in kinds and (port := input_port(edge, kinds[target.type])):
        yield target.id, PortSpec(f"in:{port.id}", port.label, port.type, False, port.max_connections)


def _cycles(graph: Graph) -> list[Finding]:
    """Take nodes without open inputs away until none is left (Kahn's algorithm); the rest holds a cycle."""
    inner = [edge for edge in graph.edges if edge.source in graph.nodes and edge.target in graph.nodes]
    open_inputs = Counter(edge.target for edge in inner)
    free = deque(node_id for node_id in graph.nodes if not open_inputs[node_id])
    while free:
        for edge in graph.outgoing(free.popleft()):
            open_inputs[edge.target] -= 1
            if not open_inputs[edge.target] and edge.target in graph.nodes:
                free.append(edge.target)
    closing = next(
        (edge for edge in inner if open_inputs[edge.source] > 0 and open_inputs[edge.target] > 0), None
    )
    if closing is None:
        return []
    label = graph.nodes[closing.target].label
    return [
        _error(closing, "cycle", f"The nodes run in a circle through '{label}': remove one of its edges.")
    ]


def _test_rows(graph: Graph, kinds: NodeKinds) -> Iterator[Finding]:
    """Refuse test rows at a search, directly or through other nodes."""
    given = [edge for edge in graph.edges if _gives_test_rows(edge, graph, kinds)]
    if not given:
        return
    fed = _searches_fed(graph, kinds)
    for edge in given:
        for node_id in sorted(fed.get(edge.target, ())):
            splitter = kinds[graph.nodes[edge.source].type]
            yield _error(edge, TEST_ROWS, refusal(f"'{graph.nodes[node_id].label}'", splitter))


def _searches_fed(graph: Graph, kinds: NodeKinds) -> dict[str, set[str]]:
    """Return for each node the searches that rows from it come to; searches are few, so from them."""
    fed: dict[str, set[str]] = {}
    for search in (node_id for node_id in graph.nodes if _is(graph, node_id, kinds, "search")):
        waiting = deque([search])
        while waiting:
            current = waiting.popleft()
            if search in fed.setdefault(current, set()):
                continue
            fed[current].add(search)
            waiting.extend(
                edge.source for edge in graph.incoming(current) if _gives_table(edge, graph, kinds)
            )
    return fed


def _gives_test_rows(edge: Edge, graph: Graph, kinds: NodeKinds) -> bool:
    kind = _kind(graph, edge.source, kinds)
    port = None if kind is None else output_port(edge, kind)
    return port is not None and port.type == "table" and is_test_output(kind, port.id)


def _gives_table(edge: Edge, graph: Graph, kinds: NodeKinds) -> bool:
    kind = _kind(graph, edge.source, kinds)
    port = None if kind is None else output_port(edge, kind)
    return port is not None and port.type == "table"


def _is(graph: Graph, node_id: str, kinds: NodeKinds, policy: str) -> bool:
    kind = _kind(graph, node_id, kinds)
    return kind is not None and kind.fold_policy == policy


def _kind(graph: Graph, node_id: str, kinds: NodeKinds) -> NodeKindSpec | None:
    return kinds.get(graph.nodes[node_id].type) if node_id in graph.nodes else None


def _error(edge: Edge, code: str, message: str) -> Finding:
    return Finding(json_pointer("edges", edge.index), code, "error", message)
