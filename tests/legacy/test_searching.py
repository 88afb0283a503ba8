"""The old functions around a search: read, split, build, fit, report; all on today's estimators."""

import importlib
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, KFold, StratifiedKFold

from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.tasks.searchers import (
    GridSearch,
    HalvingGridSearch,
    HalvingRandomSearch,
    OptunaSearch,
    RandomSearch,
)

tasks: Any = importlib.import_module("core.feature_engineering.modeling.hyperparameter_tuning.tasks")
registry: Any = importlib.import_module("core.feature_engineering.modeling.hyperparameter_tuning.registry")
shared: Any = importlib.import_module("core.feature_engineering.modeling.shared")

LOGISTIC = get_model("logistic_regression")
TREE = get_model("decision_tree_classifier")
SPACE = {"max_depth": [1, 2, 3, None], "min_samples_leaf": [1, 5]}


def configuration(strategy: str = "random", **overrides: Any) -> Any:
    values = {"search_space": SPACE, "random_state": 7, **overrides}
    return shared.SearchConfiguration(strategy=strategy, selected_strategy=strategy, **values)


@pytest.fixture(scope="module")
def iris() -> pd.DataFrame:
    table: pd.DataFrame = load_iris(as_frame=True).frame
    table["__split_type__"] = np.where(np.arange(len(table)) % 5 == 4, "validation", "train")
    return table.rename(columns={"target": "species"})


@pytest.fixture(scope="module")
def bundle(iris: pd.DataFrame) -> Any:
    return tasks._build_training_data_bundle(iris, "species")


class TestSearchParameters:
    def test_baseline_and_space_are_brought_to_what_scikit_learn_takes(self) -> None:
        job = {"baseline_hyperparameters": {"penalty": "none", "multi_class": "ovr", "tol": "0.01", "C": 5}}
        config = configuration(search_space={"C": [1, 10], "penalty": ["l2", "l1"], "class_weight": ["none"]})
        base, space = tasks._prepare_search_parameters(job, {}, LOGISTIC, config)
        assert space == {"C": [1.0, 10.0], "l1_ratio": [0.0, 1.0], "class_weight": [None]}
        assert base["tol"] == 0.01
        assert base["random_state"] == 7
        assert {"C", "penalty", "multi_class"} & set(base) == set()
        LogisticRegression(**base)

    def test_without_a_baseline_of_the_job_the_nodes_text_counts(self) -> None:
        node = {"baseline_hyperparameters": '{"min_samples_split": 4}'}
        base, _ = tasks._prepare_search_parameters(SimpleNamespace(), node, TREE.key, configuration())
        assert base["min_samples_split"] == 4

    def test_an_empty_space_is_refused(self) -> None:
        with pytest.raises(ValueError, match="Search space is empty"):
            tasks._prepare_search_parameters({}, {}, TREE, configuration(search_space={}))

    def test_a_parameter_that_the_model_does_not_have_is_named_with_the_nearest(self) -> None:
        with pytest.raises(ValueError, match="Did you mean 'max_depth'"):
            tasks._prepare_search_parameters({}, {}, TREE, configuration(search_space={"max_dept": [1]}))

    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ('{"a": [1, "none", 1, 2]}', {"a": [1, 2, None]}),
            ({"a": 5, "b": ["x", ""]}, {"a": [5], "b": ["x", None]}),
            (None, {}),
        ],
    )
    def test_a_search_space_is_read_from_text_and_values(self, written: Any, read: Any) -> None:
        assert shared._coerce_search_space(written) == read

    @pytest.mark.parametrize("written", ["{", "[1]", {"a": []}, 7])
    def test_what_is_no_search_space_is_a_value_error(self, written: Any) -> None:
        with pytest.raises(ValueError, match=r"search_space|no value"):
            shared._coerce_search_space(written)


KINDS = {
    "random": RandomSearch,
    "grid": GridSearch,
    "halving": HalvingGridSearch,
    "halving_random": HalvingRandomSearch,
    "optuna": OptunaSearch,
}


class TestSearchers:
    @pytest.mark.parametrize("strategy", KINDS)
    def test_each_strategy_fits_reports_and_refits(self, strategy: str, bundle: Any) -> None:
        config = configuration(strategy, n_iterations=4, scoring="accuracy")
        folds = shared.CrossValidationConfig(enabled=True, folds=3, random_state=1)
        splitter = shared._build_cv_splitter("classification", folds, bundle.y_train)
        base, space = tasks._prepare_search_parameters({}, {}, TREE, config)
        searcher = tasks._build_searcher(TREE, config, base, space, splitter)
        assert type(searcher) is KINDS[strategy]
        told: list[tuple[int, str]] = []
        done = tasks._execute_search(
            searcher, bundle, TREE.key, "classification", "species", config, folds,
            progress_callback=lambda share, step: told.append((share, step)),
        )  # fmt: skip
        assert done.best_estimator.predict(bundle.X_train[:3]).shape == (3,)
        report = done.metrics
        assert report["search"]["strategy"] == strategy
        assert report["search"]["n_candidates"] == len(searcher.cv_results_["params"]) > 0
        assert report["row_counts"] == {"train": 120, "validation": 30}
        assert report["validation"]["accuracy"] > 0.8
        assert report["cross_validation"]["folds"] == 3
        assert ("n_resources_per_step" in report["search"]) is strategy.startswith("halving")
        assert ("n_trials" in report["search"]) is (strategy == "optuna")
        assert [row["rank"] for row in done.summary] == sorted(row["rank"] for row in done.summary)
        assert done.summary[0]["params"] == shared._serialize_value(searcher.best_params_)
        shares = [share for share, _ in told]
        assert shares == sorted(shares)
        assert told[-1] == (100, "Search finished")
        assert max(shares[:-1]) == 99
        assert len({share for share in shares if 0 < share < 99}) > 1

    def test_a_grid_equals_scikit_learns(self, bundle: Any) -> None:
        config = configuration("grid", scoring="accuracy")
        base, space = tasks._prepare_search_parameters({}, {}, TREE, config)
        folds = StratifiedKFold(3, shuffle=True, random_state=1)
        ours = tasks._build_searcher(TREE, config, base, space, folds).fit(bundle.X_train, bundle.y_train)
        theirs = GridSearchCV(ours.estimator, space, cv=folds, scoring="accuracy")
        theirs.fit(bundle.X_train, bundle.y_train)
        assert ours.best_params_ == theirs.best_params_
        np.testing.assert_array_equal(
            ours.cv_results_["mean_test_score"], theirs.cv_results_["mean_test_score"]
        )

    def test_never_more_candidates_than_combinations(self) -> None:
        config = configuration("random", n_iterations=500)
        assert tasks._build_searcher(TREE, config, {}, SPACE, 3).n_iter == 8
        assert tasks._build_searcher(TREE, configuration("optuna"), {}, SPACE, 3).n_trials == 8

    def test_without_a_number_it_goes_by_the_parameters(self) -> None:
        wide = {name: list(range(1, 30)) for name in ("max_depth", "min_samples_leaf")}
        assert tasks._build_searcher(TREE, configuration("random"), {}, wide, 3).n_iter == 10
        assert tasks._build_searcher(TREE, configuration("optuna"), {}, wide, 3).n_trials == 20

    def test_unknown_strategy_and_scoring_are_named(self) -> None:
        with pytest.raises(ValueError, match="no strategy 'radnom'"):
            tasks._build_searcher(TREE, configuration("radnom"), {}, SPACE, 3)
        with pytest.raises(ValueError, match="Did you mean 'accuracy'"):
            tasks._build_searcher(TREE, configuration(scoring="acuracy"), {}, SPACE, 3)

    def test_warnings_of_the_fits_are_told_once(self, bundle: Any) -> None:
        config = configuration("grid", search_space={"C": [1.0, 2.0]})
        searcher = tasks._build_searcher(LOGISTIC, config, {"max_iter": 1}, {"C": [1.0, 2.0]}, 3)
        done = tasks._execute_search(
            searcher,
            bundle,
            LOGISTIC.key,
            "classification",
            "species",
            config,
            shared.CrossValidationConfig(),
        )
        assert any(sentence.startswith("ConvergenceWarning") for sentence in done.warnings)
        assert len(done.warnings) == len(set(done.warnings))


class TestOptuna:
    def test_distributions_hold_each_value_once(self) -> None:
        (found,) = tasks._build_optuna_distributions({"a": [1, 1, 1.0, None]}).values()
        assert [repr(choice) for choice in found.choices] == ["1", "1.0", "None"]
        with pytest.raises(ValueError, match="Search space is empty"):
            tasks._build_optuna_distributions({})

    def test_a_class_that_takes_a_sampler_gets_a_seeded_one(self) -> None:
        made = tasks._create_optuna_searcher(
            {"n_trials": 3}, configuration("optuna"),
            _search_cls=dict, _sampler_cls=lambda seed: ("sampler", seed), _accepts_sampler_fn=lambda: True,
        )  # fmt: skip
        assert made == {"n_trials": 3, "sampler": ("sampler", 7)}

    def test_a_class_that_takes_none_gets_none(self) -> None:
        made = tasks._create_optuna_searcher(
            {"n_trials": 3}, configuration("optuna"), _search_cls=dict, _accepts_sampler_fn=lambda: False
        )
        assert made == {"n_trials": 3}

    def test_a_class_that_refuses_the_sampler_is_made_without(self) -> None:
        def refusing(*, n_trials: int) -> int:
            return n_trials

        made = tasks._create_optuna_searcher(
            {"n_trials": 3}, configuration("optuna"), _search_cls=refusing, _accepts_sampler_fn=lambda: True
        )
        assert made == 3

    def test_by_itself_it_makes_our_search_with_its_tpe_sampler(self) -> None:
        kwargs = {"estimator": LogisticRegression(), "param_distributions": {"C": [1.0]}, "random_state": 7}
        made = tasks._create_optuna_searcher(kwargs, configuration("optuna"))
        assert isinstance(made, OptunaSearch)
        assert (made.sampler, made.random_state) == ("tpe", 7)


class TestCrossValidation:
    def test_both_spellings_are_read(self) -> None:
        spelt = {"cv_enabled": True, "cv_strategy": "kfold", "cv_folds": "4", "cv_shuffle": False}
        plain = {name.removeprefix("cv_"): value for name, value in spelt.items()}
        expected = shared.CrossValidationConfig(enabled=True, strategy="kfold", folds=4, shuffle=False)
        assert shared._parse_cross_validation_config(spelt) == expected
        assert shared._parse_cross_validation_config(plain) == expected
        assert shared._parse_cross_validation_config(None) == shared.CrossValidationConfig()

    @pytest.mark.parametrize(
        ("settings", "word"),
        [
            ({"cv_folds": 1}, "cv_folds"),
            ({"cv_folds": "five"}, "cv_folds"),
            ({"cv_strategy": "kfolds"}, "'kfold'"),
            ({"cv_shuffle": "perhaps"}, "cv_shuffle"),
            ({"cv_refit_strategy": "train_onyl"}, "'train_only'"),
        ],
    )
    def test_what_cannot_be_read_is_named(self, settings: dict[str, Any], word: str) -> None:
        with pytest.raises(ValueError, match=word):
            shared._parse_cross_validation_config(settings)

    def test_folds_are_stratified_for_classes_where_that_is_possible(self) -> None:
        auto, plain = shared.CrossValidationConfig(folds=3), shared.CrossValidationConfig("", "kfold", 3)
        classes, rare = [0, 1] * 6, list(range(12))
        make = shared._build_cv_splitter
        assert isinstance(make("classification", auto, classes), StratifiedKFold)
        assert isinstance(make("classification", auto, rare), KFold)
        assert isinstance(make("classification", plain, classes), KFold)
        assert isinstance(make("regression", auto, classes), KFold)
        assert make("regression", shared.CrossValidationConfig(shuffle=False), classes).random_state is None

    @pytest.mark.parametrize(
        ("hint", "read"),
        [(" Regression ", "regression"), ("classifier", "classification"), ("", "auto"), (None, "auto")],
    )
    def test_a_problem_type_is_read_as_people_write_it(self, hint: Any, read: str) -> None:
        assert shared._resolve_problem_type_hint(hint, "auto") == read


class TestTrainingData:
    def frame(self) -> pd.DataFrame:
        return pd.DataFrame(
            {
                "colour": ["red", "blue", "red", "green", None, "blue"],
                "size": [1.0, np.nan, 3.0, 100.0, 5.0, 2.0],
                "day": ["2026-01-01", "2026-01-02"] * 3,
                "empty": [None] * 6,
                "label": ["yes", "no", "yes", "no", "yes", None],
                "__split_type__": ["train", "train", "Train", "validation", "test", "train"],
            }
        )

    def test_rows_go_where_their_column_says_and_codes_are_the_training_rows(self) -> None:
        X, y, X_val, y_val, X_test, y_test, columns, meta = shared._prepare_training_data(
            self.frame(), "label"
        )
        assert (len(X), len(X_val), len(X_test)) == (3, 1, 1)
        assert columns == ["colour", "size", "day"]
        assert meta == {"dtype": "categorical", "categories": ["no", "yes"]}
        assert (list(y), list(y_val), list(y_test)) == ([1, 0, 1], [0], [1])
        assert not np.isnan(X.to_numpy()).any()
        assert all(dtype == "float64" for dtype in X.dtypes)
        # blue 0, red 1; green was never seen in training, and a gap was filled by the training rows alone.
        assert list(X["colour"]) == [1.0, 0.0, 1.0]
        assert list(X_val["colour"]) == [-1.0]
        assert X["size"].iloc[1] == 2.0

    def test_without_the_column_every_row_trains(self) -> None:
        frame = self.frame().drop(columns="__split_type__")
        X, _, X_val, y_val, X_test, _, _, _ = shared._prepare_training_data(frame, "label")
        assert (len(X), X_val, y_val, X_test) == (5, None, None, None)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda frame: frame.rename(columns={"label": "other"}), "'label' not found"),
            (lambda frame: frame.assign(__split_type__="test"), "training split is empty"),
            (lambda frame: frame.assign(label=None), "No training rows are left"),
            (lambda frame: frame[["label", "__split_type__"]], "No feature columns available"),
            (lambda frame: frame.set_axis([0] * 6), "each row once"),
        ],
    )
    def test_what_cannot_be_trained_on_is_a_value_error(self, change: Any, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            shared._prepare_training_data(change(self.frame()), "label")

    def test_the_bundle_leaves_test_rows_out_and_counts_classes(self, bundle: Any) -> None:
        assert (len(bundle.X_train), len(bundle.X_validation)) == (120, 30)
        assert tasks._infer_target_class_count(bundle) == 3
        numbers = tasks._build_training_data_bundle(pd.DataFrame({"a": [1, 2, 3], "y": [0.5, 1.5, 2.5]}), "y")
        assert tasks._infer_target_class_count(numbers) is None
        dropped = tasks._build_training_data_bundle(self.frame(), "label")
        assert (dropped.target_meta.kind, dropped.target_meta.dropped) == ("category", 1)
        assert tasks._infer_target_class_count(dropped) == 2


class TestResults:
    def test_values_are_json(self) -> None:
        given = {"a": np.float64("nan"), "b": (np.int64(3), None), 1: np.arange(2), "c": KFold}
        assert shared._serialize_value(given) == {
            "a": None, "b": [3, None], "1": [0, 1], "c": repr(KFold),
        }  # fmt: skip

    def test_the_best_rows_come_first(self) -> None:
        table = {
            "params": [{"a": 1}, {"a": 2}, {"a": 3}],
            "rank_test_score": [3, 1, 2],
            "mean_test_score": np.array([0.1, 0.9, 0.5]),
            "std_test_score": np.array([0.0, 0.0, np.nan]),
        }
        first, second = shared._summarize_results(table, limit=2)
        assert (first["rank"], first["params"], first["mean_test_score"]) == (1, {"a": 2}, 0.9)
        assert (second["std_test_score"], second["mean_fit_time"]) == (None, None)
        assert shared._summarize_results({}) == []

    def test_metrics_of_two_classes_of_more_and_of_numbers(self) -> None:
        X = np.arange(20.0).reshape(-1, 1)
        two, three = np.array(["no", "yes"] * 10), np.arange(20) % 3
        found = shared._classification_metrics(LogisticRegression().fit(X, two), X, two)
        assert {"accuracy", "f1", "f1_weighted", "precision", "recall", "roc_auc", "pr_auc"} <= set(found)
        found = shared._classification_metrics(LogisticRegression().fit(X, three), X, three)
        assert {"roc_auc_weighted", "pr_auc_weighted", "recall_weighted"} <= set(found)
        assert "roc_auc" not in found
        from sklearn.linear_model import Ridge
        from sklearn.svm import LinearSVC

        # No probabilities, but a ranking; with three classes there is neither.
        found = shared._classification_metrics(LinearSVC().fit(X, three), X, three)
        assert "roc_auc_weighted" not in found
        model = Ridge().fit(X, X[:, 0])
        numbers = shared._regression_metrics(model, X, X[:, 0] + 1)
        assert set(numbers) == {"mae", "mse", "rmse", "r2", "mape"}
        assert numbers["mae"] == pytest.approx(1.0, abs=0.02)

    def test_metadata_says_what_was_trained_on(self) -> None:
        config = shared.CrossValidationConfig(folds=4)
        update = shared._build_metadata_update("classification", "y", ("a",), config, {"rows": np.int64(3)})
        assert update["dataset"] == {"rows": 3}
        assert (update["target_column"], update["feature_columns"]) == ("y", ["a"])
        assert update["cross_validation"]["folds"] == 4
        assert "dataset" not in shared._build_metadata_update("regression", "y", [], config)

    def test_the_best_estimator_is_stored_without_pickle_and_below_the_store(
        self, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from hyperparameter_tuning.shared import artifacts
        from hyperparameter_tuning.shared.settings import get_settings

        monkeypatch.setenv("HPT_DATA_DIR", str(tmp_path))
        get_settings.cache_clear()
        job = SimpleNamespace(id="j1", pipeline_id="../../etc", run_number=3)
        model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
        key = shared._persist_best_estimator(job, model)
        assert key == "etc/tuning/j1_run3.skops"
        stored = artifacts.load(tmp_path / "artifacts" / key)
        assert stored.predict([[1.0]]) == [1]
        assert shared._persist_best_estimator(job, object()) is None


class TestStrategyLists:
    def test_names_and_objects_become_entries(self) -> None:
        assert registry._resolve_source(["grid", {"value": "x", "impl": "random"}]) == [
            {"value": "grid"},
            {"value": "x", "impl": "random"},
        ]
        assert registry._resolve_source(None) == list(registry.DEFAULT_TUNING_STRATEGIES)
        with pytest.raises(ValueError, match="not int"):
            registry._resolve_source([7])

    def test_an_entry_is_completed_and_told_apart(self) -> None:
        seen: set[str] = set()
        entry = registry._normalize_entry(
            {"value": "halving_random", "aliases": ["Quick", "quick", ""]}, seen
        )
        assert (entry.label, entry.impl, entry.aliases) == ("Halving Random", "halving_random", ("Quick",))
        assert registry._normalize_entry({"value": "HALVING_random"}, seen) is None
        assert registry._normalize_entry({"value": " "}, seen) is None
        with pytest.raises(ValueError, match="no strategy 'magic'"):
            registry._normalize_entry({"value": "own", "impl": "magic"}, seen)
