"""What the narrowed form takes from the data: columns, metrics, suggestions; and that it is made once."""

from __future__ import annotations

from typing import Any

import pytest

from hyperparameter_tuning.registry import resolved_form
from hyperparameter_tuning.registry.resolution import resolve
from hyperparameter_tuning.shared.columns import Column, DataSummary
from tests.registry_documents.cases import NUMBERS, SETTINGS, codes, graph, regression
from tests.registry_documents.resolved import branches, resolved, schema


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
