"""Folds, as positions of rows: exactly those of scikit-learn's own splitters.

Which kinds a configuration may name is in `registry.config_cross_validation`; the split node of a graph
is in `shared.split_node`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    RepeatedKFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedKFold,
    StratifiedShuffleSplit,
    TimeSeriesSplit,
)

from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.warnings_muted import warnings_muted

Positions = NDArray[np.intp]
Split = tuple[Positions, Positions]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows to divide.

    Attributes:
        codes: Class of each row as a number, by sorted label; None for regression.
    """

    n_samples: int
    codes: NDArray[np.intp] | None
    groups: NDArray[Any] | None
    times: NDArray[Any] | None
    n_validation: int
    seed: int

    @property
    def class_counts(self) -> NDArray[np.intp]:
        """Rows of each class."""
        return np.bincount(self.codes) if self.codes is not None else np.zeros(0, dtype=np.intp)


def make_splits(  # noqa: PLR0913 - each is one fact about the rows, and keyword-only
    cv: Any,
    *,
    y: ArrayLike,
    n_samples: int,
    problem_type: str,
    seed: int,
    groups: ArrayLike | None = None,
    times: ArrayLike | None = None,
    n_validation: int = 0,
) -> list[Split]:
    """Divide rows into folds.

    Args:
        cv: A cross-validation document: a mapping or a model with the tag ``kind``.
        y: Target of the training rows, without missing values, shape (n_samples,).
        n_samples: Training rows.
        problem_type: ``classification`` or ``regression``.
        seed: Of every shuffle.
        groups: Group of each training row, for ``group_k_fold``.
        times: Time of each training row, for ``time_series`` with a column.
        n_validation: Rows at the validation port; they follow the training rows in the positions.

    Returns:
        (train, test) positions per fold, repeats after one another: fold f of repeat r is at
        ``r * folds + f`` (`split_shape`). With ``time_series`` and *times*, positions are in the order of
        time.

    Raises:
        DataError: the rows cannot be divided so; the sentence says what is short.
    """
    fields = _fields(cv)
    rows = _Rows(
        n_samples=n_samples,
        codes=np.unique(np.asarray(y), return_inverse=True)[1] if problem_type == "classification" else None,
        groups=None if groups is None else np.asarray(groups),
        times=None if times is None else np.asarray(times),
        n_validation=n_validation,
        seed=seed,
    )
    return _MAKERS[fields["kind"]](fields, rows)


def split_shape(cv: Any) -> tuple[int, int]:
    """Return (repeats, folds per repeat) of a cross-validation document."""
    fields = _fields(cv)
    return int(fields.get("repeats", 1)), int(fields.get("folds", 1))


def _fields(cv: Any) -> Mapping[str, Any]:
    return cv if isinstance(cv, Mapping) else dict(cv.model_dump())


def may_stratify(stratify: str, counts: NDArray[np.intp], members: int) -> bool:
    """Say whether to keep class shares.

    Args:
        stratify: ``auto``, ``on`` or ``off``.
        counts: Rows of each class; empty for regression.
        members: Rows that the greatest class needs at least.

    Raises:
        DataError: *stratify* is ``on`` and it is impossible.
    """
    if stratify == "off":
        return False
    possible = counts.size > 0 and int(counts.max()) >= members
    if stratify == "on" and not possible:
        why = f"every class has fewer than {members} rows" if counts.size else "the target has no classes"
        raise DataError(f"The rows cannot be stratified: {why}.", code="cannot_stratify")
    return possible


def _k_fold(fields: Mapping[str, Any], rows: _Rows) -> list[Split]:
    folds, repeats = int(fields["folds"]), int(fields.get("repeats", 1))
    shuffle = bool(fields.get("shuffle", True))
    _enough_rows(rows.n_samples, folds)
    stratified = may_stratify(fields.get("stratify", "auto"), rows.class_counts, folds)
    if repeats > 1:
        repeated = RepeatedStratifiedKFold if stratified else RepeatedKFold
        splitter = repeated(n_splits=folds, n_repeats=repeats, random_state=rows.seed)
    else:
        single = StratifiedKFold if stratified else KFold
        splitter = single(n_splits=folds, shuffle=shuffle, random_state=rows.seed if shuffle else None)
    # Validation reports a class with fewer rows than folds; scikit-learn's warning would only repeat it.
    with warnings_muted(UserWarning, "The least populated class"):
        return _split(splitter, rows, rows.codes if stratified else None)


def _group_k_fold(fields: Mapping[str, Any], rows: _Rows) -> list[Split]:
    groups, folds = _complete(rows.groups, "group"), int(fields["folds"])
    # Text and numbers may be mixed in one column; codes sort alike whatever the groups are called.
    codes = np.unique(groups.astype(str), return_inverse=True)[1] if groups.dtype == object else groups
    n_groups = len(np.unique(codes))
    if n_groups < folds:
        raise DataError(
            f"The group column has {n_groups} distinct values, fewer than the {folds} folds: "
            "choose fewer folds or another column.",
            code="too_few_groups",
        )
    return _split(GroupKFold(n_splits=folds), rows, None, codes)


def _time_series(fields: Mapping[str, Any], rows: _Rows) -> list[Split]:
    folds, gap = int(fields["folds"]), int(fields.get("gap", 0))
    judged = rows.n_samples // (folds + 1)
    if judged == 0 or rows.n_samples - gap - judged * folds <= 0:
        raise DataError(
            f"{rows.n_samples} rows are too few for a time series of {folds} folds with a gap of {gap}: "
            "choose fewer folds or a smaller gap.",
            code="too_few_rows",
        )
    splits = _split(TimeSeriesSplit(n_splits=folds, gap=gap), rows, None)
    if not fields.get("column"):
        return splits
    # Stable: rows of the same time keep the table's order.
    order = np.argsort(_complete(rows.times, "time"), kind="stable")
    return [(order[train], order[test]) for train, test in splits]


def _holdout(fields: Mapping[str, Any], rows: _Rows) -> list[Split]:
    test_size = float(fields["test_size"])
    return [holdout_split(rows.n_samples, rows.codes, test_size, "auto", rows.seed)]


def holdout_split(
    n_samples: int, codes: NDArray[np.intp] | None, test_size: float | int, stratify: str, seed: int
) -> Split:
    """Set one random share of the rows apart.

    Args:
        n_samples: Rows.
        codes: Class of each row, or None.
        test_size: Share (float) or number (int) of rows that judge; shares are rounded up.
        stratify: ``auto``, ``on`` or ``off``.
        seed: Of the draw.

    Returns:
        (train, test) positions as scikit-learn draws them.

    Raises:
        DataError: one of the sides would be empty, or stratifying was asked for and is impossible.
    """
    n_test = test_size if isinstance(test_size, int) else int(np.ceil(test_size * n_samples))
    if n_test < 1 or n_test >= n_samples:
        raise DataError(
            f"{n_samples} rows cannot be divided with {n_test} set apart: one side would be empty.",
            code="too_few_rows",
        )
    counts = np.bincount(codes) if codes is not None else np.zeros(0, dtype=np.intp)
    possible = counts.size > 0 and counts.min() >= 2 and min(n_test, n_samples - n_test) >= counts.size
    if stratify == "on" and not possible:
        raise DataError(
            "The rows cannot be stratified: each class needs two rows, and each side one row of each class.",
            code="cannot_stratify",
        )
    stratified = possible and stratify != "off"
    maker = StratifiedShuffleSplit if stratified else ShuffleSplit
    splitter = maker(n_splits=1, test_size=n_test, random_state=seed)
    train, test = next(splitter.split(np.zeros(n_samples), codes if stratified else None))
    return train, test


def _validation_port(_fields: Mapping[str, Any], rows: _Rows) -> list[Split]:
    if rows.n_validation < 1:
        raise DataError("No rows arrive at the validation port.", code="validation_not_connected")
    train = np.arange(rows.n_samples, dtype=np.intp)
    return [(train, np.arange(rows.n_samples, rows.n_samples + rows.n_validation, dtype=np.intp))]


def _split(
    splitter: Any, rows: _Rows, y: NDArray[np.intp] | None, groups: NDArray[Any] | None = None
) -> list[Split]:
    return list(splitter.split(np.zeros((rows.n_samples, 1)), y, groups))


def _enough_rows(n_samples: int, folds: int) -> None:
    if n_samples < folds:
        raise DataError(
            f"The table has {n_samples} rows with a target, fewer than the {folds} folds: "
            "choose fewer folds.",
            code="too_few_rows",
        )


def _complete(values: NDArray[Any] | None, name: str) -> NDArray[Any]:
    if values is None:
        raise DataError(f"The cross-validation needs a {name} column.", code=f"{name}_column_missing")
    missing = (
        int(np.sum(values != values)) if values.dtype.kind in "fmMO" else 0
    )  # NaN and NaT differ from themselves
    if missing:
        raise DataError(
            f"The {name} column has no value in {missing} rows.", code=f"{name}_column_incomplete"
        )
    return values


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], _Rows], list[Split]]] = {
    "k_fold": _k_fold,
    "group_k_fold": _group_k_fold,
    "time_series": _time_series,
    "holdout": _holdout,
    "validation_port": _validation_port,
}
