"""An estimate is what the search then does: the same candidates, rounds and fits, strategy by strategy."""

from __future__ import annotations

from typing import Any

import pytest

from hyperparameter_tuning.registry.estimates import estimate
from hyperparameter_tuning.registry.validation import judge, read
from hyperparameter_tuning.shared.settings import Settings
from tests.tasks_worker import tasks_made as made
from tests.tasks_worker.searches import of, search

STRATEGIES: dict[str, dict[str, Any]] = {
    "random": {"strategy": {"name": "random"}, "budget": {"max_trials": 4}},
    "grid": {"strategy": {"name": "grid"}},
    "halving": {"strategy": {"name": "halving"}},
    "halving_random": {"strategy": {"name": "halving_random"}, "budget": {"max_trials": 5}},
    "optuna": {"strategy": {"name": "optuna"}, "budget": {"max_trials": 4}},
}


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_search_counts_and_does_what_was_estimated(name: str) -> None:
    form = made.plain(params={"max_depth": 2})
    rows = [{"kind": "int", "name": "max_depth", "low": 1, "high": 6}]
    config = {"target": "y", "search_space": rows, "cross_validation": {"kind": "k_fold", "folds": 3}}
    reading = read(config | STRATEGIES[name], form, made.summary(), settings=Settings(_env_file=None))
    assert reading.case is not None
    work, task = estimate(reading.case).work, judge(reading).task
    assert work is not None
    assert task is not None
    _, said = search(task, form=form)
    (started,) = of(said, "search.started")
    assert {key: started[key] for key in ("candidates", "trials", "fits", "splits")} == {
        "candidates": work.candidates,
        "trials": work.trials,
        "fits": work.fits,
        "splits": 3,
    }
    assert [
        (item["rung"], item["n_resources"], item["candidates"]) for item in of(said, "rung.completed")
    ] == [(rung.index, rung.n_resources, rung.n_candidates) for rung in work.rungs]
    done = len(of(said, "unit"))
    assert work.fits is not None
    assert done == work.fits if work.basis == "exact" else done <= work.fits
