"""One query for the most neighbours: answers for fewer are in it, or asked for where they are not.

What estimators make of neighbours does not belong here (`paths.neighbours`).
"""

from typing import Any

import numpy as np
from sklearn import get_config
from sklearn.metrics._pairwise_distances_reduction import ArgKmin
from sklearn.utils._openmp_helpers import _openmp_effective_n_threads

_EXACT = 2.0**51
"""Sums of whole numbers up to here are exact in double precision, in any order of adding."""

_ON_X, _ON_Y = "parallel_on_X", "parallel_on_Y"


class NeighbourQuery:
    """The nearest rows of a fitted estimator to the rows of one table.

    Args:
        fitted: With ``_tree`` or ``_fit_X``; one target.
        X: Rows that are asked about, as its ``kneighbors`` would convert them.
        most: Largest number of neighbours that is asked for.

    Raises:
        ValueError: scikit-learn would search in a way that was not proven.
    """

    def __init__(self, fitted: Any, X: Any, most: int) -> None:
        self._fitted, self._X = fitted, X
        if fitted._tree is None and not ArgKmin.is_usable_for(X, fitted._fit_X, fitted.effective_metric_):
            raise ValueError("rows of an unproven kind")
        self._strategy = _strategy(len(X), len(fitted._fit_X))
        self._by_rows = fitted._tree is not None or not _is_product(fitted, X)
        self._distances, self._indices = self._ask(X, min(most + 1, len(fitted._fit_X)), self._strategy)
        self._targets = fitted._y[self._indices]
        # Equal to the bit: the distance of two rows is the same however many are asked for.
        tied = self._distances[:, 1:] == self._distances[:, :-1]
        self._ties = np.cumsum(np.pad(~tied, ((0, 0), (1, 0))), axis=1)
        unequal = tied & (self._targets[:, 1:] != self._targets[:, :-1])
        # Column k says whether neighbours up to the k-th, counted from 0, are tied and differ.
        self._mixed = np.pad(np.logical_or.accumulate(unequal, axis=1), ((0, 0), (1, 0)))
        self._answers: dict[tuple[int, bool, str], tuple[Any, Any]] = {}

    def answer(self, k: int, ordered: bool, counted: bool) -> tuple[Any, Any]:
        """Return distances and indices of the *k* nearest, each of shape (n_rows, *k*).

        Args:
            k: Number of neighbours.
            ordered: The order of neighbours at equal distances matters, for it enters a sum of floats.
            counted: Ties are kept as by the search that counts votes at once, which always goes by rows.
        """
        strategy = _ON_X if counted else self._strategy
        key = (k, ordered, strategy)
        if key not in self._answers:
            self._answers[key] = self._answered(k, ordered, strategy)
        return self._answers[key]

    def _answered(self, k: int, ordered: bool, strategy: str) -> tuple[Any, Any]:
        distances, indices = self._distances[:, :k], self._indices[:, :k]
        open_rows = np.flatnonzero(self._is_open(k, ordered))
        if not len(open_rows):
            return distances, indices
        if not self._by_rows:
            return self._ask(self._X, k, strategy)
        distances, indices = distances.copy(), indices.copy()
        distances[open_rows], indices[open_rows] = self._ask(self._X[open_rows], k, strategy)
        return distances, indices

    def _is_open(self, k: int, ordered: bool) -> Any:
        """Say of each row whether the query does not tell its *k* nearest.

        The k-th and the next may be equally far: then it is open which of their tie are the nearest, unless
        all of the tie are in the query and have one target. Where order matters, so is any tie before that.
        """
        ties, targets = self._ties, self._targets
        is_open = self._mixed[:, k - 1].copy() if ordered else np.zeros(len(ties), dtype=bool)
        if k < ties.shape[1]:
            last = ties[:, k - 1 : k]
            tied = ties == last
            unequal = (tied & (targets != targets[:, k - 1 : k])).any(axis=1)
            is_open |= tied[:, k] & (tied[:, -1] | unequal)
        return is_open

    def _ask(self, X: Any, k: int, strategy: str) -> tuple[Any, Any]:
        """Ask as ``kneighbors`` does; the strategy is that of the whole table, however few rows these are."""
        fitted = self._fitted
        if fitted._tree is not None:
            distances, indices = fitted._tree.query(X, k)
        else:
            distances, indices = ArgKmin.compute(
                X=X,
                Y=fitted._fit_X,
                k=k,
                metric=fitted.effective_metric_,
                metric_kwargs=fitted.effective_metric_params_,
                strategy=strategy,
                return_distance=True,
            )
        return distances, indices


def _strategy(n_rows: int, n_fitted: int) -> str:
    """Return what ``auto`` stands for; it decides which of equally far neighbours are kept.

    Source: scikit-learn 1.9, ``_pairwise_distances_reduction/_base.pyx``.
    """
    chunk = get_config().get("pairwise_dist_chunk_size", 256)
    by_rows = n_fitted < n_rows or 4 * chunk * _openmp_effective_n_threads() < n_rows
    return _ON_X if by_rows else _ON_Y


def _is_product(fitted: Any, X: Any) -> bool:
    """Say whether distances come from matrix products, whose last bits depend on the rows asked together."""
    if fitted.effective_metric_ != "euclidean":
        return False  # so that few rows are asked again, not all
    tables = (X, fitted._fit_X)
    whole = all(np.array_equal(table, np.rint(table)) for table in tables)
    return not whole or sum(float(np.abs(table).max()) for table in tables) ** 2 * X.shape[1] > _EXACT
