"""What a model of another package must be before it is offered.

Whether its estimator works does not belong here: nothing is imported to list it.
"""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

from hyperparameter_tuning.registry.base import FieldSpec, ModelSpec, ProblemType, ValueType
from hyperparameter_tuning.registry.outside_names import name_faults, path_faults, trusted_type_faults
from hyperparameter_tuning.registry.space import grid_size
from hyperparameter_tuning.registry.values import (
    default_params,
    rows_from_space,
    space_from_rows,
    typed_param,
)
from hyperparameter_tuning.shared.errors import UserError

_SEED = "random_state"


def model_faults(spec: ModelSpec) -> Iterator[str]:
    """Yield a sentence per thing that is wrong with *spec*, the most basic first."""
    yield from name_faults(spec.key, spec.aliases)
    yield from path_faults("estimator", spec.estimator)
    if spec.problem_type not in get_args(ProblemType):
        yield f"Its problem_type must be classification or regression, not {spec.problem_type!r}."
    yield from trusted_type_faults(spec.trusted_types)
    yield from _field_faults(spec)
    yield from _space_faults(spec)


def _field_faults(spec: ModelSpec) -> Iterator[str]:
    for name, count in Counter(item.name for item in spec.fields).items():
        if count > 1:
            yield f"Its field '{name}' stands twice."
    for item in spec.fields:
        if not item.types or not set(item.types) <= set(get_args(ValueType)):
            yield f"The types of its field '{item.name}' must be of {', '.join(get_args(ValueType))}."
    known = {item.name for item in spec.fields}
    unknown = [name for name in (*spec.defaults, *spec.path_families) if name not in known]
    if unknown:
        yield f"It names '{unknown[0]}', which is none of its fields."
    if spec.seeded and _SEED not in known:
        yield f"It is seeded, but has no field '{_SEED}'."
    for name, value in default_params(spec).items():
        yield from _default_faults(spec.field(name), value)


def _default_faults(item: FieldSpec | None, value: object) -> Iterator[str]:
    if item is None:
        return
    try:
        typed_param(item, value, "int" if isinstance(value, int) else "float")
    except UserError as error:
        yield f"The default of its field '{item.name}' is refused: {error.message}"


def _space_faults(spec: ModelSpec) -> Iterator[str]:
    """The suggested rows are what an untouched node searches."""
    for name in ("suggested", "suggested_grid"):
        space = getattr(spec, name)
        if not space:
            yield f"Its {name} space is empty, so there is nothing to search."
            continue
        try:
            space_from_rows(spec, rows_from_space(spec, space))
        except UserError as error:
            yield f"Its {name} space is refused: {error.message}"
    if spec.suggested_grid and grid_size(spec.suggested_grid) is None:
        yield "Its suggested_grid space must be finite."
