"""Shorter fits of a candidate as trials of their own: what a search says of them."""

from __future__ import annotations

from typing import Any, ClassVar

from hyperparameter_tuning.tasks.execution import SearchReport
from tests.tasks_worker import tasks_made as made
from tests.tasks_worker.searches import Messages, as_recorded, of, search, without_times


class TestFreePrefixes:
    FORM = made.plain("random_forest_classifier", {"n_estimators": 3})
    ASKED: ClassVar[dict[str, Any]] = {
        "strategy": {"name": "random", "free_prefixes": True},
        "search_space": [
            {"kind": "categorical", "name": "n_estimators", "choices": [2, 4, 6]},
            {"kind": "int", "name": "max_depth", "low": 1, "high": 2},
        ],
        "budget": {"max_trials": 2, "max_seconds": 60},
    }

    def searched(self, **more: Any) -> tuple[SearchReport, Messages]:
        return search(made.task(self.FORM, **self.ASKED), form=self.FORM, **more)

    def test_every_length_is_a_trial_and_its_units_say_that_they_are_prefixes(self) -> None:
        _, said = self.searched()
        began = {item["trial"]: item["params"] for item in of(said, "trial.started")}
        trees = {trial: began[trial]["n_estimators"] for trial in sorted(began) if trial > 1}
        assert trees == {2: 2, 3: 4, 4: 6, 5: 2, 6: 4, 7: 6}
        hows = {(trees[unit["trial"]], unit["how"]) for unit in of(said, "unit") if unit["trial"] > 1}
        assert hows == {(2, "prefix"), (4, "prefix"), (6, "fitted")}

    def test_what_is_announced_counts_them(self) -> None:
        _, said = self.searched()
        announced = of(said, "search.started")[0]
        assert (announced["candidates"], announced["trials"], announced["fits"]) == (6, 8, 24)
        assert len(of(said, "trial.finished")) == 8

    def test_a_search_that_begins_again_keeps_numbers_and_scores(self) -> None:
        _, whole = self.searched()
        half = [item for item in whole if item["type"] in ("trial.started", "unit")][:20]
        _, again = self.searched(recorded=as_recorded(half))
        assert without_times(of(again, "trial.finished")) == without_times(of(whole, "trial.finished"))
