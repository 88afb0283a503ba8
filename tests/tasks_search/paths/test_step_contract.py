"""Every step path: what is cut out of one fit is what plain fits give, to the bit, whatever is drawn."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from hyperparameter_tuning.tasks.evaluation.step_paths.table import STEP_PATHS
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.step_cases import STEP_CASES, StepCase
from tests.tasks_search.paths.tables_strategy import Table, tables

CASES = [pytest.param(cls, case, id=cls.__name__) for cls, case in STEP_CASES.items()]
MODELS = {"classification": GaussianNB(var_smoothing=1e-3), "regression": LinearRegression()}


def test_every_step_with_a_path_is_drawn():
    assert set(STEP_PATHS) == set(STEP_CASES)


@pytest.mark.parametrize(("cls", "case"), CASES)
def test_cut_equals_plain_fits(cls: type, case: StepCase):
    @given(data=st.data())
    @settings(max_examples=case.examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def compare(data: st.DataObject) -> None:
        _compare(cls, case, data)

    compare()


def _compare(cls: type, case: StepCase, data: st.DataObject) -> None:
    drawn = data.draw(tables(case.problem, 90), label="table")
    table = Table(case.features(drawn.X), drawn.y, drawn.splits)
    chosen: dict[str, Any] = {name: data.draw(each, label=name) for name, each in case.settings.items()}
    if case.seeded:
        chosen["random_state"] = 0
    steps = [("step", cls(**chosen)), ("model", MODELS[case.problem])]
    if data.draw(st.booleans(), label="a step follows"):
        steps.insert(1, ("scale", StandardScaler()))
    values = dict.fromkeys([*case.sure, *data.draw(case.values, label="path")])
    candidates = [{f"step__{case.param}": value} for value in values]
    ways = same_as_plain(Pipeline(steps), candidates, table, case.problem)
    assert "shared" in ways or not ways  # some tables cannot be learned from, by any fit
