"""Node kinds for the tests of this room: small, and one of them a host's own."""

from typing import Any

from hyperparameter_tuning.shared.node_kinds import NodeKindSpec, PortSpec

_STEPS = "hyperparameter_tuning.shared.preparation_steps"


def _in(port_id: str, port_type: str = "table", limit: int | None = 1) -> PortSpec:
    return PortSpec(port_id, port_id.title(), port_type, max_connections=limit)


def _out(port_id: str, port_type: str = "table") -> PortSpec:
    return PortSpec(port_id, port_id.title(), port_type, max_connections=None)


def _step(name: str) -> NodeKindSpec:
    return NodeKindSpec(
        name,
        name,
        "transformer",
        inputs=(_in("dataset"),),
        outputs=(_out("dataset"),),
        builder=f"{_STEPS}:{name}",
    )


_MODEL = {"inputs": (_in("dataset"), _in("params", "params")), "outputs": (_out("model", "model.trained"),)}

KINDS = {
    kind.type: kind
    for kind in (
        NodeKindSpec(
            "dataset", "Dataset", "source", outputs=(_out("dataset"),), target_path="/config/target"
        ),
        NodeKindSpec(
            "split",
            "Split",
            "splitter",
            inputs=(_in("dataset"),),
            outputs=(_out("train"), _out("validation"), _out("test")),
        ),
        *(_step(name) for name in ("impute", "scale", "encode", "select_features", "reduce")),
        NodeKindSpec("outliers", "Outliers", "unsafe", inputs=(_in("rows"),), outputs=(_out("rows"),)),
        NodeKindSpec(
            "model",
            "Model",
            "model",
            model_key="/config/model",
            params_path="/config/params",
            number_types_path="/config/number_types",
            **_MODEL,
        ),
        NodeKindSpec(
            "ridge_node",
            "Ridge",
            "model",
            model_key="=ridge_regression",
            params_path="/config/settings",
            config_paths={"alpha": "/strength"},
            **_MODEL,
        ),
        NodeKindSpec(
            "hyperparameter_tuning",
            "Tune",
            "search",
            inputs=(_in("dataset"), _in("validation")),
            outputs=(_out("best_params", "params"), _out("tuned_model", "model.trained"), _out("trials")),
        ),
    )
}


def node(node_id: str, kind: str, config: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    return {
        "id": node_id,
        "type": kind,
        "position": {"x": 0, "y": 0},
        "data": {"label": node_id.title(), "type_version": 1, "config": config or {}, **data},
    }


def edge(source: str, target: str) -> dict[str, Any]:
    """An edge written as ``node.port``; without a port the handle is null."""
    from_node, _, from_port = source.partition(".")
    to_node, _, to_port = target.partition(".")
    return {
        "id": f"{source}-{target}",
        "source": from_node,
        "target": to_node,
        "sourceHandle": from_port or None,
        "targetHandle": to_port or None,
    }


def graph(nodes: list[dict[str, Any]], edges: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "graph_version": 1,
        "revision": 3,
        "nodes": nodes,
        "edges": [edge(*ends) for ends in edges],
        "viewport": {"x": 0, "y": 0, "zoom": 1},
    }
