"""Traces of jobs by OpenTelemetry, from the request that stores one to the write-back of its result.

Off unless ``HPT_TRACES`` is set: then nothing of OpenTelemetry is loaded and a span costs one comparison.
Which spans there are is said where the work is done.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.settings import Settings

INSTALL = "pip install 'hyperparameter-tuning-node[otel]'"
_PACKAGES = ("opentelemetry", "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
_PREFIX = "hpt."
_SCOPE = "hyperparameter_tuning"

_tracer: Any = None


class Span:
    """What can be noted about work while it is done.

    Args:
        recorded: OpenTelemetry's span; None where nothing is recorded.
    """

    def __init__(self, recorded: Any = None) -> None:
        self._recorded = recorded

    def note(self, **attributes: Any) -> None:
        """Note attributes; those without a value are left out."""
        if self._recorded is not None:
            for name, value in attributes.items():
                if value is not None:
                    self._recorded.set_attribute(_PREFIX + name, value)


_NOT_RECORDED = Span()


def check_installed() -> None:
    """Refuse to go on without the packages.

    Raises:
        TuningError: they are not installed; the sentence has the command.
    """
    if not all(_is_there(name) for name in _PACKAGES):
        raise TuningError(f"OpenTelemetry is not installed. Run: {INSTALL}", code="traces_missing")


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # of what it lies in
        return False


def start_tracing(settings: Settings, process: str) -> None:
    """Record spans from now on, where the settings ask for it.

    An application that has a tracer provider keeps it; else spans go by OTLP over HTTP where the ``OTEL_*``
    variables of OpenTelemetry say.

    Args:
        settings: ``traces`` decides.
        process: ``api``, ``worker`` or ``keeper``: the service's name unless ``OTEL_SERVICE_NAME`` is set.

    Raises:
        TuningError: the packages are not installed; the sentence has the command.
    """
    if not settings.traces or _tracer is not None:
        return
    check_installed()
    from opentelemetry import trace

    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        trace.set_tracer_provider(_exporting_provider(process))
    use_provider(trace.get_tracer_provider())


def use_provider(provider: Any) -> None:
    """Record spans with a tracer of *provider*; None records nothing any more."""
    global _tracer
    _tracer = None if provider is None else provider.get_tracer(_SCOPE)


def is_tracing() -> bool:
    """Say whether spans are recorded."""
    return _tracer is not None


@contextmanager
def span(name: str, *, parent: str | None = None, **attributes: Any) -> Iterator[Span]:
    """Record the work of the block as one span.

    Args:
        name: What is done.
        parent: W3C trace context that it belongs to, where no span is open in this task.
        attributes: As for `Span.note`.
    """
    if _tracer is None:
        yield _NOT_RECORDED
        return
    with _tracer.start_as_current_span(name, context=_context(parent)) as recorded:
        found = Span(recorded)
        found.note(**attributes)
        yield found


def traceparent() -> str | None:
    """Return the W3C trace context of the open span, to be taken up elsewhere; None without one."""
    if _tracer is None:
        return None
    from opentelemetry import trace

    open_span = trace.get_current_span().get_span_context()
    if not open_span.is_valid:
        return None
    return f"00-{open_span.trace_id:032x}-{open_span.span_id:016x}-{int(open_span.trace_flags):02x}"


def _context(parent: str | None) -> Any:
    """Return the context to start in: that of the open span, or of *parent* where none is open."""
    from opentelemetry import trace
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    if parent is None or trace.get_current_span().get_span_context().is_valid:
        return None
    return TraceContextTextMapPropagator().extract({"traceparent": parent})


def _exporting_provider(process: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME", f"tuning-node-{process}")
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider
