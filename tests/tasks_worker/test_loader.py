"""The loader: what of a table a search may see, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.task import make_task
from hyperparameter_tuning.shared.column_types import infer_columns
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.data import summarise
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainModel, PlainStep, PlainValidation
from hyperparameter_tuning.shared.settings import Settings
from hyperparameter_tuning.tasks.data_bundle import TrainingDataBundle, read_bundle, write_bundle
from hyperparameter_tuning.tasks.loader import make_bundle

SPLIT = {"test_size": 0.25, "validation_size": 0.25, "seed": 7}


def table(n: int = 80, **columns: Any) -> pd.DataFrame:
    generator = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "row": np.arange(n),
            "a": generator.normal(size=n),
            "kind": generator.choice(["x", "y", None], size=n),
            "when": pd.date_range("2024-01-01", periods=n, freq="h"),
            "y": np.where(np.arange(n) % 3 == 0, "no", "yes"),
            **columns,
        }
    )


def split(output: str) -> PlainStep:
    return PlainStep(kind="split", config=SPLIT, output=output)


def bundle_of(
    frame: pd.DataFrame,
    *,
    steps: tuple[PlainStep, ...] = (),
    validation: PlainValidation | None = None,
    summary: DataSummary | None = None,
    model: str = "decision_tree_classifier",
    **config: Any,
) -> TrainingDataBundle:
    plain = PlainForm(
        dataset={"source": "sample", "name": "x"},
        steps=steps,
        validation=validation,
        model=PlainModel(type=model),
        target=config.get("target", "y"),
    )
    document = TuningConfig.model_validate({"target": "y", **config})
    seen = summary or summarise(frame)
    return make_bundle(make_task(document, plain, seen, Settings()), plain, seen, frame)


def rows_of(X: pd.DataFrame | None) -> set[int]:
    assert X is not None
    return set(X["row"])


class TestSplit:
    def test_train_and_validation_are_apart_and_test_is_in_neither(self) -> None:
        steps, port = (split("train"),), PlainValidation(steps=(split("validation"),))
        bundle = bundle_of(table(), steps=steps, validation=port)
        train, validation = rows_of(bundle.X_train), rows_of(bundle.X_validation)
        assert (len(train), len(validation)) == (40, 20)
        assert not train & validation

    def test_no_file_holds_a_test_row(self, tmp_path: Path) -> None:
        frame = table(a=np.arange(80) + 0.125)
        steps, port = (split("train"),), PlainValidation(steps=(split("validation"),))
        bundle = bundle_of(frame, steps=steps, validation=port)
        write_bundle(tmp_path, bundle)
        seen = rows_of(bundle.X_train) | rows_of(bundle.X_validation)
        bytes_of_all = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert len(seen) == 60
        for row, value in zip(frame["row"], frame["a"], strict=True):
            assert (np.float64(value).tobytes() in bytes_of_all) is (row in seen)

    def test_without_a_splitter_all_rows_train(self) -> None:
        assert len(bundle_of(table()).X_train) == 80


class TestTarget:
    def test_rows_without_it_are_left_out_and_counted(self) -> None:
        y = pd.Series(np.where(np.arange(80) % 3 == 0, "no", "yes"), dtype=object)
        y[[4, 9]] = None
        bundle = bundle_of(table(y=y))
        assert bundle.target_meta.dropped == 2
        assert not rows_of(bundle.X_train) & {4, 9}

    def test_whole_numbers_with_gaps_are_whole_again(self) -> None:
        y = pd.Series(np.arange(80) % 2, dtype="float64")
        y[5] = np.nan
        bundle = bundle_of(table(y=y))
        assert bundle.y_train.dtype == np.int64

    def test_is_no_feature(self) -> None:
        assert "y" not in bundle_of(table()).X_train.columns

    @pytest.mark.parametrize(("y", "code"), [(["same"] * 80, "one_class"), ([None] * 80, "too_few_rows")])
    def test_that_teaches_nothing_is_refused(self, y: list[Any], code: str) -> None:
        good = summarise(table())
        with pytest.raises(DataError) as caught:
            bundle_of(table(y=pd.Series(y, dtype=object)), summary=good)
        assert caught.value.code == code

    def test_that_the_table_lost_is_named(self) -> None:
        with pytest.raises(DataError, match="'y'"):
            bundle_of(table().drop(columns="y"), summary=summarise(table()))


class TestColumns:
    def test_are_those_of_submit_not_of_today(self) -> None:
        frame = table(a=np.arange(80))
        seen = summarise(table())
        assert bundle_of(frame, summary=seen).X_train["a"].dtype == np.float64

    def test_of_groups_and_times_are_apart(self) -> None:
        groups = bundle_of(table(), cross_validation={"kind": "group_k_fold", "column": "row", "folds": 4})
        assert "row" not in groups.X_train.columns
        assert groups.groups is not None
        assert len(groups.groups) == 80
        times = bundle_of(table(), cross_validation={"kind": "time_series", "column": "when", "folds": 4})
        assert "when" not in times.X_train.columns
        assert times.times is not None

    def test_a_table_of_nothing_but_the_target_is_refused(self) -> None:
        with pytest.raises(DataError) as caught:
            bundle_of(table()[["y"]])
        assert caught.value.code == "no_features"


class TestBundleFiles:
    def test_give_back_what_was_written(self, tmp_path: Path) -> None:
        steps, port = (split("train"),), PlainValidation(steps=(split("validation"),))
        cv = {"kind": "time_series", "column": "when", "folds": 3}
        bundle = bundle_of(table(), steps=steps, validation=port, cross_validation=cv)
        write_bundle(tmp_path, bundle)
        again = read_bundle(tmp_path)
        pd.testing.assert_frame_equal(again.X_train, bundle.X_train)
        assert again.X_validation is not None
        assert bundle.X_validation is not None
        pd.testing.assert_frame_equal(again.X_validation, bundle.X_validation)
        assert again.y_train.tolist() == bundle.y_train.tolist()
        assert again.y_train.dtype == bundle.y_train.dtype
        assert np.array_equal(np.asarray(again.times), np.asarray(bundle.times))
        assert again.feature_columns == bundle.feature_columns
        assert again.target_meta == bundle.target_meta

    def test_keep_missing_texts_as_nan(self, tmp_path: Path) -> None:
        write_bundle(tmp_path, bundle_of(table()))
        kinds = read_bundle(tmp_path).X_train["kind"]
        assert kinds.dtype == object
        assert {type(value) for value in kinds} == {str, float}

    def test_refuse_a_column_of_all_sorts(self, tmp_path: Path) -> None:
        bundle = bundle_of(table())
        mixed = bundle.X_train.assign(a=pd.Series([1.0, "two"] * 40, dtype=object))
        whole = {name: getattr(bundle, name) for name in bundle.__slots__}
        with pytest.raises(DataError, match="'a' mixes"):
            write_bundle(tmp_path, TrainingDataBundle(**{**whole, "X_train": mixed}))


def test_the_columns_of_the_examples_table_are_what_this_page_assumes() -> None:
    assert [column.dtype for column in infer_columns(table())] == [
        "integer",
        "number",
        "category",
        "datetime",
        "category",
    ]
