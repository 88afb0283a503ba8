"""A candidate's estimator, divided into the steps that candidates may share and the final estimator.

Fitting does not belong here (`family_work`). Rules of sharing: a step that draws random numbers without a
seed gives other rows at each fit, and one that works in place would change what others read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from sklearn import get_config
from sklearn.base import clone
from sklearn.feature_selection import mutual_info_classif, mutual_info_regression
from sklearn.pipeline import Pipeline

from hyperparameter_tuning.shared.resampling import ResamplingPipeline

PIPELINES = (Pipeline, ResamplingPipeline)
"""Exact classes whose steps are known to be fitted one after the other; a subclass may do anything."""

UNSEEDED_FUNCTIONS = (mutual_info_classif, mutual_info_regression)
"""Score functions of selectors that draw random numbers, and get a seed by `functools.partial` only."""

_IN_PLACE = ("copy", "copy_X", "copy_x")


@dataclass(frozen=True, slots=True)
class Division:
    """Where the parameters of a candidate go.

    Attributes:
        before: Parameters of the steps before the final one, by full name; None where nothing is shared
            and the candidate is fitted as a whole.
        own: Parameters of the final estimator, by its own names.
    """

    before: Mapping[str, Any] | None
    own: Mapping[str, Any]


def divide(estimator: Any, params: Mapping[str, Any]) -> Division:
    """Divide a candidate's parameters between the steps before and the final estimator.

    Args:
        estimator: Unfitted.
        params: By full name, as ``set_params`` of *estimator* takes them.
    """
    if type(estimator) not in PIPELINES:
        return Division({}, params)
    last = estimator.steps[-1][0]
    if any("__" not in name for name in params):
        return Division(None, params)  # a step is replaced: the division itself would change
    before = {name: value for name, value in params.items() if name.split("__", 1)[0] != last}
    return Division(before, {name[len(last) + 2 :]: params[name] for name in params if name not in before})


def final_step(estimator: Any) -> Any:
    """Return the estimator that a path rule would look at; unfitted."""
    return estimator.steps[-1][1] if type(estimator) in PIPELINES else estimator


def is_shareable(estimator: Any, before: Mapping[str, Any]) -> bool:
    """Say whether one fit of the steps before the final one stands for all candidates with *before*."""
    if type(estimator) not in PIPELINES or len(estimator.steps) < 2:
        return False
    if estimator.memory is not None:
        return False
    found = {**estimator.get_params(deep=True), **before}
    last = estimator.steps[-1][0]
    return all(
        _is_settled(name, value)
        for name, value in found.items()
        if name != last and not name.startswith(f"{last}__") and name not in ("memory", "steps")
    )


def is_seed(value: Any) -> bool:
    """Say whether *value* makes every fit draw the same numbers."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def own_fit_params(estimator: Any, fit_params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments of ``fit`` that reach the final estimator, by its own names."""
    if type(estimator) not in PIPELINES:
        return fit_params
    prefix = estimator.steps[-1][0] + "__"
    return {name.removeprefix(prefix): value for name, value in fit_params.items() if name.startswith(prefix)}


def fits_final_only(estimator: Any, fit_params: Mapping[str, Any]) -> bool:
    """Say whether no step before the final estimator is told of any argument of ``fit``.

    Where metadata routing is on, any step may ask for any of them; a resampled row has lost its weight.
    """
    if not fit_params or type(estimator) not in PIPELINES:
        return True
    if type(estimator) is not Pipeline or get_config()["enable_metadata_routing"]:
        return False
    return len(own_fit_params(estimator, fit_params)) == len(fit_params)


def with_params(estimator: Any, params: Mapping[str, Any]) -> Any:
    """Return a copy with *params*; their values are copied too, since a candidate may hold an estimator."""
    return clone(estimator).set_params(**{name: clone(value, safe=False) for name, value in params.items()})


def _is_settled(name: str, value: Any) -> bool:
    if name.rpartition("__")[2] == "random_state":
        return is_seed(value)
    if _works_in_place(name, value):
        return False
    function = value.func if isinstance(value, partial) else value
    if not any(function is each for each in UNSEEDED_FUNCTIONS):
        return True
    return isinstance(value, partial) and is_seed(value.keywords.get("random_state"))


def leaves_rows_alone(settings: Mapping[str, Any]) -> bool:
    """Say whether many fits may read the same rows: no estimator with *settings* works in place."""
    return not any(_works_in_place(name, value) for name, value in settings.items())


def _works_in_place(name: str, value: Any) -> bool:
    """Anything but a plain yes may mean no: grids hold numpy's booleans, and some defaults are words."""
    is_yes = isinstance(value, bool | np.bool_) and bool(value)
    return name.rpartition("__")[2] in _IN_PLACE and not is_yes
