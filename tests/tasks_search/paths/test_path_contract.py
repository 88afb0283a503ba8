"""Every path rule: what it reads off one fit is what plain fits give, to the bit, whatever is drawn."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.utils.validation import has_fit_parameter

from hyperparameter_tuning.tasks.evaluation.paths.table import OUTSIDE, PATHS
from tests.tasks_search.paths.compared import same_as_plain
from tests.tasks_search.paths.path_cases import PATH_CASES, PathCase
from tests.tasks_search.paths.tables_strategy import Table, tables

CASES = [pytest.param(cls, case, id=cls.__name__) for cls, case in PATH_CASES.items()]


def test_every_class_with_a_path_is_drawn():
    drawn_outside = {f"{cls.__module__}.{cls.__qualname__}" for cls in set(PATH_CASES) - set(PATHS)}
    assert set(PATHS) <= set(PATH_CASES)
    assert drawn_outside == set(OUTSIDE)


def drawn_search(cls: type, case: PathCase, data: st.DataObject) -> tuple[Any, list[dict[str, Any]]]:
    """Draw settings of an estimator, and candidates along its path."""
    chosen = {name: data.draw(values, label=name) for name, values in case.settings.items()}
    if case.seeded:
        chosen["random_state"] = data.draw(st.integers(0, 2**16), label="seed")
    estimator = (case.make or cls)(**chosen)
    values = {name: data.draw(drawn, label=name) for name, drawn in case.path.items()}
    candidates = [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
    return estimator, candidates


@pytest.mark.parametrize(("cls", "case"), CASES)
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_path_equals_plain_fits(cls: type, case: PathCase, data: st.DataObject):
    drawn = data.draw(tables(case.problem, case.most_rows), label="table")
    table = Table(case.features(drawn.X), drawn.y, drawn.splits)
    estimator, candidates = drawn_search(cls, case, data)
    quick = data.draw(st.booleans(), label="quick metrics only")
    ways = same_as_plain(estimator, candidates, table, case.problem, quick=quick)
    assert "prefix" in ways or not ways  # some tables cannot be learned from, by any fit


def takes_weights(cls: type) -> bool:
    """Say whether the rule of a class of scikit-learn takes weights; those of other packages do not."""
    return cls in PATHS and PATHS[cls].rule.takes_weights


@pytest.mark.parametrize(
    ("cls", "case"), [case for case in CASES if has_fit_parameter(case.values[0], "sample_weight")]
)
@given(data=st.data())
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_path_of_weighted_rows_equals_plain_fits(cls: type, case: PathCase, data: st.DataObject):
    drawn = data.draw(tables(case.problem, min(case.most_rows, 60)), label="table")
    table = Table(case.features(drawn.X), drawn.y, drawn.splits)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), label="weights"))
    kinds = st.sampled_from([[1.0, 2.0], [0.5, 1.0, 3.7], [0.0, 1.0, 1.0, 1.0], [1]])
    weights = {"sample_weight": rng.choice(data.draw(kinds, label="kind of weights"), len(table.y))}
    estimator, candidates = drawn_search(cls, case, data)
    ways = same_as_plain(estimator, candidates, table, case.problem, fit_params=weights)
    assert takes_weights(cls) or ways <= {"fitted"}


WEIGHTED = [case for case in CASES if takes_weights(case.values[0])]


@pytest.mark.parametrize(("cls", "case"), WEIGHTED)
def test_weighted_rows_have_a_path(cls: type, case: PathCase):
    rng = np.random.default_rng(0)
    X = case.features(np.rint(3 * rng.normal(size=(60, 3))))
    table = Table(X, np.arange(60) % 3, ((np.arange(30), np.arange(30, 60)),))
    (name, *_), values = case.path, (2, 3) if "n_estimators" in case.path else (0.01, 0.1)
    values = (2, 3) if name == "max_iter" else values
    estimator = (case.make or cls)(**({"random_state": 0} if case.seeded else {}))
    weights = {"sample_weight": rng.uniform(1.0, 2.0, 60)}
    candidates = [{name: value} for value in values]
    assert "prefix" in same_as_plain(estimator, candidates, table, case.problem, fit_params=weights)


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
