"""The life of a job: claim, heartbeat, cancel, stop, end; who may move it, and when."""

import asyncio

import pytest

from hyperparameter_tuning.jobs import claims, finishing, outbox_repository, progress, repository, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.events import replay
from hyperparameter_tuning.jobs.records import Signals
from hyperparameter_tuning.jobs.status import MOVES, TERMINAL, TERMINAL_EVENTS, JobState
from hyperparameter_tuning.shared.errors import ConflictError, NotFoundError, StaleTransitionError
from hyperparameter_tuning.shared.host import Principal
from tests.jobs.factories import (
    claim,
    claimed,
    finished,
    outcome,
    present,
    started,
    submitted,
    succeeded,
    told,
    unit,
    whole_trial,
)


async def types(db: Database, job_id: str) -> list[str]:
    async with db.read() as session:
        return [event.type for event in await replay(session, job_id)]


async def unsent(db: Database, job_id: str) -> bool:
    async with db.read() as session:
        return await outbox_repository.unsent(session, 10, (job_id,)) == [job_id]


class TestTable:
    def test_no_move_leaves_a_terminal_state(self) -> None:
        assert not any(move.sources & TERMINAL for move in MOVES.values())

    def test_every_move_into_an_end_has_its_terminal_event(self) -> None:
        for move in MOVES.values():
            assert (move.target in TERMINAL) == (move.event in TERMINAL_EVENTS)

    def test_every_state_is_reached_and_every_other_left(self) -> None:
        assert {move.target for move in MOVES.values()} == set(JobState)
        assert set().union(*(move.sources for move in MOVES.values())) == set(JobState) - TERMINAL


class TestDescribe:
    async def test_a_name_and_a_note_stay_with_the_job_to_its_end(self, database: Database) -> None:
        job = await claimed(database)
        named = await database.run(
            lambda session: service.describe(session, job.id, {"name": "Wider", "note": " See run 2. "})
        )
        assert (named.name, named.note, named.state) == ("Wider", "See run 2.", JobState.RUNNING)
        await told(database, job, *whole_trial(0, 0.5))
        done = outcome(0, 0.5, max_depth=1)
        await database.run(lambda session: finishing.succeed(session, job.id, job.lease_token or "", done))
        ended = await present(database, job.id)
        assert (ended.name, ended.note, ended.state) == ("Wider", "See run 2.", JobState.SUCCEEDED)

    async def test_blanks_alone_are_no_name(self, database: Database) -> None:
        job = await submitted(database)
        named = await database.run(lambda session: service.describe(session, job.id, {"name": "  "}))
        assert named.name is None


class TestClaim:
    async def test_one_of_many_gets_it(self, database: Database) -> None:
        job = await submitted(database)
        answers = await asyncio.gather(
            *(
                database.run(lambda session, name=f"w{index}": claims.claim(session, job.id, name))
                for index in range(8)
            )
        )
        winners = [answer for answer in answers if answer is not None]
        assert len(winners) == 1
        assert (winners[0].state, winners[0].attempts) == ("running", 1)
        assert not await unsent(database, job.id)

    async def test_a_cancelled_or_unknown_job_is_nobodys(self, database: Database) -> None:
        job = await submitted(database)
        await database.run(lambda session: service.request_cancel(session, job.id))
        for job_id in (job.id, "unknown"):
            assert await database.run(lambda session, i=job_id: claims.claim(session, i, "w")) is None

    async def test_the_lease_runs_by_the_databases_clock(self, database: Database) -> None:
        job = await claimed(database)
        assert job.lease_until is not None
        assert abs((job.lease_until - job.updated_at).total_seconds() - 30) < 1


class TestHeartbeat:
    async def test_it_prolongs_and_brings_the_signals(self, database: Database) -> None:
        job = await claimed(database)
        token = job.lease_token or ""

        async def beat() -> Signals | None:
            return await database.run(lambda session: claims.heartbeat(session, job.id, token))

        assert await beat() == Signals(False, False)
        assert (await present(database, job.id)).lease_until > job.lease_until  # type: ignore[operator]
        await database.run(lambda session: service.request_stop(session, job.id))
        assert await beat() == Signals(cancel_requested=False, stop_requested=True)
        await database.run(lambda session: service.request_cancel(session, job.id))
        assert await beat() == Signals(cancel_requested=True, stop_requested=True)

    async def test_another_token_has_no_lease(self, database: Database) -> None:
        job = await claimed(database)
        assert await database.run(lambda session: claims.heartbeat(session, job.id, "other")) is None


class TestLook:
    async def test_it_brings_the_signals_and_prolongs_nothing(self, database: Database) -> None:
        job = await claimed(database)
        token = job.lease_token or ""

        async def look() -> Signals | None:
            return await database.run(lambda session: claims.look(session, job.id, token), write=False)

        assert await look() == Signals(False, False)
        await database.run(lambda session: service.request_stop(session, job.id))
        assert await look() == Signals(cancel_requested=False, stop_requested=True)
        await database.run(lambda session: service.request_cancel(session, job.id))
        assert await look() == Signals(cancel_requested=True, stop_requested=True)
        assert (await present(database, job.id)).lease_until == job.lease_until

    async def test_another_token_or_a_job_that_is_gone_has_no_lease(self, database: Database) -> None:
        job = await claimed(database)

        async def look(job_id: str, token: str) -> Signals | None:
            return await database.run(lambda session: claims.look(session, job_id, token), write=False)

        assert await look(job.id, "other") is None
        assert await look("gone", job.lease_token or "") is None


class TestGiveBack:
    async def test_the_attempt_does_not_count_and_the_job_is_sent_again(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0), started(1))
        assert await database.run(lambda session: claims.give_back(session, job.id, job.lease_token or ""))
        after = await present(database, job.id)
        assert (after.state, after.attempts, after.lease_token) == ("queued", 0, None)
        assert await unsent(database, job.id)
        async with database.read() as session:
            states = [trial.state for trial in await service.trials(session, job.id)]
        assert states == ["complete", "abandoned"]

    async def test_a_job_being_cancelled_ends_instead(self, database: Database) -> None:
        job = await claimed(database)
        await database.run(lambda session: service.request_cancel(session, job.id))
        await database.run(lambda session: claims.give_back(session, job.id, job.lease_token or ""))
        assert (await present(database, job.id)).state == "cancelled"

    async def test_a_stop_is_remembered(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0))
        await database.run(lambda session: service.request_stop(session, job.id))
        await database.run(lambda session: claims.give_back(session, job.id, job.lease_token or ""))
        again = await claim(database, job.id)
        assert (again.state, again.stop_requested) == ("stopping", True)

    async def test_a_lost_lease_is_said(self, database: Database) -> None:
        job = await claimed(database)
        assert not await database.run(lambda session: claims.give_back(session, job.id, "other"))


class TestTryAgain:
    async def test_the_attempt_counts_and_the_job_is_sent_again(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0), started(1))
        token = job.lease_token or ""
        waiting = await database.run(lambda session: claims.try_again(session, job.id, token, "It died."))
        assert (waiting.state, waiting.attempts, waiting.lease_token) == ("queued", 1, None)
        assert await unsent(database, job.id)
        async with database.read() as session:
            states = [trial.state for trial in await service.trials(session, job.id)]
        assert states == ["complete", "abandoned"]

    async def test_a_stop_is_remembered(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0))
        await database.run(lambda session: service.request_stop(session, job.id))
        token = job.lease_token or ""
        await database.run(lambda session: claims.try_again(session, job.id, token, "It died."))
        assert (await claim(database, job.id)).state == "stopping"

    async def test_a_lost_lease_is_said(self, database: Database) -> None:
        job = await claimed(database)
        with pytest.raises(StaleTransitionError):
            await database.run(lambda session: claims.try_again(session, job.id, "other", "It died."))


class TestCancel:
    async def test_a_queued_job_ends_at_once_and_is_never_sent(self, database: Database) -> None:
        job = await submitted(database)
        ended = await database.run(lambda session: service.request_cancel(session, job.id))
        assert (ended.state, ended.reason) == ("cancelled", "user")
        assert not await unsent(database, job.id)

    async def test_a_running_job_is_asked(self, database: Database) -> None:
        job = await claimed(database)
        asked = await database.run(lambda session: service.request_cancel(session, job.id))
        assert (asked.state, asked.cancel_requested) == ("cancelling", True)
        ended = await database.run(
            lambda session: finishing.cancelled(session, job.id, job.lease_token or "")
        )
        assert (ended.state, ended.reason, ended.lease_token) == ("cancelled", "user", None)

    async def test_asking_twice_changes_nothing(self, database: Database) -> None:
        job = await claimed(database)
        for _ in range(2):
            await database.run(lambda session: service.request_cancel(session, job.id))
        assert (await types(database, job.id)).count("job.cancelling") == 1

    async def test_a_success_cannot_overtake_it(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0))
        await database.run(lambda session: service.request_cancel(session, job.id))
        with pytest.raises(StaleTransitionError):
            await database.run(
                lambda session: finishing.succeed(session, job.id, job.lease_token or "", outcome(0, 0.5))
            )
        assert (await present(database, job.id)).state == "cancelling"

    async def test_an_error_while_cancelling_is_still_a_cancel(self, database: Database) -> None:
        job = await claimed(database)
        await database.run(lambda session: service.request_cancel(session, job.id))
        ended = await database.run(
            lambda session: finishing.fail(session, job.id, job.lease_token or "", "x", "y")
        )
        assert (ended.state, ended.error_code) == ("cancelled", None)

    async def test_what_has_succeeded_cannot_be_cancelled(self, database: Database) -> None:
        job = await succeeded(database)
        with pytest.raises(ConflictError) as caught:
            await database.run(lambda session: service.request_cancel(session, job.id))
        assert caught.value.code == "already_finished"


class TestStop:
    async def test_a_running_job_finishes_early_and_succeeds(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0), *whole_trial(1, 0.9))
        asked = await database.run(lambda session: service.request_stop(session, job.id))
        assert asked.state == "stopping"
        done = outcome(1, 0.9, max_depth=2)
        ended = await database.run(
            lambda session: finishing.succeed(session, job.id, job.lease_token or "", done)
        )
        assert ended.state == "succeeded"

    async def test_without_a_complete_trial_the_worker_cancels(self, database: Database) -> None:
        job = await claimed(database)
        await database.run(lambda session: service.request_stop(session, job.id))
        token = job.lease_token or ""
        ended = await database.run(lambda session: finishing.cancelled(session, job.id, token, "no_trials"))
        assert (ended.state, ended.reason) == ("cancelled", "no_trials")

    async def test_a_queued_job_has_nothing_to_keep(self, database: Database) -> None:
        job = await submitted(database)
        ended = await database.run(lambda session: service.request_stop(session, job.id))
        assert (ended.state, ended.reason) == ("cancelled", "no_trials")
        assert not await unsent(database, job.id)

    async def test_a_queued_job_with_complete_trials_keeps_them(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, *whole_trial(0))
        await database.run(lambda session: claims.give_back(session, job.id, job.lease_token or ""))
        asked = await database.run(lambda session: service.request_stop(session, job.id))
        assert (asked.state, asked.stop_requested) == ("queued", True)
        assert (await claim(database, job.id)).state == "stopping"

    async def test_a_stop_may_still_become_a_cancel_but_not_back(self, database: Database) -> None:
        job = await claimed(database)
        await database.run(lambda session: service.request_stop(session, job.id))
        assert (
            await database.run(lambda session: service.request_cancel(session, job.id))
        ).state == "cancelling"
        with pytest.raises(ConflictError) as caught:
            await database.run(lambda session: service.request_stop(session, job.id))
        assert caught.value.code == "already_cancelling"


class TestEnd:
    async def test_a_job_ends_once(self, database: Database) -> None:
        job = await succeeded(database)
        token = job.lease_token or ""
        for verb in (
            lambda session: finishing.fail(session, job.id, token, "late", "late"),
            lambda session: finishing.succeed(session, job.id, token, outcome(0, 0.5)),
            lambda session: finishing.cancelled(session, job.id, token),
            lambda session: progress.record(session, job.id, token, []),
        ):
            with pytest.raises(StaleTransitionError):
                await database.run(verb)
        found = await types(database, job.id)
        assert sum(name in TERMINAL_EVENTS for name in found) == 1

    async def test_only_the_present_holder_ends_it(self, database: Database) -> None:
        first = await claimed(database)
        await told(database, first, *whole_trial(0))
        await database.run(lambda session: claims.give_back(session, first.id, first.lease_token or ""))
        second = await claim(database, first.id)
        old = first.lease_token or ""
        for verb in (
            lambda session: finishing.succeed(session, first.id, old, outcome(0, 0.5)),
            lambda session: finishing.fail(session, first.id, old, "late", "late"),
        ):
            with pytest.raises(StaleTransitionError):
                await database.run(verb)
        after = await present(database, first.id)
        assert (after.state, after.lease_token) == ("running", second.lease_token)

    async def test_the_success_holds_result_and_artifact(self, database: Database) -> None:
        job = await succeeded(database)
        assert (job.state, job.best_trial, job.best_score, job.best_params) == (
            "succeeded",
            1,
            0.9,
            {"max_depth": 7},
        )
        assert (job.artifact_key, job.artifact_sha256, job.artifact_size) == ("k/m.skops", "ab", 3)
        assert job.finished_at is not None
        assert job.lease_token is None

    async def test_a_failure_says_code_and_sentence(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, started(0), unit(0))
        message = "The file changed.\x00" + "x" * 5000
        ended = await database.run(
            lambda session: finishing.fail(session, job.id, job.lease_token or "", "dataset_changed", message)
        )
        assert (ended.state, ended.error_code) == ("failed", "dataset_changed")
        assert (ended.error_message or "").startswith("The file changed.x")
        assert len(ended.error_message or "") == finishing.MAX_MESSAGE
        async with database.read() as session:
            assert [trial.state for trial in await service.trials(session, job.id)] == ["abandoned"]

    async def test_a_worker_cannot_cancel_what_nobody_asked_to(self, database: Database) -> None:
        job = await claimed(database)
        with pytest.raises(StaleTransitionError):
            await database.run(lambda session: finishing.cancelled(session, job.id, job.lease_token or ""))


class TestGet:
    async def test_other_owners_jobs_do_not_exist(self, database: Database) -> None:
        job = await submitted(database, owner=Principal("ann", {"team": 1}))
        async with database.read() as session:
            assert (await service.get(session, job.id, owner="ann")).owner.claims == {"team": 1}
            with pytest.raises(NotFoundError):
                await service.get(session, job.id, owner="bob")


class TestMove:
    async def test_a_lost_race_is_stale_and_writes_no_event(self, database: Database) -> None:
        job = await submitted(database)
        with pytest.raises(StaleTransitionError):
            await database.run(lambda session: repository.move(session, job.id, "stop"))
        assert await types(database, job.id) == ["job.queued"]

    async def test_finished_trials_of_a_cancelled_job_stay_readable(self, database: Database) -> None:
        job = await claimed(database)
        await told(database, job, started(0), unit(0), finished(0, 0.7))
        await database.run(lambda session: service.request_cancel(session, job.id))
        await database.run(lambda session: finishing.cancelled(session, job.id, job.lease_token or ""))
        async with database.read() as session:
            assert [trial.score for trial in await service.trials(session, job.id)] == [0.7]
