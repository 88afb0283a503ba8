"""What the search reports becomes trials, units, counts and events, each once."""

import pytest

from hyperparameter_tuning.jobs import progress, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.events import replay
from hyperparameter_tuning.jobs.records import EventRecord, JobRecord
from hyperparameter_tuning.shared.errors import StaleTransitionError
from tests.jobs.factories import claimed, finished, present, started, told, unit, whole_trial

SEARCH = {"type": "search.started", "candidates": 3, "fits": 15, "splits": 5, "metric": "accuracy"}


def best(trial: int, score: float) -> dict[str, object]:
    return {"type": "best.updated", "trial": trial, "score": score, "params": {"max_depth": trial + 1}}


async def events(db: Database, job: JobRecord) -> list[EventRecord]:
    async with db.read() as session:
        return await replay(session, job.id)


async def news(db: Database, job: JobRecord) -> list[str]:
    return [event.type for event in await events(db, job)][2:]


class TestRecord:
    async def test_counts_best_and_plan_are_on_the_job(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, SEARCH, *whole_trial(0, 0.5, "baseline"), best(0, 0.5))
        await told(database, job, *whole_trial(1, 0.9), best(1, 0.9), *whole_trial(2, None))
        after = await present(database, job.id)
        assert (after.n_units, after.n_complete, after.n_failed, after.n_pruned) == (3, 2, 1, 0)
        assert (after.best_trial, after.best_score, after.best_params) == (1, 0.9, {"max_depth": 2})
        assert after.search["fits"] == 15

    async def test_trials_and_units_are_stored_whole(self, database: Database) -> None:
        job = await claimed(database)
        begin = started(0, "baseline", params={"max_features": 1.0}, number_types={"max_features": "float"})
        folds = [unit(0, fold, scores={"accuracy": fold / 2}, how="fitted") for fold in range(2)]
        await told(database, job, begin, *folds, finished(0, 0.25, n_folds=2, std=0.25))
        async with database.read() as session:
            (trial,) = await service.trials(session, job.id)
            stored = await service.folds(session, job.id, {0})
        assert isinstance(trial.params["max_features"], float)
        assert (trial.origin, trial.state, trial.n_folds, trial.std) == ("baseline", "complete", 2, 0.25)
        assert trial.number_types == {"max_features": "float"}
        assert [(fold.repeat, fold.fold, fold.scores["accuracy"]) for fold in stored] == [
            (0, 0, 0.0),
            (0, 1, 0.5),
        ]
        assert trial.finished_at is not None

    async def test_events_follow_the_messages_and_units_are_one_line(self, database: Database) -> None:
        job = await claimed(database)
        warning = {"type": "budget.warning", "code": "max_seconds", "message": "Time is up."}
        rung = {"type": "rung.completed", "rung": 0, "n_resources": 10, "candidates": 4}
        await told(database, job, SEARCH, started(0), *(unit(0, fold) for fold in range(5)), rung, warning)
        found = await events(database, job)
        assert [event.seq for event in found] == list(range(1, len(found) + 1))
        assert await news(database, job) == [
            "search.started",
            "trial.started",
            "rung.completed",
            "budget.warning",
            "job.progress",
        ]
        assert found[-1].data["n_units"] == 5
        assert found[-2].data == {"code": "max_seconds", "message": "Time is up."}

    async def test_a_lost_lease_writes_nothing(self, database: Database) -> None:
        job = await claimed(database)
        with pytest.raises(StaleTransitionError):
            await database.run(lambda session: progress.record(session, job.id, "other", whole_trial(0)))
        async with database.read() as session:
            assert await service.trials(session, job.id) == []

    @pytest.mark.parametrize("message", [unit(9), finished(9), {"type": "surprise"}])
    async def test_messages_that_make_no_sense_are_refused_whole(self, database: Database, message) -> None:
        job = await claimed(database)
        with pytest.raises(ValueError, match="The search"):
            await told(database, job, started(0), message)
        async with database.read() as session:
            assert await service.trials(session, job.id) == []

    async def test_an_error_of_any_content_is_stored(self, database: Database) -> None:
        job = await claimed(database)
        error = "ValueError: \x00\ud800" + "x" * 9000
        failed = unit(0, state="failed", scores={}, error=error)
        await told(database, job, started(0), failed, finished(0, None, error=error))
        async with database.read() as session:
            (trial,) = await service.trials(session, job.id)
        assert (trial.error or "").startswith("ValueError: ?x")
        assert len(trial.error or "") == progress.MAX_ERROR


class TestToldAgain:
    async def test_a_restarted_child_announces_nothing_twice(self, database: Database) -> None:
        job = await claimed(database)
        messages = [*whole_trial(0, 0.5), best(0, 0.5)]
        await told(database, job, *messages)
        before, first = await present(database, job.id), await news(database, job)
        again = [{**item, "how": "recorded"} if item["type"] == "unit" else item for item in messages]
        await told(database, job, *again)
        after = await present(database, job.id)
        assert await news(database, job) == first
        assert (after.n_units, after.n_complete) == (before.n_units, before.n_complete)

    async def test_an_open_trial_begins_again(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, started(0), unit(0, 0))
        await told(database, job, started(0), unit(0, 0, how="recorded"), unit(0, 1), finished(0))
        async with database.read() as session:
            assert len(await service.folds(session, job.id)) == 2
            assert [trial.state for trial in await service.trials(session, job.id)] == ["complete"]


class TestRungs:
    async def test_a_later_rung_takes_the_place_of_an_earlier(self, database: Database) -> None:
        job = await claimed(database)
        low = [started(0, rung=0), unit(0, resource=0.3), finished(0, 0.4, resource=0.3, rung=0)]
        high = [started(0, rung=1), unit(0, resource=0.9), finished(0, 0.6, resource=0.9, rung=1)]
        await told(database, job, *low)
        await told(database, job, *high)
        async with database.read() as session:
            (trial,) = await service.trials(session, job.id)
            folds = await service.folds(session, job.id)
        assert (trial.rung, trial.resource, trial.score) == (1, 0.9, 0.6)
        assert [fold.resource for fold in folds] == [0.3, 0.9]

    async def test_an_earlier_rung_told_again_changes_nothing(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, started(0, rung=1), finished(0, 0.6, resource=0.9, rung=1))
        seen = await news(database, job)
        await told(database, job, started(0, rung=0), finished(0, 0.4, resource=0.3, rung=0))
        async with database.read() as session:
            assert [trial.score for trial in await service.trials(session, job.id)] == [0.6]
        assert await news(database, job) == seen

    async def test_the_score_on_all_rows_stands_above_every_rung(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, started(0, rung=2), finished(0, 0.6, resource=0.9, rung=2))
        await told(database, job, started(0), finished(0, 0.7, resource=1.0))
        async with database.read() as session:
            assert [(trial.score, trial.rung) for trial in await service.trials(session, job.id)] == [
                (0.7, None)
            ]


class TestRecordedUnits:
    async def test_a_new_search_gets_every_unit_with_its_parameters(self, database: Database) -> None:
        job = await claimed(database)
        failed = unit(1, 0, state="failed", scores={}, error="ValueError: no")
        await told(database, job, *whole_trial(0), started(1, params={"max_depth": 1.0}), failed)
        async with database.read() as session:
            units = await progress.recorded_units(session, job.id)
        assert [(item["trial"], item["state"], item["params"]) for item in units] == [
            (0, "complete", {"max_depth": 1}),
            (1, "failed", {"max_depth": 1.0}),
        ]
        assert isinstance(units[1]["params"]["max_depth"], float)
        assert units[1]["error"] == "ValueError: no"


class TestCommonestError:
    async def test_the_error_of_most_trials_is_named(self, database: Database) -> None:
        job = await claimed(database)
        for number, error in enumerate(["A: x", "B: y", "B: y", "A: x", "B: y"]):
            await told(database, job, started(number), finished(number, None, error=error))
        async with database.read() as session:
            assert await service.commonest_error(session, job.id) == "B: y"
