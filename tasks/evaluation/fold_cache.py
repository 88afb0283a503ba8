"""Prepared folds that are kept, so that candidates with the same steps before them share one preparation.

What a fold holds does not belong here (`prepared_fold`), nor what is kept of candidates (`kept_fits`).
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable

from hyperparameter_tuning.tasks.evaluation.kept_fits import KeptFits
from hyperparameter_tuning.tasks.evaluation.prepared_fold import PreparedFold

MOST_BYTES = 512 * 1024 * 1024
"""What one process keeps at most; the fold in use is kept however large it is."""

QUICK_BYTES = 64 * 1024 * 1024
"""What it keeps at most of folds that are made again quickly. Of large ones only that in use is worth its
memory: each process holds one copy of the rows, not as many as there are folds."""

QUICK_SECONDS = 1.0
"""CPU time above which what a fold holds is not made twice to save memory."""

Weigh = Callable[[], int]


class FoldCache:
    """The folds used last, bounded by their bytes; room is made before a fold, not after it.

    Args:
        most_bytes: Bound of all folds; the last one stays even when it alone is larger.
        quick_bytes: Bound of those that are made again quickly.

    Attributes:
        fits: Of candidates that may come again, on these folds; they have a bound of their own.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, quick_bytes: int = QUICK_BYTES) -> None:
        self._most_bytes, self._quick_bytes = most_bytes, quick_bytes
        self.fits = KeptFits()
        self._folds: OrderedDict[Hashable, PreparedFold] = OrderedDict()

    def get(
        self,
        key: Hashable,
        make: Callable[[], PreparedFold],
        weigh: Weigh,
        beside: Collection[Hashable] = (),
    ) -> tuple[PreparedFold, bool]:
        """Return the fold of *key* and whether it had to be made.

        Args:
            key: Of the fold.
            make: Makes it; may ask for other folds.
            weigh: Says how many bytes it is going to have, before it is made.
            beside: Keys of folds that it is made from; they stay.
        """
        is_new = key not in self._folds
        if is_new:
            self.make_room(weigh, beside)
            self._folds[key] = make()
        self._folds.move_to_end(key)
        self._shrink(0, {key, *beside})
        return self._folds[key], is_new

    def make_room(self, weigh: Weigh, beside: Collection[Hashable] = ()) -> None:
        """Let go of what would not be kept beside so many bytes; *beside* are keys of folds that stay."""
        if self._folds:
            self._shrink(weigh(), beside)

    @property
    def n_bytes(self) -> int:
        """Memory of all that is kept."""
        return self.fits.n_bytes + sum(fold.n_bytes for fold in self._folds.values())

    def _shrink(self, coming: int, in_use: Collection[Hashable]) -> None:
        """Let go of the oldest; folds grow while they are used, so all are weighed anew."""
        sizes = {key: fold.n_bytes for key, fold in self._folds.items()}
        quick = {key: sizes[key] for key, fold in self._folds.items() if fold.effort <= QUICK_SECONDS}
        for kept, bound in ((quick, self._quick_bytes), (sizes, self._most_bytes)):
            total = coming + sum(kept.values())
            for key in [key for key in kept if key not in in_use]:
                if total <= bound:
                    break
                total -= kept[key]
                del self._folds[key], sizes[key]
