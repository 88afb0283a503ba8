"""What a published schema and the Pydantic model say about a document, as findings.

Only the chosen branch of a tagged union speaks: the reasons why the other branches do not fit are noise.
Sentences do not belong here (`registry.schema_explanations`), nor rules between fields
(`registry.validation`).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from pydantic import ValidationError as ModelError

from hyperparameter_tuning.registry.rule_findings import error as refusal
from hyperparameter_tuning.registry.schema_explanations import (
    Path,
    SchemaError,
    explain,
    scalar_types,
    tagged_branches,
)
from hyperparameter_tuning.shared.findings import Finding, json_pointer


def schema_findings(schema: Mapping[str, Any], document: Any) -> list[Finding]:
    """Return what *schema* refuses in *document*.

    Args:
        schema: In the safe subset.
        document: Plain JSON values.
    """
    errors = _Validator(schema).iter_errors(document)
    return [finding for error in errors for finding in explain(error, tuple(error.absolute_path))]


def _chosen_branch(
    validator: Any, branches: list[Mapping[str, Any]], instance: Any, _schema: Mapping[str, Any]
) -> Iterator[SchemaError]:
    """Validate by the branch that the tag, or the type of a scalar, names: the keyword ``oneOf``."""
    chosen = _branch_of(validator, branches, instance)
    if chosen is None:
        yield ValidationError("no branch is chosen")
    else:
        yield from validator.descend(instance, chosen)


def _branch_of(validator: Any, branches: list[Mapping[str, Any]], instance: Any) -> Mapping[str, Any] | None:
    types = scalar_types(branches)
    if types:
        fitting = (
            branch for branch, kind in zip(branches, types, strict=True) if validator.is_type(instance, kind)
        )
        return next(fitting, None)
    tag, by_value = tagged_branches(branches)
    chosen = instance.get(tag) if isinstance(instance, Mapping) else None
    return by_value.get(chosen) if isinstance(chosen, str) else None


_Validator: Any = extend(Draft202012Validator, {"oneOf": _chosen_branch})  # type: ignore[no-untyped-call]


def model_findings(error: ModelError, document: Any) -> list[Finding]:
    """Return what a Pydantic model refused, with pointers into *document*.

    Pydantic puts the tag of a chosen branch into a location; what is no key of the document is left out.
    """
    return [
        refusal(
            json_pointer(*_path_in(document, item["loc"])),
            "invalid_value",
            f"{item['msg'].removeprefix('Value error, ').rstrip('.')}.",
        )
        for item in error.errors(include_url=False, include_context=False)
    ]


def _path_in(document: Any, location: tuple[str | int, ...]) -> Path:
    path: Path = ()
    for part in location:
        inside = isinstance(document, Mapping) and part in document
        if inside or (isinstance(document, list) and isinstance(part, int) and part < len(document)):
            document, path = document[part], (*path, part)
    return path
