"""What Prometheus reads: true across processes where the store says it, of this process where it cannot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families

from hyperparameter_tuning.jobs import claims, figures, service
from hyperparameter_tuning.jobs.database import Database
from hyperparameter_tuning.jobs.figures import Gauge
from hyperparameter_tuning.jobs.records import JobFilter
from hyperparameter_tuning.jobs.status import MOVES
from hyperparameter_tuning.node.app import create_app, install
from hyperparameter_tuning.node.metrics_text import TOTALS, metrics_text
from hyperparameter_tuning.node.request_figures import BOUNDS, Answered, RequestFigures
from hyperparameter_tuning.node.services import STATE_KEY, open_services
from hyperparameter_tuning.shared.settings import Settings
from tests.jobs import factories
from tests.node.conftest import JOBS, Store, answering

Values = dict[tuple[str, frozenset[tuple[str, str]]], float]
STRANGER = ("203.0.113.9", 4711)


@pytest.fixture(autouse=True)
def always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "FRESH_SECONDS", 0.0)


def parsed(text: str) -> Values:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def scraped(client: httpx.Client, **headers: str) -> Callable[..., float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    values = parsed(answer.text)
    return lambda name, **labels: values[(name, frozenset(labels.items()))]


class TestFiguresOfTheStore:
    def test_follow_a_job_from_the_queue_to_its_end(self, store: Store, client: httpx.Client) -> None:
        assert scraped(client)("hpt_jobs", state="queued") == 0
        job = store(lambda db: factories.submitted(db))
        queued = scraped(client)
        assert (queued("hpt_jobs", state="queued"), queued("hpt_queue_jobs")) == (1, 1)
        assert (queued("hpt_queue_unsent"), queued("hpt_jobs_submitted_total")) == (1, 1)

        async def work(db: Database) -> None:
            claimed = await factories.claim(db, job.id)
            await factories.told(db, claimed, *factories.whole_trial(0), *factories.whole_trial(1))
            await db.run(lambda s: claims.give_back(s, claimed.id, claimed.lease_token or ""))
            await factories.claim(db, job.id)
            await db.run(lambda s: service.request_cancel(s, job.id))

        store(work)
        after = scraped(client)
        assert (after("hpt_jobs", state="cancelling"), after("hpt_queue_jobs")) == (1, 0)
        assert after("hpt_job_claims_total") == 2
        assert after("hpt_job_retries_total", reason="worker_shutdown") == 1
        assert after("hpt_units_finished_total") == 2

    def test_say_how_long_the_oldest_job_waits(self, store: Store, client: httpx.Client) -> None:
        assert scraped(client)("hpt_queue_oldest_seconds") == 0
        store(lambda db: factories.submitted(db))
        time.sleep(0.3)
        assert 0.25 < scraped(client)("hpt_queue_oldest_seconds") < 60

    def test_a_job_that_is_only_stored_waits_for_nobody(self, store: Store, client: httpx.Client) -> None:
        store(lambda db: factories.submitted(db, held=True))
        found = scraped(client)
        assert (found("hpt_jobs", state="queued"), found("hpt_queue_jobs")) == (1, 0)

    def test_count_silent_workers(self, store: Store, client: httpx.Client) -> None:
        from hyperparameter_tuning.jobs.reconciliation import expire_leases
        from tests.jobs.test_keeping import aged

        async def fall_silent(db: Database) -> None:
            job = await factories.claimed(db)
            await aged(db, job.id, lease_until=1)
            assert await expire_leases(db) == 1

        store(fall_silent)
        found = scraped(client)
        assert found("hpt_lease_expiries_total", outcome="requeued") == 1
        assert found("hpt_job_retries_total", reason="lease_expired") == 1

    def test_count_conflicts_of_write_backs(self, store: Store, client: httpx.Client) -> None:
        async def conflict(db: Database) -> None:
            from hyperparameter_tuning.jobs.patches_delivered import change

            job = await factories.succeeded(db)
            (patch, *_) = await db.run(lambda s: service.write_backs(s, job.id), write=False)
            await db.run(lambda s: change(s, patch, (patch.state,), "conflict", {"reason": "test"}))

        store(conflict)
        found = scraped(client)
        assert found("hpt_write_back_moves_total", state="conflict") == 1
        assert found("hpt_write_backs", state="conflict") == 1
        assert found("hpt_jobs_ended_total", state="succeeded") == 1

    def test_do_not_fall_when_jobs_are_deleted(self, store: Store, client: httpx.Client) -> None:
        job = store.succeeded()
        before = scraped(client)
        store(lambda db: db.run(lambda s: service.purge(s, JobFilter(job_ids=(job.id,)))))
        after = scraped(client)
        assert after("hpt_jobs", state="succeeded") == 0
        for name in ("hpt_jobs_submitted_total", "hpt_job_claims_total", "hpt_units_finished_total"):
            assert after(name) == before(name) > 0

    def test_are_the_same_at_every_process(self, store: Store, client: httpx.Client) -> None:
        store.succeeded()
        with answering(create_app(store.settings)) as other:
            assert scraped(other)("hpt_job_claims_total") == scraped(client)("hpt_job_claims_total") == 1

    def test_are_looked_up_once_for_many_who_ask(
        self, store: Store, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(figures, "FRESH_SECONDS", 60.0)
        before = scraped(client)("hpt_jobs_submitted_total")
        store(lambda db: factories.submitted(db))
        assert scraped(client)("hpt_jobs_submitted_total") == before

    async def test_are_left_out_while_the_store_is_away(self, tmp_path: Any) -> None:
        away = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://x@127.0.0.1:1/x")
        database = Database(away)
        found = parsed(metrics_text(await Gauge(database).read(), RequestFigures(), 3).decode())
        await database.close()
        assert found[("hpt_store_up", frozenset())] == 0
        assert found[("hpt_event_clients", frozenset())] == 3
        assert not [name for name, _ in found if name.startswith("hpt_jobs")]

    def test_name_nobody_and_nothing(self, store: Store, client: httpx.Client) -> None:
        job = store.succeeded(graph_ref="secret-pipeline")
        text = client.get("/metrics").text
        assert not [word for word in (job.id, "secret-pipeline", job.owner.id, "worker-1") if word in text]


class TestTotals:
    def test_every_move_that_ends_or_repeats_a_job_is_counted(self) -> None:
        counted = {name for total in TOTALS for names in total.tallies.values() for name in names}
        told = {
            f"move.{name}"
            for name, move in MOVES.items()
            if move.target.is_terminal or move.event in ("job.running", "job.requeued")
        }
        assert told <= counted


class TestFiguresOfTheKeeper:
    def test_say_whether_one_acts_and_that_it_goes_round(self, store: Store, client: httpx.Client) -> None:
        from hyperparameter_tuning.jobs.keeper import Keeper
        from hyperparameter_tuning.jobs.reference_host import create_host
        from tests.jobs.test_keeping import Mailbox

        assert scraped(client)("hpt_keeper_lease_seconds") == 0

        async def keep(db: Database) -> None:
            host = create_host(db.settings)
            keeper = Keeper(db.settings, db, host, Mailbox())
            for _ in range(3):
                await keeper.tick()
            await host.close()

        store(keep)
        found = scraped(client)
        assert 0 < found("hpt_keeper_lease_seconds") <= 15
        # The round under way is counted with the next renewal of the lease.
        assert found("hpt_keeper_rounds_total") == 2


class TestFiguresOfTheProcess:
    def test_count_requests_by_route_and_status(self, client: httpx.Client) -> None:
        for unknown in ("a", "b"):
            assert client.get(f"{JOBS}/{unknown}").status_code == 404
        found = scraped(client)
        labels = {"method": "GET", "route": f"{JOBS}/{{job_id}}", "status": "404"}
        assert found("hpt_http_request_seconds_count", **labels) == 2
        assert found("hpt_http_request_seconds_bucket", le="+Inf", **labels) == 2
        assert found("hpt_http_request_seconds_sum", **labels) > 0

    def test_put_each_duration_into_its_bucket(self) -> None:
        requests, answered = RequestFigures(), Answered("GET", "/x", 200)
        for seconds in (0.001, 0.3, 99.0):
            requests.count(answered, seconds)
        assert dict(requests.answers[answered].cumulated())[BOUNDS[0]] == 1
        assert dict(requests.answers[answered].cumulated())[0.5] == 2
        assert dict(requests.answers[answered].cumulated())[float("inf")] == 3
        assert requests.answers[answered].total == pytest.approx(99.301)

    def test_count_who_follows_events(self, store: Store, client: httpx.Client) -> None:
        job = store(lambda db: factories.submitted(db))
        assert scraped(client)("hpt_event_clients") == 0
        ready, done = threading.Event(), threading.Event()

        def follow() -> None:
            url = f"{client.base_url}{JOBS}/{job.id}/events"
            with httpx.stream("GET", url, headers={"Accept": "text/event-stream"}, timeout=30) as answer:
                for line in answer.iter_lines():
                    if line.startswith("id:"):
                        ready.set()
                        done.wait(30)
                        return

        reader = threading.Thread(target=follow)
        reader.start()
        assert ready.wait(20)
        assert scraped(client)("hpt_event_clients") == 1
        done.set()
        reader.join()

    def test_tell_of_the_process_itself(self, client: httpx.Client) -> None:
        assert scraped(client)("process_resident_memory_bytes") > 1_000_000


class TestAccess:
    @pytest.fixture
    def token_client(self, store: Store) -> Iterator[httpx.Client]:
        settings = Settings(**{**store.settings.model_dump(exclude={"database"}), "metrics_token": "s3cret"})
        with answering(create_app(settings)) as running:
            yield running

    def test_the_token_opens(self, token_client: httpx.Client) -> None:
        assert scraped(token_client, Authorization="Bearer s3cret")("hpt_store_up") == 1

    @pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic s3cret", "Bearer", "s3cret", "Bearer é"])
    def test_nothing_else_does(self, token_client: httpx.Client, header: str | None) -> None:
        headers = {} if header is None else {"Authorization": header.encode("latin-1")}
        answer = token_client.get("/metrics", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "hpt_" not in answer.text

    @pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via"])
    def test_without_a_token_a_proxy_gets_nothing(self, client: httpx.Client, name: str) -> None:
        answer = client.get("/metrics", headers={name: "203.0.113.9"})
        assert (answer.status_code, answer.json()["code"]) == (403, "metrics_not_allowed")
        assert "HPT_METRICS_TOKEN" in answer.json()["detail"]

    async def test_without_a_token_other_machines_get_nothing(self, store: Store) -> None:
        app = create_app(store.settings)
        async with open_services(store.settings) as services:

            async def opened(scope: Any, receive: Any, send: Any) -> None:
                await app({**scope, "state": {STATE_KEY: services}}, receive, send)

            for client, status in ((STRANGER, 403), (("127.0.0.1", 4711), 200)):
                transport = httpx.ASGITransport(opened, client=client)
                async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as asking:
                    assert (await asking.get("/metrics")).status_code == status

    def test_below_a_prefix_they_are_there_as_well(self, store: Store) -> None:
        app = FastAPI()
        install(app, settings=store.settings, prefix="/tuning")
        with answering(app) as mounted:
            mounted.get("/tuning/healthz")
            text = mounted.get("/tuning/metrics").text
        # Routes are called as the contract calls them, wherever they are mounted.
        assert 'route="/healthz"' in text
