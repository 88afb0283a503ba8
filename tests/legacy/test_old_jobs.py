"""The old functions around a job: created, listed, moved, purged, run; in the caller's own session."""

import asyncio
import importlib
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from hyperparameter_tuning.jobs import repository, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.shared.settings import Settings, get_settings
from tests import servers
from tests.jobs import factories

jobs: Any = importlib.import_module("core.feature_engineering.modeling.hyperparameter_tuning.jobs")
tasks: Any = importlib.import_module("core.feature_engineering.modeling.hyperparameter_tuning.tasks")


def payload(**overrides: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "dataset_source_id": "iris",
        "pipeline_id": "canvas-1",
        "node_id": "tune",
        "model_types": ["decision_tree_classifier"],
        "search_strategy": "grid",
        "search_space": {"max_depth": [1, 2]},
        "scoring": "accuracy",
        "cross_validation": {"enabled": True, "folds": 3},
        "job_metadata": {"note": "mine"},
        "target_node_id": "model-1",
        "graph": {"nodes": [], "edges": []},
    }
    return values | overrides


BOTH = pytest.mark.parametrize("installation", ["sqlite", "postgresql"], indirect=True)
"""For what creates or moves jobs."""


@pytest.fixture
def installation(
    request: pytest.FixtureRequest, sqlite_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The installation that functions without a session find by the environment; nobody else's jobs."""
    with ExitStack() as stack:
        settings = sqlite_settings
        if getattr(request, "param", "sqlite") == "postgresql":
            server, template = map(request.getfixturevalue, ("postgres_url", "postgres_template"))
            url = stack.enter_context(servers.postgres_database(server, template))
            settings = Settings(data_dir=settings.data_dir, database_url=url)
        for name, value in settings.environment().items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        yield settings


@pytest.fixture
async def session(installation: Settings) -> AsyncIterator[AsyncSession]:
    """A session of the host's own making, which knows nothing of ours."""
    engine = create_async_engine(installation.database)
    async with AsyncSession(engine, expire_on_commit=False) as opened:
        yield opened
    await engine.dispose()


@pytest.fixture
async def store(installation: Settings) -> AsyncIterator[Database]:
    """What others see: only what was committed."""
    database = Database(installation)
    yield database
    await database.close()


class TestCreate:
    @BOTH
    async def test_a_job_is_checked_stored_numbered_and_committed(
        self, session: AsyncSession, store: Database
    ) -> None:
        job = await jobs.create_tuning_job(session, payload(), user_id=7)
        assert (job.status, job.run_number, job.model_type) == ("queued", 1, "decision_tree_classifier")
        assert job.job_metadata == {"note": "mine", "target_node_id": "model-1"}
        assert job.user_id == "7"
        seen = await factories.present(store, job.id)
        assert (seen.owner.id, seen.strategy, seen.metric) == ("7", "grid", "accuracy")

    async def test_an_object_does_as_well_and_the_model_can_be_overridden(
        self, session: AsyncSession
    ) -> None:
        given = SimpleNamespace(**payload(model_types=["a", "b"]))
        job = await jobs.create_tuning_job(session, given, model_type_override="random_forest_classifier")
        assert job.model_type == "random_forest_classifier"

    async def test_it_works_in_a_session_of_our_own_store(self, store: Database) -> None:
        async with store.write() as session:
            job = await jobs.create_tuning_job(session, payload())
        assert (await factories.present(store, job.id)).run_number == 1

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"node_id": None}, "names no tuning node"),
            ({"model_types": []}, "names no model"),
            ({"model_types": ["decision_tre_classifier"]}, "Did you mean 'decision_tree_classifier'"),
            ({"search_strategy": "gird"}, "Did you mean 'grid'"),
            ({"search_space": {"max_depth": [0]}}, "max_depth"),
            ({"dataset_source_id": "nowhere.csv"}, "nowhere.csv"),
            ({"n_iterations": 0}, "n_iterations"),
        ],
    )
    async def test_what_stands_in_the_way_is_a_value_error_and_nothing_is_stored(
        self, session: AsyncSession, store: Database, change: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(ValueError, match=message):
            await jobs.create_tuning_job(session, payload(**change))
        async with store.read() as reading:
            assert (await service.find(reading)).jobs == ()

    @BOTH
    async def test_the_next_number_is_only_looked_at(self, session: AsyncSession) -> None:
        def next_number(**of: Any) -> Any:
            return jobs._resolve_next_run_number(session, dataset_source_id="iris", node_id="tune", **of)

        assert [await next_number(), await next_number()] == [1, 1]
        job = await jobs.create_tuning_job(session, payload())
        assert job.run_number == 1
        assert await next_number(model_type="decision_tree_classifier") == 2
        assert await next_number(model_type="ridge_regression") == 1


class TestLook:
    async def test_a_job_is_found_by_its_id_and_by_what_its_caller_called_things(
        self, session: AsyncSession
    ) -> None:
        first = await jobs.create_tuning_job(session, payload(), user_id=1)
        second = await jobs.create_tuning_job(
            session, payload(pipeline_id="other", node_id="tune-2"), user_id=2
        )
        assert (await jobs.get_tuning_job(session, first.id)).id == first.id
        assert await jobs.get_tuning_job(session, "nobody") is None

        async def listed(**where: Any) -> list[str]:
            return [job.id for job in await jobs.list_tuning_jobs(session, **where)]

        assert await listed() == [second.id, first.id]
        assert await listed(limit=1) == [second.id]
        assert await listed(user_id=1) == [first.id]
        assert await listed(pipeline_id="other") == [second.id]
        assert await listed(node_id="tune") == [first.id]
        assert await listed(dataset_source_id="iris") == [second.id, first.id]
        assert await listed(dataset_source_id="wine") == []
        with pytest.raises(ValueError, match="1 to 100"):
            await listed(limit=0)

    async def test_a_job_as_a_dictionary_is_json_without_the_graph(self, session: AsyncSession) -> None:
        job = await jobs.create_tuning_job(session, payload())
        document = job.to_dict()
        assert document["search_space"] == {"max_depth": [1, 2]}
        assert isinstance(document["created_at"], str)
        assert "graph" not in document
        assert job.graph == {"nodes": [], "edges": []}


class TestPurge:
    @BOTH
    async def test_it_counts_then_deletes_ended_jobs_with_their_files(
        self, session: AsyncSession, store: Database, installation: Settings
    ) -> None:
        done = await factories.succeeded(store)
        waiting = await factories.submitted(store)
        file = installation.data_dir / "artifacts/k/m.skops"
        file.parent.mkdir(parents=True)
        file.write_bytes(b"abc")
        assert await jobs.purge_tuning_jobs(session, statuses=["succeeded"], dry_run=True) == 1
        assert file.exists()
        assert await jobs.purge_tuning_jobs(session, statuses=["succeeded", "nonsense"]) == 1
        assert not file.exists()
        async with store.read() as reading:
            assert await repository.get(reading, done.id) is None
            assert await repository.get(reading, waiting.id) is not None

    async def test_filters_restrict_and_their_absence_is_refused(
        self, session: AsyncSession, store: Database
    ) -> None:
        await factories.succeeded(store, graph_ref="canvas-1")
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        assert await jobs.purge_tuning_jobs(session, older_than=hour_ago) == 0
        assert await jobs.purge_tuning_jobs(session, older_than=timedelta(hours=1)) == 0
        assert await jobs.purge_tuning_jobs(session, dataset_source_id="iris") == 0
        assert await jobs.purge_tuning_jobs(session, pipeline_id="canvas-2") == 0
        # Nothing is left of the filter, which must not become none at all.
        assert await jobs.purge_tuning_jobs(session, statuses=["nonsense"]) == 0
        with pytest.raises(ValueError, match="at least one filter"):
            await jobs.purge_tuning_jobs(session)
        with pytest.raises(ValueError, match="queued"):
            await jobs.purge_tuning_jobs(session, statuses=["queued"])
        soon = datetime.now(UTC) + timedelta(hours=1)
        assert await jobs.purge_tuning_jobs(session, pipeline_id="canvas-1", older_than=soon) == 1


@BOTH
class TestStatus:
    async def created(self, session: AsyncSession) -> Any:
        return await jobs.create_tuning_job(session, payload())

    async def test_a_caller_may_drive_a_job_to_its_result(
        self, session: AsyncSession, store: Database
    ) -> None:
        job = await self.created(session)
        running = await jobs.update_tuning_job_status(session, job, status="running", metadata={"by": "me"})
        assert (running.status, running.metadata) == (
            "running",
            {"note": "mine", "by": "me", "target_node_id": "model-1"},
        )
        leased = await factories.present(store, job.id)
        await asyncio.to_thread(jobs.update_tuning_job_progress_sync, job.id, 40, "Half of it")
        renewed = await factories.present(store, job.id)
        assert renewed.lease_until is not None
        assert leased.lease_until is not None
        assert renewed.lease_until > leased.lease_until
        told = await jobs.get_tuning_job(session, job.id)
        assert (told.progress, told.current_step) == (40, "Half of it")
        done = await jobs.update_tuning_job_status(
            session, job.id, status="succeeded", best_params={"max_depth": 2}, best_score=0.9,
            metrics={"validation": {"accuracy": 0.8}},
        )  # fmt: skip
        assert (done.status, done.best_params, done.best_score) == ("succeeded", {"max_depth": 2}, 0.9)
        assert done.metrics["validation"] == {"accuracy": 0.8}
        assert [row["params"] for row in done.results] == [{"max_depth": 2}]

    async def test_a_failure_keeps_its_sentence(self, session: AsyncSession) -> None:
        job = await self.created(session)
        failed = await jobs.update_tuning_job_status(session, job, status="failed", error_message="No luck.")
        assert (failed.status, failed.error_message) == ("failed", "No luck.")

    async def test_an_end_is_for_good(self, session: AsyncSession) -> None:
        job = await self.created(session)
        cancelled = await jobs.update_tuning_job_status(session, job, status="cancelled")
        assert cancelled.status == "cancelled"
        assert (await jobs.update_tuning_job_status(session, job, status="cancelled")).status == "cancelled"
        for status in ("running", "failed", "queued"):
            with pytest.raises(ValueError, match="cancelled"):
                await jobs.update_tuning_job_status(session, job, status=status)

    async def test_a_worker_keeps_its_job(
        self, session: AsyncSession, store: Database, capsys: pytest.CaptureFixture[str]
    ) -> None:
        job = await factories.claimed(store)
        with pytest.raises(ValueError, match="only its worker moves it"):
            await jobs.update_tuning_job_status(session, job.id, status="failed")
        # The refused move holds SQLite's lock until its caller ends the transaction.
        await session.rollback()
        await asyncio.to_thread(jobs.update_tuning_job_progress_sync, job.id, 10)
        assert "was not stored" not in capsys.readouterr().err
        assert (await factories.present(store, job.id)).lease_until == job.lease_until
        await jobs.update_tuning_job_status(session, job.id, status="cancelled")
        assert (await factories.present(store, job.id)).cancel_requested

    async def test_a_driven_job_ends_at_once_when_it_is_cancelled(self, session: AsyncSession) -> None:
        job = await self.created(session)
        await jobs.update_tuning_job_status(session, job, status="running")
        ended = await jobs.update_tuning_job_status(session, job, status="cancelled")
        assert ended.finished_at is not None

    async def test_what_is_missing_or_unknown_is_a_value_error(self, session: AsyncSession) -> None:
        job = await self.created(session)
        with pytest.raises(ValueError, match="best_params"):
            await jobs.update_tuning_job_status(session, job, status="succeeded")
        with pytest.raises(ValueError, match="no status 'done'"):
            await jobs.update_tuning_job_status(session, job, status="done")
        with pytest.raises(ValueError, match="no such job"):
            await jobs.update_tuning_job_status(session, "nobody", status="failed")

    async def test_progress_of_an_unknown_job_is_printed_and_nothing_more(
        self, installation: Settings, capsys: pytest.CaptureFixture[str]
    ) -> None:
        await asyncio.to_thread(jobs.update_tuning_job_progress_sync, "nobody", 10)
        assert "nobody" in capsys.readouterr().err

    async def test_many_are_asked_and_those_that_ended_are_left(
        self, session: AsyncSession, store: Database
    ) -> None:
        waiting, done = await factories.submitted(store), await factories.succeeded(store)
        count = await jobs.bulk_mark_tuning_cancelled(session, [waiting.id, done.id, "nobody", waiting.id])
        assert count == 1
        states = [(await factories.present(store, job.id)).state.value for job in (waiting, done)]
        assert states == ["cancelled", "succeeded"]


class TestWorkflow:
    async def test_a_job_made_the_old_way_runs_the_old_way(
        self, session: AsyncSession, store: Database
    ) -> None:
        job = await jobs.create_tuning_job(session, payload())
        await tasks._run_hyperparameter_tuning_workflow(job.id)
        done = await jobs.get_tuning_job(session, job.id)
        assert (done.status, done.error_message) == ("succeeded", None)
        assert done.best_params is not None
        assert done.artifact_uri is not None
        # The two of the grid, and the model's defaults beside them.
        assert len(done.results) == 3

    async def test_a_held_job_is_sent_when_it_is_dispatched(
        self, session: AsyncSession, store: Database, installation: Settings
    ) -> None:
        job = await jobs.create_tuning_job(session, payload(run_tuning=False))
        queue = installation.data_dir

        def messages() -> int:
            return sum(job.id in path.read_text(errors="ignore") for path in queue.rglob("*.msg"))

        assert messages() == 0
        await asyncio.to_thread(tasks.dispatch_hyperparameter_tuning_job, job.id)
        assert messages() == 1
        # Inside a running event loop, too.
        tasks.dispatch_hyperparameter_tuning_job(job.id)
        with pytest.raises(ValueError, match="no such job"):
            tasks.dispatch_hyperparameter_tuning_job("nobody")

    async def test_a_cancel_is_asked_through_the_store(self, store: Database, installation: Settings) -> None:
        waiting: JobRecord = await factories.submitted(store)
        done = await factories.succeeded(store)
        for job_id in (waiting.id, done.id, "nobody"):
            tasks.cancel_tuning_task(job_id)
        assert (await factories.present(store, waiting.id)).state == "cancelled"
        assert (await factories.present(store, done.id)).state == "succeeded"
