"""A process that dies between two steps which belong together: what it began is ended, once. T13."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from hyperparameter_tuning.jobs import leases_repository, pipelines_repository, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.keeper import LEASE, Keeper, keeper_holder
from hyperparameter_tuning.jobs.records import JobFilter, JobRecord, Page, PipelineRecord, WriteBackRecord
from hyperparameter_tuning.jobs.reference_host import create_host
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import ready
from tests.faults.conftest import POSTGRESQL, SQLITE, at_length
from tests.faults.failpoint import LAUNCHER
from tests.faults.incidents import Incident, note
from tests.faults.installation import ROOT, Installation, installed
from tests.jobs import factories

JOBS = "/hyperparameter-tuning-jobs"
_DELIVERY = "hyperparameter_tuning.jobs.patches_delivered"
_GRAPHS = "hyperparameter_tuning.jobs.reference_host:PipelineGraphs"
STEPS = {
    "before it is asked": (f"{_DELIVERY}:_asked", "before"),
    "before the graph is written": (f"{_GRAPHS}.apply", "before"),
    "after the graph is written": (f"{_GRAPHS}.apply", "after"),
    "after it is settled": (f"{_DELIVERY}:settle", "after"),
}


class Mailbox:
    """A broker that keeps what it gets."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, job_id: str) -> None:
        self.sent.append(job_id)


@pytest.fixture(scope="module", params=at_length(SQLITE[0], POSTGRESQL[0]))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation on which nothing runs."""
    with installed(request.param, tmp_path_factory.mktemp("crashes")) as found:
        yield found


async def kept(db: Database) -> list[str]:
    """Let another keeper act, once the dead one's time is over; returns what it sent."""
    holder = await db.run(keeper_holder, write=False)
    if holder is not None:
        await db.run(lambda session: leases_repository.release(session, LEASE, holder))
    host, mailbox = create_host(db.settings), Mailbox()
    keeper = Keeper(db.settings, db, host, mailbox)
    try:
        assert await keeper.tick() is not None
    finally:
        await db.run(lambda session: leases_repository.release(session, LEASE, keeper.holder))
        await host.close()
    return mailbox.sent


class TestSubmit:
    def test_that_was_stored_and_not_sent_is_sent_by_the_keeper(self, made: Installation) -> None:
        api = made.start(
            "hyperparameter_tuning.node.services:publish_pending",
            "before",
            "api",
            launcher=LAUNCHER,
            PYTHONPATH=str(ROOT),
        )
        url = f"http://127.0.0.1:{made.settings.api_port}"
        ready(url, made.settings.data_dir / "serve.log", path="/healthz")
        data = {"source": "sample", "name": "diabetes", "target": "target"}
        graph = tuning_graph(data, "ridge_regression", config={"budget": {"max_trials": 1}})
        body = {"graph": graph, "node_id": "tune", "run_id": "crash"}
        # It dies before its answer is out, or after.
        with suppress(httpx.TransportError):
            httpx.post(f"{url}{JOBS}", json=body, timeout=30)
        assert api.wait(30) == -9

        async def work(db: Database) -> tuple[list[str], list[str]]:
            async with db.read() as session:
                jobs = (await service.find(session, JobFilter(), Page(limit=50))).jobs
            return [job.id for job in jobs if job.run_id == "crash"], await kept(db)

        (job_id,), sent = made.store(work)
        assert sent.count(job_id) == 1
        note(Incident("T13 submit", made.name))


class TestWriteBack:
    @pytest.mark.parametrize("step", STEPS)
    def test_is_done_once_wherever_it_was_interrupted(self, made: Installation, step: str) -> None:
        async def succeeded(db: Database) -> tuple[JobRecord, PipelineRecord]:
            graph = factories.graph()
            stored = await db.run(lambda session: pipelines_repository.create(session, graph))
            job = await factories.succeeded(
                db, graph_ref=stored.id, base_revision=1, write_back_mode="auto", config=_AUTO
            )
            return job, stored

        job, before = made.store(succeeded)
        point, when = STEPS[step]
        keeper = made.start(point, when, "keeper", launcher=LAUNCHER, PYTHONPATH=str(ROOT))
        assert keeper.wait(60) == -9, "it did not die where it should"

        async def after(db: Database) -> tuple[list[WriteBackRecord], PipelineRecord]:
            for _ in range(2):
                await kept(db)
            async with db.read() as session:
                patches = await service.write_backs(session, job.id)
                return patches, await pipelines_repository.get(session, before.id)

        patches, graph = made.store(after)
        assert len(patches) == 2
        assert {patch.state for patch in patches} == {"applied"}
        assert graph.revision == before.revision + len(patches)
        node = next(node for node in graph.graph["nodes"] if node["id"] == "model")
        assert node["data"]["config"]["params"]["max_depth"] == 7
        told = [event.type for event in made.events(job.id)]
        assert told.count("writeback.applied") == len(patches)
        note(Incident("T13 write-back", made.name))


_AUTO = {**factories.CONFIG, "write_back": {"mode": "auto", "attach_model": True, "min_gain": 0.0}}
