"""The form narrowed to one model and one dataset: it fits them, and loses nothing that was saved."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from hyperparameter_tuning.registry import resolved_form
from hyperparameter_tuning.registry.models.catalog import get_model, model_specs
from hyperparameter_tuning.registry.offer import installed, live_offer
from hyperparameter_tuning.registry.published_config import published_config
from hyperparameter_tuning.registry.resolution import Resolution, resolve
from hyperparameter_tuning.registry.schema_subset import unsafe_keywords
from hyperparameter_tuning.registry.values import dimension_from_row, row_kinds, typed_param
from hyperparameter_tuning.shared.columns import Column, DataSummary
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.plain_form import PlainForm
from tests.registry_documents.cases import ENCODED, NUMBERS, SETTINGS, codes, graph, judged, regression
from tests.registry_documents.test_config_schema import parts

MODELS = list(model_specs())
OLD_ROW = {"kind": "float", "name": "alpha", "low": 0.1, "high": 2.0}


def resolved(
    config: Any = None, plain: PlainForm | None = None, summary: Any = NUMBERS, **more: Any
) -> Resolution:
    return resolve(config or {}, graph() if plain is None else plain, summary, settings=SETTINGS, **more)


def schema(*arguments: Any, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = resolved(*arguments, **more).document["config_schema"]
    return found


def branches(of: dict[str, Any], section: str = "search_space") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = of["properties"][section]["items"]["oneOf"]
    return found


def tags(branch: dict[str, Any]) -> tuple[str | None, str]:
    kind = branch["properties"].get("kind", {}).get("const")
    return kind, branch["properties"]["name"]["const"]


def prefilled(branch: dict[str, Any]) -> dict[str, Any]:
    return {name: part["default"] for name, part in branch["properties"].items() if "default" in part}


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


class TestColumns:
    def test_the_target_is_one_of_the_columns(self) -> None:
        part = schema({}, graph())["properties"]["target"]
        assert part["enum"] == [*(column.name for column in NUMBERS.columns), None]
        assert resolved({}, graph()).document["ui_schema"]["rjsf"]["target"]["ui:enumNames"][-1] == (
            "As declared upstream: kind"
        )

    def test_a_saved_column_that_is_gone_stays_for_the_validator_to_name(self) -> None:
        found = resolved({"target": "gone"})
        assert "gone" in found.document["config_schema"]["properties"]["target"]["enum"]
        assert "target_unknown" in codes(found.judged)

    def test_each_column_says_whether_the_model_can_predict_it(self) -> None:
        targets = {item["value"]: item for item in resolved({}, regression()).document["targets"]}
        assert targets["width"]["fits"] is True
        assert targets["kind"]["fits"] is False
        assert "predicts numbers" in targets["kind"]["reason"]

    def test_groups_and_times_are_complete_columns_besides_the_target(self) -> None:
        summary = DataSummary(
            rows=150,
            columns=(
                *NUMBERS.columns,
                Column(name="when", dtype="datetime", distinct=9),
                Column(name="gaps", dtype="integer", distinct=9, missing=3),
            ),
        )
        found = {
            branch["properties"]["kind"]["const"]: branch["properties"].get("column")
            for branch in schema({}, graph(), summary)["properties"]["cross_validation"]["oneOf"]
        }
        assert found["group_k_fold"]["enum"] == ["length", "width", "plot", "when"]
        assert found["time_series"]["enum"] == ["length", "width", "plot", "when", None]


class TestMetrics:
    def test_only_what_fits_can_be_chosen_and_auto_says_what_it_is(self) -> None:
        found = resolved({}, graph())
        part = found.document["config_schema"]["properties"]["objective"]["properties"]["metric"]
        assert "rmse" not in part["enum"]
        assert part["enum"][0] == "auto"
        assert part["description"].startswith("Log loss: more than two classes")
        ui = found.document["ui_schema"]["rjsf"]["objective"]["metric"]
        assert ui["ui:enumNames"][0] == "Automatic: Log loss"
        assert found.document["metrics"]["auto"]["value"] == "log_loss"
        assert [item["value"] for item in found.document["metrics"]["choices"]] == part["enum"][1:]

    def test_a_saved_metric_that_fits_no_more_stays_among_the_choices(self) -> None:
        config = {"objective": {"metric": "rmse", "additional_metrics": ["mae"]}}
        found = resolved(config)
        part = found.document["config_schema"]["properties"]["objective"]["properties"]
        assert "rmse" in part["metric"]["enum"]
        assert "mae" in part["additional_metrics"]["items"]["enum"]
        assert codes(found.judged, "error") == ["metric_mismatch", "metric_mismatch"]

    def test_the_problem_is_the_models(self) -> None:
        assert schema({}, regression())["properties"]["problem_type"]["enum"] == ["auto", "regression"]


class TestUnreadable:
    @pytest.mark.parametrize(
        "config",
        [
            {"budget": {"max_trials": 0}, "model": "k_neighbors_classifier"},
            {"strategy": {"name": "gird"}, "model": "k_neighbors_classifier"},
            {"cross_validation": {"kind": "group_k_fold"}, "model": "k_neighbors_classifier"},
            {"nonsense": 1, "model": "k_neighbors_classifier"},
        ],
    )
    def test_a_part_that_cannot_be_read_is_a_finding_and_the_rest_counts(
        self, config: dict[str, Any]
    ) -> None:
        found = resolved(config, graph(None))
        assert found.judged.errors
        assert found.document["model"]["key"] == "k_neighbors_classifier"

    @pytest.mark.parametrize("config", [[], "text", {"model": "x" * 400}, {"a": [[[[0] * 9] * 9] * 9] * 9}])
    def test_what_is_no_configuration_at_all_still_has_a_form(self, config: Any) -> None:
        found = resolve(config, graph(), NUMBERS, settings=SETTINGS)
        assert found.judged.errors
        assert branches(found.document["config_schema"])


class TestCache:
    def test_the_same_model_and_data_give_the_same_form_without_drawing_it_again(self) -> None:
        first = resolved({"budget": {"max_trials": 7}})
        before = resolved_form._form.cache_info()
        again = resolved({"budget": {"max_trials": 9}})
        after = resolved_form._form.cache_info()
        assert again.document["config_schema"] is first.document["config_schema"]
        assert (after.hits - before.hits, after.misses - before.misses) == (1, 0)
        assert after.maxsize == resolved_form.FORMS_KEPT
        assert again.document["schema_hash"] == first.document["schema_hash"]

    def test_values_of_another_type_are_another_form(self) -> None:
        low = schema({}, graph(params={"min_samples_leaf": 1}, model="decision_tree_classifier"))
        typed = graph().model_copy(
            update={
                "model": graph().model.model_copy(  # type: ignore[union-attr]
                    update={
                        "params": {"min_samples_leaf": 0.5},
                        "number_types": {"min_samples_leaf": "float"},
                    }
                )
            }
        )
        assert low != schema({}, typed)

    def test_other_data_or_another_strategy_is_another_form(self) -> None:
        tree = graph("random_forest_classifier")
        hashes = {
            resolved(config, tree, summary).document["schema_hash"]
            for config, summary in (
                ({}, NUMBERS),
                ({"strategy": "grid"}, NUMBERS),
                ({}, NUMBERS.model_copy(update={"columns": NUMBERS.columns[1:]})),
            )
        }
        assert len(hashes) == 3


class TestSuggestions:
    def test_the_rows_follow_strategy_folds_and_rows(self) -> None:
        few = NUMBERS.model_copy(update={"rows": 20})
        found = resolved({}, graph("k_neighbors_classifier"), few)
        assert found.document["suggested_search_space"][0]["high"] == 16
        assert found.document["suggestion_notes"]
        halved = resolved(
            {"cross_validation": {"kind": "holdout", "test_size": 0.5}}, graph("k_neighbors_classifier"), few
        )
        assert halved.document["suggested_search_space"][0]["high"] == 10

    def test_a_halvings_first_round_counts(self) -> None:
        found = resolved({"strategy": "halving"}, graph("k_neighbors_classifier"))
        choices = found.document["suggested_search_space"][0]["choices"]
        # 150 rows, three classes, five folds: a first round of 30 rows leaves 24 to learn from.
        assert max(choices) <= 24
        assert found.judged.errors == ()

    def test_full_and_trimmed_are_both_told(self) -> None:
        found = resolved({"strategy": "grid"}, graph("k_neighbors_classifier")).document
        assert found["suggested"]["full"][0]["kind"] == "int"
        assert found["suggested"]["trimmed"] == found["suggested_search_space"]

    def test_columns_whose_number_only_a_fit_tells_cut_nothing(self) -> None:
        found = resolved({}, regression("random_forest_regressor")).document["suggested_search_space"]
        assert next(item for item in found if item["name"] == "max_features")["low"] == 0.1
