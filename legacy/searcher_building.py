"""Makes the search that an old configuration asks for: always one of our own search estimators.

What they do is in `tasks.searchers`; parameters are prepared in `search_parameters`.
"""

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from hyperparameter_tuning.legacy_imports.old_errors import OldCallError, value_errors
from hyperparameter_tuning.legacy_imports.search_configuration import SearchConfiguration
from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.metrics import get_metric
from hyperparameter_tuning.registry.models.catalog import get_model, load_estimator_class
from hyperparameter_tuning.tasks.searchers.estimators import (
    GridSearch,
    HalvingGridSearch,
    HalvingRandomSearch,
    OptunaSearch,
    RandomSearch,
)

OptunaSearchCV = OptunaSearch
_HAS_OPTUNA = True
_OPTUNA_INTEGRATION_GUIDANCE = (
    "Optuna comes with this package and needs no integration package: OptunaSearchCV is its own OptunaSearch."
)

Space = Mapping[str, Sequence[Any]]


def _build_searcher(
    spec: ModelSpec | str,
    search_config: SearchConfiguration,
    base_params: Mapping[str, Any],
    search_space: Space,
    splitter: Any,
) -> Any:
    """Return an unfitted search over *search_space*.

    Args:
        spec: The model, or its name.
        search_config: Strategy, number of candidates, scoring and seed. Without a number random search takes
            5 candidates per parameter, 20 at most, Optuna 10 per parameter, 30 at most; never more than there
            are combinations.
        base_params: Parameters that every candidate shares.
        search_space: Values to try by parameter, as `_prepare_search_parameters` gives them.
        splitter: Folds.

    Raises:
        OldCallError: strategy or scoring are unknown; the message names the nearest.
    """
    with value_errors():
        model = get_model(spec) if isinstance(spec, str) else spec
        make = _MAKERS.get(search_config.strategy)
        if make is None:
            raise OldCallError(
                f"There is no strategy '{search_config.strategy}'. Known: {', '.join(_MAKERS)}.",
                code="unknown_strategy",
            )
        shared = {
            "estimator": load_estimator_class(model)(**base_params),
            "cv": splitter,
            "scoring": _scoring(search_config.scoring),
            "n_jobs": 1,
            "refit": True,
            "return_train_score": True,
        }
    return make(shared, search_config, {name: list(values) for name, values in search_space.items()})


def _build_optuna_distributions(search_space: Space) -> dict[str, Any]:
    """Return one categorical distribution of Optuna's per parameter, each value once.

    Raises:
        OldCallError: the space is empty.
    """
    if not search_space:
        raise OldCallError("Search space is empty: Optuna needs at least one parameter.")
    support = import_module("hyperparameter_tuning.tasks.optuna_support")
    distinct = {name: {repr(value): value for value in values} for name, values in search_space.items()}
    return {
        name: support.CategoricalDistribution(tuple(values.values())) for name, values in distinct.items()
    }


def _create_optuna_searcher(
    kwargs: Mapping[str, Any],
    search_config: SearchConfiguration,
    _search_cls: Callable[..., Any] | None = None,
    _sampler_cls: Callable[..., Any] | None = None,
    _accepts_sampler_fn: Callable[[], bool] | None = None,
) -> Any:
    """Make an Optuna search with a seeded TPE sampler, where the class takes a sampler.

    Args:
        kwargs: Arguments of the class.
        search_config: Has the seed.
        _search_cls: Class to make; absent: our own, which names its sampler.
        _sampler_cls: Class of the sampler, called with ``seed``; absent: the text ``tpe``.
        _accepts_sampler_fn: Says whether the class takes ``sampler``; absent: `_optuna_accepts_sampler`.

    Returns:
        The search; one that refuses the sampler after all is made without it.
    """
    search_cls = _search_cls or OptunaSearchCV
    accepts = _accepts_sampler_fn or _optuna_accepts_sampler
    if not accepts():
        return search_cls(**kwargs)
    sampler = "tpe" if _sampler_cls is None else _sampler_cls(seed=search_config.random_state)
    try:
        return search_cls(**kwargs, sampler=sampler)
    except TypeError:
        return search_cls(**kwargs)


@cache
def _optuna_accepts_sampler() -> bool:
    """Say whether our own Optuna search takes ``sampler``."""
    return "sampler" in inspect.signature(OptunaSearchCV).parameters


def _scoring(name: str | None) -> str | None:
    """Return a scikit-learn scorer name for one, or for a metric of the registry."""
    from sklearn.metrics import get_scorer_names

    if name is None or not name.strip():
        return None
    return name if name in get_scorer_names() else get_metric(name).scorer


def _candidates(config: SearchConfiguration, space: Space, per_parameter: int, most: int) -> int:
    asked = config.n_iterations or min(most, per_parameter * len(space))
    return min(asked, math.prod(len(values) for values in space.values()))


def _grid(shared: Mapping[str, Any], _config: SearchConfiguration, space: Space) -> Any:
    return GridSearch(param_grid=space, **shared)


def _random(shared: Mapping[str, Any], config: SearchConfiguration, space: Space) -> Any:
    number = _candidates(config, space, 5, 20)
    return RandomSearch(param_distributions=space, n_iter=number, random_state=config.random_state, **shared)


def _halving(shared: Mapping[str, Any], config: SearchConfiguration, space: Space) -> Any:
    return HalvingGridSearch(param_grid=space, random_state=config.random_state, **shared)


def _halving_random(shared: Mapping[str, Any], config: SearchConfiguration, space: Space) -> Any:
    asked = config.n_iterations
    number: Any = "exhaust" if asked is None else _candidates(config, space, 5, 20)
    return HalvingRandomSearch(
        param_distributions=space,
        n_candidates=number,
        random_state=config.random_state,
        **shared,
    )


def _optuna(shared: Mapping[str, Any], config: SearchConfiguration, space: Space) -> Any:
    kwargs = {
        **shared,
        "param_distributions": _build_optuna_distributions(space),
        "n_trials": _candidates(config, space, 10, 30),
        "random_state": config.random_state,
    }
    return _create_optuna_searcher(kwargs, config)


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], SearchConfiguration, Space], Any]] = {
    "random": _random,
    "grid": _grid,
    "halving": _halving,
    "halving_random": _halving_random,
    "optuna": _optuna,
}
