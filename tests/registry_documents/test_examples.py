"""The packaged example graphs, read as a host reads them, have nothing to complain of."""

import json
from pathlib import Path

import jsonschema
import pytest

from hyperparameter_tuning.frontend_schema import folder
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.schema_export import export_schema
from hyperparameter_tuning.registry.validation import validate
from hyperparameter_tuning.shared.data import read_table, summarise
from hyperparameter_tuning.shared.graph import parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form, tuning_nodes
from tests.registry_documents.cases import SETTINGS

EXAMPLES = sorted((folder() / "examples").glob("*.json"))


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
class TestExamples:
    def test_are_valid_and_can_run(self, path: Path) -> None:
        graph, kinds = parse_graph(json.loads(path.read_text())), node_kinds()
        for node_id in tuning_nodes(graph, kinds):
            plain, findings = plain_form(graph, node_id, kinds)
            assert findings == ()
            assert plain.dataset is not None
            summary = summarise(read_table(plain.dataset, SETTINGS))
            validation = validate(graph.nodes[node_id].data["config"], plain, summary, settings=SETTINGS)
            assert validation.findings == ()
            assert validation.task is not None

    def test_fit_the_published_schemas(self, path: Path) -> None:
        document = json.loads(path.read_text())
        jsonschema.validate(document, export_schema("graph"))
        for node in document["nodes"]:
            name = "config" if node["type"] == "hyperparameter_tuning" else node["type"]
            jsonschema.validate(node["data"]["config"], export_schema(name))


def test_there_are_examples() -> None:
    assert {path.stem for path in EXAMPLES} >= {"penguins", "diabetes", "breast_cancer", "wine_sql"}
