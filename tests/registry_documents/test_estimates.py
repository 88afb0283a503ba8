"""Candidates, fits and rounds are told before anything runs, with what they rest on."""

from __future__ import annotations

from typing import Any

import pytest

from hyperparameter_tuning.registry.estimates import Estimate, estimate
from hyperparameter_tuning.registry.planned_work import PlannedWork
from hyperparameter_tuning.registry.validation import read
from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainStep, PlainTarget
from tests.registry_documents.cases import NUMBERS, SETTINGS, graph

DEPTHS = [{"kind": "int", "name": "max_depth", "low": 1, "high": 9}]
CONTINUUM = [{"kind": "float", "name": "ccp_alpha", "low": 0.0, "high": 0.1}]


def estimated(
    config: Any = None, plain: PlainForm | None = None, summary: DataSummary | None = NUMBERS, **more: Any
) -> Estimate:
    settings = more.pop("settings", SETTINGS)
    reading = read(config or {}, graph() if plain is None else plain, summary, settings=settings)
    assert reading.case is not None, reading.findings
    return estimate(reading.case)


def work(*arguments: Any, **more: Any) -> PlannedWork:
    found = estimated(*arguments, **more).work
    assert found is not None
    return found


class TestCounts:
    def test_a_fresh_node_tries_thirty_candidates_and_one_reference_on_five_folds(self) -> None:
        found = work({})
        assert (found.candidates, found.references, found.trials) == (30, 1, 31)
        assert (found.splits, found.fits, found.basis) == (5, 155, "exact")

    def test_a_grid_is_its_product(self) -> None:
        config = {"strategy": "grid", "search_space": DEPTHS, "cross_validation": {"kind": "holdout"}}
        assert (work(config).candidates, work(config).fits) == (9, 10)

    def test_draws_are_no_more_than_there_are_candidates(self) -> None:
        assert work({"search_space": DEPTHS}).candidates == 9

    def test_shorter_fits_are_candidates_and_said_to_be(self) -> None:
        config = {
            "strategy": {"name": "random", "free_prefixes": True},
            "search_space": [
                *DEPTHS,
                {"kind": "int", "name": "n_estimators", "low": 5, "high": 15, "step": 5},
            ],
            "budget": {"max_trials": 4},
        }
        forest = graph("random_forest_classifier")
        assert (work(config, forest).candidates, work(config, forest).fits) == (12, 65)
        assert "2 shorter fits are read off it" in " ".join(estimated(config, forest).reasons)

    def test_racing_makes_the_number_of_fits_an_upper_bound(self) -> None:
        config = {"strategy": {"name": "grid", "racing": True}, "search_space": DEPTHS}
        assert (work(config).fits, work(config).basis) == (50, "upper_bound")
        assert "Racing may end candidates after two folds" in " ".join(estimated(config).reasons)

    def test_repeats_count(self) -> None:
        assert work({"cross_validation": {"kind": "k_fold", "folds": 4, "repeats": 3}}).splits == 12

    def test_current_parameters_defaults_and_further_targets_are_references(self) -> None:
        targets = (
            PlainTarget(node_id="a", params={"max_depth": 2}),
            PlainTarget(node_id="b", params={"max_depth": 3}),
        )
        found = work({}, graph(params={"max_depth": 2}).model_copy(update={"targets": targets}))
        assert found.references == 3

    def test_a_halving_has_rounds_and_their_fits(self) -> None:
        config = {"strategy": {"name": "halving", "factor": 3}, "search_space": DEPTHS}
        found = work(config)
        assert [(rung.n_resources, rung.n_candidates) for rung in found.rungs] == [(30, 9), (90, 3)]
        # Twelve in the rounds, the best once more on all 150 rows, and the current parameters.
        assert found.confirmed
        assert found.fits == (9 + 3 + 1 + 1) * 5
        assert found.full_fits == pytest.approx((9 * 30 / 150 + 3 * 90 / 150 + 2) * 5)

    def test_suggestions_of_a_sampler_may_repeat(self) -> None:
        assert work({"strategy": "optuna"}).basis == "upper_bound"

    def test_what_may_end_a_search_early_makes_its_number_a_bound(self) -> None:
        found = estimated({"budget": {"max_trials": 8, "target_score": 0.1}, "search_space": CONTINUUM})
        assert found.work is not None
        assert (found.work.candidates, found.work.basis) == (8, "upper_bound")
        assert any("end the search earlier" in reason for reason in found.reasons)


class TestLimits:
    def test_the_ceilings_are_shown_and_counted_with(self) -> None:
        settings = SETTINGS.model_copy(update={"max_trials": 12, "max_seconds": 60.0})
        found = estimated({"search_space": CONTINUUM, "budget": {"max_trials": 50}}, settings=settings)
        assert found.work is not None
        assert found.work.candidates == 12
        assert (found.max_trials.asked, found.max_trials.ceiling, found.max_trials.in_force) == (50, 12, 12)
        assert (found.max_seconds.ceiling, found.max_seconds.in_force) == (60.0, 60.0)
        assert found.max_grid_candidates == settings.max_grid_candidates
        assert "This server allows 12 candidates per job." in found.reasons

    def test_a_grid_that_is_refused_is_told_with_its_size(self) -> None:
        found = estimated(
            {"strategy": "grid", "search_space": DEPTHS, "budget": {"max_trials": 4, "max_seconds": None}}
        )
        assert found.work is not None
        assert found.work.candidates == 9
        assert "9 candidates" in found.reasons[0]

    def test_without_a_number_of_candidates_the_servers_ceiling_is_the_number(self) -> None:
        found = estimated({"search_space": CONTINUUM, "budget": {"max_trials": None, "max_seconds": 5}})
        assert found.work is not None
        assert found.work.candidates == SETTINGS.max_trials


class TestOpen:
    def test_without_a_model_there_is_nothing_to_count(self) -> None:
        found = estimated({}, graph(None))
        assert found.work is None
        assert found.reasons == ("Connect a model node or choose a model: its search space decides.",)

    def test_rows_with_errors_cannot_be_counted(self) -> None:
        found = estimated({"search_space": [{"kind": "int", "name": "max_depth", "low": 5, "high": 1}]})
        assert found.work is None
        assert "search space" in found.reasons[0]

    def test_without_data_the_folds_are_known_and_a_halving_is_not(self) -> None:
        assert work({}, summary=None).fits == 155
        found = estimated({"strategy": "halving", "search_space": DEPTHS}, summary=None)
        assert found.work is not None
        assert found.work.rungs == ()
        assert "Rounds depend on the rows: connect a dataset with a target." in found.reasons

    def test_a_wrong_parameter_on_the_model_node_does_not_hide_the_number(self) -> None:
        assert work({}, graph(params={"max_depth": "deep"})).candidates == 30

    def test_rows_without_a_target_do_not_count(self) -> None:
        columns = tuple(
            column.model_copy(update={"missing": 60}) if column.name == "kind" else column
            for column in NUMBERS.columns
        )
        found = work(
            {"strategy": "halving", "search_space": DEPTHS},
            summary=NUMBERS.model_copy(update={"columns": columns}),
        )
        assert found.rows == 90

    def test_a_split_leaves_fewer_rows(self) -> None:
        split = (PlainStep(kind="split", config={"test_size": 0.2}, output="train"),)
        assert work({}, graph(steps=split)).rows == 120
