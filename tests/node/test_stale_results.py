"""An opened pipeline says which results are of something else by now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.node import result_freshness
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.errors import UnavailableError
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import tuning_graph
from tests.node.conftest import JOBS, Store, answering
from tests.node.test_validation_table import write_table


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "tables" / "houses.csv"
    path.parent.mkdir()
    write_table(path, 60)
    return path


@pytest.fixture
def client(sqlite_settings: Settings, table: Path) -> Iterator[httpx.Client]:
    settings = sqlite_settings.model_copy(update={"data_roots": (str(table.parent),)})
    with answering(create_app(settings)) as running:
        yield running


@pytest.fixture
def tuned(client: httpx.Client, store: Store) -> str:
    """A pipeline whose tuning node has a result of what is on the canvas."""
    dataset = {"source": "file", "path": "houses.csv", "target": "price"}
    graph = tuning_graph(dataset, "ridge_regression", params={"alpha": 2.0})
    pipeline = str(client.post("/pipelines", json={"graph": graph}).json()["id"])
    job = client.post(JOBS, json={"pipeline_id": pipeline}).json()
    store.finish(job["id"], (0, 1.5, "baseline", {"alpha": 2.0}))
    return f"/pipelines/{pipeline}"


def stale(client: httpx.Client, path: str) -> Any:
    return client.get(path).json()["stale"]


class TestOpen:
    def test_a_pipeline_without_results_has_none_to_mark(self, client: httpx.Client) -> None:
        graph = tuning_graph({"source": "sample", "name": "diabetes"}, "ridge_regression")
        assert client.post("/pipelines", json={"graph": graph}).json()["stale"] == {}

    def test_a_result_of_what_is_on_the_canvas_is_fresh(self, client: httpx.Client, tuned: str) -> None:
        assert stale(client, tuned) == {"tune": False}

    def test_it_is_stale_once_the_configuration_is_another(self, client: httpx.Client, tuned: str) -> None:
        graph = client.get(tuned).json()["graph"]
        tune = next(node for node in graph["nodes"] if node["id"] == "tune")
        tune["data"]["config"]["budget"] = {"max_trials": 7}
        saved = client.put(tuned, json={"graph": graph}, headers={"If-Match": "*"})
        assert saved.json()["stale"] == {"tune": True}
        assert stale(client, tuned) == {"tune": True}

    def test_it_is_stale_once_the_data_are_others_though_the_revision_is_the_same(
        self, client: httpx.Client, tuned: str, table: Path
    ) -> None:
        tag = client.get(tuned).headers["ETag"]
        write_table(table, 61)
        answer = client.get(tuned, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.headers["ETag"]) == (200, tag)
        assert answer.json()["stale"] == {"tune": True}

    def test_it_opens_and_saves_while_the_data_cannot_be_looked_at(
        self, client: httpx.Client, tuned: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def down(*_: Any, **__: Any) -> dict[str, bool]:
            raise UnavailableError("The warehouse does not answer.")

        monkeypatch.setattr(result_freshness, "stale_results", down)
        opened = client.get(tuned)
        assert (opened.status_code, opened.json()["stale"]) == (200, None)
        graph = opened.json()["graph"]
        saved = client.put(tuned, json={"graph": graph}, headers={"If-Match": opened.headers["ETag"]})
        assert (saved.status_code, saved.json()["stale"]) == (200, None)
