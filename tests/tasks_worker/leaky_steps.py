"""Node kinds of another package, one of each fold policy, that give the target away wherever they can.

Their builders are named by import path, as those of any package are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.node_kinds import NodeKinds, NodeKindSpec, PortSpec
from hyperparameter_tuning.shared.step_contracts import PreparedStep, SamplerStep, UnsafeStep

Config = Mapping[str, Any]
LEAK = Column(name="leak", dtype="number")
_HERE = "tests.tasks_worker.leaky_steps"


class Memory(BaseEstimator):  # type: ignore[misc]
    """Remembers the target of every row that it is fitted on, by the row's ``id``."""

    def fit(self, X: pd.DataFrame, y: Any = None) -> Self:
        self.known_ = {} if y is None else dict(zip(X["id"].tolist(), np.asarray(y).tolist(), strict=True))
        self.n_seen_ = len(X)
        return self

    def transform(self, X: pd.DataFrame) -> pd.DataFrame:
        return X.assign(leak=[float(self.known_.get(row) == "yes") for row in X["id"].tolist()])

    def fit_transform(self, X: pd.DataFrame, y: Any = None) -> pd.DataFrame:
        return self.fit(X, y).transform(X)


class Doubling(BaseEstimator):  # type: ignore[misc]
    """Gives each row of the rarer class twice, and notes what it saw."""

    seen: ClassVar[list[list[int]]] = []

    def fit_resample(self, X: pd.DataFrame, y: Any) -> tuple[pd.DataFrame, Any]:
        self.seen.append(sorted(X["id"].tolist()))
        rare = np.flatnonzero(np.asarray(y) == "yes")
        rows = np.concatenate([np.arange(len(X)), rare])
        return X.iloc[rows], np.asarray(y)[rows]


def remember(_config: Config, columns: Sequence[Column]) -> PreparedStep:
    return PreparedStep(lambda _: Memory(), (*columns, LEAK))


def double(_config: Config, _columns: Sequence[Column]) -> SamplerStep:
    return SamplerStep(lambda _: Doubling())


def tell(config: Config, columns: Sequence[Column]) -> UnsafeStep:
    """Write the target itself into a column; leave out rows whose id is in ``drop``; or go ``wrong``."""

    def run(rows: pd.DataFrame, target: pd.Series[Any], _problem_type: str) -> pd.DataFrame:
        TOLD.append(sorted(rows["id"].tolist()))
        told = rows.assign(leak=(target == "yes").astype(float))
        kept = told[~told["id"].isin(config.get("drop", []))]
        return kept if "wrong" not in config else WRONG[config["wrong"]](kept)

    return UnsafeStep(run, (*columns, LEAK))


TOLD: list[list[int]] = []
"""Ids of the rows that each run of an unsafe step was given."""

WRONG: Mapping[str, Callable[[pd.DataFrame], Any]] = {
    "array": lambda rows: rows.to_numpy(),
    "twice": lambda rows: pd.concat([rows, rows]),
    "foreign": lambda rows: rows.set_index(rows.index + 1000),
    "column": lambda rows: rows.drop(columns="a"),
    "raise": lambda rows: rows["none"],
}


def by_parity(
    frame: pd.DataFrame, config: Config, _target: str | None, _problem_type: str
) -> Mapping[str, Any]:
    odd = frame[config["column"]].to_numpy() % 2 == 1
    return {"odd": np.flatnonzero(odd), "even": np.flatnonzero(~odd)}


def _step(kind: str, policy: Any, builder: str, **more: Any) -> NodeKindSpec:
    port = PortSpec("dataset", "Dataset", "table")
    return NodeKindSpec(
        type=kind, label=kind, fold_policy=policy, builder=f"{_HERE}:{builder}",
        **{"inputs": (port,), "outputs": (port,), **more},
    )  # fmt: skip


MEMORY = f"{_HERE}.Memory"
KINDS: NodeKinds = {
    **node_kinds(),
    **{
        kind.type: kind
        for kind in (
            _step("remember", "transformer", "remember", trusted_types=(MEMORY,)),
            _step("remember_row", "row_wise", "remember", trusted_types=(MEMORY,)),
            _step("double", "sampler", "double"),
            _step("tell", "unsafe", "tell"),
            _step(
                "parity",
                "splitter",
                "by_parity",
                outputs=(PortSpec("odd", "Odd", "table"), PortSpec("even", "Even", "table")),
            ),
        )
    },
}
