"""Properties of search rows: whatever is written, it is typed or refused, and never changes on its way."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hyperparameter_tuning.registry.models.catalog import model_specs
from hyperparameter_tuning.registry.space import typed_value
from tests.registry_documents.cases import graph, judged

FOREST = graph("random_forest_classifier")
SEARCHABLE = [field.name for field in model_specs()["random_forest_classifier"].fields if field.searchable]

numbers = st.integers(-3, 60) | st.floats(-1, 3, allow_nan=False)
scalars = st.none() | st.booleans() | numbers | st.sampled_from(["sqrt", "log2", "gini", "none", ""])
number_types = st.sampled_from([None, "int", "float"])
names = st.sampled_from([*SEARCHABLE, "random_state", "nothing"])
rows = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("int"), "name": names, "low": st.integers(-3, 60), "high": st.integers(-3, 60)},
        optional={
            "step": st.integers(1, 9),
            "log": st.booleans(),
            "number_type": number_types,
            "enabled": st.booleans(),
        },
    ),
    st.fixed_dictionaries(
        {"kind": st.just("float"), "name": names, "low": numbers, "high": numbers},
        optional={
            "step": st.floats(0.01, 2) | st.none(),
            "log": st.booleans(),
            "grid_points": st.integers(1, 9),
        },
    ),
    st.fixed_dictionaries(
        {"kind": st.just("categorical"), "name": names, "choices": st.lists(scalars, min_size=1, max_size=4)},
        optional={"number_type": number_types},
    ),
)


def browser(value: Any) -> Any:
    """Whole floats become integers, as a browser writes them; tests with a real one are in test_task."""
    if isinstance(value, dict):
        return {key: browser(item) for key, item in value.items()}
    if isinstance(value, list):
        return [browser(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class TestAnyRows:
    @given(st.lists(rows, max_size=4))
    @settings(max_examples=150, deadline=None)
    def test_are_typed_or_refused_with_a_pointer_into_the_answer(self, space: list[Any]) -> None:
        validation = judged({"search_space": space}, FOREST)
        assert (validation.task is None) == bool(validation.errors)
        assert validation.config is not None
        for finding in validation.errors:
            part: Any = validation.config
            for step in finding.pointer.split("/")[1:]:
                part = part[int(step)] if isinstance(part, list) else part[step]

    @given(st.lists(rows, max_size=4))
    @settings(max_examples=150, deadline=None)
    def test_mean_the_same_when_a_browser_has_written_them(self, space: list[Any]) -> None:
        once = judged({"search_space": space}, FOREST)
        if once.task is None:
            return
        again = judged(browser(json.loads(json.dumps(once.config))), FOREST)
        assert again.task == once.task
        assert json.dumps(again.config) == json.dumps(once.config)

    @given(st.lists(rows, min_size=1, max_size=3))
    @settings(max_examples=60, deadline=None)
    def test_give_only_values_that_the_estimator_is_declared_to_take(self, space: list[Any]) -> None:
        task = judged({"search_space": space}, FOREST).task
        if task is None:
            return
        for dimension in task.space:
            field = task.model.field(dimension.name)
            assert field is not None
            ends = dimension.choices if hasattr(dimension, "choices") else (dimension.low, dimension.high)
            declared = {"NoneType": "null"}
            assert {declared.get(type(value).__name__, type(value).__name__) for value in ends} <= set(
                field.types
            )
            assert len({typed_value(value) for value in ends}) == len(ends)
