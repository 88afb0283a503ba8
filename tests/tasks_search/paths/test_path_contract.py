"""Every path rule: what it reads off one fit is what plain fits give, to the bit, whatever is drawn."""

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import get_scorer, make_scorer

from hyperparameter_tuning.tasks.evaluation import Evaluator, Request
from hyperparameter_tuning.tasks.evaluation.paths.table import PATHS
from tests.tasks_search.paths.path_cases import PATH_CASES, PathCase
from tests.tasks_search.paths.tables_strategy import Table, tables

CASES = [pytest.param(cls, case, id=cls.__name__) for cls, case in PATH_CASES.items()]


def exact(y: Any, predicted: Any) -> float:
    """A number that changes with any bit of any prediction."""
    return float(hash(predicted.tobytes()) % 2**52)


SCORERS = {
    "classification": {
        "accuracy": get_scorer("accuracy"),
        "labels": make_scorer(exact),
        "numbers": make_scorer(exact, response_method=("predict_proba", "decision_function")),
    },
    "regression": {"r2": get_scorer("r2"), "numbers": make_scorer(exact)},
}


def scored(estimator: Any, candidates: list[dict[str, Any]], table: Table, case: PathCase, **how: Any) -> Any:
    scorers = dict(SCORERS[case.problem])
    if not hasattr(estimator, "predict_proba") and not hasattr(estimator, "decision_function"):
        scorers.pop("numbers") if case.problem == "classification" else None
    with Evaluator(
        estimator,
        table.X,
        table.y,
        table.splits,
        scorers,
        return_train_score=True,
        keep_non_finite=True,
        **how,
    ) as evaluator:
        return evaluator.evaluate([Request(number, params) for number, params in enumerate(candidates)])


def told(result: Any) -> list[Any]:
    return [
        (fold.state, repr(dict(fold.scores)), repr(dict(fold.train_scores)), fold.error)
        for fold in result.folds
    ]


def test_every_class_with_a_path_is_drawn():
    assert set(PATH_CASES) == set(PATHS)


@pytest.mark.parametrize(("cls", "case"), CASES)
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_path_equals_plain_fits(cls: type, case: PathCase, data: st.DataObject):
    table = data.draw(tables(case.problem, case.most_rows), label="table")
    chosen = {name: data.draw(values, label=name) for name, values in case.settings.items()}
    if case.seeded:
        chosen["random_state"] = data.draw(st.integers(0, 2**16), label="seed")
    estimator = (case.make or cls)(**chosen)
    values = {name: data.draw(drawn, label=name) for name, drawn in case.path.items()}
    candidates = [dict(zip(values, chosen, strict=True)) for chosen in product(*values.values())]
    ours = scored(estimator, candidates, table, case)
    plain = scored(estimator, candidates, table, case, shared_fits=False)
    assert [told(result) for result in ours] == [told(result) for result in plain]
    assert {fold.how for result in ours for fold in result.folds} >= {"prefix"}
    assert {fold.how for result in plain for fold in result.folds} == {"fitted"}
