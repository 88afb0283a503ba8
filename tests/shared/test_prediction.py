"""Rows are checked before they are predicted: by name and kind of their columns, in one sentence."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.column_types import conform, infer_columns
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.prediction import TunedModel, load_tuned, predict
from hyperparameter_tuning.shared.preparation import build_pipeline, build_steps
from tests.shared.kinds import KINDS

ROWS = 60


def table() -> pd.DataFrame:
    generator = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "length": generator.normal(size=ROWS),
            "count": generator.integers(0, 9, ROWS),
            "sick": generator.random(ROWS) < 0.5,
            "island": generator.choice(["x", "y"], ROWS).astype(object),
        }
    )


def document(*steps: str, folder: Path) -> dict[str, Any]:
    """Fit a model behind steps, write it, and return its document with ``path``."""
    columns = infer_columns(table())
    path = build_steps([PlainStep(kind=kind) for kind in steps], columns, KINDS)
    y = (table()["length"] > 0).astype(int)
    fitted = build_pipeline(path, LogisticRegression()).fit(conform(table(), columns), y)
    file = artifacts.dump(fitted, folder / "m.skops")
    return {
        "path": file,
        "sha256": artifacts.sha256_of(file),
        "input": "raw",
        "columns": [{"name": column.name, "dtype": column.dtype} for column in columns],
        "classes": [False, True],
    }


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> TunedModel:
    """Takes gaps."""
    found = document("impute", "encode", folder=tmp_path_factory.mktemp("filled"))
    return load_tuned(found["path"], found)


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> TunedModel:
    """Takes no gaps."""
    found = document("encode", folder=tmp_path_factory.mktemp("strict"))
    return load_tuned(found["path"], found)


class TestRows:
    def test_are_predicted_with_labels_as_the_data_has_them(self, filled: TunedModel) -> None:
        rows = table().set_index(pd.Index(range(100, 100 + ROWS)))
        found = predict(filled, rows)
        assert found.values.dtype == bool
        assert found.values.index.equals(rows.index)
        assert found.probabilities is not None
        assert list(found.probabilities) == [False, True]
        assert ((found.probabilities[True] > 0.5) == found.values).all()
        assert found.notes == ()

    def test_may_have_their_columns_in_any_order_and_more_of_them(self, filled: TunedModel) -> None:
        rows = table().assign(noise=1, more="x")[["noise", "island", "sick", "count", "length", "more"]]
        found = predict(filled, rows)
        assert found.notes == ("Not used: columns 'noise', 'more'.",)
        assert found.values.equals(predict(filled, table()).values)

    def test_may_hold_numbers_in_other_types(self, filled: TunedModel) -> None:
        rows = table().astype({"count": "float64", "length": str, "sick": int})
        assert predict(filled, rows).values.equals(predict(filled, table()).values)

    def test_may_hold_categories_that_training_did_not(self, filled: TunedModel) -> None:
        assert len(predict(filled, table().assign(island="never seen")).values) == ROWS

    def test_may_have_gaps_where_the_model_fills_them(self, filled: TunedModel) -> None:
        rows = table().assign(length=np.nan, island=None)
        assert len(predict(filled, rows).values) == ROWS

    def test_have_their_infinities_taken_as_gaps_with_a_note(self, filled: TunedModel) -> None:
        rows = table()
        rows.loc[:3, "length"] = np.inf
        found = predict(filled, rows)
        assert found.notes == ("Infinite values were taken as missing, as at training: column 'length'.",)
        gaps = rows.replace(np.inf, np.nan)
        assert found.values.equals(predict(filled, gaps).values)


class TestRefusals:
    def test_name_every_missing_column(self, filled: TunedModel) -> None:
        with pytest.raises(DataError) as caught:
            predict(filled, table()[["length", "count"]])
        assert caught.value.message == "The rows have no columns 'sick', 'island': the model needs them."

    @pytest.mark.parametrize(
        ("column", "values", "kind"),
        [
            ("length", "long", "numbers"),
            ("count", pd.Timestamp("2024-01-01"), "numbers"),
            ("sick", "perhaps", "yes or no"),
            ("island", 3, "texts"),
        ],
    )
    def test_name_columns_of_another_type(
        self, filled: TunedModel, column: str, values: Any, kind: str
    ) -> None:
        with pytest.raises(DataError) as caught:
            predict(filled, table().assign(**{column: values}))
        assert caught.value.message == f"The rows do not fit the model: '{column}' must hold {kind}."

    def test_name_columns_whose_gaps_the_model_cannot_take(self, strict: TunedModel) -> None:
        rows = table()
        rows.loc[5, "length"] = np.inf
        with pytest.raises(DataError, match="without a value in column 'length'"):
            predict(strict, rows)


class TestFile:
    def test_may_be_open(self, tmp_path: Path, filled: TunedModel) -> None:
        found = document("impute", "encode", folder=tmp_path)
        model = load_tuned(io.BytesIO(found["path"].read_bytes()), found)
        assert predict(model, table()).values.equals(predict(filled, table()).values)

    def test_of_another_job_is_refused(self, tmp_path: Path) -> None:
        found = document("impute", "encode", folder=tmp_path)
        with pytest.raises(DataError, match="sha256 differs"):
            load_tuned(found["path"], {**found, "sha256": "0" * 64})

    def test_with_types_of_other_packages_is_opened_only_when_they_are_trusted(self, tmp_path: Path) -> None:
        found = document("impute", "encode", folder=tmp_path) | {"trusted_types": ["a.B"]}
        with pytest.raises(DataError, match=r"trusted=\['a.B'\]"):
            load_tuned(found["path"], found)
        assert load_tuned(found["path"], found, trusted=["a.B"]).input == "raw"
