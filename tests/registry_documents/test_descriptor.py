"""Descriptors: documented keys only, hashed, and live where availability is concerned."""

from dataclasses import replace

import jsonschema
import pytest

from hyperparameter_tuning.registry import offer as offers
from hyperparameter_tuning.registry.base import ModelSpec, StrategySpec
from hyperparameter_tuning.registry.defaults import BUILT_IN_STRATEGIES
from hyperparameter_tuning.registry.descriptor import (
    catalogue,
    node_descriptor,
    port_types,
    schema_hash,
    strategy_defaults,
    tuning_descriptor,
)
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.registry.schema_export import export_schema
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec
from hyperparameter_tuning.shared.settings import Settings
from tests.registry_documents.cases import codes, judged, only

KEYS = {
    "descriptor_version",
    "type",
    "type_version",
    "supported_versions",
    "display_name",
    "description",
    "icon",
    "category",
    "tags",
    "inputs",
    "outputs",
    "config_schema",
    "ui_schema",
    "default_config",
    "capabilities",
    "port_types",
    "schema_hash",
}


class TestTuningNode:
    def test_has_the_documented_keys_only(self) -> None:
        assert set(tuning_descriptor()) == KEYS | {"strategy_defaults", "strategies"}

    def test_an_editor_sees_where_test_rows_leave_and_where_they_may_not_come(self) -> None:
        held_out = {
            (kind["type"], port["id"]) for kind in catalogue() for port in kind["outputs"] if port["held_out"]
        }
        refusing = {
            (kind["type"], port["id"])
            for kind in catalogue()
            for port in kind["inputs"]
            if port["refuses_held_out"]
        }
        assert held_out == {("split", "test")}
        assert refusing == {("hyperparameter_tuning", "dataset"), ("hyperparameter_tuning", "validation")}

    def test_names_its_ports(self) -> None:
        document = tuning_descriptor()
        assert [(port["id"], port["type"], port["required"]) for port in document["inputs"]] == [
            ("dataset", "table", True),
            ("validation", "table", False),
        ]
        assert [(port["id"], port["type"]) for port in document["outputs"]] == [
            ("best_params", "params"),
            ("tuned_model", "model.trained"),
            ("trials", "table"),
            ("report", "report"),
        ]

    def test_its_default_fits_its_schema(self) -> None:
        document = tuning_descriptor()
        jsonschema.validate(document["default_config"], document["config_schema"])
        assert document["default_config"] == document["strategy_defaults"]["random"]
        assert document["display_name"] == "Tune hyperparameters"

    def test_an_answer_is_the_callers_own(self) -> None:
        tuning_descriptor()["strategies"].clear()
        assert tuning_descriptor()["strategies"]

    def test_settings_restrict_and_reorder_the_strategies(self) -> None:
        document = tuning_descriptor(settings=Settings(strategies=("grid", "optuna"), _env_file=None))
        assert [item["value"] for item in document["strategies"]] == ["grid", "optuna"]
        assert list(document["strategy_defaults"]) == ["grid", "optuna"]
        assert document["default_config"]["strategy"] == {"name": "grid", "racing": False}
        assert document["schema_hash"] != tuning_descriptor()["schema_hash"]


class TestAvailability:
    @pytest.fixture
    def lacking(self, monkeypatch: pytest.MonkeyPatch) -> StrategySpec:
        lacking = replace(BUILT_IN_STRATEGIES[-1], requires="a-package-that-is-not-installed")
        offer = offers.Offer(
            (*BUILT_IN_STRATEGIES[:-1], lacking),
            offers.built_in_offer().models,
            offers.built_in_offer().metrics,
        )
        monkeypatch.setattr("hyperparameter_tuning.registry.descriptor.live_offer", lambda settings: offer)
        return lacking

    def test_what_lacks_its_package_is_listed_with_the_reason_but_not_offered(
        self, lacking: StrategySpec
    ) -> None:
        document = tuning_descriptor()
        entry = next(item for item in document["strategies"] if item["value"] == lacking.value)
        assert entry["available"] is False
        assert "pip install a-package-that-is-not-installed" in entry["reason"]
        branches = document["config_schema"]["properties"]["strategy"]["oneOf"]
        assert lacking.value not in [branch["properties"]["name"]["const"] for branch in branches]
        assert lacking.value not in strategy_defaults()

    def test_exported_files_assume_it_present(self, lacking: StrategySpec) -> None:
        entry = next(
            item for item in tuning_descriptor(live=False)["strategies"] if item["value"] == lacking.value
        )
        assert entry["available"] is True
        assert entry["reason"] is None

    def test_a_saved_configuration_is_kept_and_refused_with_the_reason(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spec = replace(BUILT_IN_STRATEGIES[-1], requires="a-package-that-is-not-installed")
        monkeypatch.setattr(
            "hyperparameter_tuning.registry.tuning_case.get_strategy_spec", lambda name, settings: spec
        )
        validation = judged({"strategy": {"name": "optuna"}})
        finding = only(validation, "strategy_unavailable")
        assert (finding.pointer, finding.severity) == ("/strategy/name", "error")
        assert validation.config is not None
        assert validation.config["strategy"]["name"] == "optuna"

    def test_a_model_without_its_package_is_refused_with_the_reason(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from hyperparameter_tuning.registry.models.catalog import get_model

        def lacking(name: str, problem_type: str | None = None) -> ModelSpec:
            return replace(get_model(name, problem_type), requires="a-package-that-is-not-installed")

        monkeypatch.setattr("hyperparameter_tuning.registry.tuning_case.get_model", lacking)
        assert codes(judged({}), "error") == ["model_unavailable"]


class TestReferenceKinds:
    @pytest.mark.parametrize("kind", node_kinds())
    def test_fit_the_schema_of_descriptors(self, kind: str) -> None:
        jsonschema.validate(node_descriptor(kind), export_schema("descriptor"))

    @pytest.mark.parametrize("kind", [kind for kind in node_kinds() if kind != "hyperparameter_tuning"])
    def test_have_the_documented_keys_and_a_valid_default(self, kind: str) -> None:
        document = node_descriptor(kind)
        assert set(document) == KEYS
        jsonschema.validate(document["default_config"], document["config_schema"])
        assert len(document["ui_schema"]["rjsf"].get("oneOf", [])) == len(
            document["config_schema"].get("oneOf", [])
        )

    @pytest.mark.parametrize(
        ("kind", "field"),
        [("dataset", "target"), ("impute", "columns"), ("scale", "columns"), ("encode", "columns")],
    )
    def test_say_to_forms_which_fields_name_columns(self, kind: str, field: str) -> None:
        document = node_descriptor(kind)
        ui = document["ui_schema"]["rjsf"]
        for branch in ui.get("oneOf", [ui]):
            assert branch[field]["ui:options"] == {"role": "column"}
            others = [part for name, part in branch.items() if name != field and isinstance(part, dict)]
            assert not any("ui:options" in part for part in others)
        assert "x-form" not in str(document["config_schema"])

    def test_a_kind_of_another_shape_says_it_of_its_own_properties(self) -> None:
        kind = NodeKindSpec(
            "our.table", "Table", "source", config_path="/source", target_path="/source/label"
        )
        assert kind.names_columns("label")
        assert not kind.names_columns("target")
        assert replace(kind, column_fields=("keep",)).names_columns("keep")

    def test_stand_in_the_order_of_the_palette(self) -> None:
        assert [document["type"] for document in catalogue()] == list(node_kinds())

    def test_an_unknown_kind_gets_the_nearest(self) -> None:
        with pytest.raises(UnknownNameError, match="Did you mean 'encode'") as caught:
            node_descriptor("encoder")
        assert caught.value.code == "unknown_node_type"


class TestHash:
    def test_is_of_everything_but_itself(self) -> None:
        document = tuning_descriptor()
        assert document["schema_hash"] == schema_hash(document)
        assert schema_hash(document | {"icon": "other"}) != document["schema_hash"]

    def test_survives_a_browser_that_writes_whole_numbers(self) -> None:
        document = tuning_descriptor()
        assert document["default_config"]["budget"]["max_seconds"] == 600.0
        document["default_config"]["budget"]["max_seconds"] = 600
        assert schema_hash(document) == document["schema_hash"]


class TestPortTypes:
    def test_say_what_an_output_may_feed(self) -> None:
        types = port_types(node_kinds())
        assert types["table"] == ["any", "table"]
        assert "model.trained" in types["model.trained"]
        assert "table" not in types["params"]
        assert types["any"] == sorted(types)
