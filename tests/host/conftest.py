"""An installation whose graphs, tables and people are those of the folder host."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.shared.data import read_table
from hyperparameter_tuning.shared.settings import Settings
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack, serving

JOBS = "/hyperparameter-tuning-jobs"
CONFIG = {"budget": {"max_trials": 3}, "execution": {"n_jobs": 1}, "write_back": {"mode": "auto"}}


class FolderInstallation:
    """A running installation and the folder that its host keeps everything in."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.stack = stack
        self.folder = folder

    def keep(self, ref: str, **may: list[str]) -> None:
        """Store a graph whose model is far from good, and who may do what with it."""
        table = {"source": "file", "path": "diabetes.csv", "target": "target"}
        graph = tuning_graph(table, "ridge_regression", params={"alpha": 5000.0})
        kept = {"graph": graph, "revision": 1, "patches": {}, "may": may}
        (self.folder / f"{ref}.json").write_text(json.dumps(kept))

    def kept(self, ref: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / f"{ref}.json").read_text())
        return document

    def data(self, ref: str, node_id: str) -> dict[str, Any]:
        nodes = self.kept(ref)["graph"]["nodes"]
        found: dict[str, Any] = next(node["data"] for node in nodes if node["id"] == node_id)
        return found

    def ask(self, user: str | None, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Accept": "application/json"} | ({} if user is None else {"X-User": user})
        return self.stack.request(method, path, headers=headers, **options)

    def run(self, user: str, ref: str, config: dict[str, Any] | None = None) -> httpx.Response:
        body = {"pipeline_id": ref, "node_id": "tune", "config": config or CONFIG}
        return self.ask(user, "POST", JOBS, json=body)

    def ended(self, user: str, ref: str, config: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = self.run(user, ref, config)
        assert answer.status_code == 202, answer.text
        view = _AsUser(self.stack, user)
        return view.settled(answer.json()["id"])

    def stored_events(self, user: str, job_id: str) -> list[dict[str, Any]]:
        answer = self.ask(user, "GET", f"{JOBS}/{job_id}/events?after=0")
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def events(self, job_id: str) -> list[dict[str, Any]]:
        log = self.folder / "events.jsonl"
        told = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [event for event in told if event["job_id"] == job_id]


class _AsUser(Stack):
    """The verbs of a stack as one person."""

    def __init__(self, stack: Stack, user: str) -> None:
        super().__init__(stack.url, stack.data_dir, stack.log, stack.process)
        object.__setattr__(self, "user", user)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        user: str = self.user  # type: ignore[attr-defined]
        return super().request(method, path, headers={"X-User": user}, **options)


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FolderInstallation]:
    folder = tmp_path_factory.mktemp("folder-host")
    sample = {"source": "sample", "name": "diabetes"}
    read_table(sample, Settings(data_dir=folder)).to_csv(folder / "diabetes.csv", index=False)
    variables = {
        "HPT_HOST": "folder_host:create",
        "FOLDER_HOST": str(folder),
        "PYTHONPATH": str(Path(__file__).parent),
        "HPT_PUBLISH_SECONDS": "0.2",
    }
    with serving(tmp_path_factory.mktemp("installation"), variables) as stack:
        yield FolderInstallation(stack, folder)
