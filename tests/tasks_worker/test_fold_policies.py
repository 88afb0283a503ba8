"""What each fold policy lets a step learn from, shown by steps that give away the target where they can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.task import TuningTask, make_task
from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.data import summarise
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainModel, PlainStep, PlainValidation
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.data_bundle import TrainingDataBundle, read_bundle, write_bundle
from hyperparameter_tuning.tasks.evaluation import Evaluator, Request
from hyperparameter_tuning.tasks.job_model import make_estimator, scorers_of, scoring_rows
from hyperparameter_tuning.tasks.loader import make_bundle
from hyperparameter_tuning.tasks.refit import refit
from tests.tasks_worker.leaky_steps import KINDS, MEMORY, TOLD, Doubling, Memory

ROWS = 80
SPLIT = {"test_size": 0.25, "validation_size": 0.25, "seed": 7}
PARAMS = {"max_depth": 3}


def table() -> pd.DataFrame:
    """Noise, and a target that nothing in it tells."""
    generator = np.random.default_rng(5)
    y = generator.permutation(np.where(np.arange(ROWS) % 4 == 0, "yes", "no"))
    return pd.DataFrame({"id": np.arange(ROWS), "a": generator.normal(size=ROWS), "y": y})


class Case:
    """One path of steps, with the rows that reach the search."""

    def __init__(self, *steps: str | PlainStep, validation: PlainValidation | None = None, **config: Any):
        self.plain = PlainForm(
            dataset={"source": "sample", "name": "x"},
            steps=tuple(
                step if isinstance(step, PlainStep) else PlainStep(kind=step, node_id=f"n_{step}")
                for step in steps
            ),
            validation=validation,
            model=PlainModel(type="decision_tree_classifier"),
            target="y",
        )
        document = {
            "target": "y",
            "objective": {"metric": "roc_auc"},
            "cross_validation": {"kind": "k_fold", "folds": 4},
            **config,
        }
        summary = summarise(table())
        model = TuningConfig.model_validate(document)
        self.task: TuningTask = make_task(model, self.plain, summary, Settings())
        self.bundle: TrainingDataBundle = make_bundle(self.task, self.plain, summary, table(), kinds=KINDS)

    def score(self, resource: float | None = None) -> float:
        rows = scoring_rows(self.task, self.bundle)
        estimator = make_estimator(self.task, self.bundle, self.plain, PARAMS, KINDS)
        with Evaluator(estimator, rows.X, rows.y, rows.splits, scorers_of(self.task, self.bundle)) as found:
            (result,) = found.evaluate([Request(0, {}, resource=resource)])
        assert all(fold.state == "complete" for fold in result.folds), result.folds
        return float(np.mean([fold.scores["roc_auc"] for fold in result.folds]))

    def ids_by_fold(self) -> list[set[int]]:
        rows = scoring_rows(self.task, self.bundle)
        return [set(rows.X["id"].iloc[test]) for _, test in rows.splits]


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    Doubling.seen.clear()
    TOLD.clear()


class TestTransformer:
    def test_knows_only_the_training_rows_of_a_fold(self) -> None:
        assert Case("remember").score() < 0.6


class TestRowWise:
    def test_is_shown_no_target_and_one_row(self) -> None:
        case = Case("remember_row")
        assert set(case.bundle.X_train["leak"]) == {0.0}
        assert case.score() < 0.6

    def test_runs_once_on_training_and_validation_rows_alike(self, monkeypatch: pytest.MonkeyPatch) -> None:
        calls: list[int] = []
        transform = Memory.transform

        def counted(self: Memory, X: pd.DataFrame) -> pd.DataFrame:
            calls.append(len(X))
            return transform(self, X)

        monkeypatch.setattr(Memory, "transform", counted)
        train = PlainStep(kind="split", config=SPLIT, output="train")
        port = PlainValidation(steps=(train.model_copy(update={"output": "validation"}),))
        case = Case(train, "remember_row", validation=port)
        case.score()
        assert calls == [40, 20]
        assert case.bundle.X_validation is not None
        assert list(case.bundle.X_validation) == list(case.bundle.X_train) == ["id", "a", "leak"]

    def test_after_a_transformer_it_runs_inside_the_folds(self) -> None:
        case = Case("scale", "remember_row")
        assert "leak" not in case.bundle.X_train
        assert case.score() < 0.6


class TestSampler:
    def test_sees_the_training_rows_of_each_fold_and_no_others(self) -> None:
        case = Case("double")
        case.score()
        everything = set(range(ROWS))
        assert [set(seen) for seen in Doubling.seen] == [everything - test for test in case.ids_by_fold()]

    def test_sees_the_rows_that_a_halving_draws(self) -> None:
        case = Case("double")
        case.score(resource=0.5)
        assert [len(seen) for seen in Doubling.seen] == [30] * 4
        assert all(not set(seen) & test for seen, test in zip(Doubling.seen, case.ids_by_fold(), strict=True))

    def test_takes_part_in_the_final_fit_and_not_in_prediction(self, tmp_path: Path) -> None:
        case = Case("impute", "double", "scale")
        done = refit(case.task, case.bundle, case.plain, PARAMS, tmp_path, kinds=KINDS)
        assert [len(seen) for seen in Doubling.seen] == [ROWS]
        model = artifacts.load(done.model)
        assert [name for name, _ in model.steps] == ["impute_1", "scale_3", "model"]
        assert model["model"].tree_.n_node_samples[0] == ROWS + (table()["y"] == "yes").sum()
        assert len(model.predict(table()[["id", "a"]])) == ROWS

    def test_never_sees_rows_of_the_validation_port(self) -> None:
        train = PlainStep(kind="split", config=SPLIT, output="train")
        port = PlainValidation(steps=(train.model_copy(update={"output": "validation"}),))
        case = Case(train, "double", validation=port, cross_validation={"kind": "validation_port"})
        case.score()
        assert [set(seen) for seen in Doubling.seen] == [set(case.bundle.X_train["id"])]


class TestUnsafe:
    def test_saw_the_rows_that_judge(self) -> None:
        assert Case("tell").score() == 1.0

    def test_is_given_no_test_rows_even_before_the_split(self) -> None:
        train = PlainStep(kind="split", config=SPLIT, output="train")
        case = Case("tell", train)
        assert [sorted(case.bundle.X_train["id"])] == TOLD
        assert len(TOLD[0]) == 40

    def test_may_leave_rows_out_and_their_targets_go_with_them(self) -> None:
        dropped = [0, 1, 17, 79]
        case = Case(PlainStep(kind="tell", config={"drop": dropped}))
        wanted = table().drop(index=dropped)
        assert case.bundle.X_train["id"].tolist() == wanted["id"].tolist()
        assert case.bundle.y_train.tolist() == wanted["y"].tolist()

    def test_prepares_validation_rows_too(self) -> None:
        train = PlainStep(kind="split", config=SPLIT, output="train")
        port = PlainValidation(steps=(train.model_copy(update={"output": "validation"}),))
        case = Case(train, "tell", validation=port, cross_validation={"kind": "validation_port"})
        assert case.score() == 1.0

    def test_the_tuned_model_takes_rows_as_it_leaves_them(self, tmp_path: Path) -> None:
        case = Case("remember_row", "tell", "scale")
        done = refit(case.task, case.bundle, case.plain, PARAMS, tmp_path, kinds=KINDS)
        assert [column["name"] for column in done.columns] == ["id", "a", "leak"]
        assert (done.steps_before, done.steps) == (("n_remember_row", "n_tell"), ("n_scale",))

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ("array", "pandas table"),
            ("twice", "each once"),
            ("foreign", "rows that it got"),
            ("column", "column 'a'"),
            ("raise", "KeyError"),
        ],
    )
    def test_that_goes_wrong_is_named(self, wrong: str, sentence: str) -> None:
        with pytest.raises(DataError, match=sentence) as caught:
            Case(PlainStep(kind="tell", node_id="t", config={"wrong": wrong}))
        assert caught.value.message.startswith("The tell node 't': ")


class TestSplitter:
    def test_of_another_kind_picks_the_rows_of_its_output(self) -> None:
        for output, rest in (("odd", 1), ("even", 0)):
            step = PlainStep(kind="parity", config={"column": "id"}, output=output)
            assert {row % 2 for row in Case(step).bundle.X_train["id"]} == {rest}

    def test_that_fails_is_named(self) -> None:
        step = PlainStep(kind="parity", node_id="p", config={"column": "none"}, output="odd")
        with pytest.raises(DataError, match="parity node 'p' could not divide the rows: KeyError"):
            Case(step)


class TestTunedModel:
    def test_repeats_row_wise_steps_so_that_it_takes_rows_as_the_dataset_has_them(
        self, tmp_path: Path
    ) -> None:
        case = Case("remember_row", "scale")
        write_bundle(tmp_path, case.bundle)
        bundle = read_bundle(tmp_path)
        done = refit(case.task, bundle, case.plain, PARAMS, tmp_path, kinds=KINDS)
        whole = artifacts.load(done.model, trusted=[MEMORY])
        assert [name for name, _ in whole.steps] == ["remember_row_1", "scale_2", "model"]
        assert [column["name"] for column in done.columns] == ["id", "a"]
        rows = table()[["id", "a"]]
        prepared = artifacts.load(done.prepared_model)
        upstream = make_estimator(case.task, bundle, case.plain, {}, KINDS)[:-1]
        upstream.fit(bundle.X_train, bundle.y_train)
        assert np.array_equal(
            whole.predict_proba(rows), prepared.predict_proba(upstream.transform(bundle.X_train))
        )

    def test_names_the_types_that_its_steps_need(self, tmp_path: Path) -> None:
        case = Case("remember")
        done = refit(case.task, case.bundle, case.plain, PARAMS, tmp_path, kinds=KINDS)
        assert (done.trusted_types, done.prepared_trusted_types) == ((MEMORY,), ())
        with pytest.raises(DataError, match="refused"):
            artifacts.load(done.model)
