"""Sentences for what a JSON Schema refuses: one per keyword of the subset, as a table.

Which errors there are does not belong here (`registry.schema_findings`).
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hyperparameter_tuning.registry.metrics import get_metric
from hyperparameter_tuning.registry.models.catalog import get_model
from hyperparameter_tuning.registry.services import get_strategy_spec
from hyperparameter_tuning.registry.unavailable import unavailable
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.findings import Finding, json_pointer, nearest_name

Path = tuple[str | int, ...]
SchemaError = Any  # `jsonschema.exceptions.ValidationError`, whose attributes are typed as perhaps unset

_TYPE_NAMES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "empty",
    "object": "an object",
    "array": "a list",
}
_UNKNOWN_BY_POINTER = (
    ("/model", "model"),
    ("/objective/metric", "metric"),
    ("/objective/additional_metrics/", "metric"),
)
_TAG_KINDS = {"/strategy": "strategy"}
_REGISTRIES: dict[str | None, Callable[[Any], Any]] = {
    "strategy": get_strategy_spec,
    "model": get_model,
    "metric": get_metric,
}


def explain(error: SchemaError, path: Path) -> Iterator[Finding]:
    """Return the findings for one error.

    Args:
        error: Of a validator for the safe subset.
        path: Where in the document it is.
    """
    return _EXPLANATIONS.get(str(error.validator), _other)(error, path)


def _union(error: SchemaError, path: Path) -> Iterator[Finding]:
    types = scalar_types(error.validator_value)
    yield from _not_of(types, error, path) if types else _tag(error, path)


def scalar_types(branches: list[Mapping[str, Any]]) -> list[str]:
    """Return the types of a union of scalars, one per branch; a tagged union has none."""
    if any("properties" in branch for branch in branches):
        return []
    return [item["type"] if isinstance(item["type"], str) else item["type"][0] for item in branches]


def _tag(error: SchemaError, path: Path) -> Iterator[Finding]:
    tag, branches = tagged_branches(error.validator_value)
    if not isinstance(error.instance, Mapping):
        yield _finding(
            path, "wrong_type", f"{_name(path)} must be an object with '{tag}', {_got(error.instance)}."
        )
    elif tag not in error.instance:
        yield _finding(path, "missing_field", f"{_name(path)} needs '{tag}': one of {', '.join(branches)}.")
    else:
        kind = _TAG_KINDS.get(json_pointer(*path), tag)
        yield _unknown((*path, tag), kind, error.instance[tag], list(branches))


def tagged_branches(branches: list[Mapping[str, Any]]) -> tuple[str, dict[str, Mapping[str, Any]]]:
    """Return the name of a union's tag and the branches by its values."""
    tag = next(name for name, part in branches[0]["properties"].items() if "const" in part)
    return tag, {branch["properties"][tag]["const"]: branch for branch in branches}


def _type(error: SchemaError, path: Path) -> Iterator[Finding]:
    wanted = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
    yield from _not_of(wanted, error, path)


def _not_of(wanted: list[str], error: SchemaError, path: Path) -> Iterator[Finding]:
    names = " or ".join(_TYPE_NAMES[name] for name in wanted)
    yield _finding(path, "wrong_type", f"{_name(path)} must be {names}, {_got(error.instance)}.")


def _enum(error: SchemaError, path: Path) -> Iterator[Finding]:
    if not isinstance(error.instance, str):
        return  # the type is refused already
    known = [value for value in error.validator_value if value is not None]
    pointer = json_pointer(*path)
    kinds = (kind for start, kind in _UNKNOWN_BY_POINTER if pointer == start or pointer.startswith(start))
    yield _unknown(path, next(kinds, None), error.instance, known)


def _required(error: SchemaError, path: Path) -> Iterator[Finding]:
    missing = [name for name in error.validator_value if name not in error.instance]
    # One error is raised per missing name; its message starts with the name in quotes.
    name = next(name for name in missing if error.message.startswith(repr(name)))
    title = error.schema.get("properties", {}).get(name, {}).get("title")
    meaning = f" ({title})" if title else ""
    # A form marks the field that is to be filled in, not everything around it.
    yield _finding((*path, name), "missing_field", f"{_name(path)} needs '{name}'{meaning}.")


def _additional(error: SchemaError, path: Path) -> Iterator[Finding]:
    known = list(error.schema.get("properties", {}))
    for name in error.instance:
        if name not in known:
            yield _unknown((*path, name), "field", name, known)


def _limit(word: str) -> Callable[[SchemaError, Path], Iterator[Finding]]:
    def explain(error: SchemaError, path: Path) -> Iterator[Finding]:
        message = f"{_name(path)} must be {word} {error.validator_value}, not {error.instance}."
        if error.instance == 0 and path and path[0] == "budget":
            message += " For no limit leave it empty."
        yield _finding(path, "out_of_bounds", message)

    return explain


def _count(code: str, text: str) -> Callable[[SchemaError, Path], Iterator[Finding]]:
    def explain(error: SchemaError, path: Path) -> Iterator[Finding]:
        counts = text.format(limit=error.validator_value, found=len(error.instance))
        yield _finding(path, code, f"{_name(path)} {counts}.")

    return explain


def _twice(error: SchemaError, path: Path) -> Iterator[Finding]:
    yield _finding(path, "duplicate_value", f"{_name(path)} names something twice; keep one of each.")


def _other(error: SchemaError, path: Path) -> Iterator[Finding]:
    yield _finding(path, "invalid_value", f"{_name(path)} is not allowed here: {error.message[:200]}.")


_EXPLANATIONS: dict[str, Callable[[SchemaError, Path], Iterator[Finding]]] = {
    "oneOf": _union,
    "type": _type,
    "enum": _enum,
    "required": _required,
    "additionalProperties": _additional,
    "minimum": _limit("at least"),
    "maximum": _limit("at most"),
    "exclusiveMinimum": _limit("greater than"),
    "exclusiveMaximum": _limit("less than"),
    "minLength": _count("too_short", "must not be an empty text"),
    "maxLength": _count("too_long", "has {found} characters; {limit} are allowed"),
    "minItems": _count("too_few_items", "needs at least {limit} entries, it has {found}"),
    "maxItems": _count("too_many_items", "has {found} entries; {limit} are allowed"),
    "uniqueItems": _twice,
}


def _unknown(path: Path, kind: str | None, value: Any, known: list[str]) -> Finding:
    """Name the nearest known value, and offer it as a fix."""
    pointer = json_pointer(*path)
    message, code, nearest = _registered(kind, value) or _unregistered(path, kind, value, known)
    if nearest not in known or kind == "field":
        return Finding(pointer, code, "error", message)
    patch = [{"op": "replace", "path": pointer, "value": nearest}]
    return Finding(pointer, code, "error", message, {"title": f"Use {nearest}", "patch": patch})


def _registered(kind: str | None, value: Any) -> tuple[str, str, str | None] | None:
    """Let the registry speak for its own names: it knows their aliases, too."""
    if kind not in _REGISTRIES:
        return None
    try:
        _REGISTRIES[kind](value)
    except UnknownNameError as error:
        said = unavailable(str(kind), error)
        return said.message, said.code, said.details.get("nearest")
    return None


def _unregistered(path: Path, kind: str | None, value: Any, known: list[str]) -> tuple[str, str, str | None]:
    nearest = nearest_name(value, known)
    meant = f" Did you mean '{nearest}'?" if nearest else ""
    what = f"There is no {kind}" if kind else f"{_name(path)} cannot be"
    code = "unknown_choice" if kind is None else f"unknown_{kind}"
    return f"{what} '{str(value)[:100]}'.{meant} Known: {_list(known)}.", code, nearest


def _name(path: Path) -> str:
    """Name the field for a person: its own key, and the row it stands in."""
    if not path:
        return "The configuration"
    names = [str(part) for part in path if not isinstance(part, int)]
    numbers = [part for part in path if isinstance(part, int)]
    row = (
        f" {numbers[-1] + 1}" if isinstance(path[-1], int) else f" (row {numbers[-1] + 1})" if numbers else ""
    )
    return f"{names[-1]}{row}"


def _got(value: Any) -> str:
    if isinstance(value, dict | list):
        return f"not {'an object' if isinstance(value, dict) else 'a list'}"
    shown = {True: "true", False: "false"}[value] if isinstance(value, bool) else value
    return (
        f"not the text '{value[:60]}'"
        if isinstance(value, str)
        else f"not {'empty' if value is None else shown}"
    )


def _list(values: list[Any]) -> str:
    return ", ".join(str(value) for value in values)


def _finding(path: Path, code: str, message: str) -> Finding:
    return Finding(json_pointer(*path), code, "error", message)
