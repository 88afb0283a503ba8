"""Somebody who saves twenty times a second while results are written back: no edit is lost. T14."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.jobs import finishing
from hyperparameter_tuning.jobs.database import Database
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack
from tests.faults.conftest import LONG, POSTGRESQL, SQLITE, Running, form_name, on
from tests.faults.incidents import Incident, note
from tests.jobs import factories

JOBS = "/hyperparameter-tuning-jobs"
SAVES_A_SECOND = 20
LENGTHS = [(POSTGRESQL, 4.0), *(pytest.param(form, 10.0, marks=LONG) for form in (POSTGRESQL, SQLITE))]
DATA = {"source": "sample", "name": "diabetes", "target": "target"}


@dataclass
class Editor:
    """Moves one node a little with every save, as a canvas does; what was saved counts up.

    Attributes:
        saved: The number of the last accepted save.
        conflicts: Saves that were refused because the graph had changed, and were done again on top of it.
    """

    stack: Stack
    pipeline: str
    touch: str = "position"
    saved: int = 0
    conflicts: int = 0
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Editor:
        self._thread = threading.Thread(target=self._edit)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _edit(self) -> None:
        with httpx.Client(base_url=self.stack.url, timeout=30) as client:
            begun = time.monotonic()
            while not self._end.is_set():
                self._save(client)
                due = begun + self.saved / SAVES_A_SECOND
                time.sleep(max(0.0, due - time.monotonic()))

    def _save(self, client: httpx.Client) -> None:
        path = f"/pipelines/{self.pipeline}"
        while True:
            read = client.get(path)
            graph: dict[str, Any] = read.json()["graph"]
            node = next(node for node in graph["nodes"] if node["id"] == "data")
            assert node["position"]["x"] == self.saved, "an edit was lost"
            node["position"]["x"] = self.saved + 1
            answer = client.put(path, json={"graph": graph}, headers={"If-Match": read.headers["ETag"]})
            if answer.status_code == 200:
                self.saved += 1
                return
            assert answer.status_code == 412, answer.text
            self.conflicts += 1


def finish(running: Running, job_id: str, held: float, alpha: float) -> None:
    """Do a worker's part: one complete trial, and success; the keeper writes back."""

    async def work(db: Database) -> None:
        job = await factories.claim(db, job_id)
        trials = [
            *factories.whole_trial(0, 60.0, "baseline", alpha=held),
            *factories.whole_trial(1, 50.0, alpha=alpha),
        ]
        await factories.told(db, job, *trials)
        done = factories.outcome(1, 50.0, alpha=alpha)
        await db.run(lambda session: finishing.succeed(session, job.id, job.lease_token or "", done))

    running.installation.store(work)


def settled(stack: Stack, job_id: str) -> list[dict[str, Any]]:
    return list(stack.settled(job_id)["write_backs"])


class TestBusyEditor:
    @pytest.mark.parametrize(("running", "seconds"), LENGTHS, indirect=["running"], ids=form_name)
    def test_loses_no_edit_and_gets_every_result(self, running: Running, seconds: float) -> None:
        stack = running.stack
        config = {"write_back": {"mode": "auto"}}
        pipeline = stack.create_pipeline(
            tuning_graph(DATA, "ridge_regression", params={"alpha": 1.0}, config=config)
        )
        end, runs, patches, held = time.monotonic() + seconds, 0, 0, 1.0
        with Editor(stack, pipeline) as editor:
            # Longer on a machine that is slow: until it was many saves and some results.
            while time.monotonic() < end or runs < 3 or editor.saved < 50:
                runs += 1
                job = stack.submit(pipeline_id=pipeline, node_id="tune")
                finish(running, job["id"], held, alpha=2.0 + runs)
                held = 2.0 + runs
                states = [patch["state"] for patch in settled(stack, job["id"])]
                assert set(states) == {"applied"}, states
                patches += len(states)
        assert stack.node(pipeline, "data")["position"]["x"] == editor.saved
        assert stack.node(pipeline, "model")["data"]["config"]["params"]["alpha"] == 2.0 + runs
        assert stack.node(pipeline, "tune")["data"]["result"]["best_params"] == {"alpha": 2.0 + runs}
        revision = stack.get(f"/pipelines/{pipeline}")["revision"]
        assert revision == 1 + editor.saved + patches
        figure = f"{editor.saved} saves, {editor.conflicts} of them done again on top of a result"
        note(Incident("T14", running.installation.name, faults=editor.saved, jobs=runs, figure=figure))

    @on(POSTGRESQL, SQLITE)
    def test_whose_edit_meets_the_result_keeps_it(self, running: Running) -> None:
        stack = running.stack
        config = {"write_back": {"mode": "auto"}}
        pipeline = stack.create_pipeline(
            tuning_graph(DATA, "ridge_regression", params={"alpha": 1.0}, config=config)
        )
        job = stack.submit(pipeline_id=pipeline, node_id="tune")
        path = f"/pipelines/{pipeline}"
        read = stack.request("GET", path)
        graph = read.json()["graph"]
        node = next(node for node in graph["nodes"] if node["id"] == "model")
        node["data"]["config"]["params"]["alpha"] = 9.0
        saved = stack.request("PUT", path, json={"graph": graph}, headers={"If-Match": read.headers["ETag"]})
        assert saved.status_code == 200, saved.text
        finish(running, job["id"], 1.0, alpha=3.0)
        states = {patch["kind"]: patch["state"] for patch in settled(stack, job["id"])}
        assert states["params"] == "conflict"
        assert stack.node(pipeline, "model")["data"]["config"]["params"]["alpha"] == 9.0
        note(Incident("T14 conflict", running.installation.name))
