"""What a model gets from the parameters of its node: those, typed, over the library's defaults.

Which parameters are compared, and why, does not belong here (`jobs.chosen_parameters`, `jobs.fingerprints`).
"""

from typing import Any

from hyperparameter_tuning.jobs.parameters import Parameters
from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.values import default_params, typed_params
from hyperparameter_tuning.shared.errors import UserError

_SEED = "random_state"


def effective_parameters(model: ModelSpec, seed: int | None, held: Parameters) -> dict[str, Any]:
    """Return every parameter as a run gives it to the model, defaults left out or not.

    Args:
        model: The model.
        seed: Of the run; a node without a seed of its own gets it.
        held: Of a node or of a trial. What is no value for this model is returned as it stands: a person may
            have put anything there.
    """
    typed = {name: _typed(model, held, name) for name in held.values}
    if typed.get(_SEED, 0) is None:
        del typed[_SEED]
    return default_params(model, seed) | typed


def differing_names(model: ModelSpec, seed: int | None, new: Parameters, held: Parameters) -> frozenset[str]:
    """Return the names in *new* for which the model gets another value than from *held*.

    Args:
        model: The model.
        seed: Of the run.
        new: Some of the model's parameters.
        held: All that a node holds.
    """
    after, before = (effective_parameters(model, seed, part) for part in (new, held))
    return frozenset(
        name for name in new.values if name not in before or not _is_same(after[name], before[name])
    )


def _typed(model: ModelSpec, held: Parameters, name: str) -> Any:
    value = held.values[name]
    try:
        return typed_params(model, {name: value}, held.number_types)[name]
    except UserError:
        return value


def _is_same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)
