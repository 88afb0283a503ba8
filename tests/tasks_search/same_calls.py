"""The same call on our search and on scikit-learn's: what each came to, in a form that can be compared."""

import re
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.experimental import enable_halving_search_cv  # noqa: F401 - makes the halvings importable
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
)

from hyperparameter_tuning.tasks.searchers import (
    GridSearch,
    HalvingGridSearch,
    HalvingRandomSearch,
    RandomSearch,
)
from tests.tasks_search.same_table import assert_same_table

PAIRS: Mapping[str, tuple[type, type, dict[str, Any]]] = {
    "grid": (GridSearch, GridSearchCV, {}),
    "random": (RandomSearch, RandomizedSearchCV, {"n_iter": 3, "random_state": 0}),
    "halving": (HalvingGridSearch, HalvingGridSearchCV, {"factor": 2, "random_state": 0}),
    "halving_random": (
        HalvingRandomSearch,
        HalvingRandomSearchCV,
        {"n_candidates": 3, "factor": 2, "random_state": 0},
    ),
}
OURS_ONLY = {"cell_origins_", "path_checks_"}
_NAMES = {
    "RandomSearch": "RandomizedSearchCV",
    **{f"{name}Search": f"{name}SearchCV" for name in ("Grid", "HalvingGrid", "HalvingRandom")},
}
_FRAME = re.compile(r"^  File .*\n(    .*\n)*", flags=re.MULTILINE)
_TIME = re.compile(r"\.+(?=[^.]*)|total time=.*")
_ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass(frozen=True)
class Call:
    """Arguments of one search and of its fit.

    Attributes:
        estimator: Unfitted.
        space: For ``param_grid`` or ``param_distributions``.
        X: Features.
        y: Target, or None.
        settings: Further arguments of the class.
        fit: Further arguments of ``fit``.
        after: Asks the fitted search something; its answer or its error is compared.
    """

    estimator: Any
    space: Any
    X: Any
    y: Any
    settings: Mapping[str, Any] = field(default_factory=dict)
    fit: Mapping[str, Any] = field(default_factory=dict)
    after: Callable[[Any], Any] | None = None


@dataclass
class Outcome:
    """What a call came to."""

    search: Any = None
    answer: Any = None
    error: tuple[type, str] | None = None
    warnings: set[tuple[str, str]] = field(default_factory=set)
    printed: list[str] = field(default_factory=list)


def plain(text: str) -> str:
    """Return a text without what differs by design: class names, frames of tracebacks, addresses."""
    for ours, theirs in _NAMES.items():
        text = re.sub(rf"\b{ours}\b", theirs, text)
    # What is shown of a search is indented by the length of its name.
    return " ".join(_ADDRESS.sub("0x", _FRAME.sub("", text)).split())


def outcome_of(cls: type, call: Call, settings: Mapping[str, Any]) -> Outcome:
    """Make and fit a search, and keep everything it told."""
    outcome, out = Outcome(), StringIO()
    with warnings.catch_warnings(record=True) as caught, redirect_stdout(out):
        warnings.simplefilter("always")
        try:
            outcome.search = cls(clone(call.estimator, safe=False), call.space, **settings)
            outcome.search.fit(call.X, call.y, **call.fit)
            outcome.answer = call.after(outcome.search) if call.after else None
        except Exception as error:
            outcome.error = type(error), plain(str(error))
    outcome.warnings = {(item.category.__name__, plain(str(item.message))) for item in caught}
    outcome.printed = sorted(_TIME.sub("", line) for line in out.getvalue().splitlines())
    return outcome


def assert_same_call(kind: str, call: Call) -> Outcome:
    """Assert that both searches came to the same, and return what ours came to."""
    our_class, their_class, own = PAIRS[kind]
    settings = {"cv": 3, **own, **call.settings}
    ours, theirs = (outcome_of(cls, call, settings) for cls in (our_class, their_class))
    assert ours.error == theirs.error
    assert ours.warnings == theirs.warnings
    assert ours.printed == theirs.printed
    assert _same(ours.answer, theirs.answer)
    if ours.search is not None:
        assert_same_attributes(ours.search, theirs.search)
    return ours


def assert_same_attributes(ours: Any, theirs: Any) -> None:
    """Compare which attributes a fitted search has, and the values of those that can be compared."""
    names = {name for name in vars(theirs) if name.endswith("_")}
    assert {name for name in vars(ours) if name.endswith("_")} - OURS_ONLY == names
    for name in sorted(names - {"refit_time_", "best_estimator_", "scorer_", "best_params_"}):
        one, other = getattr(ours, name), getattr(theirs, name)
        if name == "cv_results_":
            assert_same_table(one, other)
        else:
            assert _same(one, other), name
    assert repr(getattr(ours, "best_params_", None)) == repr(getattr(theirs, "best_params_", None))
    for name in ("n_features_in_", "classes_"):
        assert _same(_asked(ours, name), _asked(theirs, name)), name


def _asked(search: Any, name: str) -> Any:
    try:
        return getattr(search, name)
    except Exception as error:
        return type(error).__name__, plain(str(error))


def _same(one: Any, other: Any) -> bool:
    if isinstance(other, np.ndarray) or hasattr(other, "toarray"):
        one, other = (part.toarray() if hasattr(part, "toarray") else part for part in (one, other))
        return bool(np.array_equal(one, other, equal_nan=np.asarray(other).dtype.kind == "f"))
    return bool(one == other or (one != one and other != other))
