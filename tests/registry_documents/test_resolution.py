"""The form narrowed to one model: it fits the model, and loses nothing that was saved."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from hyperparameter_tuning.registry.models.catalog import get_model, model_specs
from hyperparameter_tuning.registry.offer import installed, live_offer
from hyperparameter_tuning.registry.published_config import published_config
from hyperparameter_tuning.registry.resolution import Resolution, resolve
from hyperparameter_tuning.registry.schema_subset import unsafe_keywords
from hyperparameter_tuning.registry.values import dimension_from_row, row_kinds, typed_param
from hyperparameter_tuning.shared.findings import Finding
from tests.registry_documents.cases import ENCODED, SETTINGS, codes, graph, judged
from tests.registry_documents.resolved import branches, prefilled, resolved, schema, tags
from tests.registry_documents.test_config_schema import parts

MODELS = list(model_specs())


OLD_ROW = {"kind": "float", "name": "alpha", "low": 0.1, "high": 2.0}


def branch_of(of: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    return next(branch for branch in branches(of) if tags(branch) == (kind, name))


@pytest.fixture(scope="module", params=MODELS)
def of_model(request: pytest.FixtureRequest) -> tuple[str, Resolution]:
    return request.param, resolved(
        {}, graph(request.param, steps=ENCODED if "regress" in request.param else ())
    )


@pytest.mark.parametrize("model", ["svc", "svr"])
def test_a_default_below_0_stands_for_no_limit_and_is_no_start_of_a_new_row(model: str) -> None:
    row = prefilled(branch_of(schema({}, graph(model)), "int", "max_iter"))
    assert (get_model(model).field("max_iter").default, row["low"], row["high"]) == (-1, 1, 10)


class TestEveryModel:
    def test_the_schema_keeps_to_the_safe_subset(self, of_model: tuple[str, Resolution]) -> None:
        found = of_model[1].document["config_schema"]
        assert list(unsafe_keywords(found)) == []
        assert "x-form" not in json.dumps(of_model[1].document)
        untitled = [pointer for pointer, part in parts(found) if "title" not in part]
        assert [pointer for pointer in untitled if not pointer.endswith("*")] == []

    def test_fresh_and_completed_configurations_are_valid(self, of_model: tuple[str, Resolution]) -> None:
        found = of_model[1]
        validator = jsonschema.Draft202012Validator(found.document["config_schema"])
        validator.validate(found.document["default_config"])
        validator.validate(found.judged.config)

    def test_there_is_one_branch_per_parameter_and_kind(self, of_model: tuple[str, Resolution]) -> None:
        key, found = of_model
        expected = {(kind, field.name) for field in get_model(key).fields for kind in row_kinds(field)}
        named = [tags(branch) for branch in branches(found.document["config_schema"])]
        assert len(named) == len(set(named))
        assert set(named) == expected

    def test_both_tags_are_constant_default_first_and_required(
        self, of_model: tuple[str, Resolution]
    ) -> None:
        for branch in branches(of_model[1].document["config_schema"]):
            (kind, first), (name, second), *_ = branch["properties"].items()
            assert (kind, name) == ("kind", "name")
            assert first["const"] == first["default"]
            assert second["const"] == second["default"]
            assert branch["required"][:2] == ["kind", "name"]
            assert branch["additionalProperties"] is False

    def test_a_new_row_is_filled_and_can_be_searched(self, of_model: tuple[str, Resolution]) -> None:
        key, found = of_model
        for branch in branches(found.document["config_schema"]):
            row = prefilled(branch)
            jsonschema.validate(row, branch)
            assert dimension_from_row(get_model(key), row).name == row["name"]

    def test_suggested_rows_come_first_with_their_values(self, of_model: tuple[str, Resolution]) -> None:
        document = of_model[1].document
        rows = document["suggested_search_space"]
        first = branches(document["config_schema"])[0]
        assert tags(first) == (rows[0]["kind"], rows[0]["name"])
        for row in rows:
            filled = prefilled(branch_of(document["config_schema"], row["kind"], row["name"]))
            assert {name: filled[name] for name in row} == row

    def test_a_new_fixed_parameter_is_filled_with_a_value_that_the_model_takes(
        self, of_model: tuple[str, Resolution]
    ) -> None:
        key, found = of_model
        spec = get_model(key)
        found_branches = branches(found.document["config_schema"], "fixed_params")
        assert [tags(branch)[1] for branch in found_branches] == [field.name for field in spec.fields]
        for branch, field in zip(found_branches, spec.fields, strict=True):
            row = prefilled(branch)
            jsonschema.validate(row, branch)
            typed_param(field, row["value"], row["number_type"])

    def test_the_ui_schema_is_aligned(self, of_model: tuple[str, Resolution]) -> None:
        document = of_model[1].document
        ui = document["ui_schema"]["rjsf"]
        for section in ("search_space", "fixed_params"):
            drawn, of = ui[section]["items"]["oneOf"], branches(document["config_schema"], section)
            assert [item["ui:order"] for item in drawn] == [[*branch["properties"], "*"] for branch in of]
            assert all(item["name"] == {"ui:widget": "hidden"} for item in drawn)
        assert ui["ui:order"][-1] == "*"

    def test_the_validator_agrees_with_what_is_suggested(self, of_model: tuple[str, Resolution]) -> None:
        found = of_model[1]
        assert found.judged.config is not None
        stored = found.judged.config["search_space"]
        for row, whole in zip(found.document["suggested_search_space"], stored, strict=True):
            assert {name: whole[name] for name in row} == row


class TestBounds:
    def test_a_row_has_its_parameters_bounds(self) -> None:
        row = branch_of(schema({}, graph("random_forest_classifier")), "float", "max_features")
        assert row["properties"]["high"]["maximum"] == 1
        assert row["properties"]["low"]["exclusiveMinimum"] == 0
        assert row["properties"]["number_type"]["default"] == "float"

    def test_texts_are_chosen_from_a_list_and_numbers_are_typed(self) -> None:
        found = schema({}, graph("k_neighbors_classifier"))
        texts = branch_of(found, "categorical", "weights")["properties"]["choices"]
        assert texts["items"]["enum"] == ["uniform", "distance"]
        assert texts["uniqueItems"]
        assert (
            branch_of(found, "categorical", "n_neighbors")["properties"]["choices"]["items"]["type"]
            == "integer"
        )

    def test_texts_and_numbers_together_stay_of_any_type(self) -> None:
        found = branch_of(schema({}, graph("random_forest_classifier")), "categorical", "max_features")
        values = found["properties"]["choices"]["items"]["oneOf"]
        assert [branch["title"] for branch in values] == ["Text", "Number", "None"]
        assert found["properties"]["choices"]["description"] == "Numbers, or sqrt, log2."

    def test_counts_or_none_are_a_choice_of_both_within_the_bounds(self) -> None:
        found = branch_of(schema({}, graph("random_forest_classifier")), "categorical", "max_depth")
        number, none = found["properties"]["choices"]["items"]["oneOf"]
        assert (number["type"], number["minimum"]) == ("integer", 1)
        assert none["title"] == "None"

    def test_a_fixed_parameter_starts_with_what_the_node_holds(self) -> None:
        found = schema({}, graph(params={"max_depth": 4}))
        held = {tags(branch)[1]: prefilled(branch) for branch in branches(found, "fixed_params")}
        assert held["max_depth"]["value"] == 4
        assert (held["min_samples_leaf"]["value"], held["min_samples_leaf"]["number_type"]) == (1, "int")


class TestModel:
    def test_a_connected_model_is_fixed_and_said(self) -> None:
        found = resolved({}, graph(), labels={"model": "My tree"})
        part = found.document["config_schema"]["properties"]["model"]
        assert part["readOnly"] is True
        assert part["enum"] == ["decision_tree_classifier", None]
        assert part["description"] == "Decision tree (classifier), from node 'My tree' (model)."
        assert found.document["ui_schema"]["rjsf"]["model"]["ui:widget"] == "hidden"
        assert found.document["ui_schema"]["rjsf"]["model"]["ui:options"] == {"role": "node_ref"}
        assert found.document["model"]["nodes"] == [{"node_id": "model", "label": "My tree", "params": {}}]
        assert found.document["model"]["connected"] is True

    def test_an_open_choice_has_the_models_that_fit_the_target(self) -> None:
        part = schema({"target": "kind"}, graph(None))["properties"]["model"]
        assert None in part["enum"]
        assert {get_model(key).problem_type for key in part["enum"] if key} == {"classification"}
        assert "readOnly" not in part

    def test_without_a_model_rows_are_generic_and_a_chosen_one_narrows_them(self) -> None:
        assert [branch["properties"]["kind"]["const"] for branch in branches(schema({}, graph(None)))] == [
            "int",
            "float",
            "categorical",
        ]
        found = resolved({"model": "knn", "target": "kind"}, graph(None))
        assert ("int", "n_neighbors") in [
            tags(branch) for branch in branches(found.document["config_schema"])
        ]
        assert found.document["model"]["connected"] is False

    def test_nothing_at_all_is_the_static_form_with_a_checklist(self) -> None:
        found = resolve({}, None, None, settings=SETTINGS)
        assert {finding.severity for finding in found.judged.findings} == {"todo"}
        assert codes(found.judged) == ["connect_dataset", "choose_target", "choose_model"]
        assert found.document["config_schema"] == published_config(installed(live_offer(SETTINGS))).schema
        assert found.document["model"] is None


class TestChangedModel:
    def saved(self) -> Resolution:
        rows = [OLD_ROW, {"kind": "int", "name": "max_depth", "low": 2, "high": 6}]
        config = {"search_space": rows, "fixed_params": [{"name": "solver", "value": "lsqr"}]}
        return resolved(config)

    def test_rows_of_the_model_before_keep_a_branch_that_takes_them_as_they_are(self) -> None:
        found = self.saved()
        kept = branch_of(found.document["config_schema"], "float", "alpha")
        assert kept["title"] == "alpha (not in Decision tree (classifier))"
        jsonschema.validate(OLD_ROW, kept)
        jsonschema.validate(found.judged.config, found.document["config_schema"])

    def test_a_kind_of_row_that_the_parameter_cannot_have_keeps_its_branch(self) -> None:
        row = {"kind": "float", "name": "max_depth", "low": 1.5, "high": 2.5}
        found = schema({"search_space": [row]})
        jsonschema.validate(row, branch_of(found, "float", "max_depth"))

    def test_each_is_told_with_two_ways_out(self) -> None:
        found = [item for item in self.saved().judged.findings if item.code == "parameter_not_in_model"]
        row, fixed = sorted(found, key=lambda item: item.pointer, reverse=True)
        assert (row.pointer, row.severity) == ("/search_space/0/name", "error")
        assert row.message.startswith("'alpha' is not in Decision tree (classifier)")
        assert row.fix is not None
        assert row.fix["patch"] == [{"op": "remove", "path": "/search_space/0"}]
        assert row.alternatives[0]["title"] == "Replace by suggested"
        assert fixed.fix is not None
        assert fixed.fix["patch"] == [{"op": "remove", "path": "/fixed_params/0"}]

    def test_replacing_keeps_the_rows_that_fit_and_adds_the_suggested_ones(self) -> None:
        found = self.saved()
        config = dict(found.judged.config or {})
        row = next(item for item in found.judged.findings if item.pointer.startswith("/search_space"))
        (operation,) = row.alternatives[0]["patch"]
        assert (operation["op"], operation["path"]) == ("replace", "/search_space")
        mended = judged(config | {"search_space": operation["value"], "fixed_params": []})
        assert mended.errors == ()
        names = [item["name"] for item in (mended.config or {})["search_space"]]
        assert names[0] == "max_depth"
        assert set(names) == {item.name for item in get_model("decision_tree_classifier").suggested}
        assert (mended.config or {})["search_space"][0]["high"] == 6

    def test_a_misspelt_row_offers_the_nearest_name_and_both_ways_out(self) -> None:
        found = judged({"search_space": [{"kind": "int", "name": "max_dept", "low": 2, "high": 6}]})
        (finding,) = found.errors
        assert finding.fix is not None
        assert finding.fix["title"] == "Use max_depth"
        assert [item["title"] for item in finding.alternatives] == ["Remove this row", "Replace by suggested"]

    def test_the_alternatives_are_in_the_document(self) -> None:
        finding = Finding("", "c", "error", "m", {"title": "a"}, ({"title": "b"},))
        assert finding.as_document()["alternatives"] == [{"title": "b"}]
        assert "alternatives" not in Finding("", "c", "error", "m").as_document()
