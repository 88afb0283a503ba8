"""Scores of one fitted estimator by all scorers, sharing each prediction between them.

Which scorers there are does not belong here; they come from `shared.metrics` or from the library's caller.
"""

import numbers
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sklearn.metrics import check_scoring
from sklearn.metrics._scorer import _MultimetricScorer

Scorer = Callable[..., Any]
Scorers = Mapping[str, Scorer] | Scorer

SINGLE_METRIC = "score"
"""Name under which the number of a lone callable is kept, as in scikit-learn's ``mean_test_score``."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What scoring gave.

    Attributes:
        values: Number per metric; may be non-finite.
        errors: ``Class: message`` per metric that raised.
        traces: Their tracebacks as texts.
    """

    values: dict[str, float] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    traces: list[str] = field(default_factory=list)


def shared_scorer(estimator: Any, scorers: Scorers, *, raising: bool = False) -> Scorer:
    """Make one callable of all scorers that predicts once for metrics that need the same predictions.

    A lone callable is returned as it is: it may answer a number or a mapping of numbers.

    Args:
        estimator: Unfitted; it must have what the scorers ask for.
        scorers: Callables ``(estimator, X, y) -> number`` by metric, or one callable.
        raising: Let the failure of a metric pass instead of recording it.
    """
    if not isinstance(scorers, Mapping):
        return scorers
    # Where it does not raise, the failure of one metric leaves the others alone and answers a traceback text.
    shared: Scorer = check_scoring(estimator, scoring=dict(scorers), raise_exc=raising)
    return shared


def score_by(
    scorer: Scorer,
    estimator: Any,
    X: Any,
    y: Any,
    params: Mapping[str, Any] = MappingProxyType({}),
    *,
    raising: bool = False,
) -> Scores:
    """Score *estimator* on one part of the data.

    Args:
        scorer: From `shared_scorer`.
        estimator: Fitted.
        X: Features, shape (n_rows, n_features).
        y: Target, shape (n_rows,), or None.
        params: Further arguments of the scorer, for example weights of these rows.
        raising: Let errors pass instead of recording them.

    Raises:
        ValueError: a scorer answered something that is not a number.
    """
    try:
        answer = scorer(estimator, X, *(() if y is None else (y,)), **params)
    except Exception as error:
        if raising:
            raise
        return Scores(errors={SINGLE_METRIC: error_line(error)}, traces=[traceback.format_exc()])
    answers = answer if isinstance(answer, Mapping) else {SINGLE_METRIC: answer}
    scores = Scores()
    for name, value in answers.items():
        if isinstance(value, str) and isinstance(scorer, _MultimetricScorer):
            scores.errors[name] = last_error_line(value)
            scores.traces.append(value)
        else:
            scores.values[name] = _number(scorer if answer is not answers else name, value)
    return scores


def error_line(error: BaseException) -> str:
    """Return ``Class: message`` with the first line of the message, never a traceback."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def last_error_line(traceback: str) -> str:
    """Return ``Class: message`` out of the text of a traceback: the first line after the last frames."""
    last_block = traceback.rpartition("Traceback (most recent call last):")[2]
    text = next((line for line in last_block.splitlines() if line and not line[0].isspace()), "Exception")
    name, colon, message = text.partition(":")
    return f"{name.rpartition('.')[2]}{colon}{message}"


def _number(named: Any, value: Any) -> float:
    if hasattr(value, "item"):
        with suppress(ValueError):
            value = value.item()
    if not isinstance(value, numbers.Real):
        # The sentence is scikit-learn's: users of its searches know it.
        raise ValueError(
            f"scoring must return a number, got {value} ({type(value)}) instead. (scorer={named})"
        )
    return float(value)
