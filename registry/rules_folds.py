"""Rules about cross-validation: that the rows can be divided as asked.

Dividing them does not belong here (`shared.splits`), nor what makes a good target (`registry.rules_data`).
"""

from collections.abc import Callable, Iterator
from math import ceil
from typing import Any

from hyperparameter_tuning.registry.rule_findings import error, patch_fix, warning
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.shared.findings import Finding, nearest_name

_COLUMN = "/cross_validation/column"


def repeats_differ(case: TuningCase) -> Iterator[Finding]:
    """Repeats without shuffling would divide the rows alike every time."""
    folds = case.config.cross_validation
    if folds.kind == "k_fold" and folds.repeats > 1 and not folds.shuffle:
        yield error(
            "/cross_validation/repeats",
            "repeats_need_shuffle",
            "Without shuffling every repeat has the same folds: shuffle, or do not repeat.",
            patch_fix("Shuffle", ("replace", "/cross_validation/shuffle", True)),
        )


def rows_suffice(case: TuningCase) -> Iterator[Finding]:
    """There are rows for every fold."""
    if case.summary is None:
        return
    folds = case.config.cross_validation
    missing = case.target.missing if case.target is not None else 0
    # Rows without a target are left out; where a split sets rows apart, this is the most that may stay.
    rows = min(case.training_rows, (case.summary.rows - missing) or case.training_rows)
    message = _TOO_FEW.get(folds.kind, _never)(folds, rows)
    if message is not None:
        field = "test_size" if folds.kind == "holdout" else "folds"
        yield error(f"/cross_validation/{field}", "too_few_rows", message)


def _few_folds(folds: Any, rows: int) -> str | None:
    if rows >= folds.folds:
        return None
    return f"{rows} training rows cannot be divided into {folds.folds} folds: choose fewer folds."


def _few_in_time(folds: Any, rows: int) -> str | None:
    judged = rows // (folds.folds + 1)
    if judged and rows - folds.gap - judged * folds.folds > 0:
        return None
    return (
        f"{rows} training rows are too few for {folds.folds} folds in time with a gap of {folds.gap}: "
        "choose fewer folds or a smaller gap."
    )


def _few_held_out(folds: Any, rows: int) -> str | None:
    judged = ceil(folds.test_size * rows)
    if 0 < judged < rows:
        return None
    return f"Of {rows} training rows {judged} would judge: choose a share that leaves rows on both sides."


def _never(_folds: Any, _rows: int) -> str | None:
    return None


_TOO_FEW: dict[str, Callable[[Any, int], str | None]] = {
    "k_fold": _few_folds,
    "group_k_fold": _few_folds,
    "time_series": _few_in_time,
    "holdout": _few_held_out,
}


def classes_suffice(case: TuningCase) -> Iterator[Finding]:
    """Stratified folds have rows of every class."""
    folds = case.config.cross_validation
    if folds.kind != "k_fold" or case.model is None:
        return
    if folds.stratify == "on" and case.model.problem_type == "regression":
        yield error(
            "/cross_validation/stratify",
            "cannot_stratify",
            "Only classes can be kept in proportion, and the target of a regression has none.",
            patch_fix("Decide automatically", ("replace", "/cross_validation/stratify", "auto")),
        )
    rarest = _rarest(case)
    if rarest is not None and folds.folds > rarest >= _rows_needed(case):
        yield warning(
            "/cross_validation/folds",
            "rare_class",
            f"The rarest class of '{case.target_name}' has {_rows(rarest)}, fewer than {folds.folds} folds: "
            "some folds have none of it.",
        )


def both_classes_suffice(case: TuningCase) -> Iterator[Finding]:
    """Of two classes each has the rows without which every candidate would fail."""
    rarest, needed, folds = _rarest(case), _rows_needed(case), case.config.cross_validation
    if rarest is None or rarest >= needed:
        return
    fewer = folds.kind == "k_fold" and rarest > 1
    why = (
        f"{case.metric[0].label} is not defined in a fold without it: use fewer folds or another metric"
        if fewer and case.metric is not None
        else "it cannot be both learned and judged: add rows of it, or predict another column"
    )
    yield error(
        "/cross_validation/folds" if folds.kind == "k_fold" else "/target",
        "class_too_rare",
        f"The rarer class of '{case.target_name}' has {_rows(rarest)} only, and {why}.",
        patch_fix(f"Use {rarest} folds", ("replace", "/cross_validation/folds", rarest)) if fewer else None,
    )


def _rarest(case: TuningCase) -> int | None:
    """Return the rows of the rarest class; None where there are no classes to tell apart."""
    is_classifier = case.model is not None and case.model.problem_type == "classification"
    usable = case.target is not None and case.target.distinct > 1
    return case.target.minimum_class_count if is_classifier and usable and case.target is not None else None


def _rows_needed(case: TuningCase) -> int:
    """Return how many rows each of two classes needs; 0 where more classes or fewer rows are no matter."""
    folds = case.config.cross_validation
    if case.n_classes != 2 or folds.kind == "validation_port":
        return 0
    judged = case.metric is not None and case.metric[0].needs_two_classes
    if folds.kind == "k_fold":
        return int(folds.folds) if judged else 2
    return 2 if judged else 0


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def column_is_usable(case: TuningCase) -> Iterator[Finding]:
    """The column that groups or orders the rows exists, is complete, and is not the target."""
    folds = case.config.cross_validation
    name = getattr(folds, "column", None)
    if name is None or case.summary is None:
        return
    what, column = ("group" if folds.kind == "group_k_fold" else "time"), case.summary.column(name)
    if column is None:
        nearest = nearest_name(name, [item.name for item in case.summary.columns])
        meant = f" Did you mean '{nearest}'?" if nearest else ""
        fix = patch_fix(f"Use {nearest}", ("replace", _COLUMN, nearest)) if nearest else None
        yield error(_COLUMN, f"{what}_column_missing", f"The table has no column '{name}'.{meant}", fix)
    elif name == case.target_name:
        yield error(
            _COLUMN, f"{what}_column_is_target", f"'{name}' is the target; it cannot be the {what} column."
        )
    elif column.missing:
        message = f"The {what} column '{name}' has no value in {column.missing} rows; it needs one in each."
        yield error(_COLUMN, f"{what}_column_incomplete", message)
    elif folds.kind == "time_series" and column.dtype in ("category", "text"):
        yield error(
            _COLUMN,
            "time_column_not_ordered",
            f"The time column '{name}' holds texts, whose order is that of the alphabet and not of time: "
            "give dates as 2026-01-31, or numbers.",
        )
    elif folds.kind == "group_k_fold" and column.distinct < folds.folds:
        message = f"'{name}' has {column.distinct} distinct values, fewer than {folds.folds} folds."
        yield error("/cross_validation/folds", "too_few_groups", message)


def validation_rows_arrive(case: TuningCase) -> Iterator[Finding]:
    """Whoever needs the rows of the validation port has them connected."""
    if case.plain.validation is not None:
        return
    if case.config.cross_validation.kind == "validation_port":
        yield error(
            "/cross_validation/kind",
            "validation_not_connected",
            "Nothing is connected to the validation port: connect a table, or choose folds.",
            patch_fix("Use 5 folds", ("replace", "/cross_validation", {"kind": "k_fold"})),
        )
    if case.config.selection.refit_on == "train_and_validation":
        yield error(
            "/selection/refit_on",
            "validation_not_connected",
            "Nothing is connected to the validation port, so there are no validation rows to fit on.",
            patch_fix("Fit on training rows", ("replace", "/selection/refit_on", "train")),
        )


FOLD_RULES = (
    repeats_differ,
    rows_suffice,
    classes_suffice,
    both_classes_suffice,
    column_is_usable,
    validation_rows_arrive,
)
