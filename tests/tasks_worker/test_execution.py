"""One search and one refit, in process: no database, no queue, no child."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import root_mean_squared_error

from hyperparameter_tuning.registry.task import TuningTask
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.tasks.execution import SearchFailedError, refit
from hyperparameter_tuning.tasks.trial_messages import TrialFailedError
from tests.tasks_worker import tasks_made as made
from tests.tasks_worker.searches import as_recorded, failing_in_part, of, search, without_times

ALPHAS = [{"kind": "float", "name": "alpha", "low": 0.1, "high": 10.0, "grid_points": 3}]
DEPTHS = [{"kind": "int", "name": "max_depth", "low": 1, "high": 6}]


class TestReferenceTrials:
    def test_trial_0_is_the_model_nodes_current_parameters(self) -> None:
        form = made.plain(params={"max_depth": 2})
        _, said = search(made.task(form), form=form)
        first = of(said, "trial.started")[0]
        assert (first["trial"], first["origin"], first["targets"]) == (0, "baseline", ["m0"])
        assert first["params"]["max_depth"] == 2

    def test_trial_1_is_the_librarys_defaults_where_they_differ(self) -> None:
        form = made.plain(params={"max_depth": 2})
        _, said = search(made.task(form), form=form)
        second = of(said, "trial.started")[1]
        assert (second["trial"], second["origin"]) == (1, "defaults")
        assert second["params"]["max_depth"] is None

    def test_there_is_no_second_where_they_do_not(self) -> None:
        _, said = search(made.task())
        assert [item["origin"] for item in of(said, "trial.started")] == ["baseline", *["search"] * 3]

    def test_further_targets_have_trials_of_their_own(self) -> None:
        form = made.plain(params={"max_depth": 2}, other_targets=({"max_depth": 3}, {"max_depth": 2}))
        _, said = search(made.task(form), form=form)
        targets = {item["trial"]: item["targets"] for item in of(said, "trial.started")}
        assert targets[0] == ["m0", "m2"]
        assert targets[2] == ["m1"]

    def test_they_do_not_count_towards_max_trials(self) -> None:
        budget = {"max_trials": 2, "max_seconds": 60}
        _, said = search(made.task(strategy={"name": "random"}, search_space=DEPTHS, budget=budget))
        assert Counter(item["origin"] for item in of(said, "trial.started")) == {"baseline": 1, "search": 2}

    def test_trial_0_may_win(self) -> None:
        rows = [{"kind": "categorical", "name": "max_depth", "choices": [1]}]
        report, _ = search(made.task(search_space=rows))
        assert report.winner is not None
        assert report.winner.trial == 0

    def test_fixed_parameters_do_not_touch_trial_0(self) -> None:
        form = made.plain(params={"max_depth": 3})
        fixed = [{"name": "min_samples_leaf", "value": 40}]
        _, with_fixed = search(made.task(form, fixed_params=fixed), form=form)
        _, without = search(made.task(form), form=form)
        assert of(with_fixed, "trial.finished")[0] == of(without, "trial.finished")[0]
        assert of(with_fixed, "trial.finished")[-1] != of(without, "trial.finished")[-1]


class TestMessages:
    def test_every_unit_comes_between_start_and_end_of_its_trial(self) -> None:
        _, said = search(made.task())
        for trial in range(4):
            own = [
                item["type"] for item in said if item.get("trial") == trial and item["type"] != "best.updated"
            ]
            assert own == ["trial.started", *["unit"] * 3, "trial.finished"]

    def test_scores_are_in_natural_units(self) -> None:
        task = made.task(regression=True, search_space=ALPHAS)
        _, said = search(task, made.bundle(regression=True), made.plain("ridge_regression"))
        assert of(said, "search.started")[0]["direction"] == "minimize"
        scores = [item["score"] for item in of(said, "trial.finished")]
        assert all(score > 0 for score in scores)
        assert of(said, "best.updated")[-1]["score"] == min(scores)

    def test_repeats_and_folds_are_counted_apart(self) -> None:
        cv = {"kind": "k_fold", "folds": 2, "repeats": 3}
        _, said = search(made.task(cross_validation=cv))
        units = [(unit["repeat"], unit["fold"]) for unit in of(said, "unit") if unit["trial"] == 0]
        assert sorted(units) == [(repeat, fold) for repeat in range(3) for fold in range(2)]

    def test_every_metric_is_told(self) -> None:
        _, said = search(made.task(objective={"metric": "accuracy", "additional_metrics": ["log_loss"]}))
        assert all(set(unit["scores"]) == {"accuracy", "log_loss"} for unit in of(said, "unit"))
        assert all(unit["scores"]["log_loss"] > 0 for unit in of(said, "unit"))

    def test_the_last_says_why_and_what(self) -> None:
        report, said = search(made.task())
        last = said[-1]
        assert report.winner is not None
        assert last["type"] == "search.finished"
        assert (last["reason"], last["best"], last["n_complete"]) == ("exhausted", report.winner.trial, 4)


class TestStrategies:
    @pytest.mark.parametrize("strategy", ["grid", "random", "halving", "halving_random", "optuna"])
    @pytest.mark.parametrize("regression", [False, True])
    def test_each_finds_a_winner(self, strategy: str, regression: bool) -> None:
        model = "decision_tree_regressor" if regression else "decision_tree_classifier"
        form = made.plain(model)
        limit = None if strategy in ("grid", "halving") else 5
        task = made.task(
            form,
            regression=regression,
            strategy={"name": strategy},
            search_space=DEPTHS,
            budget={"max_trials": limit, "max_seconds": 60},
        )
        report, said = search(task, made.bundle(regression=regression), form)
        assert report.winner is not None
        assert of(said, "trial.finished")[-1]["state"] in ("complete", "failed", "pruned")

    def test_a_halvings_best_is_scored_again_on_all_rows(self) -> None:
        strategy = {"name": "halving", "min_resources": "smallest"}
        _, said = search(made.task(strategy=strategy, search_space=DEPTHS, objective={"metric": "accuracy"}))
        rungs = of(said, "rung.completed")
        assert rungs[-1]["n_resources"] < 90
        confirmed = of(said, "trial.finished")[-1]
        assert confirmed["resource"] == 1.0
        assert "rung" not in confirmed
        in_last_rung = [
            item["trial"] for item in of(said, "trial.finished") if item.get("rung") == rungs[-1]["rung"]
        ]
        assert confirmed["trial"] in in_last_rung

    def test_scores_of_a_part_of_the_rows_are_never_the_best(self) -> None:
        strategy = {"name": "halving", "min_resources": "smallest"}
        _, said = search(made.task(strategy=strategy, search_space=DEPTHS, objective={"metric": "accuracy"}))
        whole = {
            item["trial"]: item["score"] for item in of(said, "trial.finished") if item["resource"] == 1.0
        }
        assert all(whole[best["trial"]] == best["score"] for best in of(said, "best.updated"))

    def test_the_validation_port_judges_alone_where_asked(self) -> None:
        form = made.plain(validation=True)
        task = made.task(form, cross_validation={"kind": "validation_port"}, objective={"metric": "accuracy"})
        bundle = made.bundle(validation=True)
        report, said = search(task, bundle, form)
        assert len([unit for unit in of(said, "unit") if unit["trial"] == 0]) == 1
        assert report.winner is not None
        assert round(report.winner.scores["accuracy"] * 30, 6).is_integer()


class TestErrors:
    def test_all_failing_fails_with_the_most_frequent(self) -> None:
        form = made.plain("logistic_regression")
        rows = [{"kind": "categorical", "name": "solver", "choices": ["liblinear"]}]
        fixed = [{"name": "l1_ratio", "value": 0.5}]
        task = made.task(form, search_space=rows, fixed_params=fixed)
        with pytest.raises(SearchFailedError, match="candidate") as caught:
            search(task, form=form)
        assert caught.value.code == "all_trials_failed"

    def test_some_failing_are_recorded_and_the_search_goes_on(self) -> None:
        report, said = search(*failing_in_part("skip"))
        states = Counter(item["state"] for item in of(said, "trial.finished") if item["trial"] > 0)
        assert states["failed"] == 1
        assert states["complete"] == 1
        assert report.winner is not None
        failed = next(item for item in of(said, "trial.finished") if item["state"] == "failed")
        assert ": " in failed["error"]

    def test_the_first_fails_the_job_where_asked(self) -> None:
        with pytest.raises(TrialFailedError, match="Candidate"):
            search(*failing_in_part("fail"))

    def test_no_time_for_anything_is_a_sentence(self) -> None:
        with pytest.raises(SearchFailedError, match="Allow more time") as caught:
            search(made.task(budget={"max_trials": None, "max_seconds": 1e-9}))
        assert caught.value.code == "no_complete_trial"


class TestStop:
    def test_keeps_the_best_so_far(self) -> None:
        report, said = search(made.task(search_space=DEPTHS), stop=lambda said: len(of(said, "unit")) >= 7)
        assert report.reason == "user"
        assert report.winner is not None
        assert len(of(said, "trial.finished")) < 7

    def test_before_anything_is_complete_keeps_nothing(self) -> None:
        report, said = search(made.task(), stop=lambda _: True)
        assert report.winner is None
        assert said[-1]["best"] is None

    def test_in_a_halving_confirms_the_leader_of_the_last_whole_round(self) -> None:
        strategy = {"name": "halving", "min_resources": "smallest"}
        task = made.task(strategy=strategy, search_space=DEPTHS, objective={"metric": "accuracy"})
        report, said = search(task, stop=lambda said: bool(of(said, "rung.completed")))
        assert report.reason == "user"
        assert of(said, "trial.finished")[-1]["resource"] == 1.0
        assert of(said, "trial.finished")[-1]["trial"] > 0


class TestBudget:
    def test_time_ends_the_search_and_is_told(self) -> None:
        budget = {"max_trials": None, "max_seconds": 0.5}
        rows = [{"kind": "float", "name": "ccp_alpha", "low": 0.0, "high": 0.1}]
        report, said = search(made.task(strategy={"name": "random"}, search_space=rows, budget=budget))
        assert report.reason == "max_seconds"
        assert of(said, "budget.warning")[0]["code"] == "max_seconds"

    def test_a_target_in_natural_units_ends_it(self) -> None:
        budget = {"max_trials": None, "max_seconds": 60, "target_score": 1e9}
        form = made.plain("decision_tree_regressor")
        task = made.task(form, regression=True, search_space=DEPTHS, budget=budget)
        report, said = search(task, made.bundle(regression=True), form)
        assert report.reason == "target_score"
        assert len([item for item in of(said, "trial.finished") if item["trial"] > 0]) == 1


class TestRecordedUnits:
    @pytest.mark.parametrize("strategy", ["grid", "random", "halving", "halving_random", "optuna"])
    @pytest.mark.parametrize("done", [1, 10, 17])
    def test_a_search_that_goes_on_ends_like_one_that_was_never_interrupted(
        self, strategy: str, done: int
    ) -> None:
        limit = None if strategy in ("grid", "halving") else 5
        task = made.task(
            strategy={"name": strategy},
            search_space=DEPTHS,
            budget={"max_trials": limit, "max_seconds": 60},
            objective={"metric": "accuracy"},
        )
        whole, said = search(task)
        recorded = as_recorded(said)[:done]
        resumed, said_again = search(task, recorded=recorded)
        assert resumed == whole
        units = without_times(recorded + as_recorded(said_again))
        assert sorted(map(str, units)) == sorted(map(str, without_times(as_recorded(said))))

    def test_nothing_is_scored_twice(self) -> None:
        task = made.task()
        _, said = search(task)
        _, again = search(task, recorded=as_recorded(said))
        assert of(again, "unit") == []

    def test_with_a_smaller_budget_stored_candidates_keep_their_numbers(self) -> None:
        def random_task(limit: int) -> TuningTask:
            budget = {"max_trials": limit, "max_seconds": 60}
            return made.task(strategy={"name": "random"}, search_space=DEPTHS, budget=budget)

        _, said = search(random_task(6))
        recorded = as_recorded(said)
        _, again = search(random_task(3), recorded=recorded)
        stored = {unit["trial"]: unit["params"] for unit in recorded}
        assert all(stored[item["trial"]] == item["params"] for item in of(again, "trial.started"))
        assert of(again, "unit") == []

    def test_a_stop_finds_the_best_of_them_without_scoring(self) -> None:
        task = made.task(search_space=DEPTHS)
        whole, said = search(task)
        report, again = search(task, recorded=as_recorded(said), stop=lambda _: True)
        assert of(again, "unit") == []
        assert report.winner == whole.winner


class TestRefit:
    def test_the_files_predict_what_the_pipeline_does(self, tmp_path: Path) -> None:
        form = made.plain("ridge_regression")
        bundle = made.bundle(regression=True)
        done = refit(
            made.task(form, regression=True, search_space=ALPHAS), bundle, form, {"alpha": 2.0}, tmp_path
        )
        model = artifacts.load(done.model)
        assert model.named_steps["model"].alpha == 2.0
        error = root_mean_squared_error(bundle.y_train, model.predict(bundle.X_train))
        assert done.metrics["training"]["rmse"] == pytest.approx(error)
        assert [column["name"] for column in done.columns] == list(made.COLUMNS)

    def test_fixed_parameters_are_in_it(self, tmp_path: Path) -> None:
        form = made.plain()
        task = made.task(form, fixed_params=[{"name": "min_samples_leaf", "value": 7}])
        done = refit(task, made.bundle(), form, {"max_depth": 2}, tmp_path)
        model = artifacts.load(done.model).named_steps["model"]
        assert (model.max_depth, model.min_samples_leaf) == (2, 7)

    def test_validation_rows_judge_a_model_that_has_not_seen_them(self, tmp_path: Path) -> None:
        form = made.plain(validation=True)
        bundle = made.bundle(validation=True)
        metrics, rows = [], []
        for refit_on in ("train", "train_and_validation"):
            task = made.task(form, selection={"refit_on": refit_on}, objective={"metric": "accuracy"})
            done = refit(task, bundle, form, {"max_depth": 3}, tmp_path)
            metrics.append(done.metrics)
            rows.append(done.n_rows)
        assert metrics[0] == metrics[1]
        assert set(metrics[0]) == {"training", "validation"}
        assert rows == [90, 120]

    def test_classes_are_in_the_order_of_the_probabilities(self, tmp_path: Path) -> None:
        form = made.plain()
        done = refit(made.task(form), made.bundle(), form, {}, tmp_path)
        assert done.classes == ("no", "yes")
        assert np.allclose(artifacts.load(done.model).predict_proba(made.bundle().X_train).sum(axis=1), 1)


class TestImports:
    def test_a_search_knows_no_database_and_no_queue(self) -> None:
        program = (
            "import sys, hyperparameter_tuning.tasks.execution;"
            "print([name for name in ('celery', 'sqlalchemy', 'fastapi') if name in sys.modules])"
        )
        answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert answer.stdout.strip() == "[]"
