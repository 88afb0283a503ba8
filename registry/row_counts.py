"""How many rows and folds a search has, from the summary alone: no table is read.

Dividing rows does not belong here (`shared.splits`, `shared.split_node`); the arithmetic is theirs.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from hyperparameter_tuning.shared.columns import DataSummary
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainForm


def training_rows(plain: PlainForm, rows: int, kinds: NodeKinds) -> int:
    """Return how many of *rows* leave the splitters of the path by the outputs it takes.

    Rows without a target, which are left out later, still count; so do those that a splitter with a builder
    of its own, an unsafe step or a sampler may leave out: only the rows themselves would tell.

    Args:
        plain: The graph.
        rows: Rows of the dataset.
        kinds: Node kinds by type.
    """
    for step in plain.steps:
        kind = kinds.get(step.kind)
        if kind is not None and kind.fold_policy == "splitter" and kind.builder is None:
            rows = _parts({**kind.default_config, **step.config}, rows).get(step.output or "train", rows)
    return rows


def usable_rows(plain: PlainForm, summary: DataSummary, target: str | None, kinds: NodeKinds) -> int:
    """Return how many training rows have a target, at least.

    Where a split sets rows apart, a summary does not tell on which side the rows without a target are.

    Args:
        plain: The graph.
        summary: The dataset.
        target: The column to predict, where known.
        kinds: Node kinds by type.
    """
    column = None if target is None else summary.column(target)
    missing = 0 if column is None else column.missing
    return max(training_rows(plain, summary.rows, kinds) - missing, 0)


def _parts(config: Mapping[str, Any], rows: int) -> dict[str, int]:
    test, validation = _share(config.get("test_size"), rows), _share(config.get("validation_size"), rows)
    return {"train": max(rows - test - validation, 0), "validation": validation, "test": test}


def _share(share: Any, rows: int) -> int:
    # The tolerance keeps 0.2 of 15 rows at 3: the product is a little more than 3.
    return math.ceil(float(share) * rows - 1e-9) if isinstance(share, int | float) else 0


def number_of_splits(cross_validation: BaseModel) -> int:
    """Return folds times repeats."""
    return int(getattr(cross_validation, "folds", 1)) * int(getattr(cross_validation, "repeats", 1))


def smallest_fit_rows(cross_validation: BaseModel, rows: int) -> int:
    """Return how many of *rows* the smallest training part has.

    Groups are taken to be of one size, since a summary does not tell their sizes.

    Args:
        cross_validation: A document of `registry.config_cross_validation`.
        rows: Rows that the folds divide.
    """
    cv: Any = cross_validation
    return max(_FIT_ROWS[cv.kind](cv, rows), 0)


def _fit_in_folds(cv: Any, rows: int) -> int:
    return rows - math.ceil(rows / int(cv.folds))


def _fit_in_time(cv: Any, rows: int) -> int:
    # scikit-learn's TimeSeriesSplit: the first fold learns from what its test parts and the gap leave.
    folds = int(cv.folds)
    return rows - folds * (rows // (folds + 1)) - int(cv.gap)


_FIT_ROWS: dict[str, Callable[[Any, int], int]] = {
    "k_fold": _fit_in_folds,
    "group_k_fold": _fit_in_folds,
    "time_series": _fit_in_time,
    "holdout": lambda cv, rows: rows - math.ceil(cv.test_size * rows),
    "validation_port": lambda _cv, rows: rows,
}
