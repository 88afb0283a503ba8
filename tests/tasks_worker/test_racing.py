"""Candidates that a race over folds has ended: what a search says of them."""

from __future__ import annotations

from typing import Any

from tests.tasks_worker import tasks_made as made
from tests.tasks_worker.searches import as_recorded, of, search


class TestRacing:
    def test_ended_candidates_are_pruned_with_their_folds_and_nothing_else_changes(self) -> None:
        asked: dict[str, Any] = {
            "search_space": [{"kind": "categorical", "name": "max_depth", "choices": [1, 2, 3, 4, 5]}],
            "fixed_params": [{"name": "max_features", "value": 1, "number_type": "int"}],
            "cross_validation": {"kind": "k_fold", "folds": 5},
            "objective": {"metric": "accuracy"},
        }
        _, whole = search(made.task(strategy={"name": "grid"}, **asked))
        report, said = search(made.task(strategy={"name": "grid", "racing": True}, **asked))
        ended = [item for item in of(said, "trial.finished") if item["state"] == "pruned"]
        assert ended
        assert all(2 <= item["n_folds"] < 5 and item["score"] is None for item in ended)
        assert report.winner is not None
        assert report.winner.trial not in [item["trial"] for item in ended]
        scores = [
            {(unit["trial"], unit["fold"]): unit["scores"] for unit in of(each, "unit")}
            for each in (whole, said)
        ]
        assert scores[1].items() <= scores[0].items()
        assert said[-1]["n_pruned"] == len(ended)
        _, again = search(
            made.task(strategy={"name": "grid", "racing": True}, **asked), recorded=as_recorded(said)[:12]
        )
        assert of(again, "trial.finished") == of(said, "trial.finished")
