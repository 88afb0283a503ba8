"""Every model by its key, aliases resolved with the problem type, classes loaded on demand.

Entries do not belong here: one module per family lists them.
"""

from importlib import import_module
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
from hyperparameter_tuning.shared.errors import UnknownNameError

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
_BY_KEY: dict[str, ModelSpec] = {
    spec.key: spec
    for problem_type in _PROBLEM_TYPES
    for family in _FAMILIES
    for spec in family.MODELS
    if spec.problem_type == problem_type
}
_KEYS = NameIndex("model", {key: () for key in _BY_KEY})
_ALIASES = {
    problem_type: NameIndex(
        "model", {spec.key: spec.aliases for spec in _BY_KEY.values() if spec.problem_type == problem_type}
    )
    for problem_type in _PROBLEM_TYPES
}


def model_specs() -> dict[str, ModelSpec]:
    """Return every model by its key, classifiers first."""
    return dict(_BY_KEY)


def get_model(key: str, problem_type: str | None = None) -> ModelSpec:
    """Return the model called *key*.

    A key says all; an alias (``random_forest``) may stand for a classifier and a regressor, and then
    *problem_type* decides. Case does not count.

    Raises:
        UnknownNameError: nothing is called so, or it stands for two models and *problem_type* is absent.
    """
    exact = _KEYS.find(key)
    if exact is not None:
        return _BY_KEY[exact]
    kinds = [kind for kind in _PROBLEM_TYPES if problem_type in (None, "auto", kind)]
    found = [name for name in (_ALIASES[kind].find(key) for kind in kinds) if name is not None]
    if len(found) == 1:
        return _BY_KEY[found[0]]
    if found:
        raise UnknownNameError(
            f"'{key}' stands for {' and '.join(found)}: name one of them, or say the problem type.",
            code="ambiguous_model",
            name=key,
            known=found,
        )
    raise unknown_name("model", key, _BY_KEY, spellings=_spellings())


def load_estimator_class(spec: ModelSpec) -> type[Any]:
    """Import and return the estimator class of *spec*."""
    module, _, name = spec.estimator.partition(":")
    found: type[Any] = getattr(import_module(module), name)
    return found


def _spellings() -> dict[str, str]:
    return {alias: spec.key for spec in _BY_KEY.values() for alias in spec.aliases}
