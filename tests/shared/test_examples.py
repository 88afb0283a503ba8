"""The packaged examples are graphs that a person could run at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from sklearn.dummy import DummyClassifier, DummyRegressor

from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.column_types import conform
from hyperparameter_tuning.shared.data import read_table, summarise
from hyperparameter_tuning.shared.data_roots import packaged_examples
from hyperparameter_tuning.shared.graph import check_graph, parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form, tuning_nodes
from hyperparameter_tuning.shared.preparation import build_pipeline, build_steps, unprepared
from hyperparameter_tuning.shared.settings import Settings

GRAPHS = {path.stem: json.loads(path.read_text()) for path in sorted(packaged_examples().glob("*.json"))}


def test_the_promised_examples_are_there() -> None:
    assert set(GRAPHS) == {"breast_cancer", "diabetes", "penguins", "wine_sql"}


@pytest.mark.parametrize("name", GRAPHS)
class TestEveryExample:
    def test_is_a_sound_graph(self, name: str) -> None:
        graph = parse_graph(GRAPHS[name])
        assert check_graph(graph, node_kinds()) == []
        for node_id in tuning_nodes(graph, node_kinds()):
            plain, findings = plain_form(graph, node_id, node_kinds())
            assert findings == ()
            assert plain.model is not None
            assert not any(target.path_differs for target in plain.targets)

    def test_reaches_its_model_prepared_and_can_be_fitted(self, name: str, tmp_path: Path) -> None:
        graph = parse_graph(GRAPHS[name])
        plain, _ = plain_form(graph, tuning_nodes(graph, node_kinds())[0], node_kinds())
        assert plain.dataset is not None
        assert plain.model is not None
        table = read_table(plain.dataset, Settings(data_dir=tmp_path))
        columns = summarise(table).columns
        features = [column for column in columns if column.name != plain.target]
        model = get_model(plain.model.type)
        path = build_steps(plain.steps, features, node_kinds())
        assert path.findings == ()
        assert unprepared(path.remaining, model.accepts_missing) == []
        frame = conform(table, columns)
        dummy: Any = DummyClassifier() if model.problem_type == "classification" else DummyRegressor()
        pipeline = build_pipeline(path, dummy).fit(
            frame[[column.name for column in features]], frame[plain.target]
        )
        assert len(pipeline.predict(frame)) == len(frame)

    def test_is_laid_out_from_left_to_right(self, name: str) -> None:
        places = {node["id"]: node["position"]["x"] for node in GRAPHS[name]["nodes"]}
        for edge in GRAPHS[name]["edges"]:
            assert places[edge["source"]] < places[edge["target"]]


def test_every_data_file_has_its_source_named() -> None:
    page = (packaged_examples() / "README.md").read_text()
    for path in packaged_examples().iterdir():
        if path.suffix in {".csv", ".db"}:
            assert f"- `{path.name}`" in page
