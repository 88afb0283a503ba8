"""Canvases as large hosts have them pass through quickly and whole; configurations do not get to be so."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.jobs.reference_host import PipelineGraphs
from hyperparameter_tuning.registry.migrations.graph_migration import migrate_graph
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.graph import check_graph, parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form
from tests.acceptance.graphs import edge, node, tuning_graph
from tests.node.conftest import DIABETES, JOBS, Store
from tests.node.test_bad_input import assert_problem

ROW = {"kind": "float", "low": 0, "high": 1}
VALIDATE = "/nodes/hyperparameter_tuning/validate"


def nested(depth: int) -> Any:
    value: Any = [1.0, 1, None, "ünïcode \u2028", 12345678901234567890]
    for level in range(depth):
        value = {"inner": value, "level": level} if level % 2 else [value]
    return value


def foreign_graph(megabytes: float) -> dict[str, Any]:
    """A small tuning graph among hundreds of foreign nodes with opaque data, 60 levels deep."""
    graph = tuning_graph(DIABETES, "ridge_regression", params={"alpha": 2.0})
    table = {f"column {index}": [index, index / 2, "text" * 8, True] for index in range(200)}
    opaque = {"table": table, "deep": nested(55)}
    n_nodes = int(megabytes * 1e6 / (len(json.dumps(opaque)) + 80))
    graph["nodes"] += [
        {"id": f"foreign-{index}", "type": "their.kind", "data": opaque, "measured": {"width": 1.5}}
        for index in range(n_nodes)
    ]
    graph["edges"] += [edge(f"foreign-{index}", f"foreign-{index + 1}") for index in range(n_nodes - 1)]
    return graph | {"their": {"settings": nested(20)}}


def seconds(work: Callable[[], Any]) -> float:
    """Processor time, since other work on the machine is not ours."""
    started = time.process_time()
    work()
    return time.process_time() - started


class TestForeignGraphs:
    def test_one_of_8_megabytes_is_saved_opened_judged_run_and_patched_whole(
        self, client: httpx.Client, store: Store
    ) -> None:
        graph = foreign_graph(7.9)
        assert len(graph["nodes"]) > 300
        created = client.post("/pipelines", json={"graph": graph})
        assert created.status_code == 201, created.text[:500]
        ref = created.json()["id"]
        job = client.post(JOBS, json={"pipeline_id": ref})
        assert job.status_code == 202, job.text[:500]
        judged = client.post(VALIDATE, json={"graph": graph, "node_id": "tune"})
        assert judged.json()["findings"] == []
        change = {"op": "set", "node_id": "model", "path": "/data/config/params/alpha", "value": 7.0}
        patch = {"patch_id": "p", "ops": [change]}
        store(lambda database: PipelineGraphs(database).apply(ref, patch))
        opened = client.get(f"/pipelines/{ref}").json()["graph"]
        expected = {**graph, "revision": 2}
        next(item for item in expected["nodes"] if item["id"] == "model")["data"]["config"]["params"][
            "alpha"
        ] = 7.0
        assert json.dumps(opened) == json.dumps(expected)

    def test_one_that_is_larger_is_refused(self, client: httpx.Client) -> None:
        answer = client.post("/pipelines", json={"graph": foreign_graph(9.5)})
        assert_problem(answer, 413, "body_too_large")

    @pytest.mark.parametrize(
        ("config", "status", "code"),
        [
            ({"strategy": nested(25)}, 400, "too_deep"),
            ({"search_space": [ROW | {"name": f"p{index}"} for index in range(51)]}, 422, "too_many_items"),
            ({"objective": {"metric": "m" * 257}}, 422, "too_long"),
            ({"fixed_params": ["x" * 200] * 6000}, 422, "too_large"),
        ],
    )
    def test_a_configuration_as_large_is_not_looked_at_even_in_a_graph(
        self, client: httpx.Client, config: dict[str, Any], status: int, code: str
    ) -> None:
        graph = tuning_graph(DIABETES, "ridge_regression", config=config)
        assert_problem(client.post(JOBS, json={"graph": graph}), status, code)


class TestManyNodes:
    def test_two_thousand_are_migrated_checked_and_walked_in_a_moment(self) -> None:
        kinds = node_kinds()
        steps = [("split" if index % 2 else "scale") for index in range(2000)]
        names = ["data", *(f"step-{index}" for index in range(2000)), "tune"]
        nodes = [node("data", "dataset", **DIABETES)]
        nodes += [node(name, kind) for name, kind in zip(names[1:-1], steps, strict=True)]
        nodes.append(node("tune", "hyperparameter_tuning"))
        handles = ["dataset", *("test" if kind == "split" else "dataset" for kind in steps)]
        edges = [edge(names[i], names[i + 1], handles[i]) for i in range(len(names) - 1)]
        document = {"nodes": nodes, "edges": edges}

        def whole() -> None:
            present = migrate_graph(document, kinds)
            graph = parse_graph(present.document)
            findings = check_graph(graph, kinds)
            assert {item.code for item in findings} == {"test_rows_in_search"}
            assert len(plain_form(graph, "tune", kinds)[0].steps) == 2000

        assert min(seconds(whole) for _ in range(2)) < 1.0
