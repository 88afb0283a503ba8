"""Following a job: every event once and in order, over as many connections as it takes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema

from hyperparameter_tuning.jobs import finishing, write_back
from hyperparameter_tuning.jobs.reference_host import create_host
from hyperparameter_tuning.registry.schema_export import export_schema
from tests.jobs import factories
from tests.node.conftest import JOBS, Store
from tests.node.test_bad_input import assert_problem

STREAM = {"Accept": "text/event-stream"}
DOCUMENT = {"Accept": "application/json"}


def messages(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """The messages of a stream as a browser would see them, comments left out."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        else:
            if "data" in fields:
                yield fields
            fields = {}


def running(store: Store) -> Any:
    return store(factories.claimed)


def succeed(store: Store, job: Any) -> None:
    async def work(db: Any) -> None:
        await factories.told(db, job, *factories.whole_trial(0, 0.5, "baseline", max_depth=1))
        outcome = factories.outcome(0, 0.5, max_depth=1)
        await db.run(lambda session: finishing.succeed(session, job.id, job.lease_token, outcome))
        host = create_host(store.settings)
        await write_back.deliver(db, host, job.id)
        await host.close()

    store(work)


class TestStream:
    def test_it_tells_every_event_with_its_number_and_ends_with_the_job(
        self, client: httpx.Client, store: Store
    ) -> None:
        job = running(store)
        succeed(store, job)
        with client.stream("GET", f"{JOBS}/{job.id}/events", headers=STREAM) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            assert answer.headers["HPT-Contract-Version"]
            told = list(messages(answer.iter_lines()))
        assert [int(message["id"]) for message in told] == list(range(1, len(told) + 1))
        documents = [json.loads(message["data"]) for message in told]
        assert [document["type"] for document in documents] == [message["event"] for message in told]
        assert "job.succeeded" in {document["type"] for document in documents}
        for document in documents:
            jsonschema.validate(document, export_schema("event", "2020-12"))

    def test_the_first_line_asks_browsers_to_reconnect_after_two_seconds(
        self, client: httpx.Client, store: Store
    ) -> None:
        job = running(store)
        with client.stream("GET", f"{JOBS}/{job.id}/events", headers=STREAM) as answer:
            head = [line for line, _ in zip(answer.iter_lines(), range(2), strict=False)]
        assert "retry: 2000" in head

    def test_a_reader_that_comes_again_misses_nothing_and_hears_nothing_twice(
        self, client: httpx.Client, store: Store
    ) -> None:
        job = running(store)
        path = f"{JOBS}/{job.id}/events"
        with client.stream("GET", path, headers=STREAM) as answer:
            first = next(messages(answer.iter_lines()))
        writer = threading.Thread(target=self.write, args=(store, job))
        writer.start()
        numbers = [int(first["id"])]
        # Three events a connection: each one is left in the middle of what is being written.
        while True:
            headers = {**STREAM, "Last-Event-ID": str(numbers[-1])}
            with client.stream("GET", path, headers=headers) as answer:
                if answer.status_code == 204:
                    break
                numbers += [
                    int(message["id"])
                    for message, _ in zip(messages(answer.iter_lines()), range(3), strict=False)
                ]
        writer.join()
        last = client.get(f"{JOBS}/{job.id}").json()["last_seq"]
        assert numbers == list(range(1, last + 1))

    def write(self, store: Store, job: Any) -> None:
        for number in range(1, 6):
            store(lambda db, number=number: factories.told(db, job, *factories.whole_trial(number, 0.1)))
        succeed(store, job)

    def test_events_arrive_while_the_job_runs(self, client: httpx.Client, store: Store) -> None:
        job = running(store)
        with client.stream("GET", f"{JOBS}/{job.id}/events?after=2", headers=STREAM) as answer:
            begun = time.monotonic()
            store(lambda db: factories.told(db, job, *factories.whole_trial(3, 0.4)))
            assert next(messages(answer.iter_lines()))["event"] == "trial.started"
        assert time.monotonic() - begun < 10

    def test_who_has_heard_the_end_is_told_to_stop_asking(self, client: httpx.Client, store: Store) -> None:
        job = running(store)
        succeed(store, job)
        last = client.get(f"{JOBS}/{job.id}").json()["last_seq"]
        headers = {**STREAM, "Last-Event-ID": str(last)}
        assert client.get(f"{JOBS}/{job.id}/events", headers=headers).status_code == 204


class TestLongPoll:
    def test_it_gives_the_same_documents(self, client: httpx.Client, store: Store) -> None:
        job = running(store)
        succeed(store, job)
        page = client.get(f"{JOBS}/{job.id}/events?after=0", headers=DOCUMENT).json()
        assert [event["seq"] for event in page["items"]] == list(range(1, page["next_after"] + 1))
        assert page["terminal"]
        with client.stream("GET", f"{JOBS}/{job.id}/events", headers=STREAM) as answer:
            streamed = [json.loads(message["data"]) for message in messages(answer.iter_lines())]
        assert streamed == page["items"]

    def test_it_waits_for_the_next_event(self, client: httpx.Client, store: Store) -> None:
        job = running(store)
        seen = client.get(f"{JOBS}/{job.id}/events?after=0", headers=DOCUMENT).json()["next_after"]
        writer = threading.Timer(
            0.3, store, args=(lambda db: factories.told(db, job, *factories.whole_trial(1, 0.4)),)
        )
        writer.start()
        page = client.get(f"{JOBS}/{job.id}/events?after={seen}&wait=20", headers=DOCUMENT).json()
        writer.join()
        assert page["items"][0]["seq"] == seen + 1
        assert not page["terminal"]

    def test_it_gives_up_after_its_time(self, client: httpx.Client, store: Store) -> None:
        job = running(store)
        page = client.get(f"{JOBS}/{job.id}/events?after=99&wait=0.1", headers=DOCUMENT).json()
        assert (page["items"], page["next_after"]) == ([], 99)

    def test_another_form_is_refused(self, client: httpx.Client, store: Store) -> None:
        job = running(store)
        answer = client.get(f"{JOBS}/{job.id}/events", headers={"Accept": "image/png"})
        assert_problem(answer, 406, "not_acceptable")
