"""Every path rule: what it reads off one fit is what plain fits give, to the bit, whatever is drawn."""

from itertools import product

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hyperparameter_tuning.tasks.evaluation.paths.table import OUTSIDE, PATHS
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.path_cases import PATH_CASES, PathCase
from tests.tasks_search.paths.tables_strategy import Table, tables

CASES = [pytest.param(cls, case, id=cls.__name__) for cls, case in PATH_CASES.items()]


def test_every_class_with_a_path_is_drawn():
    drawn_outside = {f"{cls.__module__}.{cls.__qualname__}" for cls in set(PATH_CASES) - set(PATHS)}
    assert set(PATHS) <= set(PATH_CASES)
    assert drawn_outside == set(OUTSIDE)


@pytest.mark.parametrize(("cls", "case"), CASES)
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_path_equals_plain_fits(cls: type, case: PathCase, data: st.DataObject):
    drawn = data.draw(tables(case.problem, case.most_rows), label="table")
    table = Table(case.features(drawn.X), drawn.y, drawn.splits)
    chosen = {name: data.draw(values, label=name) for name, values in case.settings.items()}
    if case.seeded:
        chosen["random_state"] = data.draw(st.integers(0, 2**16), label="seed")
    estimator = (case.make or cls)(**chosen)
    values = {name: data.draw(drawn, label=name) for name, drawn in case.path.items()}
    candidates = [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
    quick = data.draw(st.booleans(), label="quick metrics only")
    ways = same_as_plain(estimator, candidates, table, case.problem, quick=quick)
    assert "prefix" in ways or not ways  # some tables cannot be learned from, by any fit


@pytest.mark.parametrize(("cls", "case"), CASES)
@pytest.mark.parametrize("value", [np.nan, 1e300])
@given(data=st.data())
@settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_rows_that_a_model_refuses_are_refused(cls: type, case: PathCase, value: float, data: st.DataObject):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), np.arange(60) % 3
    X[0, 0] = value  # training row of one fold, test row of the other
    table = Table(X, y, ((np.arange(30), np.arange(30, 60)), (np.arange(30, 60), np.arange(30))))
    estimator = (case.make or cls)(**({"random_state": 0} if case.seeded else {}))
    values = {name: data.draw(drawn, label=name) for name, drawn in case.path.items()}
    candidates = [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
    same_as_plain(estimator, candidates, table, case.problem)
