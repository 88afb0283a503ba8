"""The chain of versions of one kind: steps follow one another, and newer ones open read-only."""

import json
from dataclasses import replace
from typing import Any

import pytest

from hyperparameter_tuning.node.manifest import manifest
from hyperparameter_tuning.registry.descriptor import tuning_descriptor
from hyperparameter_tuning.registry.migrations.chain import STEPS
from hyperparameter_tuning.registry.migrations.graph_migration import MigratedGraph, migrate_graph
from hyperparameter_tuning.registry.migrations.migrated import Migrated
from hyperparameter_tuning.registry.migrations.steps import Step
from hyperparameter_tuning.registry.node_kinds import node_kinds
from tests.registry_versions.opened_graphs import edge, node, opened
from tests.registry_versions.saved import saved

KIND = "hyperparameter_tuning"


def versioned(version: Any, **config: Any) -> dict[str, Any]:
    node = {"id": "a", "type": KIND, "data": {"type_version": version, "config": config}}
    return {"nodes": [node], "edges": [{"id": "e", "source": "b", "target": "a", "targetHandle": "rows"}]}


class TestChain:
    """The chain as later versions will use it, with made steps."""

    KINDS = node_kinds() | {KIND: replace(node_kinds()[KIND], type_version=3)}
    STEPS = (
        Step(KIND, 1, lambda data: Migrated({**data, "one": 1}, ("First.",)), inputs={"rows": "table"}),
        Step(
            KIND,
            2,
            lambda data: Migrated({**data, "two": data["one"] + 1}, ("Second.",)),
            inputs={"table": "dataset"},
        ),
    )

    def test_steps_follow_each_other_and_take_edges_along(self) -> None:
        graph = migrate_graph(versioned(1), self.KINDS, self.STEPS)
        assert graph.document["nodes"][0]["data"] == {"type_version": 3, "config": {}, "one": 1, "two": 2}
        assert graph.document["edges"][0]["targetHandle"] == "dataset"
        (node,) = graph.migrated
        assert node.as_document() == {
            "node_id": "a",
            "type": KIND,
            "from_version": 1,
            "to_version": 3,
            "notes": ["First.", "Second."],
        }

    def test_version_0_goes_all_the_way(self) -> None:
        graph = migrate_graph(saved("version_0_canvas"), self.KINDS, (*STEPS, *self.STEPS))
        assert node(graph.document, "node-6")["data"]["two"] == 2
        assert edge(graph.document, "e8")[3] == "dataset"

    def test_a_missing_step_is_an_error_and_the_node_stays(self) -> None:
        document = versioned(1)
        graph = migrate_graph(document, self.KINDS, self.STEPS[1:])
        assert graph.document is document
        assert [(item.code, item.pointer) for item in graph.findings] == [
            ("older_version", "/nodes/0/data/type_version")
        ]


class TestVersions:
    def test_none_is_version_one(self) -> None:
        document = {"nodes": [{"id": "a", "type": KIND, "data": {"config": {}}}]}
        assert opened(document) == MigratedGraph(document)

    def test_a_newer_one_is_named_and_not_touched(self) -> None:
        document = versioned(2, search_strategy="of the future")
        graph = opened(document)
        assert graph.document is document
        (finding,) = graph.findings
        assert (finding.pointer, finding.code, finding.severity) == (
            "/nodes/0/data/type_version",
            "newer_version",
            "error",
        )
        assert "read-only" in finding.message

    @pytest.mark.parametrize("wrong", ["2", -1, 1.5, True, False, []])
    def test_what_is_no_version_is_named(self, wrong: Any) -> None:
        (finding,) = opened(versioned(wrong)).findings
        assert finding.code == "invalid_type_version"

    def test_a_browser_may_write_it_as_a_float(self) -> None:
        assert opened(versioned(json.loads("1.0"))).findings == ()


def test_the_descriptor_and_the_manifest_say_which_versions_open() -> None:
    (announced,) = manifest()["nodes"]
    assert tuning_descriptor()["supported_versions"] == announced["supported_versions"] == [0, 1]
