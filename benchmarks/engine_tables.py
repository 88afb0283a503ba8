"""The data sets of the engine's benchmark: bundled ones and seeded synthetic ones; nothing is downloaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn import datasets

Table = tuple[Any, Any]


def mixed_table() -> Table:
    """5,000 rows, 20 numeric columns with gaps and 6 of categories, as people have them."""
    rng = np.random.default_rng(0)
    X, y = datasets.make_classification(5_000, 20, n_informative=8, random_state=0)
    X[rng.random(X.shape) < 0.05] = np.nan
    frame = pd.DataFrame(X, columns=[f"number {index}" for index in range(20)])
    for index in range(6):
        frame[f"category {index}"] = rng.integers(0, 8, len(frame)).astype(str)
    return frame, y


def _bundled(load: Callable[..., Any]) -> Callable[[], Table]:
    def table() -> Table:
        X, y = load(return_X_y=True)
        return X, y

    return table


TABLES: Mapping[str, Callable[[], Table]] = {
    "digits": _bundled(datasets.load_digits),
    "breast_cancer": _bundled(datasets.load_breast_cancer),
    "wine": _bundled(datasets.load_wine),
    "diabetes": _bundled(datasets.load_diabetes),
    "20k x 40": lambda: datasets.make_classification(20_000, 40, n_informative=10, random_state=0),
    "20k x 100": lambda: datasets.make_regression(20_000, 100, noise=10.0, random_state=0),
    "5k x 26": mixed_table,
}
