"""The API over an embedded job store, and a worker's part done by hand: no search runs here."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from hyperparameter_tuning.jobs import finishing, pipelines_repository, tokens, write_back
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import tuning_graph
from tests.jobs import factories

JOBS = "/hyperparameter-tuning-jobs"
DIABETES = {"source": "sample", "name": "diabetes", "target": "target"}
Work = Callable[[Database], Awaitable[Any]]
Headers = dict[str, str]
SignedIn = Callable[[str], Headers]


class Store:
    """The job store from outside the API, as a worker has it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self, work: Work) -> Any:
        async def opened() -> Any:
            database = Database(self.settings)
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(opened())

    def succeeded(self, **overrides: Any) -> JobRecord:
        job: JobRecord = self(lambda db: factories.succeeded(db, **overrides))
        return job

    def finish(self, job_id: str, best: tuple[int, float, str, dict[str, Any]]) -> None:
        """Do a worker's part on a queued job: one complete trial, success, write-back."""

        async def work(db: Database) -> None:
            job = await factories.claim(db, job_id)
            number, score, origin, params = best
            await factories.told(db, job, *factories.whole_trial(number, score, origin, **params))
            done = factories.outcome(number, score, **params)
            await db.run(lambda session: finishing.succeed(session, job.id, job.lease_token or "", done))
            host = create_host(self.settings)
            try:
                await write_back.deliver(db, host, job.id)
            finally:
                await host.close()

        self(work)


@pytest.fixture
def store(sqlite_settings: Settings) -> Store:
    return Store(sqlite_settings)


@pytest.fixture
def signed_in(store: Store) -> SignedIn:
    """Return a function that gives the headers of somebody with a fresh token."""

    def headers(owner: str) -> Headers:
        made = store(lambda db: db.run(lambda session: tokens.create(session, owner)))
        return {"Authorization": f"Bearer {made.token}"}

    return headers


@contextmanager
def answering(app: Any) -> Iterator[httpx.Client]:
    """Serve an application over real HTTP, in a thread, and give a client of it."""
    # Said to be TCP, so that asyncio sends small answers at once instead of after the client's delayed ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, lifespan="on", log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the application did not start"
            time.sleep(0.005)
        port = listener.getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@pytest.fixture
def client(sqlite_settings: Settings) -> Iterator[httpx.Client]:
    with answering(create_app(sqlite_settings)) as running:
        yield running


@pytest.fixture
def graph() -> dict[str, Any]:
    return tuning_graph(DIABETES, "ridge_regression", params={"alpha": 2.0})


@pytest.fixture
def pipeline(client: httpx.Client, graph: dict[str, Any]) -> str:
    answer = client.post("/pipelines", json={"name": "Diabetes", "graph": graph})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@pytest.fixture
def on_a_pipeline(store: Store) -> tuple[str, str]:
    """A succeeded job on a stored pipeline: (job id, pipeline id)."""

    async def work(db: Any) -> tuple[str, str]:
        graph = factories.graph()
        stored = await db.run(lambda session: pipelines_repository.create(session, graph))
        job = await factories.succeeded(db, graph_ref=stored.id, base_revision=1)
        return job.id, stored.id

    found: tuple[str, str] = store(work)
    return found
