"""A host that the application opens in its own lifespan and hands to ``install``."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from hyperparameter_tuning.jobs import service
from hyperparameter_tuning.node import install
from hyperparameter_tuning.shared.data import read_table
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import tuning_graph
from tests.host.folder_host import Folder
from tests.node.conftest import JOBS, Store, answering


class OpenedLater(Folder):
    """Answers only between the beginning and the end of the application's lifespan."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.graphs = self.datasets = self.principals = self.events = self
        self.calls: list[str] = []

    async def from_request(self, headers: Any) -> Principal:
        assert self.calls == ["opened"]
        return Principal("ada", {"team": "blue"})

    async def close(self) -> None:
        self.calls.append("closed")


@pytest.fixture
def host(tmp_path: Path) -> OpenedLater:
    read_table({"source": "sample", "name": "diabetes"}, Settings(data_dir=tmp_path)).to_csv(
        tmp_path / "diabetes.csv", index=False
    )
    table = {"source": "file", "path": "diabetes.csv", "target": "target"}
    may = {action: ["ada"] for action in ("read", "run", "write")}
    kept = {"graph": tuning_graph(table, "ridge_regression"), "revision": 4, "patches": {}, "may": may}
    (tmp_path / "board.json").write_text(json.dumps(kept))
    return OpenedLater(tmp_path)


def test_it_answers_between_the_applications_beginning_and_end(
    host: OpenedLater, sqlite_settings: Settings
) -> None:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        host.calls.append("opened")
        yield
        await host.close()

    app = FastAPI(lifespan=lifespan)
    # Workers would make theirs by this name, which the API does not need.
    named = sqlite_settings.model_copy(update={"host": "their.module:host"})
    install(app, host=host, settings=named)
    with answering(app) as client:
        answer = client.post(JOBS, json={"pipeline_id": "board", "node_id": "tune"})
        assert answer.status_code == 202, answer.text
    assert host.calls == ["opened", "closed"]

    store = Store(sqlite_settings)
    job = store(lambda db: db.run(lambda session: service.get(session, answer.json()["id"]), write=False))
    assert (job.graph_ref, job.base_revision) == ("board", 4)
    assert job.owner == Principal("ada", {"team": "blue"})
