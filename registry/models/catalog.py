"""Every model by its key, aliases resolved with the problem type, classes loaded on demand.

Entries do not belong here: one module per family lists them.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hyperparameter_tuning.registry.base import ModelSpec, ProblemType
from hyperparameter_tuning.registry.models import (
    boosting,
    forests,
    linear_classifiers,
    linear_regressors,
    naive_bayes,
    neighbours,
    support_vectors,
    trees,
)
from hyperparameter_tuning.registry.names import NameIndex, unknown_name
from hyperparameter_tuning.registry.outside import MODELS, Registered, registered
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.import_paths import load_by_path

_FAMILIES = (
    forests,
    boosting,
    linear_classifiers,
    linear_regressors,
    support_vectors,
    neighbours,
    trees,
    naive_bayes,
)
_PROBLEM_TYPES: tuple[ProblemType, ...] = ("classification", "regression")
BUILT_IN_MODELS: tuple[ModelSpec, ...] = tuple(
    spec
    for problem_type in _PROBLEM_TYPES
    for family in _FAMILIES
    for spec in family.MODELS
    if spec.problem_type == problem_type
)
"""This package's own models, classifiers first."""


def registered_models() -> Registered[ModelSpec]:
    """Return every model here: the built-ins and those of other packages."""
    return registered(MODELS, _built_in)


def _built_in() -> tuple[ModelSpec, ...]:
    return BUILT_IN_MODELS


def model_specs() -> dict[str, ModelSpec]:
    """Return every model by its key, our own classifiers first."""
    return {spec.key: spec for spec in registered_models().specs}


@dataclass(frozen=True, slots=True)
class _Names:
    keys: NameIndex
    aliases: dict[ProblemType, NameIndex]
    spellings: dict[str, str]


@lru_cache(maxsize=1)
def _names(known: Registered[ModelSpec]) -> _Names:
    return _Names(
        NameIndex("model", {spec.key: () for spec in known.specs}),
        {
            problem_type: NameIndex(
                "model", {spec.key: spec.aliases for spec in known.specs if spec.problem_type == problem_type}
            )
            for problem_type in _PROBLEM_TYPES
        },
        {alias: spec.key for spec in known.specs for alias in spec.aliases},
    )


def get_model(key: str, problem_type: str | None = None) -> ModelSpec:
    """Return the model called *key*.

    A key says all; an alias (``random_forest``) may stand for a classifier and a regressor, and then
    *problem_type* decides. Case does not count.

    Raises:
        UnknownNameError: nothing is called so, or it stands for two models and *problem_type* is absent.
    """
    specs, names = model_specs(), _names(registered_models())
    exact = names.keys.find(key)
    if exact is not None:
        return specs[exact]
    kinds = [kind for kind in _PROBLEM_TYPES if problem_type in (None, "auto", kind)]
    found = [name for name in (names.aliases[kind].find(key) for kind in kinds) if name is not None]
    if len(found) == 1:
        return specs[found[0]]
    if found:
        raise UnknownNameError(
            f"'{key}' stands for {' and '.join(found)}: name one of them, or say the problem type.",
            code="ambiguous_model",
            name=key,
            known=found,
        )
    raise unknown_name("model", key, specs, spellings=names.spellings)


def is_parameter(name: str) -> bool:
    """Say whether any model has a parameter called *name*: then a model without it was changed for it."""
    return any(spec.field(name) is not None for spec in model_specs().values())


def load_estimator_class(spec: ModelSpec) -> type[Any]:
    """Import and return the estimator class of *spec*.

    Raises:
        ImportPathError: its package does not load.
    """
    found: type[Any] = load_by_path(spec.estimator)
    return found
