"""The origin's tuning configuration in all its spellings: what it meant is what the present one says."""

import json
import math
from typing import Any

import pytest

from hyperparameter_tuning.registry.migrations.origin_config import is_origin_config, migrate_origin_config
from hyperparameter_tuning.registry.validation import validate
from hyperparameter_tuning.shared.plain_form import PlainForm


def migrated(**config: Any) -> dict[str, Any]:
    return dict(migrate_origin_config({"model_type": "random_forest_classifier", **config}).document)


def notes(**config: Any) -> str:
    return " ".join(migrate_origin_config({"model_type": "random_forest_classifier", **config}).notes)


def row(name: str, *choices: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "categorical", "name": name, "choices": list(choices), **more}


FOLDS = {"kind": "k_fold", "folds": 5, "shuffle": True}


class TestStrategy:
    @pytest.mark.parametrize(
        "written", ["random", "grid_search", "successive_halving", "halving_search", "optuna_tpe"]
    )
    def test_its_names_are_read_by_the_validator(self, written: str) -> None:
        config = migrated(search_strategy=written, search_space={"min_samples_leaf": [1, 2]})
        assert validate(config, PlainForm(), None).errors == ()

    def test_an_unknown_name_is_named_and_not_run_as_random(self) -> None:
        (finding,) = validate(migrated(search_strategy="swarm"), PlainForm(), None).errors
        assert (finding.pointer, "'swarm'" in finding.message) == ("/strategy/name", True)

    @pytest.mark.parametrize("key", ["search_iterations", "n_iterations", "n_iter", "n_trials"])
    def test_iterations_are_the_budget_of_strategies_that_used_them(self, key: str) -> None:
        assert migrated(search_strategy="random", **{key: "12"})["budget"] == {
            "max_trials": 12,
            "max_seconds": None,
        }
        assert migrated(search_strategy="grid", **{key: 12})["budget"] == {"max_seconds": None}

    def test_options_of_the_later_era_go_where_they_take_effect(self) -> None:
        params = {"sampler": "cmaes", "pruner": "median", "timeout": 90, "colour": "red"}
        config = migrated(search_strategy="optuna", n_trials=5, strategy_params=params)
        assert config["strategy"] == {"name": "optuna", "sampler": "cmaes", "pruner": "median"}
        assert config["budget"] == {"max_trials": 5, "max_seconds": 90}
        assert "'colour'" in notes(search_strategy="optuna", strategy_params=params)

    def test_rows_of_the_first_rung_are_a_fixed_number(self) -> None:
        params = {"factor": 2, "min_resources": 40, "resource": "n_samples"}
        config = migrated(search_strategy="halving_grid", strategy_params=params)
        assert config["strategy"] == {
            "name": "halving_grid",
            "factor": 2,
            "min_resources": "fixed",
            "min_rows": 40,
        }


class TestSpace:
    @pytest.mark.parametrize("as_text", [True, False])
    def test_text_and_object_give_the_same_rows(self, as_text: bool) -> None:
        space = {"max_depth": [3, "None", "null", 3.0], "criterion": ["gini"], "bootstrap": ["true", False]}
        config = migrated(search_space=json.dumps(space) if as_text else space)
        assert config["search_space"] == [
            row("max_depth", 3, None),
            row("criterion", "gini"),
            row("bootstrap", True, False),
        ]

    def test_none_stays_a_text_where_it_is_a_choice_and_nothing_else_is_allowed(self) -> None:
        assert migrated(search_space={"criterion": ["none"]})["search_space"] == [row("criterion", "none")]

    def test_a_single_value_is_a_list_of_one(self) -> None:
        assert migrated(search_space={"max_depth": 4})["search_space"] == [row("max_depth", 4)]

    def test_numbers_written_as_text_are_numbers(self) -> None:
        assert migrated(search_space={"max_depth": ["4", "x"]})["search_space"] == [row("max_depth", 4, "x")]

    def test_whole_numbers_were_counts_and_others_fractions(self) -> None:
        for written, number_type in (("1.0", "float"), ("1", "int")):
            config = migrated(search_space=f'{{"max_features": [{written}, "sqrt"]}}')
            expected = row("max_features", json.loads(written), "sqrt", number_type=number_type)
            assert config["search_space"] == [expected]
        assert migrated(search_space={"max_features": [0.5, 1]})["search_space"] == [
            row("max_features", 0.5, 1)
        ]

    def test_what_auto_stood_for(self) -> None:
        space = {"max_features": ["auto"]}
        assert migrated(search_space=space)["search_space"] == [row("max_features", "sqrt")]
        assert migrated(model_type="random_forest_regressor", search_space=space)["search_space"] == [
            row("max_features", 1.0, number_type="float")
        ]

    def test_what_cannot_be_searched_is_left_out_with_a_note(self) -> None:
        space = {"random_state": [0, 42], "max_depth": [], "min_samples_leaf": [1]}
        assert migrated(search_space=space)["search_space"] == [row("min_samples_leaf", 1, number_type="int")]
        assert "'random_state' is set" in notes(search_space=space)
        assert "'max_depth' had no values" in notes(search_space=space)

    @pytest.mark.parametrize("broken", ["{", "[1]", "NaN", 7, "[" * 100_000])
    def test_a_text_that_is_no_object_is_an_error_and_not_the_suggested_space(self, broken: Any) -> None:
        config = migrated(search_space=broken)
        assert [item.pointer for item in validate(config, PlainForm(), None).errors] == ["/search_space"]
        assert "search space" in notes(search_space=broken)

    @pytest.mark.parametrize("empty", ["", "  ", "{}", {}, None])
    def test_an_empty_one_is_the_suggested_one(self, empty: Any) -> None:
        assert "search_space" not in migrated(search_space=empty)
        assert "suggested" in notes(search_space=empty)

    def test_an_unknown_model_keeps_its_rows(self) -> None:
        config = migrate_origin_config({"model_type": "mystery", "search_space": {"a": ["none"]}}).document
        assert (config["model"], config["search_space"]) == ("mystery", [row("a", "none")])


class TestLogisticRegression:
    def space(self, **space: Any) -> Any:
        config = {"model_type": "logistic_regression", "search_space": space}
        return migrate_origin_config(config).document["search_space"]

    def test_penalties_are_shares_of_l1(self) -> None:
        assert self.space(penalty=["l1", "l2"], C=[1]) == [row("l1_ratio", 1.0, 0.0), row("C", 1)]

    @pytest.mark.parametrize("penalties", [["l2"], ["l2", "none"], [None]])
    def test_the_default_penalty_is_not_searched(self, penalties: list[Any]) -> None:
        assert self.space(penalty=penalties, C=[1]) == [row("C", 1)]

    def test_what_scikit_learn_took_away_is_left_out_with_a_note(self) -> None:
        baseline = '{"multi_class": "auto", "penalty": "none", "solver": "lbfgs"}'
        found = migrate_origin_config(
            {"model_type": "logistic_regression", "baseline_hyperparameters": baseline}
        )
        assert found.document["fixed_params"] == [{"name": "solver", "value": "lbfgs"}]
        assert "'multi_class' was left out" in " ".join(found.notes)
        assert "'penalty' can no longer be switched off" in " ".join(found.notes)

    def test_elasticnet_keeps_its_own_share(self) -> None:
        assert self.space(penalty=["elasticnet"], l1_ratio=[0.5]) == [row("l1_ratio", 0.5)]


class TestBaseline:
    def test_it_is_fixed_where_it_is_not_searched(self) -> None:
        config = migrated(
            baseline_hyperparameters='{"max_depth": "none", "n_estimators": 80, '
            '"max_features": 1.0, "n_jobs": -1}',
            search_space={"n_estimators": [10, 20]},
        )
        assert config["fixed_params"] == [
            {"name": "max_depth", "value": None},
            {"name": "max_features", "value": 1.0, "number_type": "float"},
        ]

    def test_unreadable_text_is_left_out_with_a_note(self) -> None:
        assert "fixed_params" not in migrated(baseline_hyperparameters="{max_depth: 3}")
        assert "baseline" in notes(baseline_hyperparameters="{max_depth: 3}")


class TestMetric:
    @pytest.mark.parametrize("key", ["scoring_metric", "scoring", "metric"])
    def test_its_names(self, key: str) -> None:
        assert migrated(**{key: " f1_weighted "})["objective"] == {"metric": "f1_weighted"}

    def test_none_meant_the_models_own_score(self) -> None:
        assert migrated(scoring_metric="")["objective"] == {"metric": "accuracy"}
        ridge = migrate_origin_config({"model_type": "ridge_regression"}).document
        assert ridge["objective"] == {"metric": "r2"}

    def test_a_form_default_that_contradicts_the_model_does_not_count(self) -> None:
        found = migrate_origin_config({"model_type": "ridge_regression", "problem_type": "classification"})
        assert found.document["problem_type"] == "regression"
        assert "'classification' was the form's default" in " ".join(found.notes)


class TestCrossValidation:
    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ({"cv_strategy": "auto"}, {**FOLDS, "stratify": "auto"}),
            ({"cv_strategy": "kfold", "cv_folds": "7"}, {**FOLDS, "folds": 7, "stratify": "off"}),
            ({"cv_strategy": "stratified_kfold"}, {**FOLDS, "stratify": "on"}),
            (
                {"cv_folds": 1, "cv_shuffle": "false"},
                {**FOLDS, "folds": 2, "shuffle": False, "stratify": "auto"},
            ),
            (
                {"cv_type": "time_series_split", "cv_time_column": "day", "cv_gap": 2},
                {"kind": "time_series", "folds": 5, "gap": 2, "column": "day"},
            ),
            (
                {"cv_type": "group_k_fold", "cv_group_column": "shop"},
                {"kind": "group_k_fold", "folds": 5, "column": "shop"},
            ),
            ({"cv_type": "nested_cv", "cv_folds": 4}, {**FOLDS, "folds": 4, "stratify": "auto"}),
            ({"cv_type": "shuffle_split", "cv_shuffle": False}, {**FOLDS, "stratify": "auto"}),
        ],
    )
    def test_each_kind(self, written: dict[str, Any], expected: dict[str, Any]) -> None:
        assert migrated(**written)["cross_validation"] == expected

    def test_both_spellings_mean_the_same(self) -> None:
        flat = migrated(cv_enabled=True, cv_strategy="kfold", cv_folds=4, cv_shuffle=False)
        choice = {"enabled": True, "strategy": "kfold", "folds": 4, "shuffle": False}
        assert migrated(cross_validation=choice)["cross_validation"] == flat["cross_validation"]

    def test_what_a_person_chose_counts_more_than_the_flat_defaults(self) -> None:
        both = {"cv_folds": 5, "cv_strategy": "auto", "cross_validation": {"folds": 3, "strategy": "auto"}}
        assert migrated(**both)["cross_validation"]["folds"] == 3
        assert "differ: folds" in notes(**both)

    def test_switched_off(self) -> None:
        """The older era made folds nevertheless, the later one judged by a fifth of the rows."""
        off = {"cv_enabled": False, "cv_strategy": "kfold", "cv_folds": 2}
        assert migrated(**off)["cross_validation"] == {**FOLDS, "folds": 3, "stratify": "auto"}
        later = {"cv_enabled": False, "cv_type": "k_fold"}
        assert migrated(**later)["cross_validation"] == {"kind": "holdout", "test_size": 0.2}

    def test_none_is_the_default(self) -> None:
        assert "cross_validation" not in migrated()

    def test_a_seed_of_its_own_is_told(self) -> None:
        assert "seed of the search, 1" in notes(search_random_state=1, cv_random_state=2)

    def test_an_unknown_kind_is_told(self) -> None:
        assert "no cross-validation 'bootstrap'" in notes(cv_strategy="bootstrap")
        assert "name no column" in notes(cv_type="group_k_fold")


class TestSeveralStrategies:
    ENTRIES = (
        {
            "id": "a",
            "label": "Wide",
            "config": {"search_strategy": "grid", "search_space": {"max_depth": [9]}},
        },
        {"id": "b", "label": "Quick", "config": {"search_strategy": "optuna", "search_iterations": 3}},
    )

    def test_the_active_one_counts_and_the_others_are_told(self) -> None:
        config = {"__tuning_strategies": list(self.ENTRIES), "__active_tuning_strategy_id": "b"}
        assert migrated(**config)["strategy"] == {"name": "optuna"}
        assert "'Quick' was active" in notes(**config)
        assert "Wide" in notes(**config)

    def test_without_an_active_one_the_first_counts(self) -> None:
        assert migrated(__tuning_strategies=list(self.ENTRIES))["strategy"] == {"name": "grid"}

    @pytest.mark.parametrize("rubbish", [[], "x", [1, None], None])
    def test_rubbish_is_passed_over(self, rubbish: Any) -> None:
        assert migrated(__tuning_strategies=rubbish, search_strategy="grid")["strategy"] == {"name": "grid"}


class TestLaterEra:
    def test_the_converters_object_is_read(self) -> None:
        config = {
            "algorithm": "ridge_regression",
            "target_column": "price",
            "tuning_config": {"strategy": "grid", "metric": "r2", "random_state": 5, "n_jobs": 3},
        }
        found = migrate_origin_config(config).document
        assert (found["model"], found["target"]) == ("ridge_regression", "price")
        assert found["strategy"] == {"name": "grid"}
        assert found["execution"] == {"seed": 5, "n_jobs": 3}

    def test_what_it_could_do_and_we_cannot_is_told(self) -> None:
        assert "thresholds" in notes(tune_threshold=True)
        assert "training rows" in notes(cv_refit_strategy="train_plus_validation")


class TestJobPayload:
    def test_its_spellings_are_read(self) -> None:
        payload = {
            "model_types": ["", " ridge_regression ", "lasso"],
            "search_strategy": "random",
            "n_iterations": 9,
            "scoring": "r2",
            "random_state": 3,
            "baseline_hyperparameters": {"max_iter": "none"},
            "search_space": {"alpha": [0.1, 1.0]},
        }
        config = migrate_origin_config(payload).document
        assert (config["model"], config["objective"]) == ("ridge_regression", {"metric": "r2"})
        assert (config["budget"]["max_trials"], config["execution"]) == (9, {"seed": 3})
        assert config["fixed_params"] == [{"name": "max_iter", "value": None}]


def test_it_is_told_from_the_present_form() -> None:
    assert is_origin_config({"search_strategy": "grid"})
    assert not is_origin_config({"strategy": {"name": "grid"}, "search_space": []})
    assert not is_origin_config({"strategy": {"name": "grid"}, "n_trials": 5})
    assert not is_origin_config({"write_back": {}, "n_trials": 5})


def test_the_configuration_that_came_in_is_not_changed() -> None:
    config = {"model_type": "ridge", "search_space": {"alpha": ["1"]}, "cross_validation": {"folds": 3}}
    before = json.dumps(config)
    migrate_origin_config(config)
    assert json.dumps(config) == before


@pytest.mark.parametrize(
    "odd",
    [
        {"search_space": [1]},
        {"search_space": [{"name": [1]}]},
        {"search_iterations": "1e400"},
        {"search_iterations": math.inf},
        {"strategy_params": {"timeout": "1e400"}, "search_strategy": "optuna"},
    ],
    ids=str,
)
def test_values_that_mean_nothing_are_left_for_the_validator(odd: dict[str, Any]) -> None:
    present = migrate_origin_config({"model_type": "ridge", **odd}).document
    assert "max_trials" not in present["budget"]
    assert present["budget"]["max_seconds"] is None
    assert present.get("search_space") == odd.get("search_space")
