"""Reads the settings for a command, and says in one sentence which variable has a value that does not fit.

What the settings mean is in `shared.settings`.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hyperparameter_tuning.node.commands.console import BAD_INPUT, CommandError
from hyperparameter_tuning.shared.errors import TuningError
from hyperparameter_tuning.shared.findings import nearest_name
from hyperparameter_tuning.shared.host import try_host
from hyperparameter_tuning.shared.settings import REFERENCE_HOST, Settings

if TYPE_CHECKING:
    from pydantic import ValidationError

PREFIX = "HPT_"
FOR_TESTS = "HPT_TEST_"
DATABASES = ("postgresql+psycopg://", "sqlite+aiosqlite://")
BROKERS = (
    *("redis://", "rediss://", "redis+socket://", "sentinel://"),
    *("amqp://", "amqps://", "pyamqp://", "sqs://", "filesystem://"),
)
# A URL may hold a password: these values are never shown.
SECRET = frozenset(
    {
        "database_url",
        "broker_url",
        "connections",
        "artifacts_options",
        "metrics_token",
        "webhook_url",
        "webhook_secret",
        "webhook_old_secret",
    }
)


def read_settings(data_dir: Path | None) -> Settings:
    """Read the settings.

    Args:
        data_dir: Chosen on the command line; None leaves it to the variables.

    Raises:
        CommandError: a variable has a value that does not fit.
    """
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    try:
        settings = Settings() if data_dir is None else Settings(data_dir=data_dir)
    except SettingsError as error:
        name = re.search(r'field "(\w+)"', str(error))
        raise _refused(name[1] if name else "", "it must be JSON, a list or an object") from error
    except ValidationError as error:
        raise _unfit(error) from error
    _refuse_unknown_scheme("database_url", settings.database, DATABASES)
    _refuse_unknown_scheme("broker_url", settings.broker, BROKERS)
    return settings


def refuse_unusable(settings: Settings) -> None:
    """Refuse what can be read but not used, before any process starts that needs it.

    Raises:
        CommandError: the host cannot be built, or there is no such strategy or kind of store.
    """
    for field, try_out in USES.items():
        try:
            try_out(settings)
        except (ImportError, ValueError, TuningError) as error:
            sentence = str(error).rstrip(".")
            raise _refused(field, sentence[:1].lower() + sentence[1:]) from error


def _build_host(settings: Settings) -> None:
    if settings.host == REFERENCE_HOST:
        return
    import asyncio

    asyncio.run(try_host(settings))


def _find_strategies(settings: Settings) -> None:
    from hyperparameter_tuning.registry.services import strategy_specs

    strategy_specs(settings)


def _find_store(settings: Settings) -> None:
    if settings.artifacts_url is not None and "://" in settings.artifacts_url:
        from fsspec import get_filesystem_class

        get_filesystem_class(settings.artifacts_url.partition("://")[0])


def _read_store_options(settings: Settings) -> None:
    from hyperparameter_tuning.shared.artifact_stores import store_options

    store_options(settings)


def _check_webhook(settings: Settings) -> None:
    if settings.webhook_url is None:
        return
    if not settings.webhook_url.get_secret_value().startswith(("https://", "http://")):
        raise ValueError("it must begin with https:// or http://")
    if settings.webhook_secret is None:
        raise ValueError("HPT_WEBHOOK_SECRET is not set, and unsigned events are never posted")


def _find_tracing(settings: Settings) -> None:
    if settings.traces:
        from hyperparameter_tuning.shared.tracing import check_installed

        check_installed()


def _find_who_asks(settings: Settings) -> None:
    ours = settings.host == REFERENCE_HOST
    if settings.auth == "tokens" and not ours:
        raise ValueError("tokens are of the reference host, and HPT_HOST names another one: say 'host'")
    if settings.auth == "host" and ours:
        raise ValueError("the reference host knows people by their tokens: say 'tokens'")


USES: Mapping[str, Callable[[Settings], None]] = {
    "host": _build_host,
    "strategies": _find_strategies,
    "artifacts_url": _find_store,
    "artifacts_options": _read_store_options,
    "webhook_url": _check_webhook,
    "traces": _find_tracing,
    "auth": _find_who_asks,
}


def unknown_variables(environment: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Say of every variable that looks like ours and is none which one may have been meant."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(environment):
        if name.startswith(PREFIX) and not name.startswith(FOR_TESTS) and name not in known:
            nearest = nearest_name(name, known)
            yield f"{name} is no setting" + (f"; did you mean {nearest}?" if nearest else "")


def _unfit(error: "ValidationError") -> CommandError:
    first = error.errors()[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    reason = first["msg"][:1].lower() + first["msg"][1:]
    shown = f", not {first['input']!r}" if field not in SECRET and isinstance(first["input"], str) else ""
    return _refused(field, reason + shown)


def _refuse_unknown_scheme(field: str, url: str, schemes: tuple[str, ...]) -> None:
    if not url.startswith(schemes):
        raise _refused(field, f"it must begin with {' or '.join(schemes[:2])}")


def _refused(field: str, reason: str) -> CommandError:
    return CommandError(f"{PREFIX}{field.upper()} cannot be used: {reason}.", BAD_INPUT)
