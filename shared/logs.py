"""Structured logs, one line each, ours and those of the libraries alike.

What is worth a line is said where it happens.
"""

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import structlog

from hyperparameter_tuning.shared.settings import Settings

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


def configure_logging(settings: Settings, level: int = logging.INFO) -> None:
    """Send all logs of this process to standard error: JSON lines, or ``key=value`` at a terminal.

    Args:
        settings: ``log_json`` decides the form; absent, JSON unless standard error is a terminal.
        level: Least severity that is shown.
    """
    as_json = settings.log_json if settings.log_json is not None else not sys.stderr.isatty()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        one_line,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared[:3], structlog.stdlib.ExtraAdder(), *shared[4:]],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(as_json)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


@contextmanager
def logging_about(**fields: str) -> Iterator[None]:
    """Add *fields* to every line that is logged meanwhile, by us or by a library, in this thread or task.

    Args:
        fields: ``job_id``, ``request_id`` and the like.
    """
    with structlog.contextvars.bound_contextvars(**fields):
        yield


def one_line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write control characters of every text as escapes, so that no value can begin a line of its own."""
    for key, value in event.items():
        if not key.startswith("_") and value is not None and not isinstance(value, bool | int | float):
            event[key] = _CONTROL.sub(_escaped, value if isinstance(value, str) else str(value))
    return event


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def _renderer(as_json: bool) -> Any:
    if as_json:
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "logger", "event"])
