"""Which port an edge touches; a canvas may leave the handle out where a node has one port only."""

from hyperparameter_tuning.shared.graph_document import Edge, Graph, Node
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec, PortSpec, types_match


def output_port(edge: Edge, kind: NodeKindSpec) -> PortSpec | None:
    """Return the output that *edge* leaves a node of *kind* by, or None when there is no such output."""
    return _port(edge.source_handle, kind.outputs)


def input_port(edge: Edge, kind: NodeKindSpec) -> PortSpec | None:
    """Return the input that *edge* enters a node of *kind* by, or None when there is no such input."""
    return _port(edge.target_handle, kind.inputs)


def edges_into(graph: Graph, node: Node, port_id: str, kinds: NodeKinds) -> tuple[Edge, ...]:
    """Return the edges that enter *node* by one of its inputs, in the document's order."""
    kind = kinds.get(node.type)
    if kind is None:
        return ()
    entering = ((edge, input_port(edge, kind)) for edge in graph.incoming(node.id))
    return tuple(edge for edge, port in entering if port is not None and port.id == port_id)


def table_input(kind: NodeKindSpec) -> str:
    """Return the id of the input by which data enters a node of *kind*: the first that takes a table."""
    return next((port.id for port in kind.inputs if types_match("table", port.type)), "")


def _port(handle: str | None, ports: tuple[PortSpec, ...]) -> PortSpec | None:
    if handle is None:
        return ports[0] if len(ports) == 1 else None
    return next((port for port in ports if port.id == handle), None)
