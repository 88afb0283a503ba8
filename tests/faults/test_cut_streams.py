"""A reader whose connection is cut again and again hears every event once, in order. T15."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress

import httpx

from hyperparameter_tuning.jobs import claims, finishing
from hyperparameter_tuning.jobs.database import Database
from tests.faults.conftest import POSTGRESQL, SQLITE, Running, on
from tests.faults.incidents import Incident, note
from tests.faults.proxy import Proxy, forwarding
from tests.jobs import factories
from tests.node.test_events_routes import STREAM, messages

JOBS = "/hyperparameter-tuning-jobs"
EVENTS = 200
CUT_SECONDS = 0.5


@on(POSTGRESQL, SQLITE)
def test_two_hundred_events_over_a_line_that_is_cut_twice_a_second(running: Running) -> None:
    made, stack = running.installation, running.stack
    job = made.store(factories.claimed)

    async def tell(db: Database) -> None:
        # Each batch is three events: a start, progress, an end.
        token = job.lease_token or ""
        for number in range(EVENTS // 3):
            # Told for longer than a lease lasts.
            await db.run(lambda session: claims.heartbeat(session, job.id, token), durable=False)
            await factories.told(db, job, *factories.whole_trial(number, 0.5, max_depth=number + 1))
            await asyncio.sleep(0.05)
        done = factories.outcome(0, 0.5, max_depth=1)
        await db.run(lambda session: finishing.succeed(session, job.id, token, done))

    with forwarding(made.settings.api_port) as proxy:
        teller = threading.Thread(target=made.store, args=(tell,))
        teller.start()
        numbers = followed(f"http://127.0.0.1:{proxy.port}{JOBS}/{job.id}/events", proxy)
        teller.join()
    last = stack.get(f"{JOBS}/{job.id}")["last_seq"]
    assert numbers == list(range(1, last + 1))
    assert last >= EVENTS
    assert proxy.cuts >= 5
    figure = f"{last} events over {proxy.cuts + 1} connections"
    note(Incident("T15", made.name, faults=proxy.cuts, figure=figure))


def followed(url: str, proxy: Proxy) -> list[int]:
    """Follow a job as a browser does, over a line that is cut again and again; returns the numbers heard."""
    numbers: list[int] = []
    cut_after = time.monotonic() + CUT_SECONDS
    deadline = time.monotonic() + 90
    with httpx.Client(timeout=10) as client:
        while time.monotonic() < deadline:
            headers = STREAM | ({"Last-Event-ID": str(numbers[-1])} if numbers else {})
            with suppress(httpx.TransportError), client.stream("GET", url, headers=headers) as answer:
                if answer.status_code == 204:
                    return numbers
                for message in messages(answer.iter_lines()):
                    numbers.append(int(message["id"]))
                    if time.monotonic() > cut_after:
                        proxy.cut()
                        cut_after = time.monotonic() + CUT_SECONDS
    raise AssertionError(f"the end was not heard; the last was {numbers[-1:]}")
