"""What a strategy of another package must be before it is offered.

Names that are taken do not belong here (`registry.outside_names`).
"""

from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from hyperparameter_tuning.registry.base import StrategySpec, Supports
from hyperparameter_tuning.registry.outside_names import name_faults, path_faults
from hyperparameter_tuning.registry.safe_schema import hinted_schema


def strategy_faults(spec: StrategySpec) -> Iterator[str]:
    """Yield a sentence per thing that is wrong with *spec*, the most basic first."""
    yield from name_faults(spec.value, spec.aliases)
    yield from path_faults("proposer", spec.proposer)
    if spec.plan is not None:
        yield from path_faults("plan", spec.plan)
    if not isinstance(spec.supports, Supports):
        yield "Its supports must be a Supports."
    if spec.default_max_trials is not None and not _is_count(spec.default_max_trials):
        yield "Its default_max_trials must be a whole number of at least 1, or None."
    yield from _option_faults(spec)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _option_faults(spec: StrategySpec) -> Iterator[str]:
    """The options join a union of forms: tagged, showable, and good as they start."""
    options = spec.options
    if not (isinstance(options, type) and issubclass(options, BaseModel)):
        yield "Its options must be a Pydantic model."
        return
    named = options.model_fields.get("name")
    annotation = None if named is None else named.annotation
    if get_origin(annotation) is not Literal or get_args(annotation) != (spec.value,):
        tag = f"name: Literal['{spec.value}'] = '{spec.value}'"
        yield f"Its options need the field {tag}, which tells them apart."
        return
    if options.model_config.get("extra") != "forbid":
        yield "Its options must be closed: model_config = ConfigDict(extra='forbid')."
    try:
        hinted_schema(options)
        # Pydantic does not look at defaults by itself, and a fresh node holds nothing else.
        options.model_validate(options().model_dump())
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        yield f"The default of its option '{where}' is refused by the options themselves: {first['msg']}."
    except ValueError as error:
        yield str(error)
