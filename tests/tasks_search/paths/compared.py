"""Candidates scored twice: from shared fits and by plain fits, to the bit of every prediction."""

import re
from collections.abc import Sequence
from typing import Any

from sklearn.metrics import get_scorer, make_scorer

from hyperparameter_tuning.tasks.evaluation import Evaluator, Request
from tests.tasks_search.paths.tables_strategy import Problem, Table

CLOCK = re.compile(r"\[\d\d:\d\d:\d\d\]")


def exact(y: Any, predicted: Any) -> float:
    """A number that changes with any bit of any prediction."""
    return float(hash(predicted.tobytes()) % 2**52)


SCORERS = {
    "classification": {
        "accuracy": get_scorer("accuracy"),
        "labels": make_scorer(exact),
        "numbers": make_scorer(exact, response_method=("predict_proba", "decision_function")),
        "decisions": make_scorer(exact, response_method=("decision_function", "predict_proba")),
    },
    "regression": {"r2": get_scorer("r2"), "numbers": make_scorer(exact)},
}


QUICK = {"classification": ["accuracy"], "regression": ["r2", "neg_root_mean_squared_error"]}
"""Metrics that are worked out without scikit-learn's checks, where all of a search are of these."""


def scored(
    estimator: Any,
    candidates: Sequence[dict[str, Any]],
    table: Table,
    problem: Problem,
    *,
    quick: bool = False,
    **how: Any,
) -> Any:
    """Return the results of *candidates*, training side included."""
    scorers = {name: get_scorer(name) for name in QUICK[problem]} if quick else dict(SCORERS[problem])
    if (
        not quick
        and problem == "classification"
        and not any(hasattr(estimator, name) for name in ("predict_proba", "decision_function"))
    ):
        del scorers["numbers"], scorers["decisions"]
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
    """Return what must be equal: everything but times (XGBoost's errors have one) and how it came about."""
    return [
        (
            fold.state,
            repr(dict(fold.scores)),
            repr(dict(fold.train_scores)),
            CLOCK.sub("", fold.error or ""),
            set(fold.warnings),
        )
        for fold in result.folds
    ]


def same_as_plain(
    estimator: Any,
    candidates: Sequence[dict[str, Any]],
    table: Table,
    problem: Problem,
    *,
    quick: bool = False,
    **told_besides: Any,
) -> set[str]:
    """Assert that shared fits give what plain fits give, and return how the scored folds came about.

    Folds where some plain fit's numbers overflow are left out of it: there a rule may refuse the longest fit.
    """
    ours = scored(estimator, candidates, table, problem, quick=quick, **told_besides)
    plain = scored(estimator, candidates, table, problem, quick=quick, shared_fits=False, **told_besides)
    assert [told(result) for result in ours] == [told(result) for result in plain]
    assert {fold.how for result in plain for fold in result.folds} == {"fitted"}
    overflowed = {number for result in plain for number, fold in enumerate(result.folds) if _overflowed(fold)}
    return {
        fold.how
        for result in ours
        for number, fold in enumerate(result.folds)
        if fold.state == "complete" and number not in overflowed
    }


def _overflowed(fold: Any) -> bool:
    return any("overflow encountered" in message for _, message in fold.warnings)
