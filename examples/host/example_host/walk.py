"""What a newcomer would do: sign in, run the tuning node, apply its result, undo that, and be refused."""

import json
import time
from typing import Any

import httpx

from example_host.seed import BOARD, PASSWORDS

JOBS = "/tuning/hyperparameter-tuning-jobs"


class UnexpectedError(Exception):
    """An answer that the walk did not expect."""


def walk(url: str) -> None:
    """Walk through a running editor at *url* and print every step.

    Raises:
        UnexpectedError: the editor answered otherwise than it should.
    """
    with httpx.Client(base_url=url, timeout=60) as client:
        _sign_in(client, "ada")
        print(f"ada signs in; the learner on board '{BOARD}' has {_learner(client)}")
        job = _run(client)
        best = job["best"]
        print(f"the job {job['status']}: {job['metric']} {best['score']:.4f} with {best['params']}")
        print(f"the board still has {_learner(client)}: the result is proposed")
        _expect(client.post(f"{JOBS}/{job['id']}/apply"), 200)
        print(f"applied: the learner has {_learner(client)}")
        _expect(client.post(f"{JOBS}/{job['id']}/revert"), 200)
        print(f"undone: the learner has {_learner(client)}")
    with httpx.Client(base_url=url, timeout=60) as client:
        _sign_in(client, "ben")
        answer = _expect(client.post(JOBS, json={"pipeline_id": BOARD, "node_id": "tune"}), 403)
        print(f"ben, who may view the board, tries to run it: {answer['detail']}")


def _sign_in(client: httpx.Client, name: str) -> None:
    _expect(client.post("/login", json={"name": name, "password": PASSWORDS[name]}), 200)


def _run(client: httpx.Client) -> dict[str, Any]:
    job: dict[str, Any] = _expect(client.post(JOBS, json={"pipeline_id": BOARD, "node_id": "tune"}), 202)
    while job["status"] not in ("succeeded", "failed", "cancelled"):
        time.sleep(0.2)
        job = _expect(client.get(f"{JOBS}/{job['id']}"), 200)
    if job["status"] != "succeeded":
        raise UnexpectedError(f"the job {job['status']}: {job}")
    return job


def _learner(client: httpx.Client) -> str:
    board = _expect(client.get(f"/boards/{BOARD}"), 200)
    data = next(node["data"] for node in board["graph"]["nodes"] if node["id"] == "tree")
    return json.dumps({"algo": data["algo"], "params": {"hyper": data["params"]["hyper"]}})


def _expect(answer: httpx.Response, status: int) -> Any:
    if answer.status_code != status:
        asked = f"{answer.request.method} {answer.request.url}"
        raise UnexpectedError(f"{asked} answered {answer.status_code}: {answer.text}")
    return answer.json()
