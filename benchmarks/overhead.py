"""What the product adds: to one request, and to one search. Everything side by side, in one run, as ratios.

1. The run hook over HTTP against a bare FastAPI + SQLAlchemy insert with the same SQLite settings: requests
   alternate between the two servers, p95 against p95.
2. A whole job (request, queue, worker, children, refit, write-back) against the same search called in this
   process with as many workers: runs alternate, median of the paired ratios.

Run as ``python benchmarks/overhead.py [--write]``; ``--write`` puts the figures into docs/overhead.md.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
REQUESTS = 300
WARM_UP = 40
PAIRS = 3
LIMITS = {"run hook p95": 4.0, "whole job": 1.10}


@dataclass(frozen=True)
class Measure:
    """One comparison.

    Attributes:
        name: What was compared.
        ours: Seconds of ours, median or p95.
        theirs: Seconds of the yardstick.
        ratio: The figure that counts.
        worst: Worst pair, where there were pairs.
    """

    name: str
    ours: float
    theirs: float
    ratio: float
    worst: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the ratio is within its limit."""
        return self.ratio <= LIMITS[self.name]


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: list[str], variables: Mapping[str, str], ready: str) -> Iterator[None]:
    """Run *command* until the block ends, entering it when *ready* answers 200."""
    environment = {**os.environ, **variables}
    with tempfile.TemporaryFile() as log:
        running = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
        try:
            deadline = time.monotonic() + 60
            while not answers(ready):
                if running.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    raise SystemExit(f"{command} did not become ready:\n{log.read().decode()}")
                time.sleep(0.1)
            yield
        finally:
            running.terminate()
            running.wait(timeout=30)


def answers(url: str) -> bool:
    """Say whether *url* answers 200."""
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def p95(seconds: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(seconds, n=20)[-1]


def timed(call: Callable[[], Any]) -> float:
    """Return the wall seconds that *call* takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def graph(model: str, dataset: str, config: dict[str, Any]) -> dict[str, Any]:
    """A dataset, the tuning node and a model node."""
    handles = [("data", "tune", "dataset", "dataset"), ("data", "model", "dataset", "dataset")]
    handles.append(("tune", "model", "best_params", "params"))
    configs = {
        "data": ("dataset", {"source": "sample", "name": dataset, "target": "target"}),
        "tune": ("hyperparameter_tuning", config),
        "model": ("model", {"model": model, "params": {}}),
    }
    nodes = [
        {
            "id": key,
            "type": kind,
            "position": {"x": 0, "y": 0},
            "data": {"label": key, "type_version": 1, "config": body},
        }
        for key, (kind, body) in configs.items()
    ]
    edges = [
        {"id": f"{a}-{b}-{port}", "source": a, "target": b, "sourceHandle": handle, "targetHandle": port}
        for a, b, handle, port in handles
    ]
    return {
        "graph_version": 1,
        "revision": 0,
        "nodes": nodes,
        "edges": edges,
        "viewport": {"x": 0, "y": 0, "zoom": 1},
    }


def run_hook() -> Measure:
    """Compare the run hook with a bare insert, request by request."""
    ours_port, bare_port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        variables = {"HPT_DATA_DIR": f"{folder}/data", "BARE_DATABASE": f"{folder}/bare.db"}
        subprocess.run(
            [sys.executable, "-m", "hyperparameter_tuning.node.cli", "db", "upgrade"],
            env={**os.environ, **variables},
            check=True,
            capture_output=True,
        )
        serve = [sys.executable, "-m", "uvicorn", "--log-level", "warning", "--port"]
        with (
            process(
                [*serve, str(ours_port), "--factory", "hyperparameter_tuning.node.app:create_app"],
                variables,
                f"http://127.0.0.1:{ours_port}/healthz",
            ),
            process(
                [*serve, str(bare_port), "benchmarks.bare_app:app"],
                variables,
                f"http://127.0.0.1:{bare_port}/readyz",
            ),
            httpx.Client(base_url=f"http://127.0.0.1:{ours_port}") as ours,
            httpx.Client(base_url=f"http://127.0.0.1:{bare_port}") as bare,
        ):
            drawn = graph("ridge_regression", "diabetes", {})
            pipeline = (
                ours.post("/pipelines", json={"name": "bench", "graph": drawn})
                .raise_for_status()
                .json()["id"]
            )
            body = {"pipeline_id": pipeline, "node_id": "tune", "concurrent": True}
            seconds: dict[str, list[float]] = {"ours": [], "bare": []}
            for _ in range(WARM_UP + REQUESTS):
                seconds["ours"].append(
                    timed(lambda: ours.post("/hyperparameter-tuning-jobs", json=body).raise_for_status())
                )
                seconds["bare"].append(timed(lambda: bare.post("/rows", json=body).raise_for_status()))
    mine, theirs = p95(seconds["ours"][WARM_UP:]), p95(seconds["bare"][WARM_UP:])
    return Measure("run hook p95", mine, theirs, mine / theirs)
