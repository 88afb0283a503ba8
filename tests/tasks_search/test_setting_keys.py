"""Which settings are the same: of one type and one value, and objects only with themselves."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from sklearn.tree import DecisionTreeClassifier

from hyperparameter_tuning.tasks.evaluation.setting_keys import are_plain, setting_key


class Level(int):
    """A number that is written as others are."""


LONG = np.arange(2000)
ALIKE = {
    "numbers": [1, 1.0, True, np.int64(1), np.float64(1.0), np.float32(1.0), np.bool_(True), Level(1)],
    "texts": ["1", 1, "None", None, np.str_("1"), "True", True],
    "sequences": [(1, 2), [1, 2], (1, 2.0), [1, True], (1, (2,)), (1, [2]), "(1, 2)"],
    # Their texts leave out what differs, or all of them.
    "objects": [LONG, np.where(LONG == 1000, 0, LONG), DecisionTreeClassifier(), DecisionTreeClassifier()],
    "objects in sequences": [
        [DecisionTreeClassifier()],
        [DecisionTreeClassifier()],
        (DecisionTreeClassifier(),),
    ],
}


@pytest.mark.parametrize("kind", ALIKE)
def test_values_that_look_alike_are_not_the_same(kind: str) -> None:
    for one, other in combinations(ALIKE[kind], 2):
        assert setting_key({"a": one}) != setting_key({"a": other}), (one, other)


@pytest.mark.parametrize("value", [1, 1.5, "auto", None, True, np.int64(3), (1, 2), [0.5, "a"], LONG])
def test_the_same_value_is_the_same(value: Any) -> None:
    assert setting_key({"a": value, "b": 1}) == setting_key({"b": 1, "a": value})


def test_a_name_is_part_of_a_setting() -> None:
    assert setting_key({"a": 1}) != setting_key({"b": 1})


@pytest.mark.parametrize("value", [DecisionTreeClassifier(), [DecisionTreeClassifier()], (1, [{"a": 1}])])
def test_whatever_holds_an_object_does_not_speak_for_itself(value: Any) -> None:
    assert not are_plain({"a": 1, "b": value})
    assert are_plain({"a": 1, "b": [1, ("x", None)], "c": np.float32(1.0)})
