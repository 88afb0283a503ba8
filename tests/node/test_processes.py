"""The real processes: `serve` for as long as it is wanted, `run` on a file, `demo` as a newcomer types it."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.node.process_records import read_running
from hyperparameter_tuning.node.supervisor import TERM_SECONDS
from hyperparameter_tuning.shared.artifacts import load
from tests.acceptance.graphs import tuning_graph

COMMAND = (sys.executable, "-m", "hyperparameter_tuning.node.cli")
PATIENCE = 60.0
LONG = {
    "budget": {"max_trials": 5000, "max_seconds": 300},
    # No two candidates share a fit: they end one by one.
    "search_space": [
        {"kind": "int", "name": "n_estimators", "low": 20, "high": 60},
        {"kind": "float", "name": "max_samples", "low": 0.5, "high": 1.0},
    ],
}


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HPT_")}
    return {**kept, "COLUMNS": "200", **variables}


def eventually(look: Callable[[], Any], patience: float = PATIENCE) -> Any:
    deadline = time.monotonic() + patience
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


def answered(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def long_job(url: str) -> dict[str, Any]:
    """Submit a search that goes on until it is ended."""
    plain = {
        "dataset": {"source": "sample", "name": "diabetes"},
        "model": {"type": "random_forest_regressor"},
        "target": "target",
    }
    asked = {"graph": plain, "config": LONG}
    job: dict[str, Any] = httpx.post(f"{url}/hyperparameter-tuning-jobs", json=asked, timeout=PATIENCE).json()
    return job


def read_to_the_end(url: str) -> None:
    with httpx.stream("GET", url, headers={"Accept": "text/event-stream"}, timeout=60) as answer:
        try:
            for _ in answer.iter_lines():
                pass
        except httpx.RemoteProtocolError:
            return  # the server closed the stream in the middle of a chunk


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table whose target follows from its columns, beside the pipelines that use it."""
    draw = random.Random(1)
    rows = [(draw.random(), draw.random()) for _ in range(60)]
    lines = [f"{a},{b},{3 * a - 2 * b + draw.random() / 10}" for a, b in rows]
    (tmp_path / "table.csv").write_text("a,b,y\n" + "\n".join(lines))
    return tmp_path / "table.csv"


def pipeline_file(folder: Path, model: str, config: dict[str, Any], **params: Any) -> Path:
    dataset = {"source": "file", "path": "table.csv", "target": "y"}
    file = folder / "pipeline.json"
    file.write_text(json.dumps(tuning_graph(dataset, model, params=params, config=config)))
    return file


class TestServe:
    @pytest.fixture
    def serving(self, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
        log = tmp_path / "serve.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [*COMMAND, "serve"],
                env=environment(HPT_DATA_DIR=str(tmp_path / "data"), HPT_API_PORT="0"),
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        try:
            found = eventually(lambda: re.search(r"http://[\w.]+:\d+", log.read_text()))
            eventually(lambda: answered(f"{found[0]}/readyz"))
            yield process, found[0], tmp_path / "data"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)

    def test_the_first_screen_says_where_everything_is_and_what_to_do(
        self, serving: tuple[subprocess.Popen[str], str, Path], tmp_path: Path
    ) -> None:
        _, url, data_dir = serving
        shown = (tmp_path / "serve.log").read_text()
        for words in (str(data_dir), str(data_dir / "logs"), "Ctrl-C"):
            assert words in shown
        assert re.findall(r"https?://\S+", shown) == [url], "one address: that of the canvas"
        assert "html" in httpx.get(f"{url}/", timeout=PATIENCE).headers["content-type"]
        listing = next(line for line in shown.splitlines() if line.endswith("jobs list"))
        assert listing.split(maxsplit=1)[1] == f"tuning-node --data-dir {data_dir} jobs list"
        # Libraries say nothing: neither here nor in the logs, of which every line is ours.
        ready = eventually(lambda: (data_dir / "logs" / "worker.log").read_text())
        assert json.loads(ready.splitlines()[0])["event"] == "The worker waits for jobs."
        assert "Warning" not in shown + ready
        assert "kombu" not in shown + ready

    def test_it_ends_soon_when_idle(self, serving: tuple[subprocess.Popen[str], str, Path]) -> None:
        process, _, data_dir = serving
        eventually(lambda: "waits for jobs" in (data_dir / "logs" / "worker.log").read_text())
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert time.monotonic() - begun < TERM_SECONDS  # nobody had to be killed

    def test_it_is_there_until_it_is_ended(self, serving: tuple[subprocess.Popen[str], str, Path]) -> None:
        process, url, data_dir = serving
        running = read_running(data_dir)
        assert running is not None
        assert (running.is_alive, running.url) == (True, url)
        api = next(record for record in running.processes if record.name == "api")

        # Another one on the same folder is refused in words.
        second = subprocess.run(
            [*COMMAND, "--data-dir", str(data_dir), "serve", "--port", "0"],
            env=environment(),
            capture_output=True,
            text=True,
        )
        assert second.returncode == 1
        assert url in second.stderr
        assert "Traceback" not in second.stderr

        # An API that is killed comes back at the same address.
        os.kill(api.pid, signal.SIGKILL)
        eventually(lambda: answered(f"{url}/healthz"))

        # Neither a running search nor an open stream holds the end up.
        job = long_job(url)
        reader = threading.Thread(target=read_to_the_end, args=(f"{url}{job['links']['events']}",))
        reader.start()
        eventually(
            lambda: httpx.get(f"{url}{job['links']['self']}", timeout=PATIENCE).json()["counts"]["complete"]
        )
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert time.monotonic() - begun < 15
        reader.join(timeout=5)
        assert not reader.is_alive()
        assert not any(record.is_alive for record in running.processes)
        assert read_running(data_dir) is None
        listed = subprocess.run(
            [*COMMAND, "--data-dir", str(data_dir), "jobs", "show", job["id"], "--json"],
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(listed.stdout)["status"] == "queued", "the worker handed the job back"


class TestRun:
    def test_it_tunes_a_file_and_writes_the_best_parameters(self, table: Path) -> None:
        config = {"budget": {"max_trials": 3}, "cross_validation": {"kind": "k_fold", "folds": 3}}
        file = pipeline_file(table.parent, "ridge_regression", config, alpha=1000.0)
        finished = subprocess.run(
            [*COMMAND, "run", str(file), "--apply", "--out", str(table.parent / "tuned.json"), "--json"],
            env=environment(),
            cwd=table.parent,
            capture_output=True,
            text=True,
        )
        assert finished.returncode == 0, finished.stderr
        found = json.loads(finished.stdout)
        best = found["best"]["params"]
        tuned = json.loads((table.parent / "tuned.json").read_text())
        nodes = {node["id"]: node["data"] for node in tuned["nodes"]}
        assert nodes["model"]["config"]["params"].items() >= best.items()
        assert nodes["tune"]["result"]["best_params"] == best
        assert (found["importances"]["state"], found["importances"]["needed"]) == ("too_few_trials", 20)
        assert isinstance(found["hints"], list)
        assert found["best"]["score"] < found["top_trials"][-1]["score"], "the baseline is worse, and shown"
        model = load(found["model"], found["artifact"]["sha256"])
        assert model.get_params()["model__alpha"] == best["alpha"]
        assert not (table.parent / "tuning-node-data").exists()

    def test_a_file_of_an_earlier_version_runs_and_tells_what_it_became(self, table: Path) -> None:
        config = {
            "search_strategy": "random",
            "search_iterations": 2,
            "search_space": "",
            "model_type": "ridge",
            "scoring_metric": "r2",
        }
        file = pipeline_file(table.parent, "ridge_regression", config)
        graph = json.loads(file.read_text())
        for node in graph["nodes"]:
            del node["data"]["type_version"]  # the origin had none
        file.write_text(json.dumps(graph))
        finished = subprocess.run(
            [*COMMAND, "run", str(file)], env=environment(), cwd=table.parent, capture_output=True, text=True
        )
        assert finished.returncode == 0, finished.stderr
        assert (
            "tune: The search space was empty: the one suggested for the model is searched."
            in finished.stdout
        )

    def test_ctrl_c_cancels_the_run(self, table: Path) -> None:
        file = pipeline_file(table.parent, "random_forest_regressor", LONG)
        data_dir = table.parent / "data"
        process = subprocess.Popen(
            [*COMMAND, "--data-dir", str(data_dir), "run", str(file)],
            env=environment(),
            cwd=table.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            if "best so far" in line:
                break
        process.send_signal(signal.SIGINT)
        shown, errors = process.communicate(timeout=60)
        assert process.returncode == 130, errors
        assert "The run was cancelled" in shown
        assert "Traceback" not in errors
        listed = subprocess.run(
            [*COMMAND, "--data-dir", str(data_dir), "jobs", "list", "--json"],
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        assert [job["status"] for job in json.loads(listed.stdout)] == ["cancelled"]

    def test_a_refused_pipeline_is_told_where(self, table: Path) -> None:
        file = pipeline_file(table.parent, "ridge_regression", {"strategy": {"name": "grdi"}})
        finished = subprocess.run(
            [*COMMAND, "run", str(file)], env=environment(), cwd=table.parent, capture_output=True, text=True
        )
        assert finished.returncode == 2
        assert "grid" in finished.stderr
        assert "Traceback" not in finished.stderr


class TestDemo:
    def test_it_reaches_its_end_and_shows_what_changed(self, tmp_path: Path) -> None:
        finished = subprocess.run(
            [*COMMAND, "demo", "--json"],
            env=environment(
                TMPDIR=str(tmp_path), HPT_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none"
            ),
            capture_output=True,
            text=True,
        )
        assert finished.returncode == 0, finished.stderr
        story = json.loads(finished.stdout)
        assert story["before"] != story["after"]
        assert story["score"] < story["baseline"]
        assert Path(story["graph_path"]).exists()
        assert load(story["model_path"], story["sha256"]).named_steps["model"]
