"""Documents that went through a browser's JSON mean the same: one run of node for all of them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hyperparameter_tuning.registry.config import TuningConfig
from hyperparameter_tuning.registry.models.catalog import get_model, model_specs
from hyperparameter_tuning.registry.offer import built_in_offer
from hyperparameter_tuning.registry.published_config import strategy_defaults
from hyperparameter_tuning.registry.space import Space, typed_value
from hyperparameter_tuning.registry.typed_params import default_params, number_types_of, typed_params
from hyperparameter_tuning.registry.values import rows_from_space, space_from_rows
from tests.conftest import RunNode

SPACES = {
    f"{key} {form}": (key, space)
    for key, spec in model_specs().items()
    for form, space in (("full", spec.suggested), ("trimmed", spec.suggested_grid))
}
CONFIGS = {
    name: TuningConfig.model_validate(config).model_dump(mode="json")
    for name, config in strategy_defaults(built_in_offer()).items()
}


def exact(value: Any) -> Any:
    """Tells 1 from 1.0 and from true at any depth."""
    if isinstance(value, dict):
        return {name: exact(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [exact(part) for part in value]
    return typed_value(value)


@pytest.fixture(scope="module")
def returned(run_node: RunNode) -> Any:
    """Every document, as a browser sends it back."""
    rows = {name: rows_from_space(get_model(key), space) for name, (key, space) in SPACES.items()}
    params = {key: default_params(spec) for key, spec in model_specs().items()}
    return run_node("reserialize.mjs", {"rows": rows, "params": params, "configs": CONFIGS})


@pytest.mark.parametrize("name", SPACES)
def test_suggested_rows_give_the_same_space(returned: Any, name: str) -> None:
    key, space = SPACES[name]
    after: Space = space_from_rows(get_model(key), returned["rows"][name])
    assert repr(after) == repr(space)


@pytest.mark.parametrize("key", model_specs())
def test_parameters_with_their_number_types_give_the_same_estimator(returned: Any, key: str) -> None:
    model = get_model(key)
    before = default_params(model)
    after = typed_params(model, returned["params"][key], number_types_of(model, before))
    assert exact(after) == exact(before)


@pytest.mark.parametrize("name", CONFIGS)
def test_the_defaults_of_a_strategy_stay_what_they_are(returned: Any, name: str) -> None:
    after = TuningConfig.model_validate(returned["configs"][name])
    assert exact(after.model_dump(mode="json")) == exact(CONFIGS[name])


VALUES = st.one_of(
    st.none(),
    st.sampled_from(["sqrt", "log2"]),
    st.integers(1, 2**53 - 1),
    st.floats(1e-300, 1.0),
    st.sampled_from([1, 1.0, 1e-7, 5e-324]),
)


class TestAnyValue:
    def test_of_a_parameter_for_counts_and_fractions_keeps_its_type(self, run_node: RunNode) -> None:
        model, seen = get_model("random_forest_classifier"), list[Any]()

        @settings(max_examples=300, database=None)
        @given(VALUES)
        def draw(value: Any) -> None:
            seen.append(value)

        draw()
        before = [{"max_features": value} for value in seen]
        after = run_node("reserialize.mjs", before)
        kinds = [number_types_of(model, params) for params in before]
        typed = [typed_params(model, params, kind) for params, kind in zip(after, kinds, strict=True)]
        assert exact(typed) == exact(before)
