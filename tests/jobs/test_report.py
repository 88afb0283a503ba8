"""Reports from stored jobs whose numbers can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from hyperparameter_tuning.jobs import finishing, report, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.report_parameters import NEEDED
from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.tasks import importances
from tests.jobs import factories
from tests.jobs.factories import finished, started, told, unit

Messages = Sequence[Mapping[str, Any]]
RUNGS = [
    {"index": 0, "n_resources": 50, "n_candidates": 3, "resource": 50 / 150},
    {"index": 1, "n_resources": 150, "n_candidates": 1, "resource": 1.0},
]


def search_started(**overrides: Any) -> dict[str, Any]:
    values = {"candidates": 3, "fits": 8, "splits": 2, "rows": 150, "rungs": []}
    return {"type": "search.started", **values, **overrides}


def scored(
    number: int, folds: Sequence[float], origin: str = "search", metric: str = "accuracy", **params: Any
) -> list[dict[str, Any]]:
    """A trial with these scores on its folds."""
    mean = sum(folds) / len(folds)
    units = [unit(number, fold, scores={metric: score}) for fold, score in enumerate(folds)]
    end = finished(number, mean, n_folds=len(folds), scores={metric: mean})
    best = {"type": "best.updated", "trial": number, "score": mean, "params": params}
    return [started(number, origin, params=params), *units, end, best]


def without_best(messages: Messages) -> list[Mapping[str, Any]]:
    return [message for message in messages if message["type"] != "best.updated"]


async def reported(db: Database, job: JobRecord) -> dict[str, Any]:
    async with db.read() as session:
        present = await service.get(session, job.id)
        source = await report.read_source(session, present, node_kinds())
    return report.report_of(source)


async def ended(db: Database, job: JobRecord, trial: int, score: float, **params: Any) -> None:
    done = factories.outcome(trial, score, **params) | {"refit_seconds": 0.5, "warnings": ["Careful."]}
    token = job.lease_token or ""
    await db.run(lambda session: finishing.succeed(session, job.id, token, done))


class TestHistory:
    async def test_best_so_far_is_the_best_of_all_candidates_on_all_rows(self, database: Database) -> None:
        job = await factories.claimed(database)
        messages = [*scored(0, [0.5, 0.5], "baseline", max_depth=1), *scored(1, [0.4, 0.4], max_depth=2)]
        messages += [*scored(2, [0.7, 0.9], max_depth=3), started(3, params={"max_depth": 4})]
        messages += [finished(3, None), *scored(4, [0.6, 0.6], max_depth=5)]
        await told(database, job, search_started(), *messages)
        points = (await reported(database, job))["history"]["points"]
        assert [point["trial"] for point in points] == [0, 1, 2, 3, 4]
        assert [point["best"] for point in points] == [0.5, 0.5, 0.8, 0.8, 0.8]
        assert [point["score"] for point in points] == [0.5, 0.4, 0.8, None, 0.6]
        assert [point["origin"] for point in points] == ["baseline"] + ["search"] * 4
        assert all(point["seconds"] >= 0 for point in points)

    async def test_smaller_is_better_where_the_metric_says_so(self, database: Database) -> None:
        job = await factories.claimed(database, metric="rmse", direction="minimize")
        scores = [3.0, 4.0, 2.0, 5.0]
        for number, score in enumerate(scores):
            await told(database, job, *scored(number, [score, score], metric="rmse", max_depth=number + 1))
        points = (await reported(database, job))["history"]["points"]
        assert [point["best"] for point in points] == [3.0, 3.0, 2.0, 2.0]

    async def test_of_very_many_the_improvements_and_the_last_one_stay(self, sqlite_settings: Any) -> None:
        database = Database(sqlite_settings)
        try:
            job = await factories.claimed(database)
            messages: list[Any] = []
            for number in range(2_500):
                score = 0.9 if number >= 1_234 else 0.5
                messages += [started(number, params={"max_depth": number % 9 + 1}), finished(number, score)]
            await told(database, job, *messages)
            found = await reported(database, job)
        finally:
            await database.close()
        history, slices = found["history"], found["slices"]
        shown = [point["trial"] for point in history["points"]]
        assert history["total"] == 2_500
        assert len(shown) <= 2_000
        assert {0, 1_234, 2_499} <= set(shown)
        assert history["note"] == f"{len(shown):,} of 2,500 candidates are shown; the table has all."
        assert slices["total"] == 2_500
        assert len(slices["parameters"][0]["points"]) <= 2_000


class TestBest:
    async def test_gain_and_spread_are_by_fold(self, database: Database) -> None:
        job = await factories.claimed(database)
        baseline = scored(0, [0.5, 0.7, 0.6], "baseline", max_depth=1)
        await told(database, job, *baseline, *scored(1, [0.9, 0.6, 0.9], max_depth=7))
        await ended(database, job, 1, 0.8, max_depth=7)
        found = await reported(database, job)
        assert found["gain"]["absolute"] == pytest.approx(0.2)
        assert found["gain"]["relative"] == pytest.approx(1 / 3)
        assert (found["gain"]["folds_better"], found["gain"]["folds"]) == (2, 3)
        assert (found["spread"]["least"], found["spread"]["greatest"]) == (0.6, 0.9)
        assert found["spread"]["std"] == pytest.approx(0.1414213562)
        assert found["spread"]["folds"][1] == {"repeat": 0, "fold": 1, "score": 0.6, "baseline": 0.7}
        assert found["best"]["params"] == {"max_depth": 7}
        assert found["baseline"]["params"] == {"max_depth": 1}
        assert (found["final"], found["warnings"]) == (True, ["Careful."])
        assert found["timing"]["fits"] == 6
        assert found["timing"]["fit_seconds"] == pytest.approx(0.06)
        assert found["timing"]["refit_seconds"] == 0.5

    async def test_a_smaller_error_is_a_positive_gain(self, database: Database) -> None:
        job = await factories.claimed(database, metric="rmse", direction="minimize")
        baseline = scored(0, [4.0, 4.0], "baseline", "rmse", max_depth=1)
        await told(database, job, *baseline, *scored(1, [3.0, 3.0], metric="rmse", max_depth=7))
        gain = (await reported(database, job))["gain"]
        assert (gain["absolute"], gain["relative"], gain["folds_better"]) == (1.0, 0.25, 2)
        assert gain["sentence"] == "The best rmse is 3; with the current parameters it is 4."

    async def test_the_current_parameters_may_be_the_best(self, database: Database) -> None:
        job = await factories.claimed(database)
        await told(database, job, *scored(0, [0.9, 0.9], "baseline", max_depth=1))
        await told(database, job, *without_best(scored(1, [0.5, 0.5], max_depth=7)))
        gain = (await reported(database, job))["gain"]
        assert gain["absolute"] == 0.0
        assert gain["sentence"] == "No candidate is better than the current parameters."

    async def test_before_anything_is_scored_there_is_nothing_to_say(self, database: Database) -> None:
        job = await factories.submitted(database)
        found = await reported(database, job)
        assert (found["status"], found["final"]) == ("queued", False)
        for name in ("baseline", "best", "gain", "spread"):
            assert found[name] is None
        assert found["history"] == {"total": 0, "note": None, "points": []}
        assert found["importances"]["state"] == "pending"
        assert found["timing"]["fits_per_second"] is None
        assert found["ending"]["sentence"] == "The search has not ended."


class TestRungs:
    async def test_a_rounds_scores_are_its_own(self, database: Database) -> None:
        job = await factories.claimed(database, strategy="halving")
        share = RUNGS[0]["resource"]
        messages: list[Any] = [search_started(rungs=RUNGS), *scored(0, [0.5, 0.5], "baseline", max_depth=1)]
        for number, score in ((1, 0.6), (2, 0.9), (3, 0.7)):
            messages += [started(number, params={"max_depth": number}, rung=0)]
            messages += [unit(number, f, resource=share, scores={"accuracy": score}) for f in range(2)]
            messages += [finished(number, score, resource=share, rung=0, n_folds=2)]
        # On all rows the winner of the first round has a smaller score than it had there.
        messages += [started(2, params={"max_depth": 2}, rung=1)]
        messages += [unit(2, fold, scores={"accuracy": 0.65}) for fold in range(2)]
        messages += [finished(2, 0.65, rung=1, n_folds=2)]
        await told(database, job, *messages)
        found = await reported(database, job)
        first, last = found["rungs"]
        assert [item["trial"] for item in first["candidates"]] == [2, 3, 1]
        assert [item["score"] for item in first["candidates"]] == pytest.approx([0.9, 0.7, 0.6])
        assert last["candidates"] == [{"trial": 2, "score": 0.65}]
        assert last["best"] == {"trial": 2, "score": 0.65}
        assert (first["rows"], first["planned"], first["total"]) == (50, 3, 3)
        # Best so far counts all rows only; slices take the round with the most candidates.
        assert [point["best"] for point in found["history"]["points"]] == [0.5, 0.5, 0.65, 0.65]
        assert found["slices"]["resource"] == share
        assert [point["trial"] for point in found["slices"]["parameters"][0]["points"]] == [1, 2, 3]
        assert "rungs_apart" in [note["code"] for note in found["notes"]]

    async def test_a_candidate_that_failed_in_a_round_has_no_score_there(self, database: Database) -> None:
        job = await factories.claimed(database, strategy="halving")
        share = RUNGS[0]["resource"]
        failed = unit(1, 1, resource=share, state="failed", scores={}, error="ValueError: no")
        messages = [search_started(rungs=RUNGS), started(1, params={"max_depth": 1}, rung=0)]
        messages += [unit(1, 0, resource=share), failed, finished(1, None, resource=share, rung=0)]
        await told(database, job, *messages)
        first = (await reported(database, job))["rungs"][0]
        assert first["candidates"] == [{"trial": 1, "score": None}]
        assert first["best"] is None

    async def test_other_strategies_have_none(self, database: Database) -> None:
        job = await factories.succeeded(database)
        assert (await reported(database, job))["rungs"] == []


class TestFailures:
    async def test_are_grouped_by_their_error_the_commonest_first(self, database: Database) -> None:
        job = await factories.claimed(database)
        for number, error in enumerate(["ValueError: a", "KeyError: b", "ValueError: a"]):
            message = finished(number, None, error=error)
            await told(database, job, started(number), message)
        token = job.lease_token or ""
        await database.run(
            lambda session: finishing.fail(session, job.id, token, "all_trials_failed", "All failed.")
        )
        found = await reported(database, job)
        assert found["failures"] == [
            {"error": "ValueError: a", "count": 2, "trials": [0, 2]},
            {"error": "KeyError: b", "count": 1, "trials": [1]},
        ]
        assert found["error"] == {"code": "all_trials_failed", "message": "All failed."}
        assert (found["status"], found["ending"]["reason"]) == ("failed", "error")

    async def test_a_cancelled_job_keeps_its_report(self, database: Database) -> None:
        job = await factories.claimed(database)
        await told(database, job, search_started(), *scored(0, [0.5, 0.5], "baseline", max_depth=1))
        await database.run(lambda session: service.request_cancel(session, job.id))
        await database.run(lambda session: finishing.cancelled(session, job.id, job.lease_token or ""))
        found = await reported(database, job)
        assert (found["status"], found["history"]["total"]) == ("cancelled", 1)
        assert found["ending"]["sentence"] == "Somebody ended the search."
        assert found["importances"]["state"] == "unavailable"


def config(*rows: Mapping[str, Any], **sections: Any) -> dict[str, Any]:
    return {**factories.CONFIG, "search_space": [{"enabled": True, **row} for row in rows], **sections}


DEPTH = {"kind": "int", "name": "max_depth", "low": 3, "high": 9}
LEAF = {"kind": "int", "name": "min_samples_leaf", "low": 1, "high": 20}
IMPURITY = {"kind": "float", "name": "min_impurity_decrease", "low": 1e-4, "high": 1e-1, "log": True}
FEATURES = {"kind": "float", "name": "max_features", "low": 0.2, "high": 0.9}
HINTS: dict[str, tuple[Mapping[str, Any], Any, tuple[str, str, float] | None]] = {
    "upper end": (DEPTH, 9, ("best_at_bound", "high", 15)),
    "lower end": (DEPTH, 3, ("best_at_bound", "low", 1)),
    "inside": (DEPTH, 6, None),
    "next to the end": (DEPTH, 8, None),
    "the model takes nothing beyond": (LEAF, 1, None),
    "steps that do not reach the bound": ({**DEPTH, "step": 4}, 7, ("best_at_bound", "high", 15)),
    "logarithmic, low": (IMPURITY, 1.02e-4, ("best_at_bound", "low", 1e-5)),
    "logarithmic, high": (IMPURITY, 0.0995, ("best_at_bound", "high", 1.0)),
    "near the low end of a logarithm only": (IMPURITY, 2e-4, None),
    "the model's own limit": (FEATURES, 0.9, ("best_at_bound", "high", 1.0)),
    "below": (DEPTH, 2, ("best_outside_range", "low", 2)),
    "above": (DEPTH, 30, ("best_outside_range", "high", 30)),
    "not a number": (DEPTH, None, None),
}


class TestHints:
    @pytest.mark.parametrize("name", HINTS)
    async def test_name_the_end_that_was_too_near(self, sqlite_settings: Any, name: str) -> None:
        row, value, expected = HINTS[name]
        database = Database(sqlite_settings)
        try:
            job = await factories.claimed(database, config=config(row))
            best = scored(1, [0.9, 0.9], **{row["name"]: value})
            await told(database, job, *scored(0, [0.5, 0.5], "baseline", max_depth=5), *best)
            assert (await reported(database, job))["hints"] == []
            await ended(database, job, 1, 0.9, **{row["name"]: value})
            hints = (await reported(database, job))["hints"]
        finally:
            await database.close()
        found = [(hint["code"], hint["side"], hint["suggested"]) for hint in hints]
        assert found == ([] if expected is None else [expected])
        for hint in hints:
            assert hint["pointer"] == f"/search_space/0/{hint['side']}"
            assert hint["bound"] == row[hint["side"]]
            assert f"'{row['name']}'" in hint["sentence"]

    async def test_a_count_is_no_fraction(self, database: Database) -> None:
        job = await factories.claimed(database, config=config(FEATURES))
        best = scored(1, [0.9, 0.9], max_features=1)
        best[0]["number_types"] = {"max_features": "int"}
        await told(database, job, *best)
        await ended(database, job, 1, 0.9, max_features=1)
        assert (await reported(database, job))["hints"] == []


class TestSlices:
    async def test_choices_are_told_apart_by_their_type(self, database: Database) -> None:
        choices = {"kind": "categorical", "name": "max_features", "choices": ["sqrt", 1.0, None, 0.5]}
        job = await factories.claimed(database, config=config(choices, DEPTH))
        await told(database, job, *scored(0, [0.1, 0.1], "baseline", max_features=None, max_depth=None))
        for number, value in enumerate(["sqrt", 1.0, None], start=1):
            await told(database, job, *scored(number, [0.5, 0.5], max_features=value, max_depth=number + 2))
        features, depth = (await reported(database, job))["slices"]["parameters"]
        assert [(point["trial"], point["value"]) for point in features["points"]] == [(1, 0), (2, 1), (3, 2)]
        assert (features["kind"], features["choices"]) == ("categorical", ["sqrt", 1.0, None, 0.5])
        assert [point["value"] for point in depth["points"]] == [3, 4, 5]
        assert (depth["low"], depth["high"], depth["log"], depth["choices"]) == (3, 9, False, None)


class TestWords:
    async def test_say_how_candidates_were_judged(self, database: Database) -> None:
        cv = {"kind": "k_fold", "folds": 5, "repeats": 3}
        job = await factories.claimed(database, config=config(DEPTH, cross_validation=cv))
        await told(database, job, search_started(splits=15))
        evaluation = (await reported(database, job))["evaluation"]
        assert evaluation["sentence"] == "Each candidate is judged on 5 folds, 3 times over."
        assert (evaluation["splits"], evaluation["rows"]) == (15, 150)

    @pytest.mark.parametrize("kind", ["k_fold", "group_k_fold", "time_series", "holdout", "validation_port"])
    async def test_every_kind_of_validation_has_a_sentence(self, sqlite_settings: Any, kind: str) -> None:
        cv = {"kind": kind, "folds": 5, "column": "group", "test_size": 0.25}
        database = Database(sqlite_settings)
        try:
            job = await factories.claimed(database, config=config(DEPTH, cross_validation=cv))
            sentence = (await reported(database, job))["evaluation"]["sentence"]
        finally:
            await database.close()
        assert sentence.startswith("Each candidate is judged on ")
        assert "{" not in sentence

    async def test_a_step_that_saw_all_rows_is_named(self, database: Database) -> None:
        step = {"node_id": "outliers-1", "kind": "outliers", "config": {}}
        job = await factories.claimed(database, plain=factories.plain(steps=[step]))
        (label,) = (await reported(database, job))["labels"]
        assert label == {
            "code": "may_be_optimistic",
            "sentence": "The result may be optimistic: node outliers-1 saw all rows.",
            "nodes": ["outliers-1"],
        }

    async def test_an_ended_job_keeps_the_labels_it_ended_with(self, database: Database) -> None:
        steps = [{"node_id": name, "kind": "somebody_elses", "config": {}} for name in ("gone", "odd")]
        told = ["may be optimistic: node odd saw all rows"]
        job = await factories.succeeded(database, plain=factories.plain(steps=steps), cautions=told)
        (label,) = (await reported(database, job))["labels"]
        assert (label["sentence"], label["nodes"]) == (f"The result {told[0]}.", ["odd"])

    async def test_shorter_fits_are_said_to_be_another_search(self, database: Database) -> None:
        job = await factories.claimed(database)
        source = await reported(database, job)
        assert "free_prefixes" not in [note["code"] for note in source["notes"]]
        config = {**factories.CONFIG, "strategy": {"name": "random", "free_prefixes": True}}
        asked = await factories.claimed(database, config=config)
        notes = {note["code"]: note["sentence"] for note in (await reported(database, asked))["notes"]}
        assert "another search than scikit-learn's" in notes["free_prefixes"]

    async def test_a_resumed_job_says_so_and_its_old_candidates_have_no_time(
        self, database: Database
    ) -> None:
        job = await factories.claimed(database)
        await told(database, job, *scored(0, [0.5, 0.5], "baseline", max_depth=1))
        await database.run(lambda session: service.request_cancel(session, job.id))
        await database.run(lambda session: finishing.cancelled(session, job.id, job.lease_token or ""))
        again = await database.run(lambda session: service.resume(session, job.id))
        await factories.claim(database, again.id)
        found = await reported(database, again)
        assert "resumed" in [note["code"] for note in found["notes"]]
        assert found["history"]["points"][0]["seconds"] is None


class TestImportances:
    def test_report_and_search_need_as_many(self) -> None:
        assert NEEDED == importances.NEEDED

    async def test_are_what_the_search_told(self, database: Database) -> None:
        job = await factories.claimed(database)
        values = [{"parameter": "max_depth", "importance": 1.0}]
        message = {"type": "search.importances", "state": "ready", "needed": 20, "have": 60, "resource": 1.0}
        message |= {"method": "ped_anova", "target_quantile": 0.1, "values": values}
        await told(database, job, search_started(), message)
        found = (await reported(database, job))["importances"]
        assert found["values"] == values
        assert found["sentence"] == "From 60 comparable candidates."
        async with database.read() as session:
            present = await service.get(session, job.id)
        assert present.search["splits"] == 2

    async def test_are_rough_where_the_best_tenth_is_small(self, database: Database) -> None:
        job = await factories.claimed(database)
        message = {"type": "search.importances", "state": "ready", "needed": 20, "have": 30}
        message |= {"target_quantile": 0.1, "values": []}
        await told(database, job, message)
        found = (await reported(database, job))["importances"]
        assert found["sentence"].endswith("take the order for a hint, not the numbers.")

    async def test_too_few_trials_say_how_many_are_needed(self, database: Database) -> None:
        job = await factories.claimed(database)
        message = {"type": "search.importances", "state": "too_few_trials", "needed": 20, "have": 3}
        await told(database, job, message)
        found = (await reported(database, job))["importances"]
        assert found["sentence"] == "20 comparable candidates are needed; there are 3."

    async def test_a_restarted_search_that_tells_them_again_announces_nothing_twice(
        self, database: Database
    ) -> None:
        job = await factories.claimed(database)
        message = {"type": "search.importances", "state": "too_few_trials", "needed": 20, "have": 3}
        await told(database, job, message)
        await told(database, job, message)
        async with database.read() as session:
            from hyperparameter_tuning.jobs.events import replay

            types = [event.type for event in await replay(session, job.id)]
        assert types.count("search.importances") == 1
