"""The door to graphs: reading a graph document, and checking its edges.

Paths through a graph are in `shared.graph_paths`, changes of it in `shared.patches`.
"""

from hyperparameter_tuning.shared.graph_checks import check_graph
from hyperparameter_tuning.shared.graph_document import Edge, Graph, Node, parse_graph

__all__ = ["Edge", "Graph", "Node", "check_graph", "parse_graph"]
