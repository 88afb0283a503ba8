"""Fits that are kept because their candidates may come again longer.

How a fit goes on does not belong here (`paths.continuation`).
"""

import pickle
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 256 * 1024 * 1024
"""What one process keeps at most, besides its folds: those serve every candidate, and do not make way."""


@dataclass(frozen=True, slots=True)
class KeptFit:
    """A fit that may go on.

    Attributes:
        estimator: Fitted; whoever takes it may change it.
        length: Value of the parameter that says how long it is.
        warnings: What its fit warned of; a longer fit made in one go would have warned of it too.
    """

    estimator: Any
    length: Any
    warnings: tuple[tuple[str, str], ...] = ()


class KeptFits:
    """The fits kept last, bounded by their bytes.

    Args:
        most_bytes: Bound; what is larger by itself is not kept.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._fits: OrderedDict[Hashable, tuple[KeptFit, int]] = OrderedDict()

    @property
    def n_bytes(self) -> int:
        """Memory that the kept fits hold."""
        return sum(size for _, size in self._fits.values())

    def take(self, key: Hashable) -> KeptFit | None:
        """Return the fit of *key* and keep it no longer; None where there is none."""
        fit, _ = self._fits.pop(key, (None, 0))
        return fit

    def keep(self, key: Hashable, fit: KeptFit) -> None:
        """Keep a fit, and let go of the oldest for it."""
        self._fits[key] = fit, _weight(fit.estimator)
        total = self.n_bytes
        while total > self._most_bytes:
            _, (_, size) = self._fits.popitem(last=False)
            total -= size


class _Scale:
    """A file that counts what is written to it."""

    n_bytes = 0

    def write(self, part: Any) -> int:
        size = memoryview(part).nbytes
        self.n_bytes += size
        return size


def _weight(estimator: Any) -> int:
    """Return what a fit weighs when pickled: members may be of any kind, and hold rows of their own."""
    scale = _Scale()
    pickle.Pickler(scale, protocol=5).dump(estimator)
    return scale.n_bytes
