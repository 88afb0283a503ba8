"""One fold as the final estimator sees it: rows after the steps before it, and what candidates share of them.

Which folds are kept does not belong here (`fold_cache`), nor who uses them (`family_work`).
"""

import copy
import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

import numpy as np

Made = TypeVar("Made")
Side = Literal["test", "train"]


@dataclass(eq=False)
class PreparedFold:
    """Training and test rows of one fold at one resource, prepared with one setting of the steps before.

    Nothing here may be changed by a fit: many candidates read it.

    Attributes:
        X_train: Training features, shape (n_train, n_features).
        y_train: Training target, shape (n_train,), or None.
        X_test: Test features, shape (n_test, n_features).
        y_test: Test target, or None.
        seen: Training rows and target as they are scored, where steps make other rows of them than of those
            that they are fitted on: samplers do, and whatever fits and transforms in one go.
        seconds: Wall time of the preparation.
        effort: CPU seconds that its steps took, and what candidates share besides: what is lost with it.
        warnings: Those of the preparation; every candidate that uses it would have given them.
        is_cut: Its rows are a cut of a preparation that another fold carries the time of.
        fit_params: Further arguments of ``fit``, cut to the training rows.
        score_params: Further arguments of the scorer, cut to the rows of each side.
    """

    X_train: Any
    y_train: Any
    X_test: Any
    y_test: Any
    seen: tuple[Any, Any] | None = None
    seconds: float = 0.0
    effort: float = 0.0
    warnings: tuple[tuple[str, str], ...] = ()
    is_cut: bool = False
    fit_params: Mapping[str, Any] = field(default_factory=dict)
    score_params: Mapping[Side, Mapping[str, Any]] = field(default_factory=dict)
    _made: dict[Hashable, Any] = field(default_factory=dict)

    def side(self, side: Side) -> tuple[Any, Any]:
        """Return rows and target of one part as they are scored."""
        if side == "test":
            return self.X_test, self.y_test
        return (self.X_train, self.y_train) if self.seen is None else self.seen

    def once(
        self, key: Hashable, make: Callable[[], Made], is_enough: Callable[[Made], bool] = lambda made: True
    ) -> Made:
        """Return what *make* gave under *key*, making it at first, and anew where it *is_enough* no more."""
        if key not in self._made or not is_enough(self._made[key]):
            begin = time.process_time()
            self._made[key] = make()
            self.effort += time.process_time() - begin
        made: Made = self._made[key]
        return made

    def told(self) -> dict[str, Any]:
        """Return the further arguments of one fit, copied: a fit may change its weights in place."""
        return {name: copy.copy(value) for name, value in self.fit_params.items()}

    @property
    def n_bytes(self) -> int:
        """Memory that this fold holds, as far as arrays and tables tell."""
        parts = (self.X_train, self.y_train, self.X_test, self.y_test, self.seen, *self._made.values())
        return sum(n_bytes(part) for part in parts)


def n_bytes(part: Any) -> int:
    """Return the bytes of an array, a sparse matrix, a table, or a tuple of these; 0 of anything else."""
    if isinstance(part, tuple | list):
        return sum(n_bytes(item) for item in part)
    if hasattr(part, "memory_usage"):
        return int(np.sum(part.memory_usage(deep=False)))
    if hasattr(part, "indptr"):
        return int(part.data.nbytes + part.indices.nbytes + part.indptr.nbytes)
    return int(getattr(part, "nbytes", 0))
