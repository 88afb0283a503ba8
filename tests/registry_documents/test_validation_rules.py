"""Rules between the configuration, the graph and the data; those of folds and columns are beside them."""

from typing import Any

import pytest

from hyperparameter_tuning.registry.node_kinds import TUNING
from hyperparameter_tuning.registry.validation import validate
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainTarget
from hyperparameter_tuning.shared.settings import Settings
from tests.registry_documents.cases import ENCODED, NUMBERS, codes, graph, judged, only, regression
from tests.registry_documents.changed_table import changed


class TestFreshNode:
    def test_gets_a_checklist_and_no_error(self) -> None:
        for plain in (None, PlainForm(), PlainForm(node_id="tune")):
            validation = validate({}, plain, None)
            assert codes(validation) == ["connect_dataset", "choose_target", "choose_model"]
            assert {item.severity for item in validation.findings} == {"todo"}
            assert validation.task is None

    def test_its_checklist_calls_ports_by_their_labels(self) -> None:
        said = {item.code: item.message for item in validate({}, None, None).todos}
        labels = {port.id: port.label for port in (*TUNING.inputs, *TUNING.outputs)}
        assert f"'{labels['dataset']}'" in said["connect_dataset"]
        assert f"'{labels['best_params']}'" in said["choose_model"]
        assert all("_" not in sentence for sentence in said.values())

    @pytest.mark.parametrize("missing", ["target", "model", "both"])
    def test_a_half_connected_node_has_open_items_and_no_error(self, missing: str) -> None:
        plain = graph(None if missing in ("model", "both") else "decision_tree_classifier")
        plain = plain.model_copy(update={"target": None if missing in ("target", "both") else "kind"})
        validation = judged({}, plain)
        assert validation.errors == ()
        assert validation.todos != ()

    def test_its_configuration_is_completed_anyway(self) -> None:
        config = validate({}, None, None).config
        assert config is not None
        assert config["strategy"] == {"name": "random", "free_prefixes": False, "racing": False}
        assert config["search_space"] == []

    def test_the_checklist_empties_as_nodes_are_connected(self) -> None:
        connected = PlainForm(node_id="tune", dataset={"source": "file", "path": "flowers.csv"})
        assert codes(judged({}, connected)) == ["choose_target", "choose_model"]
        assert codes(judged({"target": "kind"}, connected)) == ["choose_model"]
        assert codes(judged({"target": "kind", "model": "gaussian_nb"}, connected)) == ["no_target"]

    def test_connected_to_everything_it_runs(self) -> None:
        validation = judged({})
        assert validation.findings == ()
        assert validation.task is not None

    def test_nothing_is_said_of_data_that_were_not_read(self) -> None:
        validation = judged({}, graph(), None)
        assert validation.findings == ()
        assert validation.task is None


class TestModel:
    def test_the_connected_model_wins_over_the_chosen_one(self) -> None:
        validation = judged({"model": "gaussian_nb"}, graph("decision_tree_classifier"))
        finding = only(validation, "model_differs")
        assert (finding.pointer, finding.severity) == ("/model", "warning")
        assert validation.config is not None
        assert validation.config["model"] == "decision_tree_classifier"
        assert validation.task is not None
        assert validation.task.model.key == "decision_tree_classifier"

    def test_an_unknown_connected_model_names_the_nearest(self) -> None:
        finding = only(judged({}, graph("decison_tree_classifier", target="kind")), "unknown_model")
        assert "'decision_tree_classifier'" in finding.message

    def test_the_data_tell_which_model_an_alias_means(self) -> None:
        classifier = judged({}, graph("random_forest", target="kind"))
        regressor = judged({}, graph("random_forest", target="width", steps=ENCODED))
        assert classifier.config is not None
        assert regressor.config is not None
        assert classifier.config["model"] == "random_forest_classifier"
        assert regressor.config["model"] == "random_forest_regressor"

    @pytest.mark.parametrize(
        ("params", "code"),
        [
            ({"max_dpeth": 3}, "unknown_parameter"),
            ({"max_depth": 0}, "out_of_bounds"),
            ({"max_depth": "3"}, "wrong_type"),
        ],
    )
    def test_what_the_model_node_holds_is_checked(self, params: dict[str, Any], code: str) -> None:
        finding = only(judged({}, graph(params=params)), code)
        assert finding.pointer == "/model"
        assert finding.message.startswith("The model node holds a wrong parameter")

    def test_another_data_path_at_the_model_node_is_a_warning(self) -> None:
        targets = (PlainTarget(node_id="a"), PlainTarget(node_id="b", path_differs=True))
        finding = only(judged({}, graph(targets=targets)), "path_differs")
        assert finding.severity == "warning"
        assert "'b'" in finding.message

    def test_rows_of_another_model_can_be_removed(self) -> None:
        rows = [{"kind": "float", "name": "var_smoothing", "low": 1e-9, "high": 1e-3}]
        finding = only(judged({"search_space": rows}), "parameter_not_in_model")
        assert "'var_smoothing' is not in Decision tree" in finding.message
        assert finding.fix is not None
        assert finding.fix["patch"][0]["path"].startswith("/search_space/0")

    def test_rows_are_checked_as_far_as_possible_without_a_model(self) -> None:
        rows = [
            {"kind": "float", "name": "a", "low": 3, "high": 2},
            {"kind": "int", "name": "b", "low": 0, "high": 2, "log": True},
        ]
        found = [(item.pointer, item.code) for item in validate({"search_space": rows}, None, None).errors]
        assert found == [
            ("/search_space/0/low", "range_order"),
            ("/search_space/1/low", "log_needs_positive"),
        ]

    def test_disabled_rows_are_kept_and_not_judged(self) -> None:
        rows = [
            {"kind": "int", "name": "gone", "low": 9, "high": 1, "enabled": False},
            {"kind": "int", "name": "max_depth", "low": 1, "high": 9},
        ]
        validation = judged({"search_space": rows})
        assert validation.findings == ()
        assert validation.config is not None
        assert [row["name"] for row in validation.config["search_space"]] == ["gone", "max_depth"]
        assert validation.task is not None
        assert [dimension.name for dimension in validation.task.space] == ["max_depth"]


class TestTarget:
    def test_a_column_that_is_not_there_names_the_nearest(self) -> None:
        finding = only(judged({"target": "kinds"}), "target_unknown")
        assert finding.pointer == "/target"
        assert finding.fix is not None
        assert finding.fix["patch"] == [{"op": "replace", "path": "/target", "value": "kind"}]

    def test_the_configured_column_wins_over_the_declared_one(self) -> None:
        validation = judged({"target": "plot"}, graph(target="kind", steps=ENCODED))
        assert validation.task is not None
        assert validation.task.target == "plot"

    def test_rows_without_a_target_are_a_warning(self) -> None:
        finding = only(judged({}, graph(), changed("kind", missing=7)), "target_missing")
        assert finding.severity == "warning"
        assert "7 of 150" in finding.message

    def test_a_target_without_any_value_is_an_error(self) -> None:
        assert codes(judged({}, graph(), changed("kind", missing=150, distinct=0)), "error") == [
            "target_empty"
        ]

    def test_one_class_cannot_be_told_apart(self) -> None:
        assert codes(judged({}, graph(), changed("kind", distinct=1, minimum_class_count=150)), "error") == [
            "one_class"
        ]

    @pytest.mark.parametrize("dtype", ["category", "text", "datetime"])
    def test_a_regression_needs_numbers(self, dtype: str) -> None:
        finding = only(
            judged({}, regression(target="width"), changed("width", dtype=dtype)), "target_not_numeric"
        )
        assert finding.pointer == "/target"

    def test_real_numbers_are_no_classes(self) -> None:
        finding = only(judged({}, graph(target="length", steps=ENCODED)), "target_continuous")
        assert "35 distinct real numbers" in finding.message

    def test_a_column_of_names_is_no_class(self) -> None:
        many = changed("kind", dtype="text", distinct=149, minimum_class_count=1)
        assert "too_many_classes" in codes(judged({}, graph(), many), "error")


class TestObjective:
    def test_the_direction_follows_from_the_metric(self) -> None:
        for metric, direction in (("accuracy", "maximize"), ("log_loss", "minimize")):
            config = judged({"objective": {"metric": metric}}).config
            assert config is not None
            assert config["objective"]["direction"] == direction

    def test_a_contradicting_direction_is_a_warning(self) -> None:
        validation = judged({"objective": {"metric": "accuracy", "direction": "minimize"}})
        assert codes(validation) == ["direction_derived"]
        assert validation.config is not None
        assert validation.config["objective"]["direction"] == "maximize"

    def test_the_automatic_metric_fits_the_number_of_classes(self) -> None:
        two = changed("kind", distinct=2)
        for plain, summary, metric in (
            (graph(), NUMBERS, "log_loss"),
            (graph(), two, "roc_auc"),
            (regression(), NUMBERS, "rmse"),
        ):
            task = judged({}, plain, summary).task
            assert task is not None
            assert task.metric.key == metric
            assert task.metric_reason.endswith(".")

    def test_probabilities_are_asked_of_models_that_have_them(self) -> None:
        finding = only(judged({"objective": {"metric": "log_loss"}}, graph("svc")), "metric_mismatch")
        assert "probabilities" in finding.message


class TestCeilings:
    def test_a_budget_above_the_ceiling_is_cut_and_said(self) -> None:
        settings = Settings(max_trials=50, max_seconds=60, _env_file=None)
        document = {"budget": {"max_trials": 500, "max_seconds": 600}}
        validation = judged(document, settings=settings)
        assert [item.pointer for item in validation.findings] == ["/budget/max_trials", "/budget/max_seconds"]
        assert set(codes(validation, "warning")) == {"budget_ceiling"}
        assert validation.task is not None
        assert (validation.task.budget.max_trials, validation.task.budget.max_seconds) == (50, 60)
        assert validation.config is not None
        assert validation.config["budget"]["max_trials"] == 500

    def test_ceilings_apply_where_nothing_is_asked(self) -> None:
        settings = Settings(max_trials=50, max_seconds=60, _env_file=None)
        task = judged({"budget": {"max_trials": None, "max_seconds": 30}}, settings=settings).task
        assert task is not None
        assert (task.budget.max_trials, task.budget.max_seconds) == (50, 30)

    def test_a_strategy_that_ends_by_itself_is_not_cut(self) -> None:
        task = judged({"strategy": "halving_random"}).task
        assert task is not None
        assert task.budget.max_trials is None

    def test_draws_that_the_rows_allow_keep_to_the_ceiling(self) -> None:
        settings = Settings(max_trials=5, _env_file=None)
        rows = NUMBERS.model_copy(update={"rows": 10_000})
        finding = only(
            judged({"strategy": "halving_random"}, summary=rows, settings=settings), "too_many_trials"
        )
        assert finding.pointer == "/budget/max_trials"

    def test_the_largest_grid_is_a_setting(self) -> None:
        document = {"strategy": "grid", "search_space": {"max_depth": list(range(1, 12))}}
        assert judged(document, settings=Settings(max_grid_candidates=11, _env_file=None)).errors == ()
        finding = only(
            judged(document, settings=Settings(max_grid_candidates=10, _env_file=None)), "grid_too_large"
        )
        assert "11 candidates" in finding.message

    @pytest.mark.parametrize("strategy", ["random", "optuna"])
    def test_shorter_fits_need_a_length_in_the_space(self, strategy: str) -> None:
        document = {"strategy": {"name": strategy, "free_prefixes": True}}
        finding = only(judged(document), "no_path_parameter")
        assert finding.pointer == "/strategy/free_prefixes"
        assert "cannot be read off a fit of this model" in finding.message
        assert finding.fix is not None
        assert judged(document, graph("random_forest_classifier")).errors == ()

    @pytest.mark.parametrize("strategy", ["random", "optuna", "grid"])
    def test_racing_needs_three_folds(self, strategy: str) -> None:
        rows = [{"kind": "int", "name": "max_depth", "low": 1, "high": 3}]
        document = {"strategy": {"name": strategy, "racing": True}, "search_space": rows}
        folds = {"kind": "k_fold", "folds": 2}
        finding = only(judged({**document, "cross_validation": folds}), "too_few_folds_to_race")
        assert finding.pointer == "/strategy/racing"
        assert finding.fix is not None
        assert judged(document).errors == ()

    def test_racing_and_a_pruner_are_one_too_many(self) -> None:
        document = {"strategy": {"name": "optuna", "racing": True, "pruner": "median"}}
        finding = only(judged(document), "racing_with_pruner")
        assert finding.pointer == "/strategy/racing"

    def test_a_strategy_that_is_not_offered_is_unknown(self) -> None:
        settings = Settings(strategies=("random", "grid"), _env_file=None)
        finding = only(judged({"strategy": "optuna"}, settings=settings), "unknown_strategy")
        assert "random, grid" in finding.message

    def test_defaults_are_those_of_the_first_strategy_on_offer(self) -> None:
        config = judged({}, settings=Settings(strategies=("grid",), _env_file=None)).config
        assert config is not None
        assert config["strategy"] == {"name": "grid", "racing": False}
        assert config["budget"]["max_trials"] is None
