"""How the API ends: not ready first, answering yet, streams closed, running requests finished."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn

from hyperparameter_tuning.node import ending
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.node.serving import REQUEST_SECONDS, EndingServer
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs import factories
from tests.node.conftest import JOBS, Store
from tests.servers import until


@pytest.fixture(autouse=True)
def not_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process ends once; the tests' goes on."""
    monkeypatch.setattr(ending, "_ending", False)


@contextmanager
def serving(settings: Settings, delay: float) -> Iterator[tuple[EndingServer, str, threading.Thread]]:
    app = create_app(settings)

    @app.get("/slow")
    async def slow() -> dict[str, Any]:
        await asyncio.sleep(2.5)
        return {"done": True}

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, lifespan="on", log_level="error", timeout_graceful_shutdown=REQUEST_SECONDS)
    server = EndingServer(config, delay)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    until(lambda: server.started)
    try:
        yield server, f"http://127.0.0.1:{listener.getsockname()[1]}", thread
    finally:
        server.should_exit = True
        thread.join()


class Stream(threading.Thread):
    """Follows a job, and knows when its stream began and ended."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.began, self.ended = url, threading.Event(), 0.0

    def run(self) -> None:
        accept = {"Accept": "text/event-stream"}
        with httpx.stream("GET", self.url, headers=accept, timeout=30) as answer:
            for line in answer.iter_lines():
                if line.startswith("id:"):
                    self.began.set()
        self.ended = time.monotonic()


class TestEnd:
    def test_is_said_before_it_comes(self, store: Store) -> None:
        with serving(store.settings, delay=1.5) as (server, url, thread):
            assert "process" not in httpx.get(f"{url}/readyz", timeout=10).json()["checks"]
            server.should_exit = True
            until(lambda: "process" in httpx.get(f"{url}/readyz", timeout=10).json()["checks"])
            answer = httpx.get(f"{url}/readyz", timeout=10)
            assert answer.status_code == 503
            assert not answer.json()["checks"]["process"]["ok"]
            # It answers as before, to those who do not know yet.
            assert httpx.get(f"{url}/healthz", timeout=10).status_code == 200
            assert httpx.get(f"{url}{JOBS}", timeout=10).status_code == 200
            thread.join(20)
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"{url}/healthz", timeout=5)

    def test_closes_streams_and_long_polls_and_lets_requests_finish(self, store: Store) -> None:
        job = store(lambda db: factories.submitted(db))
        with serving(store.settings, delay=0.0) as (server, url, thread):
            stream = Stream(f"{url}{JOBS}/{job.id}/events")
            stream.start()
            answers: dict[str, httpx.Response] = {}
            asked = {
                "slow": f"{url}/slow",
                "poll": f"{url}{JOBS}/{job.id}/events?after=1&wait=25",
            }

            def ask(name: str) -> None:
                accept = {"Accept": "application/json"}
                answers[name] = httpx.get(asked[name], headers=accept, timeout=30)
                ended[name] = time.monotonic()

            ended: dict[str, float] = {}
            threads = [threading.Thread(target=ask, args=(name,)) for name in asked]
            for one in threads:
                one.start()
            assert stream.began.wait(10)
            until(lambda: len(server.server_state.tasks) >= 3)
            time.sleep(0.3)  # they are in their handlers
            begun = time.monotonic()
            server.should_exit = True
            for one in (*threads, stream, thread):
                one.join(20)
            assert stream.ended - begun < 2
            assert (answers["poll"].status_code, answers["poll"].json()["items"]) == (200, [])
            assert ended["poll"] - begun < 2
            assert answers["slow"].json() == {"done": True}
            assert time.monotonic() - begun < REQUEST_SECONDS
