"""Rules between the folds, the columns and the graph."""

from typing import Any

import pytest

from hyperparameter_tuning.shared.columns import Column, DataSummary
from hyperparameter_tuning.shared.plain_form import PlainStep, PlainValidation
from tests.registry_documents.cases import ENCODED, FLOWERS, NUMBERS, codes, graph, judged, only, regression
from tests.registry_documents.changed_table import changed


class TestFolds:
    def few(self, rows: int) -> DataSummary:
        return NUMBERS.model_copy(update={"rows": rows})

    def test_fewer_rows_than_folds(self) -> None:
        finding = only(judged({}, regression(), self.few(4)), "too_few_rows")
        assert finding.pointer == "/cross_validation/folds"
        assert "4 training rows" in finding.message

    def test_rows_that_a_split_takes_away_do_not_count(self) -> None:
        split = PlainStep(kind="split", config={"test_size": 0.5, "validation_size": 0.2}, output="train")
        plain = regression(steps=(split, *ENCODED))
        assert "3 training rows" in only(judged({}, plain, self.few(10)), "too_few_rows").message
        assert judged({}, plain, self.few(20)).errors == ()

    @pytest.mark.parametrize(
        ("folds", "rows", "fine"),
        [
            ({"kind": "time_series", "folds": 5}, 6, True),
            ({"kind": "time_series", "folds": 5}, 5, False),
            ({"kind": "time_series", "folds": 5, "gap": 10}, 66, True),
            ({"kind": "time_series", "folds": 5, "gap": 10}, 12, False),
            ({"kind": "holdout", "test_size": 0.25}, 2, True),
            ({"kind": "holdout", "test_size": 0.25}, 1, False),
            ({"kind": "k_fold", "folds": 10}, 10, True),
            ({"kind": "k_fold", "folds": 10}, 9, False),
        ],
    )
    def test_rows_suffice_exactly_when_they_can_be_divided(
        self, folds: dict[str, Any], rows: int, fine: bool
    ) -> None:
        import numpy as np

        from hyperparameter_tuning.registry.config import TuningConfig
        from hyperparameter_tuning.shared.errors import DataError
        from hyperparameter_tuning.shared.splits import make_splits

        validation = judged({"cross_validation": folds}, regression(), self.few(rows))
        assert ("too_few_rows" in codes(validation)) is not fine
        document = TuningConfig.model_validate({"cross_validation": folds}).cross_validation
        target = np.arange(rows, dtype=float)
        if fine:
            assert make_splits(document, y=target, n_samples=rows, problem_type="regression", seed=1)
        else:
            with pytest.raises(DataError):
                make_splits(document, y=target, n_samples=rows, problem_type="regression", seed=1)

    def test_a_rare_class_is_a_warning(self) -> None:
        finding = only(judged({}, graph(), changed("kind", minimum_class_count=3)), "rare_class")
        assert finding.severity == "warning"
        assert "3 rows" in finding.message

    def test_no_class_is_rare_where_classes_are_not_predicted(self) -> None:
        summary = changed("width", minimum_class_count=1)
        assert judged({}, regression(), summary).findings == ()

    @pytest.mark.parametrize(
        ("folds", "rows", "metric", "refused"),
        [
            ({"kind": "k_fold", "folds": 5}, 4, "auto", True),
            ({"kind": "k_fold", "folds": 5}, 5, "auto", False),
            ({"kind": "k_fold", "folds": 5}, 2, "f1", False),
            ({"kind": "k_fold", "folds": 5}, 1, "f1", True),
            ({"kind": "holdout"}, 1, "roc_auc", True),
            ({"kind": "holdout"}, 1, "accuracy", False),
            ({"kind": "holdout"}, 2, "roc_auc", False),
        ],
    )
    def test_both_of_two_classes_have_the_rows_that_folds_and_metric_need(
        self, folds: dict[str, Any], rows: int, metric: str, refused: bool
    ) -> None:
        document = {"cross_validation": folds, "objective": {"metric": metric}}
        summary = changed("kind", distinct=2, minimum_class_count=rows)
        validation = judged(document, graph(), summary)
        assert codes(validation, "error") == (["class_too_rare"] if refused else [])

    def test_fewer_folds_help_a_rare_class_while_it_has_rows_for_two(self) -> None:
        two = changed("kind", distinct=2, minimum_class_count=3)
        finding = only(judged({}, graph(), two), "class_too_rare")
        assert "3 rows only, and ROC AUC is not defined" in finding.message
        assert finding.fix is not None
        assert finding.fix["patch"][0]["value"] == 3
        one = only(judged({}, graph(), changed("kind", distinct=2, minimum_class_count=1)), "class_too_rare")
        assert "1 row only, and it cannot be both learned and judged" in one.message
        assert one.fix is None

    def test_rows_without_a_target_are_no_rows_of_a_fold(self) -> None:
        assert "too_few_rows" in codes(judged({}, graph(), changed("kind", missing=146)), "error")
        assert codes(judged({}, graph(), changed("kind", missing=145)), "error") == []

    def test_texts_are_not_in_the_order_of_time(self) -> None:
        document = {"cross_validation": {"kind": "time_series", "column": "plot"}}
        finding = only(
            judged(document, regression(), changed("plot", dtype="category")), "time_column_not_ordered"
        )
        assert "alphabet" in finding.message

    def test_a_regression_cannot_be_stratified(self) -> None:
        document = {"cross_validation": {"kind": "k_fold", "stratify": "on"}}
        assert codes(judged(document, regression()), "error") == ["cannot_stratify"]
        assert codes(judged(document), "error") == []

    def test_repeats_need_shuffling(self) -> None:
        document = {"cross_validation": {"kind": "k_fold", "repeats": 2, "shuffle": False}}
        finding = only(judged(document), "repeats_need_shuffle")
        assert finding.pointer == "/cross_validation/repeats"

    @pytest.mark.parametrize(("kind", "what"), [("group_k_fold", "group"), ("time_series", "time")])
    def test_the_column_that_groups_or_orders_must_be_usable(self, kind: str, what: str) -> None:
        def found(column: str, summary: DataSummary = NUMBERS) -> list[str]:
            document = {"cross_validation": {"kind": kind, "column": column}}
            return codes(judged(document, regression(), summary), "error")

        assert found("plto") == [f"{what}_column_missing"]
        assert found("width") == [f"{what}_column_is_target"]
        assert found("plot", changed("plot", missing=2)) == [f"{what}_column_incomplete"]
        assert found("plot") == []

    def test_there_are_groups_for_every_fold(self) -> None:
        document = {"cross_validation": {"kind": "group_k_fold", "column": "plot", "folds": 13}}
        finding = only(judged(document), "too_few_groups")
        assert "12 distinct values" in finding.message

    def test_group_and_time_columns_are_no_features(self) -> None:
        document = {"cross_validation": {"kind": "time_series", "column": "day"}}
        validation = judged(document, regression(), FLOWERS)
        assert validation.findings == ()
        assert validation.task is not None
        assert validation.task.feature_exclusions == ("day",)

    @pytest.mark.parametrize(
        ("document", "pointer"),
        [
            ({"cross_validation": {"kind": "validation_port"}}, "/cross_validation/kind"),
            ({"selection": {"refit_on": "train_and_validation"}}, "/selection/refit_on"),
        ],
    )
    def test_validation_rows_are_connected_where_they_are_needed(
        self, document: dict[str, Any], pointer: str
    ) -> None:
        finding = only(judged(document), "validation_not_connected")
        assert finding.pointer == pointer
        assert (
            judged(
                document, graph(validation=PlainValidation(dataset={"source": "sample", "name": "wine"}))
            ).findings
            == ()
        )


class TestFeatures:
    def test_texts_and_gaps_name_the_nodes_that_help(self) -> None:
        gaps = changed("length", missing=3)
        finding = only(judged({}, graph("svc", target="plot"), gaps), "unprepared_columns")
        assert "'kind': it holds texts" in finding.message
        assert "'length': it has rows without a value" in finding.message
        assert finding.fix is not None
        assert [step["kind"] for step in finding.fix["insert_steps"]] == ["impute", "encode"]

    def test_the_fix_makes_the_columns_fit(self) -> None:
        gaps = changed("length", missing=3)
        finding = only(judged({}, graph("svc", target="plot"), gaps), "unprepared_columns")
        assert finding.fix is not None
        steps = tuple(PlainStep(**step) for step in finding.fix["insert_steps"])
        assert judged({}, graph("svc", target="plot", steps=steps), gaps).errors == ()

    def test_a_target_that_is_not_there_is_not_taken_for_a_feature(self) -> None:
        validation = judged({"target": "knid"}, graph("svc"))
        assert codes(validation, "error") == ["target_unknown"]

    def test_gaps_are_fine_for_a_model_that_takes_them(self) -> None:
        gaps = changed("length", missing=3)
        assert judged({}, graph("hist_gradient_boosting_classifier"), gaps).errors == ()

    def test_dates_have_no_node_that_helps(self) -> None:
        finding = only(judged({}, regression(), FLOWERS), "unprepared_columns")
        assert "out of the table" in finding.message
        assert finding.fix is None

    def test_a_column_without_any_value_is_an_error(self) -> None:
        assert codes(judged({}, regression(), changed("length", missing=150, distinct=0)), "error") == [
            "empty_column"
        ]

    def test_a_misconfigured_node_upstream_is_named(self) -> None:
        steps = (PlainStep(node_id="enc", kind="encode", config={"method": "onehot"}),)
        (finding,) = judged({}, graph(steps=steps)).errors
        assert (finding.pointer, finding.code) == ("", "unknown_method")
        assert finding.message.startswith("The encode node 'enc' is misconfigured")

    def test_a_misconfigured_dataset_node_is_named(self) -> None:
        (finding,) = judged({}, graph(dataset={"source": "sample", "name": "irises"})).errors
        assert "The dataset node is misconfigured" in finding.message

    def test_a_wrong_column_in_a_node_upstream_is_named(self) -> None:
        steps = (PlainStep(node_id="fill", kind="impute", config={"columns": ["lenght"]}),)
        (finding,) = judged({}, graph(steps=steps)).errors
        assert finding.code == "unknown_column"
        assert finding.message.startswith("The impute node 'fill': ")
        assert "'length'" in finding.message

    def test_an_unknown_node_upstream_is_refused(self) -> None:
        steps = (PlainStep(node_id="x", kind="smote", config={}),)
        assert codes(judged({}, graph(steps=steps)), "error") == ["unsupported_step"]

    def test_a_table_of_the_target_alone_has_no_features(self) -> None:
        alone = DataSummary(
            rows=150, columns=(Column(name="kind", dtype="category", distinct=3, minimum_class_count=50),)
        )
        assert codes(judged({}, graph(), alone), "error") == ["no_features"]

    def test_a_model_that_refuses_negative_numbers_says_so(self) -> None:
        assert codes(judged({}, graph("multinomial_nb"))) == ["needs_non_negative"]
        scaled = (PlainStep(kind="scale", config={"method": "minmax"}),)
        assert codes(judged({}, graph("multinomial_nb", steps=scaled))) == []
