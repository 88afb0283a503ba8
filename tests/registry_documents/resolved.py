"""Forms narrowed to a model and a dataset, and looking into them."""

from __future__ import annotations

from typing import Any

from hyperparameter_tuning.registry.resolution import Resolution, resolve
from hyperparameter_tuning.shared.plain_form import PlainForm
from tests.registry_documents.cases import NUMBERS, SETTINGS, graph


def resolved(
    config: Any = None, plain: PlainForm | None = None, summary: Any = NUMBERS, **more: Any
) -> Resolution:
    return resolve(config or {}, graph() if plain is None else plain, summary, settings=SETTINGS, **more)


def schema(*arguments: Any, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = resolved(*arguments, **more).document["config_schema"]
    return found


def branches(of: dict[str, Any], section: str = "search_space") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = of["properties"][section]["items"]["oneOf"]
    return found


def tags(branch: dict[str, Any]) -> tuple[str | None, str]:
    kind = branch["properties"].get("kind", {}).get("const")
    return kind, branch["properties"]["name"]["const"]


def prefilled(branch: dict[str, Any]) -> dict[str, Any]:
    return {name: part["default"] for name, part in branch["properties"].items() if "default" in part}
