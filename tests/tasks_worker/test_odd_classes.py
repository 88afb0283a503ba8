"""Classes that some part of the rows lacks: scored where defined, else refused in one sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.task import make_task
from hyperparameter_tuning.shared.data import summarise
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainStep, PlainValidation
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.execution import execute_search
from hyperparameter_tuning.tasks.loader import make_bundle
from tests.tasks_worker import tasks_made as made

CUT = {"test_size": 0.2, "validation_size": 0.2, "shuffle": False}
PORT = {"kind": "validation_port"}


def score(y: list[Any], cv: dict[str, Any], metric: str, *, split: bool = False, **columns: Any) -> Any:
    """Search over a table with this target; return the score of trial 0."""
    values = np.random.default_rng(0).normal(size=(len(y), 2))
    table = pd.DataFrame({"a": values[:, 0], "b": values[:, 1], **columns, "y": pd.Series(y, dtype=object)})
    form = made.plain()
    if split:
        steps = {
            part: (PlainStep(kind="split", config=CUT, output=part),) for part in ("train", "validation")
        }
        form = PlainForm.model_validate(
            form.model_copy(
                update={"steps": steps["train"], "validation": PlainValidation(steps=steps["validation"])}
            ).model_dump()
        )
    seen = summarise(table)
    document = made.config(cross_validation=cv, objective={"metric": metric})
    task = make_task(TuningConfig.model_validate(document), form, seen, Settings())
    said: list[dict[str, Any]] = []
    execute_search(
        task, make_bundle(task, form, seen, table), form, emit=said.append, should_stop=lambda: False
    )
    return next(message["score"] for message in said if message["type"] == "trial.finished")


class TestRareClass:
    @pytest.mark.parametrize(
        "metric", ["log_loss", "roc_auc", "average_precision", "f1", "precision", "recall", "accuracy"]
    )
    def test_of_one_row_among_three_classes_is_scored(self, metric: str) -> None:
        y = ["a", "b"] * 20 + ["c"]
        assert score(y, {"kind": "k_fold", "folds": 5}, metric) >= 0

    def test_of_one_row_out_of_two_classes_cannot_be_learned_where_it_judges(self) -> None:
        with pytest.raises(DataError, match=r"training rows of fold \d are all of one class") as refusal:
            score(["a"] * 40 + ["b"], {"kind": "k_fold", "folds": 5}, "accuracy")
        assert refusal.value.code == "one_class_fold"

    def test_that_a_judging_part_lacks_has_no_roc_auc(self) -> None:
        with pytest.raises(DataError, match="ROC AUC is not defined"):
            score(["a"] * 40 + ["b"] * 3, {"kind": "k_fold", "folds": 5}, "roc_auc")
        assert score(["a"] * 40 + ["b"] * 3, {"kind": "k_fold", "folds": 5}, "log_loss") > 0

    def test_that_comes_last_is_no_class_of_the_first_fold_in_time(self) -> None:
        with pytest.raises(DataError, match="training rows of fold 1"):
            score(["a"] * 30 + ["b"] * 30, {"kind": "time_series", "folds": 3}, "balanced_accuracy")

    def test_whole_groups_of_one_class_have_no_roc_auc(self) -> None:
        cv, groups = {"kind": "group_k_fold", "column": "g", "folds": 3}, np.repeat(["u", "v", "w"], 20)
        with pytest.raises(DataError, match="rows that judge in fold 1"):
            score(list(np.repeat(["p", "q", "p"], 20)), cv, "roc_auc", g=groups)


class TestValidationPort:
    @pytest.mark.parametrize("metric", ["log_loss", "roc_auc", "average_precision", "f1", "accuracy"])
    def test_may_hold_a_class_that_training_rows_lack(self, metric: str) -> None:
        assert score(["a", "b"] * 18 + ["a", "b", "c"] * 8, PORT, metric, split=True) >= 0

    def test_without_a_target_says_so(self) -> None:
        with pytest.raises(DataError, match="No row at the validation port has a value in 'y'"):
            score(["a", "b"] * 18 + [None] * 12 + ["a", "b"] * 6, PORT, "accuracy", split=True)
