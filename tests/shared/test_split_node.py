from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.split_node import apply_splitter, select_rows
from tests.shared.kinds import KINDS

FRAME = pd.DataFrame({"x": range(100), "y": ["a"] * 80 + ["b"] * 20})


def parts(
    frame: pd.DataFrame = FRAME, problem_type: str = "classification", **config: Any
) -> dict[str, list[int]]:
    found = apply_splitter(frame, config, "y", problem_type)
    return {output: positions.tolist() for output, positions in found.items()}


class TestApplySplitter:
    @given(
        st.integers(3, 60),
        st.floats(0, 0.6),
        st.floats(0, 0.3),
        st.booleans(),
        st.sampled_from(["auto", "off"]),
    )
    def test_parts_are_disjoint_and_together_all_rows(
        self, n: int, test: float, validation: float, shuffle: bool, stratify: str
    ) -> None:
        frame = pd.DataFrame({"y": [index % 3 for index in range(n)]})
        try:
            found = parts(
                frame, test_size=test, validation_size=validation, shuffle=shuffle, stratify=stratify
            )
        except DataError as refusal:
            assert refusal.code == "too_few_rows"  # noqa: PT017 - small tables may be refused, for this only
            return
        assert sorted(chain.from_iterable(found.values())) == list(range(n))
        assert len(found["test"]) == np.ceil(test * n - 1e-9)
        assert len(found["validation"]) == np.ceil(validation * n - 1e-9)

    def test_class_shares_are_kept(self) -> None:
        found = parts(test_size=0.2, validation_size=0.1)
        assert FRAME["y"].iloc[found["test"]].value_counts().to_dict() == {"a": 16, "b": 4}
        assert FRAME["y"].iloc[found["validation"]].value_counts().to_dict() == {"a": 8, "b": 2}

    def test_unshuffled_the_last_rows_are_the_test(self) -> None:
        found = parts(test_size=0.2, validation_size=0.1, shuffle=False)
        assert found["test"] == list(range(80, 100))
        assert found["validation"] == list(range(70, 80))

    def test_asking_for_validation_rows_does_not_move_the_test_rows(self) -> None:
        assert parts(test_size=0.2)["test"] == parts(test_size=0.2, validation_size=0.3)["test"]

    def test_the_seed_decides(self) -> None:
        assert parts(seed=1) == parts(seed=1)
        assert parts(seed=1) != parts(seed=2)

    def test_rows_without_a_target_do_not_stop_it(self) -> None:
        frame = FRAME.assign(y=FRAME["y"].where(FRAME["x"] % 10 != 0))
        assert sorted(chain.from_iterable(parts(frame).values())) == list(range(100))

    def test_a_class_of_one_row_does_not_stop_it(self) -> None:
        frame = FRAME.assign(y=["rare", *FRAME["y"][1:]])
        assert sorted(chain.from_iterable(parts(frame).values())) == list(range(100))

    @pytest.mark.parametrize(
        ("config", "target"), [({"test_size": 0.7, "validation_size": 0.3}, "y"), ({"stratify": "on"}, None)]
    )
    def test_what_cannot_be_is_refused(self, config: dict[str, Any], target: str | None) -> None:
        with pytest.raises(DataError):
            apply_splitter(FRAME, config, target, "classification")


class TestSelectRows:
    def select(self, *steps: PlainStep) -> list[int]:
        return select_rows(FRAME, steps, KINDS, target="y", problem_type="classification").tolist()

    def split(self, output: str | None, **config: Any) -> PlainStep:
        return PlainStep(kind="split", config=config, output=output)

    def test_without_splitters_takes_all_rows(self) -> None:
        assert self.select(PlainStep(kind="scale")) == list(range(100))

    def test_takes_the_named_output(self) -> None:
        assert self.select(self.split("test", shuffle=False)) == list(range(80, 100))

    def test_follows_one_splitter_into_the_next(self) -> None:
        first, second = self.split("train", shuffle=False), self.split("test", shuffle=False, test_size=0.5)
        assert self.select(first, PlainStep(kind="scale"), second) == list(range(40, 80))

    def test_train_and_test_rows_never_meet(self) -> None:
        assert not set(self.select(self.split("train"))) & set(self.select(self.split("test")))

    @pytest.mark.parametrize("output", ["validation", "nonsense"])
    def test_an_output_without_rows_is_refused(self, output: str) -> None:
        with pytest.raises(DataError, match=output):
            self.select(self.split(output))
