"""Neighbours: the nearest few are the first of the nearest many, but for those at equal distances.

One query for one more than the most neighbours answers for all fewer, where distances tell them apart. Among
equal distances scikit-learn 1.9 keeps and orders neighbours as its heaps leave them, differently for each
number, so rows whose answer depends on that are asked again (`_Query.answer`).
"""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from sklearn.base import is_classifier
from sklearn.metrics._pairwise_distances_reduction import ArgKminClassMode
from sklearn.utils.validation import validate_data

from hyperparameter_tuning.tasks.evaluation.paths.copies import copy_with
from hyperparameter_tuning.tasks.evaluation.paths.neighbour_query import NeighbourQuery
from hyperparameter_tuning.tasks.evaluation.paths.rule import Params, PathRows, PathRule, is_count

METRICS = ("minkowski", "euclidean", "manhattan")
"""Metrics whose distance of two rows is the same however many are asked for."""

_VOTED = "known neighbours"
"""As a fitted method it sends scikit-learn the general way: find neighbours, then let them vote."""


class KnownNeighbours:
    """Stands on an instance in place of ``kneighbors``, for certain tables.

    Args:
        method: What answers for any other table.
        answers: Triples of a table, and distances and indices of its neighbours.
    """

    def __init__(self, method: Any, answers: Sequence[tuple[Any, Any, Any]]) -> None:
        self._method = method
        self._answers = tuple(answers)

    def __call__(self, X: Any = None, n_neighbors: Any = None, return_distance: bool = True) -> Any:
        """Answer as ``kneighbors`` does."""
        for table, distances, indices in self._answers:
            if X is table and n_neighbors is None:
                return (distances, indices) if return_distance else indices
        return self._method(X, n_neighbors, return_distance)


class NeighboursPath(PathRule):
    """``n_neighbors`` and ``weights``."""

    name = "neighbours"
    params = ("n_neighbors", "weights")
    needs_seed = False

    def allows(self, estimator: Any) -> bool:
        """Distances of their own, of which the order of rows is all that is asked."""
        known = isinstance(estimator.metric, str) and estimator.metric in METRICS
        return known and estimator.metric_params is None and estimator.p >= 1

    def has(self, estimator: Any, path: Params) -> bool:
        """Counts from 1; a function of the distances may do anything."""
        weights = path["weights"]
        return (
            is_count(path["n_neighbors"]) and isinstance(weights, str) and weights in ("uniform", "distance")
        )

    def length(self, path: Params) -> float:
        """The number of neighbours; the query costs about the same for all."""
        return float(path["n_neighbors"])

    def prefixes(self, estimator: Any, wanted: Sequence[Params], rows: PathRows) -> Iterator[tuple[int, Any]]:
        """Fit and ask for the most neighbours, for each way of searching that ``auto`` chooses.

        Raises:
            ValueError: there are fewer rows than neighbours, or rows of an unproven kind.
        """
        n_train = len(rows.fold.X_train)
        groups: dict[bool, list[int]] = {}
        for position, path in enumerate(wanted):
            if path["n_neighbors"] > n_train:
                raise ValueError("fewer rows than neighbours")
            # Where scikit-learn chooses brute force for the number alone (``NeighborsBase._fit``).
            many = estimator.algorithm == "auto" and path["n_neighbors"] >= n_train // 2
            groups.setdefault(many, []).append(position)
        for positions in groups.values():
            yield from _of_one_fit(copy.copy(estimator), wanted, positions, rows)


def _of_one_fit(
    estimator: Any, wanted: Sequence[Params], positions: Sequence[int], rows: PathRows
) -> Iterator[tuple[int, Any]]:
    most = max(wanted[position]["n_neighbors"] for position in positions)
    fitted = estimator.set_params(n_neighbors=most).fit(rows.fold.X_train, rows.fold.y_train)
    ordered = not is_classifier(fitted) or any(wanted[at]["weights"] == "distance" for at in positions)
    queries = [
        (table, NeighbourQuery(fitted, validate_data(fitted, table, reset=False, order="C"), most))
        for table in rows.scored
    ]
    for position in positions:
        known = copy_with(fitted, wanted[position])
        answers = []
        for table, query in queries:
            counted = _is_counted(known, table)
            answers.append((table, *query.answer(known.n_neighbors, ordered and not counted, counted)))
            if counted:
                known._fit_method = _VOTED
        known.kneighbors = KnownNeighbours(known.kneighbors, answers)
        yield position, known


def _is_counted(fitted: Any, table: Any) -> bool:
    """Say whether scikit-learn counts votes while it searches (``KNeighborsClassifier.predict_proba``)."""
    return (
        is_classifier(fitted)
        and fitted.weights == "uniform"
        and fitted._tree is None  # in a tree the answer serves votes by distance, too
        and ArgKminClassMode.is_usable_for(table, fitted._fit_X, fitted.effective_metric_)
    )
