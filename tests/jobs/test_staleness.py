"""A result is stale when a run would now be another run; applying it never makes it stale."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from hyperparameter_tuning.jobs import pipelines_repository, write_back
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.reference_host import ReferenceHost, create_host
from hyperparameter_tuning.jobs.staleness import stale_results
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.validation import validate
from hyperparameter_tuning.shared.graph import parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs.factories import MODEL, succeeded

ROWS = [{"kind": "int", "name": "max_depth", "low": 1, "high": 9}]
GRAPH: dict[str, Any] = {
    "graph_version": 1,
    "nodes": [
        {"id": "data", "type": "dataset", "data": {"config": {"source": "sample", "name": "iris"}}},
        {"id": "scale", "type": "scale", "data": {"config": {"method": "standard", "columns": []}}},
        {
            "id": "tune",
            "type": "hyperparameter_tuning",
            "data": {"config": {"target": "species", "search_space": ROWS, "write_back": {"mode": "auto"}}},
        },
        {
            "id": "model",
            "type": "model",
            "data": {"config": {"model": MODEL, "params": {"max_depth": 1}, "number_types": {}}},
        },
    ],
    "edges": [
        {
            "id": f"{source}-{target}",
            "source": source,
            "sourceHandle": out,
            "target": target,
            "targetHandle": into,
        }
        for source, out, target, into in (
            ("data", "dataset", "scale", "dataset"),
            ("scale", "dataset", "tune", "dataset"),
            ("tune", "best_params", "model", "params"),
        )
    ],
}


def config_of(graph: dict[str, Any], node_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(node for node in graph["nodes"] if node["id"] == node_id)["data"]["config"]
    return found


@pytest.fixture
async def host(sqlite_settings: Settings):
    made = create_host(sqlite_settings)
    yield made
    await made.close()


@pytest.fixture
async def tuned(sqlite_settings: Settings, host: ReferenceHost) -> dict[str, Any]:
    """The graph after a run whose result and parameters were written."""
    db: Database = host.database
    target = (await host.datasets.summary(config_of(GRAPH, "data"))).columns[-1].name
    graph = deepcopy(GRAPH)
    config_of(graph, "tune")["target"] = target
    stored = await db.run(lambda session: pipelines_repository.create(session, graph))
    plain, _ = plain_form(parse_graph(graph), "tune", node_kinds())
    summary = await host.datasets.summary(plain.dataset or {})
    judged = validate(config_of(graph, "tune"), plain, summary, settings=sqlite_settings)
    assert judged.task is not None, judged.findings
    job = await succeeded(
        db,
        graph_ref=stored.id,
        config=judged.config,
        plain=plain.model_dump(mode="json"),
        data_summary=summary,
        write_back_mode="auto",
    )
    patches = await write_back.deliver(db, host, job.id)
    assert [patch.state for patch in patches] == ["applied", "applied"]
    return deepcopy(dict((await host.graphs.load(stored.id)).graph))


class TestStaleResults:
    async def test_a_fresh_and_applied_result_is_not_stale(self, tuned, host, sqlite_settings) -> None:
        assert config_of(tuned, "model")["params"] == {"max_depth": 7}
        assert await stale_results(tuned, host.datasets, sqlite_settings) == {"tune": False}

    async def test_a_node_without_a_result_has_nothing_to_mark(self, host, sqlite_settings) -> None:
        assert await stale_results(GRAPH, host.datasets, sqlite_settings) == {}

    @pytest.mark.parametrize(
        ("change", "stale"),
        [
            (lambda graph: config_of(graph, "model")["params"].update(max_depth=3), False),
            (lambda graph: graph["nodes"][0].update(position={"x": 5, "y": 5}), False),
            (lambda graph: config_of(graph, "tune").update(write_back={"mode": "off"}), False),
            (lambda graph: config_of(graph, "model")["params"].update(criterion="entropy"), True),
            (lambda graph: config_of(graph, "model").update(model="random_forest_classifier"), True),
            (lambda graph: config_of(graph, "scale").update(method="min_max"), True),
            (lambda graph: config_of(graph, "tune").update(budget={"max_trials": 7}), True),
            (lambda graph: config_of(graph, "data").update(name="wine"), True),
            (lambda graph: config_of(graph, "data").update(name="nothing-of-the-kind"), True),
            (lambda graph: graph["edges"].pop(0), True),
        ],
    )
    async def test_only_what_the_result_depends_on_counts(
        self, tuned, host, sqlite_settings, change: Callable[[dict[str, Any]], None], stale: bool
    ) -> None:
        change(tuned)
        assert await stale_results(tuned, host.datasets, sqlite_settings) == {"tune": stale}
