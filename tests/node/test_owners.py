"""What is somebody else's does not exist: on every route, word for word, and nothing of it changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.jobs import pipelines_repository
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.artifacts import store as store_artifact
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs import factories
from tests.node.conftest import JOBS, Headers, SignedIn, Store, answering
from tests.node.test_access import operations

ADA = Principal("lovelace")
JSON = {"Accept": "application/json"}
# Ids in these paths name what everybody may see.
OF_NOBODY = {
    "get_node",
    "validate_node",
    "resolve_node",
    "estimate_node",
    "execute_node",
    "get_model_hyperparameters",
    "get_best_params",
}
GRAPH = factories.graph()

Ask = tuple[str, str, dict[str, Any]]
# Operation to the requests that name a job or a pipeline by {id}; several where an answer has several forms.
OF_A_JOB: dict[str, list[Ask]] = {
    "get_job": [("GET", "", {}), ("GET", "?compat=1", {})],
    "describe_job": [("PATCH", "", {"json": {"name": "mine"}})],
    "delete_job": [("DELETE", "", {})],
    "cancel_job": [("POST", "/cancel", {}), ("POST", "/cancel?compat=1", {})],
    "start_job": [("POST", "/start", {})],
    "stop_job": [("POST", "/stop", {})],
    "resume_job": [("POST", "/resume", {"json": {"budget": {"max_trials": 50}}})],
    "preview_apply": [("GET", "/apply-preview", {}), ("GET", "/apply-preview?format=json-patch", {})],
    "apply_job": [("POST", "/apply", {"json": {}})],
    "revert_job": [("POST", "/revert", {"json": {}})],
    "list_trials": [
        ("GET", "/trials", {}),
        ("GET", "/trials?format=csv", {}),
        ("GET", "/trials?format=parquet", {}),
    ],
    "get_report": [("GET", "/report", {})],
    "follow_job_events": [
        ("GET", "/events?wait=0", {"headers": JSON}),
        ("GET", "/events", {"headers": {"Accept": "text/event-stream"}}),
    ],
    "create_event_ticket": [("POST", "/events/ticket", {})],
    "download_artifact": [("GET", "/artifact", {})],
    "get_artifact_document": [("GET", "/artifact/document", {})],
}
OF_A_PIPELINE: dict[str, list[Ask]] = {
    "get_pipeline": [("GET", "", {})],
    "save_pipeline": [("PUT", "", {"json": {"graph": GRAPH}, "headers": {"If-Match": "*"}})],
    "delete_pipeline": [("DELETE", "", {"headers": {"If-Match": "*"}})],
}
NODE = "/nodes/hyperparameter_tuning"
PATCH = {"patch_id": "p", "ops": []}
# Requests that name a pipeline or a job in a body or a query: {pipeline} and {job} are put in.
BY_NAME: dict[str, Ask] = {
    "run by pipeline": ("POST", JOBS, {"json": {"pipeline_id": "{pipeline}"}}),
    "run by ref": ("POST", JOBS, {"json": {"graph": {"ref": "{pipeline}", "revision": 1}}}),
    "execute": ("POST", f"{NODE}/execute", {"json": {"pipeline_id": "{pipeline}"}}),
    "execute by ref": ("POST", f"{NODE}/execute", {"json": {"graph": {"ref": "{pipeline}"}}}),
    "reuse": ("POST", f"{NODE}/execute", {"json": {"pipeline_id": "{pipeline}", "on_stale": "reuse"}}),
    "validate": ("POST", f"{NODE}/validate", {"json": {"pipeline_id": "{pipeline}"}}),
    "resolve": ("POST", f"{NODE}/resolve", {"json": {"pipeline_id": "{pipeline}"}}),
    "estimate": ("POST", f"{NODE}/estimate", {"json": {"pipeline_id": "{pipeline}"}}),
    "estimate of a job": ("POST", f"{NODE}/estimate", {"json": {"job_id": "{job}"}}),
    "patch": ("POST", "/json-patch", {"json": {"pipeline_id": "{pipeline}", "patch": PATCH}}),
}
# Requests that list: they are answered as to somebody who asks for what is not there.
LISTS: dict[str, Ask] = {
    "jobs": ("GET", JOBS, {}),
    "jobs of a pipeline": ("GET", JOBS, {"params": {"pipeline_id": "{pipeline}"}}),
    "jobs in old words": ("GET", JOBS, {"params": {"compat": 1, "pipeline_id": "{pipeline}"}}),
    "pipelines": ("GET", "/pipelines", {}),
    "best": ("GET", f"/hyperparameter-tuning/best-params/{factories.MODEL}", {}),
    "best of a pipeline": (
        "GET",
        f"/hyperparameter-tuning/best-params/{factories.MODEL}",
        {"params": {"pipeline_id": "{pipeline}"}},
    ),
    "purge": ("POST", f"{JOBS}/purge", {"json": {"older_than_days": 0}}),
    "trials as data": (
        "POST",
        f"{NODE}/validate",
        {
            "json": {
                "graph": {
                    "dataset": {"source": "trials", "job_id": "{job}"},
                    "model": {"type": "ridge_regression"},
                    "target": "score",
                }
            }
        },
    ),
}
ABSENT = {"job": "0" * 32, "pipeline": "1" * 32}


@pytest.fixture
def client(sqlite_settings: Settings) -> Iterator[httpx.Client]:
    with answering(create_app(sqlite_settings.model_copy(update={"auth": "tokens"}))) as running:
        yield running


@pytest.fixture
def bob(signed_in: SignedIn) -> Headers:
    return signed_in("bob")


@pytest.fixture
def of_ada(store: Store) -> dict[str, str]:
    """Ids of a pipeline of Ada's, of a succeeded job on it that has a model, and of a queued job."""

    async def work(db: Database) -> dict[str, str]:
        stored = await db.run(
            lambda session: pipelines_repository.create(session, GRAPH, name="Secret plans", owner_id=ADA.id)
        )
        done = await factories.succeeded(db, owner=ADA, graph_ref=stored.id, base_revision=1)
        waiting = await factories.submitted(db, owner=ADA)
        return {"pipeline": stored.id, "job": done.id, "queued": waiting.id}

    source = store.settings.data_dir / "model"
    source.write_bytes(b"abc")
    store_artifact(source, "k/m.skops", store.settings)
    found: dict[str, str] = store(work)
    return found


def content(settings: Settings) -> list[str]:
    """Everything in the store, but when a token was used last."""
    connection = sqlite3.connect(settings.data_dir / "tuning.db")
    try:
        return [line for line in connection.iterdump() if "hpt_tokens" not in line]
    finally:
        connection.close()


def filled(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, str):
        return value.format(**ids) if value in ("{job}", "{pipeline}") else value
    if isinstance(value, dict):
        return {name: filled(item, ids) for name, item in value.items()}
    return value


def answered(client: httpx.Client, headers: Headers, ask: Ask, place: str = "") -> tuple[int, str]:
    method, path, options = ask
    sent = {**options, "headers": headers | options.get("headers", {})}
    answer = client.request(method, place + path, **sent)
    return answer.status_code, answer.text


def same_words(answer: tuple[int, str], ids: dict[str, str]) -> tuple[int, str]:
    text = answer[1]
    for name, value in ids.items():
        text = text.replace(value, f"<{name}>")
    return answer[0], text


def test_every_route_with_an_id_in_its_path_is_in_a_table(client: httpx.Client) -> None:
    named = {name for name, _, path in operations(client) if "{" in path}
    assert named == OF_NOBODY | set(OF_A_JOB) | set(OF_A_PIPELINE)


@pytest.mark.parametrize("kind", ["job", "queued", "pipeline"])
def test_what_somebody_else_has_is_as_if_it_were_not_there(
    client: httpx.Client, store: Store, bob: Headers, of_ada: dict[str, str], kind: str
) -> None:
    table, root = (OF_A_PIPELINE, "/pipelines") if kind == "pipeline" else (OF_A_JOB, JOBS)
    absent = ABSENT["pipeline" if kind == "pipeline" else "job"]
    before = content(store.settings)
    for name, asks in table.items():
        for ask in asks:
            foreign = answered(client, bob, ask, f"{root}/{of_ada[kind]}")
            unknown = answered(client, bob, ask, f"{root}/{absent}")
            assert foreign[0] == 404, (name, foreign)
            assert same_words(foreign, {"id": of_ada[kind]}) == same_words(unknown, {"id": absent}), name
    assert content(store.settings) == before


@pytest.mark.parametrize(
    ("name", "status"), [*((name, 404) for name in BY_NAME), *((name, 200) for name in LISTS)]
)
def test_to_name_it_or_to_list_is_as_if_it_were_not_there(
    client: httpx.Client, store: Store, bob: Headers, of_ada: dict[str, str], name: str, status: int
) -> None:
    method, path, options = {**BY_NAME, **LISTS}[name]
    before = content(store.settings)
    foreign = answered(client, bob, (method, path, filled(options, of_ada)))
    unknown = answered(client, bob, (method, path, filled(options, ABSENT)))
    assert foreign[0] == status, foreign
    assert same_words(foreign, of_ada) == same_words(unknown, ABSENT)
    assert "Secret plans" not in foreign[1]
    assert ADA.id not in foreign[1]
    assert content(store.settings) == before


def test_its_owner_gets_all_of_it(client: httpx.Client, signed_in: SignedIn, of_ada: dict[str, str]) -> None:
    """Without this the tests above would pass where nobody gets anything."""
    ada = signed_in(ADA.id)
    for name in ("get_job", "list_trials", "get_report", "preview_apply", "create_event_ticket"):
        for ask in OF_A_JOB[name]:
            assert answered(client, ada, ask, f"{JOBS}/{of_ada['job']}")[0] in (200, 201), name
    assert (
        answered(client, ada, OF_A_PIPELINE["get_pipeline"][0], f"/pipelines/{of_ada['pipeline']}")[0] == 200
    )
    listed = client.get(JOBS, headers=ada).json()["items"]
    assert {item["id"] for item in listed} == {of_ada["job"], of_ada["queued"]}


def test_a_graph_under_the_same_name_stands_in_nobodys_way(
    client: httpx.Client, store: Store, signed_in: SignedIn, of_ada: dict[str, str]
) -> None:
    body = {
        "dataset_source_id": "breast_cancer",
        "pipeline_id": of_ada["pipeline"],
        "node_id": "tune",
        "model_types": ["logistic_regression"],
        "search_strategy": "random",
        "search_space": {"C": [0.1, 1, 10]},
        "n_iterations": 3,
        "graph": {"nodes": [], "edges": []},
    }
    sent = client.post(JOBS, json=body, headers=signed_in("bob"))
    assert sent.status_code == 202, sent.text
    deleted = client.delete(f"/pipelines/{of_ada['pipeline']}", headers=signed_in(ADA.id) | {"If-Match": "*"})
    assert deleted.status_code == 204, deleted.text
