"""Prepared folds that are kept, so that candidates with the same steps before them share one preparation.

What a fold holds does not belong here (`prepared_fold`), nor what is kept of candidates (`kept_fits`).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from hyperparameter_tuning.tasks.evaluation.kept_fits import KeptFits
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold

MOST_BYTES = 512 * 1024 * 1024
"""What one process keeps at most; the fold in use is kept however large it is."""


class FoldCache:
    """The folds used last, bounded by their bytes.

    Args:
        most_bytes: Bound; the last fold stays even when it alone is larger.

    Attributes:
        fits: Of candidates that may come again, on these folds; they have a bound of their own.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self.fits = KeptFits()
        self._folds: OrderedDict[Hashable, PreparedFold] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], PreparedFold]) -> tuple[PreparedFold, bool]:
        """Return the fold of *key* and whether it had to be made."""
        is_new = key not in self._folds
        if is_new:
            self._folds[key] = make()
        self._folds.move_to_end(key)
        self._shrink()
        return self._folds[key], is_new

    def _shrink(self) -> None:
        """Let go of the oldest; folds grow while they are used, so all are weighed anew."""
        sizes = {key: fold.n_bytes for key, fold in self._folds.items()}
        total = sum(sizes.values())
        while total > self._most_bytes and len(self._folds) > 1:
            key, _ = self._folds.popitem(last=False)
            total -= sizes[key]
