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
    rows, folds = case.training_rows, case.config.cross_validation
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
    rarest = case.target.minimum_class_count if case.target is not None else None
    if case.model.problem_type == "classification" and rarest is not None and rarest < folds.folds:
        yield warning(
            "/cross_validation/folds",
            "rare_class",
            f"The rarest class of '{case.target_name}' has {rarest} rows, fewer than {folds.folds} folds: "
            "some folds have none of it.",
        )


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


FOLD_RULES = (repeats_differ, rows_suffice, classes_suffice, column_is_usable, validation_rows_arrive)
