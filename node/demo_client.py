"""An editor in a hundred lines: what the demo does to the API, and nothing that only we could do.

Starting the API is in `node.commands.demo`.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx

from hyperparameter_tuning.registry.node_kinds import TUNING_KIND
from hyperparameter_tuning.shared.errors import TuningError

JOBS = "/hyperparameter-tuning-jobs"
READY_SECONDS = 60.0
ENDS = frozenset({"job.succeeded", "job.failed", "job.cancelled"})
SETTLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class DemoStory:
    """What happened, in numbers.

    Attributes:
        pipeline_id: The stored pipeline.
        job_id: The run.
        label: What people see on the model node.
        before: Its parameters before.
        after: And after.
        defaults: What the model uses where a parameter is not set.
        metric: What was optimised.
        direction: ``maximize`` or ``minimize``.
        baseline: Score of trial 0, the parameters before.
        score: Score of the best candidate.
        n_trials: Complete candidates.
        graph_path: Where the pipeline was saved.
        model_path: Where the tuned model was saved.
        sha256: Its hash.
    """

    pipeline_id: str
    job_id: str
    label: str
    before: dict[str, Any]
    after: dict[str, Any]
    defaults: dict[str, Any]
    metric: str
    direction: str
    baseline: float | None
    score: float
    n_trials: int
    graph_path: Path
    model_path: Path
    sha256: str

    def shown_parameters(self) -> list[str]:
        """Return the parameters worth a line: not those that were unset and got the library's default."""
        names = dict.fromkeys((*self.before, *self.after))
        return [name for name in names if name in self.before or self.after[name] != self.defaults.get(name)]

    def document(self) -> dict[str, Any]:
        """Return the story as JSON values."""
        return {**asdict(self), "graph_path": str(self.graph_path), "model_path": str(self.model_path)}


class DemoClient:
    """Talks to the API as any editor would.

    Args:
        url: Of the API.
        say: Receives a sentence whenever something happened.
    """

    def __init__(self, url: str, say: Callable[[str], None]) -> None:
        self.url = url
        self._say = say
        self._http = httpx.Client(base_url=url, timeout=30.0)

    def __enter__(self) -> "DemoClient":
        """Begin to talk."""
        return self

    def __exit__(self, *details: object) -> None:
        """Close the connections."""
        self._http.close()

    def tell(self, graph: Mapping[str, Any], folder: Path) -> DemoStory:
        """Store *graph*, run its tuning node, apply the result, and check everything that was promised.

        Args:
            graph: A pipeline with one tuning node that feeds one model node.
            folder: Where pipeline and tuned model are saved.

        Raises:
            TuningError: something did not come out as promised; the sentence says what.
        """
        self._wait_until_ready()
        tune = next(node["id"] for node in graph["nodes"] if node["type"] == TUNING_KIND)
        model = next(edge["target"] for edge in graph["edges"] if edge.get("sourceHandle") == "best_params")
        pipeline = self._ask("POST", "/pipelines", json={"name": "Demo", "graph": graph})["id"]
        self._say(f"Stored the pipeline ({len(graph['nodes'])} nodes) with POST /pipelines")
        job = self._ask("POST", JOBS, json={"pipeline_id": pipeline, "node_id": tune})
        self._say(f"Ran its tuning node with POST {JOBS}: {job['strategy']}, {job['metric']}")
        self._follow(job["id"])
        job = self._succeeded(job["id"])
        before = self._params(pipeline, model)
        self._ask("POST", f"{JOBS}/{job['id']}/apply", json={})
        self._say("Applied the best parameters to the model node")
        saved = self._ask("GET", f"/pipelines/{pipeline}")["graph"]
        after = _node(saved, model)["data"]["config"].get("params", {})
        _check(job, tune, saved, after)
        return DemoStory(
            pipeline_id=pipeline,
            job_id=job["id"],
            label=_node(graph, model)["data"].get("label", model),
            before=before,
            after=after,
            defaults=self._ask("GET", f"/model-hyperparameters/{job['model_type']}")["defaults"],
            metric=job["metric"],
            direction=job["direction"],
            baseline=(job["baseline"] or {}).get("score"),
            score=job["best"]["score"],
            n_trials=job["counts"]["complete"],
            graph_path=_saved_graph(saved, folder),
            model_path=self._saved_model(job, folder),
            sha256=job["artifact"]["sha256"],
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        seen = "it does not answer"
        while time.monotonic() < deadline:
            try:
                answer = self._http.get("/readyz")
                if answer.status_code == 200:
                    return
                checks = answer.json().get("checks", {})
                seen = " ".join(check["message"] for check in checks.values() if not check["ok"])
            except httpx.TransportError:
                seen = "it does not answer"
            time.sleep(0.1)
        raise TuningError(f"The API was not ready within {READY_SECONDS:g} s: {seen}")

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http.request(method, path, **options)
        if answer.is_error:
            problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
            detail = problem.get("detail", answer.reason_phrase)
            raise TuningError(f"{method} {path} was answered with {answer.status_code}: {detail}")
        return answer.json()

    def _follow(self, job_id: str) -> None:
        """Follow the run's events from the first to its end, over as many connections as it takes."""
        last, ended = 0, False
        while not ended:
            headers = {"Accept": "text/event-stream", "Last-Event-ID": str(last)}
            try:
                with self._http.stream("GET", f"{JOBS}/{job_id}/events", headers=headers) as answer:
                    if answer.status_code == 204:
                        return
                    for number, event in _events(answer.iter_lines()):
                        last = number
                        self._tell_event(event)
                        ended = ended or event["type"] in ENDS
            except httpx.TransportError:
                # The stream breaks when the API is restarted; it goes on at the next event.
                time.sleep(0.5)

    def _tell_event(self, event: Mapping[str, Any]) -> None:
        data = event["data"]
        if event["type"] == "search.started":
            candidates = data.get("candidates") or "an open number of"
            self._say(f"A worker searches {candidates} candidates")
        elif event["type"] == "best.updated":
            self._say(f"  trial {data['trial']}: {data['score']:.5g}, the best so far")

    def _succeeded(self, job_id: str) -> dict[str, Any]:
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            job: dict[str, Any] = self._ask("GET", f"{JOBS}/{job_id}")
            if job["status"] != "succeeded":
                why = (job["error"] or {}).get("message", "no reason was given")
                raise TuningError(f"The run ended as {job['status']}: {why}")
            if all(patch["state"] != "pending" for patch in job["write_backs"]):
                return job
            time.sleep(0.1)
        raise TuningError("The result was not written onto the pipeline in time.")

    def _params(self, pipeline: str, node_id: str) -> dict[str, Any]:
        graph = self._ask("GET", f"/pipelines/{pipeline}")["graph"]
        params: dict[str, Any] = _node(graph, node_id)["data"]["config"].get("params", {})
        return params

    def _saved_model(self, job: Mapping[str, Any], folder: Path) -> Path:
        """Download the tuned model, compare its hash, and load it as any user of it would."""
        import skops.io

        from hyperparameter_tuning.shared.artifact_types import ALLOWED_TYPES

        answer = self._http.get(f"{JOBS}/{job['id']}/artifact")
        if answer.is_error or hashlib.sha256(answer.content).hexdigest() != job["artifact"]["sha256"]:
            raise TuningError("The tuned model that was downloaded is not the one that was stored.")
        path = folder / "tuned_model.skops"
        path.write_bytes(answer.content)
        model = skops.io.load(path, trusted=list(ALLOWED_TYPES))
        held = model.get_params()
        wrong = [name for name, value in job["best"]["params"].items() if held.get(f"model__{name}") != value]
        if wrong:
            raise TuningError(
                f"The tuned model does not hold the best parameters: {', '.join(wrong)} differ."
            )
        return path


def _events(lines: Iterator[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Read server-sent events (HTML Living Standard, 9.2.6): number and document of each."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        else:
            if "data" in fields:
                yield int(fields["id"]), json.loads(fields["data"])
            fields = {}


def _node(graph: Mapping[str, Any], node_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(node for node in graph["nodes"] if node["id"] == node_id)
    return found


def _check(job: Mapping[str, Any], tune: str, graph: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    best = job["best"]["params"]
    # What the node leaves out is the model's default: a trial of the defaults need not write them all.
    wrong = [name for name, value in best.items() if after.get(name, value) != value]
    if wrong:
        raise TuningError(f"The model node did not get the best parameters: {', '.join(wrong)} differ.")
    result = _node(graph, tune)["data"].get("result") or {}
    if result.get("best_params") != best:
        raise TuningError("The tuning node did not get the result.")


def _saved_graph(graph: Mapping[str, Any], folder: Path) -> Path:
    path = folder / "pipeline.json"
    path.write_text(json.dumps(graph, indent=2, ensure_ascii=False) + "\n")
    return path
