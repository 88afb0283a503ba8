"""Voting: members do not know of the weights, which are asked for at predictions only.

Source: scikit-learn 1.9, ``_BaseVoting.fit`` and what its classifier and its regressor predict.
"""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np

from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.known_answers import KnownAnswers
from hyperparameter_tuning.tasks.evaluation.paths.members import are_repeatable
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule


class VotingPath(PathRule):
    """``weights``: the same members, weighed."""

    name = "voting weights"
    params: ClassVar[tuple[str, ...]] = ("weights",)
    needs_seed = False

    def allows(self, estimator: Any) -> bool:
        """Members must be the same at every fit."""
        return are_repeatable(estimator.estimators)

    def has(self, estimator: Any, path: Params) -> bool:
        """One number per member, or none at all."""
        weights = path["weights"]
        return weights is None or (
            isinstance(weights, list | tuple | np.ndarray)
            and np.shape(weights) == (len(estimator.estimators),)
        )

    def length(self, path: Params) -> float:
        """All cost the same."""
        return 0.0

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Fit the members, ask each once, and weigh what they said for each candidate."""
        fitted = estimator.fit(rows.fold.X_train, rows.fold.y_train)
        said: dict[str, list[tuple[Any, Any]]] = {}
        for position, path in enumerate(wanted):
            weighed = copy_with(fitted, path)
            method = _asked(weighed)
            if method not in said:
                said[method] = [(table, getattr(fitted, method)(table)) for table in rows.scored]
            setattr(weighed, method, KnownAnswers(getattr(weighed, method), said[method]))
            yield position, weighed


class VotingClassifierPath(VotingPath):
    """``weights`` and ``voting``: labels and probabilities are of the same members."""

    name = "voting weights of classes"
    params = ("weights", "voting")

    def has(self, estimator: Any, path: Params) -> bool:
        """Anything but the two kinds of voting is scikit-learn's to refuse."""
        return super().has(estimator, path) and path["voting"] in ("hard", "soft")


def _asked(weighed: Any) -> str:
    """Return the method that asks the members."""
    return "_collect_probas" if getattr(weighed, "voting", "hard") == "soft" else "_predict"
