"""Jobs that are deadly to whoever runs them: each ends with a reason, and the next one runs. T11."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hyperparameter_tuning.jobs.status import JobState
from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack
from tests.faults import searches
from tests.faults.conftest import DEFAULT, POSTGRESQL, SQLITE, Running, at_length, form_name
from tests.faults.incidents import Incident, note
from tests.faults.installation import installed, kill
from tests.outside.installing import install

JOBS = "/hyperparameter-tuning-jobs"
PLUGIN = Path(__file__).parent / "deadly_plugin"


@pytest.fixture(scope="module", params=at_length(SQLITE, POSTGRESQL, DEFAULT), ids=form_name)
def deadly(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An installation that has the deadly step, and a worker with little memory."""
    kind, clock = request.param
    folder = tmp_path_factory.mktemp("deadly")
    packages = str(install(PLUGIN, folder / "packages"))
    with installed(
        kind, folder / "data", clock, changes={"child_memory_mb": 600}, PYTHONPATH=packages
    ) as made:
        stack = made.api()
        made.start("keeper")
        yield Running(made, stack)


@pytest.fixture(scope="class")
def working(deadly: Running) -> Iterator[Running]:
    """One worker, which outlives the searches that die."""
    with deadly.installation.worker():
        yield deadly


def submit(stack: Stack, how: str, **budget: object) -> str:
    config = {"budget": {"max_trials": 2, **budget}}
    steps = (("deadly", {"how": how}),)
    graph = tuning_graph(searches.DATASET, searches.MODEL, steps=steps, config=config)
    return str(stack.submit(pipeline_id=stack.create_pipeline(graph), node_id="tune")["id"])


class TestDeadlyStep:
    def test_that_aborts_is_poison_after_three_tries_and_the_next_job_runs(self, working: Running) -> None:
        made = working.installation
        job_id = submit(working.stack, "abort")
        other = searches.submit_small(working.stack)
        ended = made.until_ended(job_id)
        assert (ended.state, ended.reason, ended.attempts) == (JobState.FAILED, "poison", 3)
        assert "SIGABRT" in (ended.error_message or "")
        assert made.until_ended(other).state is JobState.SUCCEEDED
        searches.check_told_once(made, job_id)
        note(Incident("T11 abort", made.name, made.clock, faults=3))

    def test_that_eats_all_memory_is_said_so(self, working: Running) -> None:
        made = working.installation
        job_id = submit(working.stack, "eat")
        ended = made.until_ended(job_id)
        assert (ended.state, ended.error_code) == (JobState.FAILED, "out_of_memory"), ended.error_message
        assert made.until_ended(searches.submit_small(working.stack)).state is JobState.SUCCEEDED
        note(Incident("T11 memory", made.name, made.clock))

    def test_that_never_ends_can_be_cancelled(self, working: Running) -> None:
        made = working.installation
        job_id = submit(working.stack, "loop")
        made.until(job_id, lambda job: bool(job.search))
        begun = time.monotonic()
        assert working.stack.request("POST", f"{JOBS}/{job_id}/cancel").status_code == 202
        ended = made.until_ended(job_id)
        seconds = time.monotonic() - begun
        assert ended.state is JobState.CANCELLED
        assert seconds < made.settings.grace_seconds + 5
        assert made.until_ended(searches.submit_small(working.stack)).state is JobState.SUCCEEDED
        note(Incident("T11 endless", made.name, made.clock, recovery_seconds=(round(seconds, 2),)))


class TestDeadlyJob:
    def test_whose_worker_dies_three_times_is_poison_while_the_next_job_runs(self, deadly: Running) -> None:
        made = deadly.installation
        job_id = submit(deadly.stack, "loop")
        for attempt in (1, 2, 3):
            with made.worker() as worker:
                made.until(job_id, lambda job, n=attempt: job.attempts == n and job.state is JobState.RUNNING)
                kill(worker)
        with made.worker():
            other = searches.submit_small(deadly.stack)
            assert made.until_ended(other).state is JobState.SUCCEEDED
        ended = made.until_ended(job_id)
        assert (ended.state, ended.error_code, ended.reason) == (JobState.FAILED, "poison", "poison")
        assert "3 times" in (ended.error_message or "")
        note(Incident("T11 worker", made.name, made.clock, faults=3))


EMPTY = {
    "no rows": "a,b\n",
    "one class": "a,b\n" + "".join(f"{i},yes\n" for i in range(40)),
    "nothing but gaps": "a,b\n" + "".join(f",{'yes' if i % 2 else 'no'}\n" for i in range(40)),
}


class TestDeadlyData:
    @pytest.mark.parametrize("name", EMPTY)
    def test_is_refused_with_a_sentence_or_ends_with_one(self, deadly: Running, name: str) -> None:
        made = deadly.installation
        folder = made.settings.data_dir / "data"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.csv").write_text(EMPTY[name])
        data = {"source": "file", "path": f"{name}.csv", "target": "b"}
        graph = tuning_graph(data, "decision_tree_classifier", config={"budget": {"max_trials": 2}})
        pipeline = deadly.stack.create_pipeline(graph)
        answer = deadly.stack.request("POST", JOBS, json={"pipeline_id": pipeline, "node_id": "tune"})
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] != "internal_error"
        assert answer.json()["detail"].endswith(".")
