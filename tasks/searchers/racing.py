"""Racing over folds: candidates that cannot be expected to catch up with the best are ended early.

Asking fold by fold does not belong here (`schedules`, `optuna`), nor pruners of Optuna, which compare means.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from scipy.stats import t as students_t

from hyperparameter_tuning.registry.racing import FIRST_FOLDS

LEVEL = 0.05
"""Error of the one-sided test by which a candidate is ended."""

Scores = Mapping[int, Sequence[float]]


def fold_rounds(n_splits: int) -> Iterator[tuple[int, ...]]:
    """Yield the folds of each round: the first ones at once, then one at a time."""
    yield tuple(range(min(FIRST_FOLDS, n_splits)))
    yield from ((split,) for split in range(FIRST_FOLDS, n_splits))


def is_hopeless(scores: Sequence[float], best: Sequence[float], n_splits: int) -> bool:
    """Say whether a candidate is worse than the best, judged by their differences on the same folds.

    The corrected resampled t-test (Nadeau and Bengio, Machine Learning 52, 2003): training parts of folds
    overlap, so the variance of the mean difference is that of the differences times ``1/n + test/train``
    rows; ``test/train`` is ``1/(n_splits - 1)``. Racing by paired tests over folds is Maron and Moore's
    (NIPS 1993), with this test in the place of Hoeffding's bound.

    Args:
        scores: Of the candidate, one per fold so far, greater is better.
        best: Of the incumbent; its first folds are the same.
        n_splits: Folds of a whole candidate.

    Returns:
        True where the mean difference is greater than chance explains, or is the same on every fold.
    """
    n = len(scores)
    differences = np.subtract(best[:n], scores)
    mean = float(np.mean(differences))
    if n < FIRST_FOLDS or mean <= 0:
        return False
    error = float(np.std(differences, ddof=1)) * math.sqrt(1 / n + 1 / (n_splits - 1))
    return mean > float(students_t.ppf(1 - LEVEL, n - 1)) * error


class Race:
    """The best so far, over all fields that run one after the other.

    Args:
        n_splits: Folds of a whole candidate.
    """

    def __init__(self, n_splits: int) -> None:
        self._n_splits = n_splits
        self._champion: Sequence[float] = ()

    def crown(self, whole: Iterable[Sequence[float]]) -> None:
        """Take whole candidates; the first of the best means is the champion."""
        for scores in whole:
            if not self._champion or np.mean(scores) > np.mean(self._champion):
                self._champion = tuple(scores)

    def is_hopeless(self, scores: Sequence[float]) -> bool:
        """Say whether a candidate is hopeless against the champion."""
        return bool(self._champion) and is_hopeless(scores, self._champion, self._n_splits)

    def survivors(self, field: Scores) -> list[int]:
        """Return who goes on, in the order given.

        Args:
            field: Scores of each candidate by number, all on the same folds.
        """
        n = len(next(iter(field.values())))
        champion = [self._champion[:n]] if self._champion else []
        # Of equal means the first is the incumbent.
        incumbent = max([*champion, *field.values()], key=lambda scores: float(np.mean(scores)))
        return [
            number for number, scores in field.items() if not is_hopeless(scores, incumbent, self._n_splits)
        ]
