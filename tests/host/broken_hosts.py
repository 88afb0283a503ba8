"""Hosts that are none, by what is wrong with them."""

from types import SimpleNamespace
from typing import Any


async def _method(*_: Any) -> None: ...


def _blocks(*_: Any) -> None: ...


def _whole(**changes: Any) -> SimpleNamespace:
    ports: dict[str, Any] = {
        "graphs": SimpleNamespace(load=_method, apply=_method),
        "datasets": SimpleNamespace(summary=_method, fingerprint=_method, open=_blocks, output=_method),
        "principals": SimpleNamespace(from_request=_method, may=_method),
        "events": SimpleNamespace(publish=_method),
        "close": _method,
    }
    kept = {name: port for name, port in (ports | changes).items() if port != "absent"}
    return SimpleNamespace(**kept)


CLOSED: list[str] = []
"""A word for each `whole` host that was closed."""


def whole(_: Any) -> Any:
    async def close() -> None:
        CLOSED.append("whole")

    return _whole(close=close)


def without_a_port(_: Any) -> Any:
    return _whole(events="absent", principals="absent")


def without_a_method(_: Any) -> Any:
    return _whole(graphs=SimpleNamespace(load=_method))


def without_an_end(_: Any) -> Any:
    return _whole(close="absent")


def reading_asynchronously(_: Any) -> Any:
    datasets = SimpleNamespace(summary=_method, fingerprint=_method, open=_method, output=_method)
    return _whole(datasets=datasets)


def nothing(_: Any) -> None:
    return None


async def later(_: Any) -> Any:
    return _whole()


def raising(_: Any) -> Any:
    raise KeyError("EDITOR_DATABASE")
