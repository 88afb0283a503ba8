"""Who is let in: tokens on every route, tickets on event streams, and what stays open."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from hyperparameter_tuning.node.app import create_app
from hyperparameter_tuning.shared.host import Principal
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs import factories
from tests.node.conftest import JOBS, SignedIn, Store, answering
from tests.node.test_bad_input import assert_problem

OPEN = {"get_health", "get_metrics", "get_readiness"}
OPEN_PAGES = ("/", "/docs", "/openapi.json", "/favicon.svg", "/docs/assets/swagger-ui.css")


@pytest.fixture
def guarded(sqlite_settings: Settings) -> Settings:
    return sqlite_settings.model_copy(update={"auth": "tokens"})


@pytest.fixture
def client(guarded: Settings) -> Iterator[httpx.Client]:
    with answering(create_app(guarded)) as running:
        yield running


def operations(client: httpx.Client) -> Iterator[tuple[str, str, str]]:
    """Return (operation id, method, path) of everything in the OpenAPI document."""
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            yield operation["operationId"], method.upper(), path


class TestWithoutAToken:
    def test_every_operation_says_to_sign_in_before_it_reads_anything(self, client: httpx.Client) -> None:
        for name, method, path in operations(client):
            place = re.sub(r"\{\w+\}", "x", path)
            for options in ({}, {"content": b"{", "headers": {"Content-Type": "application/json"}}):
                answer = client.request(method, place, **options)
                if name in OPEN:
                    assert answer.status_code in (200, 503), name
                    continue
                assert_problem(answer, 401, "not_signed_in")
                assert answer.headers["WWW-Authenticate"] == "Bearer", name

    def test_a_wrong_one_is_told_apart(self, client: httpx.Client) -> None:
        answer = client.get(JOBS, headers={"Authorization": "Bearer hpt_nobody"})
        assert_problem(answer, 401, "invalid_token")

    @pytest.mark.parametrize("page", OPEN_PAGES)
    def test_pages_are_for_everybody(self, client: httpx.Client, page: str) -> None:
        assert client.get(page).status_code == 200

    def test_readiness_tells_no_details(self, client: httpx.Client, signed_in: SignedIn) -> None:
        told = client.get("/readyz").json()
        assert told["status"] == "not_ready"
        assert {tuple(check) for check in told["checks"].values()} == {("ok",)}
        more = client.get("/readyz", headers=signed_in("ada")).json()
        assert "keeper" in more["checks"]["keeper"]["message"]

    def test_the_description_offers_to_sign_in(self, client: httpx.Client) -> None:
        document = client.get("/openapi.json").json()
        assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
        assert document["paths"][JOBS]["get"]["security"] == [{"HTTPBearer": []}]
        assert "security" not in document["paths"]["/healthz"]["get"]

    def test_no_other_origin_is_named(self, client: httpx.Client, signed_in: SignedIn) -> None:
        origin = {"Origin": "https://other.example"}
        asked = {**origin, "Access-Control-Request-Method": "GET"}
        for answer in (
            client.get(JOBS, headers=signed_in("ada") | origin),
            client.get(JOBS, headers=origin),
            client.options(JOBS, headers=asked),
        ):
            assert [name for name in answer.headers if name.startswith("access-control-")] == []

    def test_a_named_origin_may_send_a_token_and_no_cookie(self, guarded: Settings) -> None:
        origin = "https://editor.example"
        named = guarded.model_copy(update={"cors_origins": (origin,)})
        with answering(create_app(named)) as client:
            asked = {
                "Origin": origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type",
            }
            answer = client.options(JOBS, headers=asked)
            assert answer.headers["access-control-allow-origin"] == origin
            assert "authorization" in answer.headers["access-control-allow-headers"].lower()
            assert "access-control-allow-credentials" not in answer.headers
            # Whose token is missing must be able to read that.
            assert (
                client.get(JOBS, headers={"Origin": origin}).headers["access-control-allow-origin"] == origin
            )


class TestWithAToken:
    def test_what_somebody_makes_is_theirs(
        self, client: httpx.Client, signed_in: SignedIn, graph: dict[str, Any]
    ) -> None:
        ada, bob = signed_in("ada"), signed_in("bob")
        made = client.post("/pipelines", json={"name": "Diabetes", "graph": graph}, headers=ada)
        assert made.status_code == 201
        asked = {"pipeline_id": made.json()["id"]}
        job = client.post(JOBS, json=asked, headers=ada)
        assert job.status_code == 202, job.text
        assert [item["id"] for item in client.get(JOBS, headers=ada).json()["items"]] == [job.json()["id"]]
        assert client.get(JOBS, headers=bob).json()["items"] == []
        assert client.get("/pipelines", headers=bob).json()["items"] == []
        # Another token of the same person is the same person.
        assert client.get(f"{JOBS}/{job.json()['id']}", headers=signed_in("ada")).status_code == 200

    def test_a_full_queue_says_when_to_come_again(
        self, guarded: Settings, signed_in: SignedIn, graph: dict[str, Any]
    ) -> None:
        ada = signed_in("ada")
        with answering(create_app(guarded.model_copy(update={"max_queued_per_owner": 1}))) as client:
            first = {"graph": graph, "run_id": "first"}
            assert client.post(JOBS, json=first, headers=ada).status_code == 202
            refused = client.post(JOBS, json={"graph": graph}, headers=ada)
            assert_problem(refused, 429, "too_many_queued")
            assert (refused.json()["queued"], refused.json()["limit"]) == (1, 1)
            assert int(refused.headers["Retry-After"]) > 0
            executed = {"graph": graph, "config": {"execution": {"seed": 7}}}
            answer = client.post("/nodes/hyperparameter_tuning/execute", json=executed, headers=ada)
            assert_problem(answer, 429, "too_many_queued")
            assert client.post(JOBS, json=first, headers=ada).status_code == 202
            assert client.post(JOBS, json={"graph": graph}, headers=signed_in("bob")).status_code == 202


class TestTickets:
    def job_of(self, store: Store, owner: str) -> str:
        job = store(lambda db: factories.submitted(db, owner=Principal(owner)))
        return str(job.id)

    def test_a_ticket_opens_the_stream_once(
        self, client: httpx.Client, signed_in: SignedIn, store: Store
    ) -> None:
        ada, job_id = signed_in("ada"), self.job_of(store, "ada")
        given = client.post(f"{JOBS}/{job_id}/events/ticket", headers=ada)
        assert given.status_code == 201
        assert given.headers["Cache-Control"] == "no-store"
        document = given.json()
        assert document["expires_in"] == 30
        place = {"ticket": document["ticket"]}
        with client.stream(
            "GET", f"{JOBS}/{job_id}/events", params=place, headers={"Accept": "text/event-stream"}
        ) as stream:
            assert stream.status_code == 200
            assert "job.queued" in next(line for line in stream.iter_lines() if line.startswith("event"))
        assert_problem(client.get(f"{JOBS}/{job_id}/events", params=place), 401, "invalid_ticket")

    def test_it_opens_no_other_job_and_is_none_for_jobs_of_others(
        self, client: httpx.Client, signed_in: SignedIn, store: Store
    ) -> None:
        ada, first, second = signed_in("ada"), self.job_of(store, "ada"), self.job_of(store, "ada")
        ticket = client.post(f"{JOBS}/{first}/events/ticket", headers=ada).json()["ticket"]
        place = {"ticket": ticket, "wait": 0}
        assert_problem(client.get(f"{JOBS}/{second}/events", params=place), 401, "invalid_ticket")
        assert client.get(
            f"{JOBS}/{first}/events", params=place, headers={"Accept": "application/json"}
        ).json()["items"]
        # Being signed in makes no bad ticket a good one.
        assert_problem(client.get(f"{JOBS}/{first}/events", params=place, headers=ada), 401, "invalid_ticket")
        refused = client.post(f"{JOBS}/{first}/events/ticket", headers=signed_in("bob"))
        assert_problem(refused, 404, "not_found")

    def test_it_is_good_at_every_api_process(
        self, guarded: Settings, client: httpx.Client, signed_in: SignedIn, store: Store
    ) -> None:
        ada, job_id = signed_in("ada"), self.job_of(store, "ada")
        ticket = client.post(f"{JOBS}/{job_id}/events/ticket", headers=ada).json()["ticket"]
        with answering(create_app(guarded)) as other:
            answer = other.get(
                f"{JOBS}/{job_id}/events",
                params={"ticket": ticket, "wait": 0},
                headers={"Accept": "application/json"},
            )
            assert answer.status_code == 200

    def test_a_stream_needs_a_ticket_or_a_token(
        self, client: httpx.Client, signed_in: SignedIn, store: Store
    ) -> None:
        ada, job_id = signed_in("ada"), self.job_of(store, "ada")
        assert_problem(client.get(f"{JOBS}/{job_id}/events"), 401, "not_signed_in")
        began = time.monotonic()
        answer = client.get(
            f"{JOBS}/{job_id}/events", params={"wait": 0}, headers=ada | {"Accept": "application/json"}
        )
        assert answer.status_code == 200
        assert time.monotonic() - began < 20
