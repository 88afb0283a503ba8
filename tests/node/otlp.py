"""A collector of traces over real HTTP: it reads OTLP as a collector does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collected:
    """What came.

    Attributes:
        url: To be named in ``OTEL_EXPORTER_OTLP_ENDPOINT``.
        spans: (name of the service, name, attributes), in their order.
    """

    url: str = ""
    spans: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        """Take one request."""
        for of_resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _attributes(of_resource.resource)["service.name"]
            for of_scope in of_resource.scope_spans:
                self.spans += [(service, span.name, _attributes(span)) for span in of_scope.spans]


def _attributes(message: Any) -> dict[str, Any]:
    return {
        item.key: getattr(item.value, item.value.WhichOneof("value") or "string_value")
        for item in message.attributes
    }


@contextmanager
def collecting() -> Iterator[Collected]:
    """Collect until the block ends."""
    collected = Collected()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                import gzip

                body = gzip.decompress(body)
            collected.take(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    collected.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield collected
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
