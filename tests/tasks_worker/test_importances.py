"""Importances against Optuna's own on the same trials, and what a search tells of them."""

from __future__ import annotations

import random
from typing import Any

import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

from hyperparameter_tuning.registry.space import CategoricalDimension, FloatDimension, IntDimension
from hyperparameter_tuning.tasks import optuna_support
from hyperparameter_tuning.tasks.execution import execute_search
from hyperparameter_tuning.tasks.importances import NEEDED, importances_message
from hyperparameter_tuning.tasks.optuna_support import parameter_importances
from hyperparameter_tuning.tasks.trial_messages import Standing, TrialFailedError
from tests.tasks_worker import tasks_made as made
from tests.tasks_worker.searches import failing_in_part, of, search

SPACE = (
    IntDimension("depth", 1, 12),
    FloatDimension("rate", 1e-4, 1.0, log=True),
    FloatDimension("share", 0.1, 0.9, step=0.2),
    CategoricalDimension("features", (True, 1, 1.0, None, "sqrt")),
)
CHOICES = {"bool": 0, "int": 1, "float": 2, "NoneType": 3, "str": 4}


def drawn(count: int) -> list[tuple[dict[str, Any], float]]:
    chance = random.Random(7)
    found = []
    for _ in range(count):
        params = {
            "depth": chance.randint(1, 12),
            "rate": 10 ** chance.uniform(-4, 0),
            "share": chance.choice([0.1, 0.3, 0.5, 0.7, 0.9]),
            "features": chance.choice([True, 1, 1.0, None, "sqrt"]),
        }
        found.append((params, params["depth"] - 30 * params["share"] + chance.random()))
    return found


def by_optuna(scored: list[tuple[dict[str, Any], float]]) -> dict[str, float]:
    """Optuna's own answer, its study written by hand."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(direction="maximize")
    distributions = {
        "depth": IntDistribution(1, 12),
        "rate": FloatDistribution(1e-4, 1.0, log=True),
        "share": IntDistribution(0, 4),
        "features": CategoricalDistribution(range(5)),
    }
    for params, value in scored:
        coded = {
            **params,
            "share": round((params["share"] - 0.1) / 0.2),
            "features": CHOICES[type(params["features"]).__name__],
        }
        study.add_trial(optuna.trial.create_trial(params=coded, distributions=distributions, value=value))
    return get_param_importances(study, evaluator=PedAnovaImportanceEvaluator())


def standings(scored: list[tuple[dict[str, Any], float]]) -> dict[int, Standing]:
    return {
        number: Standing(number, "search", params, {"m": value}, 0.0, value)
        for number, (params, value) in enumerate(scored)
    }


class TestComputation:
    def test_equals_optunas_on_the_same_trials(self) -> None:
        scored = drawn(60)
        found = parameter_importances(SPACE, scored)
        assert found == by_optuna(scored)
        assert sum(found.values()) == pytest.approx(1.0)
        # The score was made of these two.
        assert set(list(found)[:2]) == {"share", "depth"}

    def test_a_trial_outside_of_the_space_is_left_out(self) -> None:
        scored = drawn(40)
        stranger = ({**scored[0][0], "depth": 99}, 1e9)
        other = ({**scored[0][0], "features": "log2"}, 1e9)
        assert parameter_importances(SPACE, [*scored, stranger, other]) == parameter_importances(
            SPACE, scored
        )

    def test_a_single_choice_has_no_importance(self) -> None:
        space = (IntDimension("depth", 1, 12), CategoricalDimension("features", ("sqrt",)))
        scored = [({"depth": number % 12 + 1, "features": "sqrt"}, float(number)) for number in range(30)]
        assert parameter_importances(space, scored) == {"depth": 1.0, "features": 0.0}


class TestMessage:
    def test_the_share_of_the_rows_with_the_most_trials_is_taken(self) -> None:
        few, many = standings(drawn(25)), standings(drawn(40))
        message = importances_message(SPACE, {1.0: few, 0.25: many})
        assert (message["state"], message["resource"], message["have"]) == ("ready", 0.25, 40)
        expected = by_optuna(drawn(40))
        assert {item["parameter"]: item["importance"] for item in message["values"]} == expected
        assert message["values"][0]["parameter"] == next(iter(expected))

    def test_too_few_say_how_many_there_are(self) -> None:
        message = importances_message(SPACE, {1.0: standings(drawn(NEEDED - 1))})
        assert (message["state"], message["needed"], message["have"]) == (
            "too_few_trials",
            NEEDED,
            NEEDED - 1,
        )
        assert importances_message(SPACE, {})["have"] == 0

    def test_what_breaks_does_not_cost_the_search(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: Any) -> Any:
            raise RuntimeError("no")

        monkeypatch.setattr(optuna_support, "parameter_importances", broken)
        assert importances_message(SPACE, {1.0: standings(drawn(30))})["state"] == "unavailable"


class TestSearch:
    def test_tells_them_at_its_end_from_its_own_trials(self) -> None:
        rows = [
            {"kind": "int", "name": "max_depth", "low": 1, "high": 6},
            {"kind": "int", "name": "min_samples_leaf", "low": 1, "high": 30},
        ]
        budget = {"max_trials": 24, "max_seconds": 60}
        _, said = search(made.task(strategy={"name": "random"}, search_space=rows, budget=budget))
        (message,) = of(said, "search.importances")
        assert (message["state"], message["have"]) == ("ready", 24)
        assert {item["parameter"] for item in message["values"]} == {"max_depth", "min_samples_leaf"}

    def test_that_fails_tells_what_it_has(self) -> None:
        task, bundle, form = failing_in_part("fail")
        said: list[Any] = []
        with pytest.raises(TrialFailedError):
            execute_search(task, bundle, form, emit=said.append, should_stop=lambda: False)
        assert [message["state"] for message in of(said, "search.importances")] == ["too_few_trials"]

    def test_of_a_halving_are_of_its_largest_round(self) -> None:
        rows = [{"kind": "int", "name": "min_samples_leaf", "low": 1, "high": 24}]
        strategy = {"name": "halving", "min_resources": "fixed", "min_rows": 30}
        _, said = search(made.task(strategy=strategy, search_space=rows, budget={"max_seconds": 60}))
        start = of(said, "search.started")[0]
        (message,) = of(said, "search.importances")
        assert message["resource"] == start["rungs"][0]["resource"] < 1.0
        assert message["have"] == start["rungs"][0]["n_candidates"] == 24
