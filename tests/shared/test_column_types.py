import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.shared.column_types import conform, infer_columns
from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.errors import DataError

MANY = [f"note {index}" for index in range(40)]

CASES: list[tuple[str, Any, str, str]] = [
    ("whole numbers", [1, 2, 3], "integer", "int64"),
    ("small unsigned", np.array([1, 2], "uint8"), "integer", "int64"),
    ("whole numbers with gaps", [1, None, 3], "integer", "float64"),
    ("nullable whole numbers", pd.array([1, None], dtype="Int64"), "integer", "float64"),
    ("real numbers", [1.0, 2.0], "number", "float64"),
    ("real numbers with gaps", [1.5, None], "number", "float64"),
    ("single precision", np.array([1.5, 2.5], "float32"), "number", "float64"),
    ("arrow numbers", pd.array([1.5, None], dtype="double[pyarrow]"), "number", "float64"),
    ("decimals", [Decimal("1.5"), Decimal("2")], "number", "float64"),
    ("durations", pd.to_timedelta([1, 90], unit="s"), "number", "float64"),
    ("nothing", [None, None], "number", "float64"),
    ("yes and no", [True, False], "boolean", "int64"),
    ("yes and no with gaps", pd.Series([True, None, False], dtype=object), "boolean", "float64"),
    ("nullable yes and no", pd.array([True, None], dtype="boolean"), "boolean", "float64"),
    ("a few texts", ["a", "b", None], "category", "object"),
    ("arrow texts", pd.array(["a", None], dtype="string[pyarrow]"), "category", "object"),
    ("categories of numbers", pd.Categorical([1, 2, None]), "category", "object"),
    ("a mixture", pd.Series([1, "a", 2.5], dtype=object), "category", "object"),
    ("lists", pd.Series([[1], [2]], dtype=object), "category", "object"),
    ("many texts", MANY, "text", "object"),
    ("many texts, each seen twice", MANY * 2, "category", "object"),
    ("ISO dates", ["2020-01-31", "2021-02-01", None], "datetime", "datetime64"),
    ("ISO times", ["2020-01-31T10:00:00Z", "2021-02-01 12:30"], "datetime", "datetime64"),
    ("dates", [dt.date(2020, 1, 31), dt.date(2021, 2, 1)], "datetime", "datetime64"),
    ("timestamps", pd.to_datetime(["2020-01-31"]), "datetime", "datetime64"),
    (
        "timestamps of a zone",
        pd.to_datetime(["2020-01-31"]).tz_localize("Asia/Tokyo"),
        "datetime",
        "datetime64",
    ),
    ("texts that begin like dates", ["2020-01-31", "2020-31-01"], "category", "object"),
]


@pytest.mark.parametrize(
    ("values", "kind", "dtype"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
class TestEveryKindOfColumn:
    def test_is_recognised(self, values: Any, kind: str, dtype: str) -> None:
        (column,) = infer_columns(pd.DataFrame({"x": values}))
        assert column.dtype == kind

    def test_is_brought_to_one_type(self, values: Any, kind: str, dtype: str) -> None:
        frame = pd.DataFrame({"x": values})
        conformed = conform(frame, infer_columns(frame))
        assert str(conformed["x"].dtype).startswith(dtype)
        assert conformed["x"].isna().tolist() == frame["x"].isna().tolist()

    def test_stays_as_it_is_when_brought_again(self, values: Any, kind: str, dtype: str) -> None:
        columns = infer_columns(pd.DataFrame({"x": values}))
        once = conform(pd.DataFrame({"x": values}), columns)
        pd.testing.assert_frame_equal(conform(once, columns), once)


class TestInferColumns:
    def test_counts_gaps_values_and_the_rarest(self) -> None:
        (column,) = infer_columns(pd.DataFrame({"x": ["a", "b", "a", None]}))
        assert (column.missing, column.distinct, column.minimum_class_count) == (1, 2, 1)

    def test_an_infinity_is_a_gap(self) -> None:
        (column,) = infer_columns(pd.DataFrame({"x": [1.5, np.inf, -np.inf]}))
        assert (column.dtype, column.missing) == ("number", 2)

    def test_texts_of_digits_keep_their_leading_zeros(self) -> None:
        frame = pd.DataFrame({"zip": ["01234", "04321"]})
        assert conform(frame, infer_columns(frame))["zip"].tolist() == ["01234", "04321"]

    def test_says_the_same_whatever_the_order_of_rows(self) -> None:
        frame = pd.DataFrame({"a": [1, None, 3], "b": ["x", None, "y"], "c": ["2020-01-01", "x", None]})
        assert infer_columns(frame) == infer_columns(frame.iloc[::-1])

    @given(
        st.lists(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.dates())
        )
    )
    def test_answers_any_values_and_they_can_be_brought_to_the_answer(self, values: list[Any]) -> None:
        frame = pd.DataFrame({"x": pd.Series(values, dtype=object)})
        columns = infer_columns(frame)
        assert conform(frame, columns)["x"].isna().sum() == columns[0].missing


class TestConform:
    def test_takes_columns_in_the_inferred_order_and_no_others(self) -> None:
        frame = pd.DataFrame({"b": [1], "new": [2], "a": [3]})
        columns = [Column(name="a", dtype="integer"), Column(name="b", dtype="number")]
        assert list(conform(frame, columns).columns) == ["a", "b"]

    def test_gaps_that_come_later_do_not_fail(self) -> None:
        conformed = conform(pd.DataFrame({"x": [1, None]}), [Column(name="x", dtype="integer")])
        assert str(conformed["x"].dtype) == "float64"

    def test_categories_are_texts_however_they_were_stored(self) -> None:
        columns = [Column(name="x", dtype="category")]
        assert conform(pd.DataFrame({"x": [1, 2]}), columns)["x"].tolist() == ["1", "2"]
        kept = conform(pd.DataFrame({"x": ["a", None]}), columns)["x"]
        assert kept[0] == "a"
        assert isinstance(kept[1], float)

    def test_a_missing_column_is_named(self) -> None:
        with pytest.raises(DataError, match="'y'"):
            conform(pd.DataFrame({"x": [1]}), [Column(name="y", dtype="integer")])

    @pytest.mark.parametrize(
        ("values", "dtype"), [(["a"], "number"), (["a"], "integer"), (["a"], "boolean"), (["a"], "datetime")]
    )
    def test_a_column_that_became_something_else_is_named(self, values: list[Any], dtype: Any) -> None:
        with pytest.raises(DataError, match="'x'") as refusal:
            conform(pd.DataFrame({"x": values}), [Column(name="x", dtype=dtype)])
        assert refusal.value.code == "column_type_changed"
