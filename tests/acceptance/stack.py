"""A whole installation in processes of its own, and a person's verbs on it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

TERMINAL = {"succeeded", "failed", "cancelled"}


@dataclass(frozen=True)
class Stack:
    """A running `tuning-node serve` and its address."""

    url: str
    data_dir: Path
    log: Path
    process: subprocess.Popen[bytes]

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        return httpx.request(method, f"{self.url}{path}", timeout=30, **options)

    def get(self, path: str, **options: Any) -> Any:
        answer = self.request("GET", path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create_pipeline(self, graph: Mapping[str, Any], name: str = "pipeline") -> str:
        answer = self.request("POST", "/pipelines", json={"name": name, "graph": graph})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def submit(self, **body: Any) -> dict[str, Any]:
        answer = self.request("POST", "/hyperparameter-tuning-jobs", json=body)
        assert answer.status_code == 202, answer.text
        document: dict[str, Any] = answer.json()
        return document

    def wait(self, job_id: str, *, states: set[str] = TERMINAL, patience: float = 180.0) -> dict[str, Any]:
        deadline = time.monotonic() + patience
        job: dict[str, Any] = {}
        while time.monotonic() < deadline:
            job = self.get(f"/hyperparameter-tuning-jobs/{job_id}")
            if job["status"] in states:
                return job
            time.sleep(0.05)
        raise AssertionError(f"job is still {job.get('status')}: {job}\n{self.log.read_text()[-4000:]}")

    def settled(self, job_id: str, patience: float = 30.0) -> dict[str, Any]:
        """Wait until the job succeeded and its write-back left the pending state."""
        job = self.wait(job_id)
        assert job["status"] == "succeeded", job
        deadline = time.monotonic() + patience
        while any(item["state"] == "pending" for item in job["write_backs"]):
            assert time.monotonic() < deadline, job["write_backs"]
            time.sleep(0.05)
            job = self.get(f"/hyperparameter-tuning-jobs/{job_id}")
        return job

    def node(self, pipeline_id: str, node_id: str) -> dict[str, Any]:
        graph = self.get(f"/pipelines/{pipeline_id}")["graph"]
        found: dict[str, Any] = next(node for node in graph["nodes"] if node["id"] == node_id)
        return found


def _address(log: Path, process: subprocess.Popen[bytes], patience: float = 60.0) -> str:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        assert process.poll() is None, f"serve ended: {log.read_text()}"
        found = re.search(r"http://[\w.\-]+:\d+", log.read_text())
        if found:
            return found.group(0)
        time.sleep(0.05)
    raise AssertionError(f"serve printed no address: {log.read_text()}")


def ready(url: str, log: Path, patience: float = 60.0, path: str = "/readyz") -> None:
    """Wait until the API says that it, or everything behind it, is ready."""
    deadline = time.monotonic() + patience
    answer: httpx.Response | None = None
    while time.monotonic() < deadline:
        try:
            answer = httpx.get(f"{url}{path}", timeout=5)
        except httpx.TransportError:
            answer = None
        if answer is not None and answer.status_code == 200:
            return
        time.sleep(0.1)
    raise AssertionError(f"not ready: {answer.text if answer else 'no answer'}\n{log.read_text()[-4000:]}")


@contextmanager
def serving(data_dir: Path, variables: Mapping[str, str], port: str = "0") -> Iterator[Stack]:
    """Start ``tuning-node serve``, on a free port unless told which, and end it afterwards."""
    data_dir.mkdir(parents=True, exist_ok=True)
    log = data_dir / "serve.log"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HPT_")}
    environment = {**kept, **variables, "HPT_DATA_DIR": str(data_dir), "HPT_API_PORT": port}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "hyperparameter_tuning.node.cli", "serve"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=data_dir,
        )
    try:
        url = _address(log, process)
        ready(url, log)
        yield Stack(url, data_dir, log, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
