"""The example editor: the node runs in it, writes back in the editor's own node shape, and undoes that."""

from __future__ import annotations

import os
import re
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from sklearn.datasets import load_breast_cancer

from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.prediction import predict
from tests import servers
from tests.downloaded_models import assert_both_predict_alike
from tests.outside.installing import install, with_installed
from tests.registry.packages import on_path

EXAMPLE = Path(__file__).parents[2] / "examples" / "host"
JOBS = "/tuning/hyperparameter-tuning-jobs"
SHORT = {"budget": {"max_trials": 3}, "execution": {"n_jobs": 1}}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder that the editor is installed in."""
    return install(EXAMPLE, tmp_path_factory.mktemp("example-host") / "packages")


def variables(installed: Path, folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HPT_")}
    return with_installed(installed, variables=kept) | {"HPT_DATA_DIR": str(folder), **more}


@contextmanager
def running(installed: Path, folder: Path) -> Iterator[str]:
    folder.mkdir()
    log = folder / "editor.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "example_host"],
            env=variables(installed, folder, HPT_PUBLISH_SECONDS="0.2"),
            stdout=output,
            stderr=output,
            text=True,
        )
    try:
        yield _address(process, log)
    finally:
        started = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)
    # Its end is the end of worker and keeper, too.
    assert process.returncode == 0
    assert len(started) >= 2
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in started)


def _address(process: subprocess.Popen[str], log: Path) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = re.search(r"url=(http://\S+)", log.read_text())
        if found:
            return found[1]
        assert process.poll() is None, log.read_text()
        time.sleep(0.05)
    raise AssertionError(log.read_text())


class Editor:
    """A running editor as one person sees it."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=60)
        answer = self.client.post("/login", json={"name": name, "password": password})
        assert answer.status_code == 200, answer.text

    def board(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get("/boards/tumours").json()
        return found

    def data(self, node_id: str) -> dict[str, Any]:
        nodes = self.board()["graph"]["nodes"]
        found: dict[str, Any] = next(node["data"] for node in nodes if node["id"] == node_id)
        return found

    def edit(self, **hyper: Any) -> None:
        board = self.board()
        next(node["data"] for node in board["graph"]["nodes"] if node["id"] == "tree")["params"] = {
            "hyper": hyper
        }
        body = {"graph": board["graph"], "revision": board["revision"]}
        assert self.client.put("/boards/tumours", json=body).status_code == 200

    def ended(self, **config: Any) -> dict[str, Any]:
        body = {"pipeline_id": "tumours", "node_id": "tune", "config": SHORT | config}
        answer = self.client.post(JOBS, json=body)
        assert answer.status_code == 202, answer.text
        path, deadline = f"{JOBS}/{answer.json()['id']}", time.monotonic() + 120
        while True:
            job: dict[str, Any] = self.client.get(path).json()
            waiting = any(item["state"] == "pending" for item in job.get("write_backs", ()))
            if job["status"] in ("succeeded", "failed", "cancelled") and not waiting:
                assert job["status"] == "succeeded", job
                return job
            assert time.monotonic() < deadline, job
            time.sleep(0.05)

    def do(self, job: dict[str, Any], verb: str) -> httpx.Response:
        return self.client.post(f"{JOBS}/{job['id']}/{verb}")


@pytest.fixture(scope="module")
def url(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(installed, tmp_path_factory.mktemp("editor") / "data") as address:
        yield address


@pytest.fixture(scope="module")
def ada(url: str) -> Iterator[Editor]:
    editor = Editor(url, "ada", "lovelace")
    yield editor
    editor.client.close()


@pytest.fixture(scope="module")
def ben(url: str) -> Iterator[Editor]:
    editor = Editor(url, "ben", "franklin")
    yield editor
    editor.client.close()


@pytest.fixture(scope="module")
def job(ada: Editor) -> dict[str, Any]:
    """A run of ada's whose result is proposed."""
    return ada.ended()


class TestRun:
    def test_a_result_is_proposed_applied_and_undone(self, ada: Editor, job: dict[str, Any]) -> None:
        before = ada.data("tree")
        assert before == {"algo": "Tree", "params": {"hyper": {"max_depth": 1}}}
        assert ada.data("tune")["result"]["job_id"] == job["id"]

        applied = ada.do(job, "apply")
        assert applied.status_code == 200, applied.text
        after = ada.data("tree")
        assert after["algo"] == "Tree"
        assert after["params"]["hyper"].items() >= job["best"]["params"].items()
        assert after["params"]["hyper"]["max_depth"] != 1

        assert ada.do(job, "revert").status_code == 200
        assert ada.data("tree") == before

    def test_an_automatic_result_needs_no_hand_and_is_in_the_feed(self, ada: Editor) -> None:
        before = ada.data("tree")
        job = ada.ended(write_back={"mode": "auto"})
        assert {(item["kind"], item["state"]) for item in job["write_backs"]} == {
            ("result", "applied"),
            ("params", "applied"),
        }
        assert ada.data("tree")["params"]["hyper"]["max_depth"] != 1
        deadline = time.monotonic() + 60
        while (feed := ada.client.get(f"/activity/{job['id']}").json()).count("writeback.applied") < 2:
            assert time.monotonic() < deadline, feed
            time.sleep(0.05)
        assert feed[0] == "job.queued"
        assert ada.do(job, "revert").status_code == 200
        assert ada.data("tree") == before

    def test_both_files_of_the_model_predict_alike_with_the_editors_own_steps(
        self, ada: Editor, job: dict[str, Any], installed: Path, tmp_path: Path
    ) -> None:
        table = load_breast_cancer(as_frame=True).frame
        with on_path(installed):
            kinds = node_kinds()
            raw, prepared = assert_both_predict_alike(
                ada.client.get, f"{JOBS}/{job['id']}", ada.board()["graph"], kinds, table, tmp_path
            )
        rescaled = predict(prepared, table).values
        assert not rescaled.equals(predict(raw, table).values)

    def test_what_somebody_edited_meanwhile_is_kept(self, ada: Editor, job: dict[str, Any]) -> None:
        ada.edit(max_depth=2)
        refused = ada.do(job, "apply")
        assert (refused.status_code, refused.json()["code"]) == (409, "write_back_conflict")
        assert ada.data("tree")["params"] == {"hyper": {"max_depth": 2}}
        ada.edit(max_depth=1)

    def test_the_editors_nodes_are_offered_with_their_own_ports(self, ada: Editor) -> None:
        kinds = {item["type"]: item for item in ada.client.get("/tuning/nodes").json()["items"]}
        assert [port["id"] for port in kinds["editor.learner"]["inputs"]] == ["rows", "hyper"]

    def test_our_pipelines_are_not_beside_the_editors_boards(self, ada: Editor) -> None:
        assert ada.client.get("/tuning/pipelines").status_code == 404


class TestRights:
    def test_who_may_only_view_may_not_run(self, ben: Editor) -> None:
        assert ben.data("tree")["algo"] == "Tree"
        refused = ben.client.post(JOBS, json={"pipeline_id": "tumours", "node_id": "tune"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")

    def test_jobs_of_others_are_not_found(self, ben: Editor, job: dict[str, Any]) -> None:
        assert ben.client.get(f"{JOBS}/{job['id']}").status_code == 404
        assert ben.client.get(JOBS).json()["items"] == []

    def test_nobody_is_asked_to_sign_in(self, url: str) -> None:
        refused = httpx.get(f"{url}{JOBS}")
        assert (refused.status_code, refused.json()["detail"]) == (401, "Sign in first: POST /login.")

    def test_a_graph_that_is_sent_along_could_name_any_table(self, ada: Editor) -> None:
        refused = ada.client.post(JOBS, json={"graph": ada.board()["graph"], "node_id": "tune"})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")

    def test_a_table_that_is_not_there_is_a_finding_at_its_node(self, ada: Editor) -> None:
        board = ada.board()
        table = board["graph"]["nodes"][0]["data"]["source"]
        table["table_id"] = 99
        ada.client.put("/boards/tumours", json={"graph": board["graph"], "revision": board["revision"]})
        asked = {"pipeline_id": "tumours", "node_id": "tune", "config": {}}
        answer = ada.client.post("/tuning/nodes/hyperparameter_tuning/validate", json=asked).json()
        (found,) = [item for item in answer["findings"] if item["code"] == "dataset_missing"]
        assert (found["pointer"], found["message"]) == (
            "/nodes/0/data/source",
            "There is no stored table 99.",
        )
        table["table_id"] = 1
        body = {"graph": board["graph"], "revision": board["revision"] + 1}
        assert ada.client.put("/boards/tumours", json=body).status_code == 200


def test_the_walk_through_it_on_postgresql(installed: Path, tmp_path: Path, postgres_url: str) -> None:
    with servers.postgres_database(postgres_url) as database_url:
        walked = subprocess.run(
            [sys.executable, "-m", "example_host", "--demo"],
            env=variables(installed, tmp_path, HPT_DATABASE_URL=database_url),
            capture_output=True,
            text=True,
            timeout=240,
        )
    assert walked.returncode == 0, walked.stdout + walked.stderr
    lines = walked.stdout.splitlines()
    assert [line.split(":")[0].split(" ")[0] for line in lines] == [
        *("ada", "the", "the", "applied", "undone", "ben,"),
    ]
    assert lines[4].endswith('{"algo": "Tree", "params": {"hyper": {"max_depth": 1}}}')
    assert lines[5].endswith("You may read 'tumours', but not run it.")


class TestReadme:
    def test_the_counted_lines_are_those_of_today(self) -> None:
        counter = runpy.run_path(str(EXAMPLE / "count_lines.py"))
        page = (EXAMPLE / "README.md").read_text()
        assert page == counter["written"](page), "run: python examples/host/count_lines.py"

    def test_docstrings_comments_and_blank_lines_do_not_count(self) -> None:
        counter = runpy.run_path(str(EXAMPLE / "count_lines.py"))
        lines = [
            '"""Page."""',
            "",
            "# why",
            "x = [",
            "    1,",
            "]",
            "def f():",
            '    """Two',
            '    lines."""',
        ]
        assert counter["code_lines"]("\n".join([*lines, "    return x\n"])) == {4, 5, 6, 7, 10}

    def test_the_ports_take_less_than_two_hundred_lines(self) -> None:
        table = (EXAMPLE / "README.md").read_text()
        found = re.search(r"\| \*\*all for the node\*\* \| \*\*(\d+)\*\*", table)
        assert found is not None
        assert int(found[1]) < 200
