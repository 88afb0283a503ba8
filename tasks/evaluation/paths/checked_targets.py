"""The targets of an ensemble's trees are checked once, not once for each tree.

A forest encodes its targets and gives the same array to every tree, and every tree checks it (scikit-learn
1.9, `BaseDecisionTree._fit`): about a fifth of what growing a small tree costs. What the check says of an
array follows from the array alone.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from sklearn.tree import _classes as trees

_as_ever = trees.check_classification_targets


class _Thread(threading.local):
    """What one thread has checked in its innermost block; None outside of any."""

    checked: list[Any] | None = None


_thread = _Thread()
_counting = threading.Lock()
_open_blocks = 0


@contextmanager
def targets_checked_once() -> Iterator[None]:
    """Let the trees that this thread fits in the block check each array of targets once.

    Targets that scikit-learn warns of are checked each time: as many warnings as ever. Trees of other
    threads check as ever.

    Yields:
        Nothing.
    """
    outer, _thread.checked = _thread.checked, []
    _count(1)
    try:
        yield
    finally:
        _count(-1)
        _thread.checked = outer


def _count(change: int) -> None:
    """Stand in for scikit-learn's check only while a block of any thread is open."""
    global _open_blocks
    with _counting:
        _open_blocks += change
        trees.check_classification_targets = _check if _open_blocks else _as_ever


def _check(y: Any) -> None:
    checked = _thread.checked
    if checked is None:
        _as_ever(y)
    elif not any(_is_same(y, known) for known in checked):
        _as_ever(y)
        if _is_beyond_doubt(y):
            # Kept, so that no other array can take its place in memory.
            checked[:] = [y]


def _is_same(y: Any, known: Any) -> bool:
    """Say whether both look at the same memory in the same way; a tree may look at it through a view."""
    return bool(
        y.shape == known.shape
        and y.dtype == known.dtype
        and y.strides == known.strides
        and y.__array_interface__["data"] == known.__array_interface__["data"]
    )


def _is_beyond_doubt(y: Any) -> bool:
    """Say whether the check cannot warn: of as many classes as half of the rows it does."""
    return len(np.unique(y)) < len(y) / 2
