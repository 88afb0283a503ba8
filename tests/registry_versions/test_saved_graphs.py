"""Every released version opens: nodes and edges are all there, and what they said is what they say now."""

from dataclasses import replace
from typing import Any

import pytest

from hyperparameter_tuning.registry.migrations.chain import oldest_version
from hyperparameter_tuning.registry.migrations.graph_migration import MigratedGraph, migrate_graph
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.graph import check_graph, parse_graph
from hyperparameter_tuning.shared.graph_paths import plain_form
from hyperparameter_tuning.shared.plain_form import PlainForm
from tests.registry_versions.opened_graphs import edge, node, opened
from tests.registry_versions.saved import NAMES, TUNING_NODES, saved


def plain(name: str) -> PlainForm:
    return plain_form(parse_graph(opened(saved(name)).document), TUNING_NODES[name], node_kinds())[0]


def notes(graph: MigratedGraph, node_id: str) -> str:
    return " ".join(next(item for item in graph.migrated if item.node_id == node_id).notes)


class TestEveryVersion:
    def test_each_released_version_has_a_fixture(self) -> None:
        assert set(TUNING_NODES) == set(NAMES)
        versions = range(
            oldest_version("hyperparameter_tuning"), node_kinds()["hyperparameter_tuning"].type_version + 1
        )
        assert [any(name.startswith(f"version_{version}") for name in NAMES) for version in versions] == [
            True,
            True,
        ]

    @pytest.mark.parametrize("name", NAMES)
    def test_it_opens_without_findings(self, name: str) -> None:
        graph = opened(saved(name))
        assert graph.findings == ()
        assert check_graph(parse_graph(graph.document), node_kinds()) == []

    @pytest.mark.parametrize("name", NAMES)
    def test_opening_twice_changes_nothing(self, name: str) -> None:
        once = opened(saved(name)).document
        assert opened(once).document is once

    @pytest.mark.parametrize("name", NAMES)
    def test_what_came_in_is_not_changed(self, name: str) -> None:
        document = saved(name)
        opened(document)
        assert document == saved(name)

    def test_the_present_version_is_the_same_object(self) -> None:
        document = saved("version_1")
        graph = opened(document)
        assert (graph.document is document, graph.migrated) == (True, ())

    @pytest.mark.parametrize("name", ["version_0_canvas", "version_0_later_canvas"])
    def test_no_node_and_no_edge_is_lost_and_foreign_keys_stay(self, name: str) -> None:
        before, after = saved(name), opened(saved(name)).document
        assert {item["id"] for item in before["nodes"]} <= {item["id"] for item in after["nodes"]}
        assert [item["id"] for item in before["edges"]] == [item["id"] for item in after["edges"]]
        for old in before["nodes"]:
            new = node(after, old["id"])
            kept = {key: value for key, value in old["data"].items() if key != "config"}
            assert kept.items() <= new["data"].items()
            assert (new["position"], set(old) <= set(new)) == (old["position"], True)
        assert {key: after[key] for key in before if key not in ("nodes", "edges")} == {
            key: before[key] for key in before if key not in ("nodes", "edges")
        }


class TestOlderCanvas:
    def test_the_path_of_its_rows(self) -> None:
        form = plain("version_0_canvas")
        assert form.dataset == {"source": "file", "path": "penguins.csv", "target": "species"}
        assert [(step.kind, step.output) for step in form.steps] == [
            ("split", "train"),
            ("encode", None),
            ("split", "train"),
            ("impute", None),
            ("scale", None),
        ]
        assert form.steps[2].config == {
            "test_size": 0.2,
            "validation_size": 0.2,
            "shuffle": True,
            "stratify": "auto",
            "seed": 7,
        }
        assert form.steps[4].config == {"method": "robust", "columns": ["bill_length_mm", "body_mass_g"]}

    def test_lanes_of_rows_get_nodes_that_are_set_alike(self) -> None:
        form = plain("version_0_canvas")
        assert form.validation is not None
        ids = [step.node_id for step in form.validation.steps]
        assert ids[-2:] == ["node-4-validation", "node-5-validation"]
        assert [step.config for step in form.validation.steps] == [step.config for step in form.steps]
        graph = opened(saved("version_0_canvas"))
        assert edge(graph.document, "e7") == ("node-4-validation", "dataset", "node-5-validation", "dataset")
        assert node(graph.document, "node-5-validation")["data"]["label"] == "Scale (validation)"
        assert "side by side" in notes(graph, "node-5")

    def test_handles_are_renamed_and_unknown_ones_stay(self) -> None:
        document = opened(saved("version_0_canvas")).document
        assert edge(document, "e8") == ("node-5", "dataset", "node-6", "dataset")
        assert edge(document, "e9") == ("node-5-validation", "dataset", "node-6", "validation")
        assert edge(document, "e11") == ("node-6", "best_params", "node-7", "params")
        assert edge(document, "e12") == ("node-7", "model", "node-8", "node-8-models-in")
        assert next(item for item in document["edges"] if item["id"] == "e12")["note"] == "kept"

    def test_a_handle_that_no_step_knows_is_kept_and_flagged(self) -> None:
        document = saved("version_0_canvas")
        document["edges"][7]["targetHandle"] = "node-6-odd-in"
        after = opened(document).document
        assert edge(after, "e8") == ("node-5", "dataset", "node-6", "node-6-odd-in")
        (finding,) = check_graph(parse_graph(after), node_kinds())
        assert (finding.code, finding.pointer) == ("unknown_handle", "/edges/7/targetHandle")

    def test_the_model_node_holds_its_parameters(self) -> None:
        form = plain("version_0_canvas")
        assert form.model is not None
        assert form.model.type == "random_forest_classifier"
        assert form.model.params == {
            "n_estimators": 40,
            "max_depth": None,
            "max_features": "sqrt",
            "min_samples_leaf": 2,
        }

    def test_a_node_without_counterpart_is_kept_and_told(self) -> None:
        graph = opened(saved("version_0_canvas"))
        assert node(graph.document, "node-8") == node(saved("version_0_canvas"), "node-8")
        assert "no counterpart of 'model_evaluation'" in notes(graph, "node-8")
        assert next(item for item in graph.migrated if item.node_id == "node-8").to_version is None

    def test_what_the_node_was_is_kept_with_its_other_searches(self) -> None:
        data = node(opened(saved("version_0_canvas")).document, "node-6")["data"]
        assert data["migrated_from"]["config"] == node(saved("version_0_canvas"), "node-6")["data"]["config"]
        assert data["config"]["strategy"] == {"name": "random"}

    def test_the_implied_dataset_node_is_added(self) -> None:
        document = saved("version_0_canvas")
        del document["nodes"][0]
        after = opened(document).document
        assert node(after, "dataset-source")["data"]["config"] == {
            "target": "species",
            "source": "file",
            "path": "penguins.csv",
        }


class TestLaterForms:
    def test_a_training_node_in_tuning_mode_is_a_tuning_node(self) -> None:
        data = node(opened(saved("version_0_later_canvas")).document, "classification-c0de")["data"]
        assert (data["config"]["model"], data["config"]["target"]) == ("logistic_regression", "species")
        assert data["n_trials"] == 3

    def test_a_training_node_in_fixed_mode_is_a_model_node(self) -> None:
        document = saved("version_0_later_canvas")
        document["nodes"][-1]["data"] |= {"run_mode": "basic", "hyperparameters": {"C": 2, "penalty": "l1"}}
        after = node(opened(document).document, "classification-c0de")
        assert after["type"] == "model"
        assert after["data"]["config"]["params"] == {"C": 2, "l1_ratio": 1.0}

    def test_the_converters_output_becomes_a_canvas(self) -> None:
        form = plain("version_0_pipeline")
        assert [step.kind for step in form.steps] == ["impute", "encode", "scale"]
        assert form.steps[2].config == {"method": "minmax", "columns": ["flipper_length_mm"]}
        document = opened(saved("version_0_pipeline")).document
        assert document["pipeline_id"] == "penguins_0011aabb"
        assert [item["source"] for item in document["edges"]] == ["data", "filled", "prepared", "scale"]


class TestPreparation:
    @pytest.mark.parametrize(
        ("data", "kind", "expected"),
        [
            (
                {"definitionType": "imputation_node", "strategy": "constant", "fill_value": 0},
                "impute",
                {"numeric": "constant", "numeric_fill_value": 0, "columns": []},
            ),
            (
                {
                    "definitionType": "SimpleImputer",
                    "strategy": "constant",
                    "fill_value": "none",
                    "columns": ["a"],
                },
                "impute",
                {
                    "numeric": "constant",
                    "numeric_fill_value": 0,
                    "categorical": "constant",
                    "categorical_fill_value": "none",
                    "columns": ["a"],
                },
            ),
            (
                {"definitionType": "encoding", "method": "dummy", "columns": ["a"]},
                "encode",
                {"method": "one_hot", "drop": "first", "columns": ["a"]},
            ),
            (
                {"catalogType": "target_encoding", "config": {"columns": ["a"], "smoothing": 20}},
                "encode",
                {"method": "target", "smooth": 20, "columns": ["a"]},
            ),
            (
                {"definitionType": "label_encoding", "columns": ["a"]},
                "encode",
                {"method": "ordinal", "columns": ["a"]},
            ),
            (
                {"definitionType": "StandardScaler", "columns": ["a"]},
                "scale",
                {"method": "standard", "columns": ["a"]},
            ),
            (
                {"definitionType": "dataset_node", "source": "sample", "name": "penguins"},
                "dataset",
                {"source": "sample", "name": "penguins"},
            ),
            ({"catalogType": "dataset-source"}, "dataset", {}),
        ],
    )
    def test_each_reference_kind(self, data: dict[str, Any], kind: str, expected: dict[str, Any]) -> None:
        after = opened({"nodes": [{"id": "a", "type": "custom", "data": data}]}).document["nodes"][0]
        assert (after["type"], after["data"]["config"]) == (kind, expected)
        allowed = node_kinds()[kind].config_schema
        assert set(expected) <= {
            key for branch in allowed.get("oneOf", [allowed]) for key in branch["properties"]
        }

    @pytest.mark.parametrize(
        "data",
        [
            {"definitionType": "imputation_node", "method": "knn", "n_neighbors": 7},
            {"catalogType": "imputation_methods", "config": {"strategies": []}},
            {"catalogType": "imputation_methods", "config": {"strategies": [{"method": "mice"}]}},
            {"definitionType": "encoding", "method": "hash"},
            {"definitionType": "scale_numeric_features", "method": "quantile"},
        ],
    )
    def test_what_a_reference_kind_cannot_say_stays(self, data: dict[str, Any]) -> None:
        others = {
            "id": "d",
            "type": "custom",
            "data": {"definitionType": "dataset_node", "datasetId": "x.csv"},
        }
        graph = opened({"nodes": [{"id": "a", "type": "custom", "data": data}, others]})
        assert graph.document["nodes"][0] == {"id": "a", "type": "custom", "data": data}
        assert "no counterpart" in notes(graph, "a")

    def test_meanings_that_change_are_told(self) -> None:
        data = {
            "catalogType": "scale_numeric_features",
            "config": {"columns": [], "column_methods": {"a": "minmax"}},
        }
        graph = opened({"nodes": [{"id": "a", "type": "custom", "data": data}]})
        assert "All columns are scaled by 'standard'" in notes(graph, "a")
        assert "every numeric column" in notes(graph, "a")


class TestForeignNodes:
    @pytest.mark.parametrize(
        "foreign",
        [
            {"id": "a", "type": "regression", "data": {"model_type": "x", "hyperparameters": {}}},
            {"id": "a", "type": "custom", "data": {"catalogType": "their_own_kind"}},
            {"id": "a", "type": "dataset", "data": {"config": {"source": "sample", "name": "wine"}}},
            {"id": "a", "type": "custom", "data": {"catalogType": "encoding", "type_version": 4}},
        ],
    )
    def test_a_node_of_another_host_is_never_taken_for_one_of_the_origins(self, foreign: Any) -> None:
        document = {"nodes": [foreign], "edges": []}
        graph = opened(document)
        assert (graph.document is document, graph.migrated, graph.findings) == (True, (), ())

    @pytest.mark.parametrize("rubbish", [None, [], "x", {}, {"nodes": "x"}, {"nodes": [1, None], "edges": 3}])
    def test_what_is_no_graph_is_left_to_the_parser(self, rubbish: Any) -> None:
        assert opened(rubbish).document is rubbish

    @pytest.mark.parametrize("shape", [{"config_path": "/settings"}, {"params_path": "/config/hyper"}])
    def test_a_host_of_another_node_shape_migrates_its_own(self, shape: dict[str, str]) -> None:
        kinds = {name: replace(kind, **shape) for name, kind in node_kinds().items()}  # type: ignore[arg-type]
        document = saved("version_0_later_canvas")
        assert migrate_graph(document, kinds).document is document

    def test_half_a_graph_of_the_origin_does_not_fail(self) -> None:
        origin = {
            "id": "a",
            "type": "custom",
            "data": {"catalogType": "hyperparameter_tuning", "config": None},
        }
        document = {"nodes": [origin, None, {"id": 3}], "edges": [None, {"source": "a", "target": None}]}
        assert opened(document).document["nodes"][0]["type"] == "hyperparameter_tuning"

    def test_a_tuning_node_that_is_configured_as_the_origins_is_one(self) -> None:
        data = {"config": {"search_strategy": "grid", "model_type": "ridge"}}
        after = opened({"nodes": [{"id": "a", "type": "hyperparameter_tuning", "data": data}]}).document
        assert after["nodes"][0]["data"]["config"]["strategy"] == {"name": "grid"}
