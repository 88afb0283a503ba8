"""The logarithm of the normal distribution, all values at once: Optuna's own bits, so its own suggestions."""

import math

import numpy as np
from optuna.samplers._tpe import _truncnorm

from hyperparameter_tuning.registry.search_context import SearchBudget, SearchContext
from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension
from hyperparameter_tuning.registry.strategy_options import OptunaOptions
from hyperparameter_tuning.tasks import optuna_support
from hyperparameter_tuning.tasks.normal_tail import log_ndtr
from hyperparameter_tuning.tasks.searchers import OptunaProposer, run_search
from tests.tasks_search.fake_scores import METRIC, FakeEvaluate

EIGHT = (
    *(IntDimension(f"n{index}", 1, 400, log=index > 1) for index in range(4)),
    *(FloatDimension(f"x{index}", 1e-3, 1.0, log=index > 1) for index in range(3)),
    CategoricalDimension("kind", ("a", "b", None)),
)
SEAMS = (-1.0, 1.0, 6.0, -20.0, 0.0, -0.0, 37.6, -40.0)


def suggested(n_trials: int = 60):
    context = SearchContext(
        space=EIGHT,
        options=OptunaOptions(),
        seed=5,
        budget=SearchBudget(max_trials=n_trials),
        n_samples=100,
        n_splits=2,
        n_jobs=8,
        metric=METRIC,
    )
    evaluate = FakeEvaluate(context)
    run_search(OptunaProposer(), context, evaluate)
    return [request.params for request in evaluate.requests]


def test_every_bit_is_optunas():
    rng = np.random.default_rng(0)
    drawn = np.concatenate([rng.normal(0, scale, 5_000) for scale in (0.1, 1, 3, 10, 30)])
    around = [math.nextafter(seam, side) for seam in SEAMS for side in (-math.inf, math.inf)]
    values = np.concatenate([drawn, SEAMS, around])
    found = log_ndtr(values, _truncnorm._log_ndtr_single)
    assert np.array_equal(found, _truncnorm._log_ndtr(values))


def test_no_value_at_all_is_an_empty_answer():
    assert log_ndtr(np.empty(0), _truncnorm._log_ndtr_single).shape == (0,)


def test_suggestions_are_those_of_optunas_own_arithmetic(monkeypatch):
    fast = suggested()
    monkeypatch.setattr(optuna_support, "_SAME_TAILS", ">=99")
    assert suggested() == fast


def test_optuna_computes_few_values_one_by_one(monkeypatch):
    calls = {"many": 0, "one": 0}
    single = _truncnorm._log_ndtr_single

    def many(values, beyond):
        calls["many"] += np.size(values)
        return log_ndtr(values, beyond)

    def one(value):
        calls["one"] += 1
        return single(value)

    monkeypatch.setattr(optuna_support, "log_ndtr", many)
    monkeypatch.setattr(_truncnorm, "_log_ndtr_single", one)
    suggested()
    assert calls["many"] > 4 * calls["one"] > 0


def test_outside_of_a_suggestion_optuna_is_left_as_it_is():
    own = _truncnorm._log_ndtr
    suggested(15)
    assert _truncnorm._log_ndtr is own
