"""Tables that provoke ties: rounded and whole numbers, duplicate rows, constant columns, few targets."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st

Problem = Literal["classification", "regression"]


@dataclass(frozen=True)
class Table:
    """One drawn data set with its folds.

    Attributes:
        X: Shape (n_rows, n_features).
        y: Shape (n_rows,).
        splits: Two folds, each class in every training part.
    """

    X: Any
    y: Any
    splits: tuple[tuple[Any, Any], ...]


@st.composite
def tables(draw: st.DrawFn, problem: Problem, most_rows: int = 120) -> Table:
    """Draw a table of a problem; hypothesis shrinks the choices, numpy makes the numbers."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1), label="numbers"))
    n_rows = draw(st.integers(24, most_rows), label="rows")
    n_features = draw(st.integers(1, 6), label="features")
    X = rng.normal(size=(n_rows, n_features)) * draw(st.sampled_from([1.0, 10.0]), label="scale")
    rounding = draw(st.sampled_from(["none", "tenths", "thirds", "whole"]), label="rounding")
    X = {"none": X, "tenths": np.round(X, 1), "thirds": np.rint(3 * X) / 3, "whole": np.rint(X)}[rounding]
    if draw(st.booleans(), label="duplicate rows"):
        X[n_rows // 2 :] = X[: n_rows - n_rows // 2]
    if draw(st.booleans(), label="constant column"):
        X[:, -1] = 1.0
    y = _classes(draw, rng, n_rows) if problem == "classification" else _numbers(draw, rng, X)
    order = rng.permutation(n_rows)
    halves = order[: n_rows // 2], order[n_rows // 2 :]
    splits = tuple(
        (np.sort(np.union1d(train, _one_of_each(y, problem))), np.sort(test))
        for train, test in (halves, halves[::-1])
    )
    return Table(X, y, splits)


def _classes(draw: st.DrawFn, rng: np.random.Generator, n_rows: int) -> Any:
    n_classes = draw(st.integers(2, 10), label="classes")
    y = np.concatenate([np.arange(n_classes), rng.integers(0, n_classes, n_rows - n_classes)])
    names = draw(st.sampled_from(["numbers", "texts"]), label="class names")
    return y if names == "numbers" else np.array([f"class {code}" for code in y])


def _numbers(draw: st.DrawFn, rng: np.random.Generator, X: Any) -> Any:
    y = X[:, 0] + rng.normal(size=len(X))
    return np.rint(y) if draw(st.booleans(), label="tied targets") else y


def _one_of_each(y: Any, problem: Problem) -> Any:
    return np.unique(y, return_index=True)[1] if problem == "classification" else np.array([], dtype=int)
