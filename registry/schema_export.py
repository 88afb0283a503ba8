"""The files of ``frontend-schema/``: every schema, the descriptors and the types, made from the registry.

What is in them does not belong here. They hold the built-ins only, with every optional part assumed
present, so that they are the same on every machine.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal

from hyperparameter_tuning.registry.descriptor import node_descriptor
from hyperparameter_tuning.registry.node_kinds import TUNING_KIND, built_in_kinds
from hyperparameter_tuning.registry.offer import built_in_offer
from hyperparameter_tuning.registry.published_answers import DescriptorDocument, JobDocument
from hyperparameter_tuning.registry.published_config import published_config, without_hints
from hyperparameter_tuning.registry.published_documents import (
    EventDocument,
    GraphDocument,
    ValidationDocument,
)
from hyperparameter_tuning.registry.published_panel import EstimateDocument, ResolutionDocument
from hyperparameter_tuning.registry.published_report import ReportDocument
from hyperparameter_tuning.registry.safe_schema import Schema, open_schema
from hyperparameter_tuning.registry.types_export import typescript
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.findings import nearest_name
from hyperparameter_tuning.shared.patch_documents import Patch

Dialect = Literal["draft-07", "2020-12"]

DIALECTS: dict[str, str] = {
    "draft-07": "http://json-schema.org/draft-07/schema#",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}

_SCHEMAS: dict[str, Callable[[], Schema]] = {
    "config": lambda: published_config(built_in_offer()).schema,
    "graph": lambda: open_schema(GraphDocument),
    "patch": lambda: open_schema(Patch),
    "event": lambda: open_schema(EventDocument),
    "job": lambda: open_schema(JobDocument),
    "report": lambda: open_schema(ReportDocument),
    "validation": lambda: open_schema(ValidationDocument),
    "resolution": lambda: open_schema(ResolutionDocument),
    "estimate": lambda: open_schema(EstimateDocument),
    "descriptor": lambda: open_schema(DescriptorDocument),
}
_TYPE_NAMES = {"config": "TuningConfig"}


def schema_names() -> list[str]:
    """Return the names that `export_schema` knows: documents, then the reference kinds' configurations."""
    return [*_SCHEMAS, *(kind for kind in built_in_kinds() if kind != TUNING_KIND)]


def export_schema(name: str, dialect: Dialect | None = None) -> Schema:
    """Return one schema.

    Args:
        name: One of `schema_names`.
        dialect: Puts ``$schema`` in front; absent: the embedded form, which both dialects take.

    Raises:
        UnknownNameError: no schema (code ``unknown_schema``) or dialect (``unknown_dialect``) is called so.
    """
    known = schema_names()
    if name not in known:
        raise _unknown("schema", name, known)
    if dialect is not None and dialect not in DIALECTS:
        raise _unknown("dialect", dialect, list(DIALECTS))
    kinds = built_in_kinds()
    found = _SCHEMAS[name]() if name in _SCHEMAS else without_hints(kinds[name].config_schema)
    schema = dict(deepcopy(found))
    return schema if dialect is None else {"$schema": DIALECTS[dialect], **schema}


def _unknown(kind: str, name: str, known: list[str]) -> UnknownNameError:
    nearest = nearest_name(name, known)
    meant = f" Did you mean '{nearest}'?" if nearest else ""
    message = f"There is no {kind} '{name[:100]}'.{meant} Known: {', '.join(known)}."
    return UnknownNameError(message, code=f"unknown_{kind}", known=known, nearest=nearest)


def exported_files() -> dict[str, str]:
    """Return every generated file: its path below ``frontend-schema/`` and its text."""
    form = published_config(built_in_offer())
    files: dict[str, Any] = {f"{name}.schema.json": export_schema(name) for name in _SCHEMAS}
    files["config.ui.json"] = {"rjsf": form.rjsf, "jsonforms": form.jsonforms}
    files["descriptor.json"] = node_descriptor(TUNING_KIND, live=False)
    for kind in built_in_kinds():
        if kind != TUNING_KIND:
            files[f"nodes/{kind}.json"] = node_descriptor(kind, live=False)
    texts = {
        path: json.dumps(document, indent=2, ensure_ascii=False) + "\n" for path, document in files.items()
    }
    return dict(sorted((texts | {"types.d.ts": _types()}).items()))


def _types() -> str:
    return typescript(
        {_TYPE_NAMES.get(name, f"{name.title()}Document"): export_schema(name) for name in _SCHEMAS}
    )


def write(folder: Path) -> list[str]:
    """Bring *folder* up to date.

    Args:
        folder: ``frontend-schema/`` of a checkout; created where it is missing.

    Returns:
        Paths of the files that were written or removed, below *folder*.
    """
    changed = differences(folder)
    files = exported_files()
    for name in changed:
        path = folder / name
        if name in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return changed


def differences(folder: Path) -> list[str]:
    """Return the paths below *folder* that are missing, stale, or generated no more."""
    files = exported_files()
    stale = [name for name, text in files.items() if _text(folder / name) != text]
    kept = {path.relative_to(folder).as_posix() for path in _generated(folder)}
    return sorted({*stale, *(kept - set(files))})


def _generated(folder: Path) -> list[Path]:
    return [*folder.glob("*.json"), *folder.glob("*.d.ts"), *folder.glob("nodes/*.json")]


def _text(path: Path) -> str | None:
    # newline="" keeps a changed line ending visible.
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
