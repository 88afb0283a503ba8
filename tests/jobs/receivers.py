"""A receiver of webhooks over real HTTP whose answers a test chooses."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Choose = Callable[[dict[str, Any]], int]


@dataclass
class Receiver:
    """What came, and what is answered to it.

    Attributes:
        choose: Gives the status of the answer to an event.
        taken: Events that were answered 2xx.
        came: (headers in lower case, body) of everything.
        location: Sent along with every answer.
        hold: Answers wait for it.
    """

    choose: Choose = lambda _: 204
    taken: list[dict[str, Any]] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    location: str | None = None
    hold: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def __post_init__(self) -> None:
        self.hold.set()

    def of(self, job_id: str) -> list[int]:
        """Return the numbers of the taken events of a job, in their order."""
        return [event["seq"] for event in self.taken if event["job_id"] == job_id]


@contextmanager
def receiving(receiver: Receiver | None = None) -> Iterator[Receiver]:
    """Answer on a free port until the block ends."""
    found = receiver or Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            found.hold.wait(30)
            event = json.loads(body)
            status = found.choose(event)
            if 200 <= status < 300:
                found.taken.append(event)
            self.send_response(status)
            if found.location is not None:
                self.send_header("Location", found.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}/hook?token=in-the-url"
    try:
        yield found
    finally:
        found.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()
