"""Rules about the data: that a dataset is connected, and that its target can be predicted.

Folds do not belong here (`registry.rules_folds`), nor the features (`registry.rules_features`).
"""

from collections.abc import Iterator

from hyperparameter_tuning.registry.rule_findings import error, patch_fix, todo, warning
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.findings import Finding, nearest_name
from hyperparameter_tuning.shared.held_out_rows import held_out_rows_taken
from hyperparameter_tuning.shared.splitter_outputs import (
    SAME_ROWS,
    SAME_ROWS_SENTENCE,
    same_rows_at_both_ports,
    unknown_validation_outputs,
)

MAX_REAL_CLASSES = 20
"""More distinct real numbers than this are a quantity, not classes."""

_NOT_NUMBERS = {"category": "texts", "text": "texts", "datetime": "dates"}


def dataset_is_connected(case: TuningCase) -> Iterator[Finding]:
    """Rows arrive at the node."""
    if case.plain.dataset is None:
        yield todo("", "connect_dataset", "Connect a table to the input 'Dataset'.")


def held_out_rows_stay_apart(case: TuningCase) -> Iterator[Finding]:
    """Neither the rows to learn from nor those that judge are kept for the last test."""
    for finding in held_out_rows_taken(case.plain, case.kinds):
        yield error("", finding.code, finding.message)


def validation_rows_leave_by_an_output(case: TuningCase) -> Iterator[Finding]:
    """Every splitter on the way to the validation port has the output by which it is left."""
    for finding in unknown_validation_outputs(case.plain, case.kinds):
        yield error("", finding.code, f"On the way to the validation port: {finding.message}")


def ports_have_rows_of_their_own(case: TuningCase) -> Iterator[Finding]:
    """Rows that judge are not those to learn from."""
    if same_rows_at_both_ports(case.plain, case.kinds):
        yield warning("", SAME_ROWS, SAME_ROWS_SENTENCE)


def target_is_known(case: TuningCase) -> Iterator[Finding]:
    """A target column is named, and the table has it."""
    name = case.target_name
    if name is None:
        yield todo("/target", "choose_target", "Choose the column to predict.")
    elif case.summary is not None and case.target is None:
        nearest = nearest_name(name, [column.name for column in case.summary.columns])
        meant = f" Did you mean '{nearest}'?" if nearest else ""
        fix = patch_fix(f"Use {nearest}", ("replace", "/target", nearest)) if nearest else None
        yield error("/target", "target_unknown", f"The table has no column '{name}' to predict.{meant}", fix)


def target_has_values(case: TuningCase) -> Iterator[Finding]:
    """Rows without a target are left out, and the author knows."""
    target, summary = case.target, case.summary
    if target is None or summary is None or not target.missing:
        return
    if target.missing >= summary.rows:
        message = f"The target column '{target.name}' has no value in any row; choose another."
        yield error("/target", "target_empty", message)
    else:
        yield warning(
            "/target",
            "target_missing",
            f"{target.missing} of {summary.rows} rows have no value in '{target.name}'; they are left out.",
        )


def target_fits_problem(case: TuningCase) -> Iterator[Finding]:
    """A regression predicts numbers; a classification tells a few classes apart."""
    target, model = case.target, case.model
    if target is None or model is None or case.summary is None or target.missing >= case.summary.rows:
        return
    if model.problem_type == "regression":
        yield from _number_findings(target, model.label)
    else:
        yield from _class_findings(target, model.label, case.summary.rows - target.missing)


def _number_findings(target: Column, label: str) -> Iterator[Finding]:
    if target.dtype in _NOT_NUMBERS:
        yield error(
            "/target",
            "target_not_numeric",
            f"'{target.name}' holds {_NOT_NUMBERS[target.dtype]}, and {label} predicts numbers: "
            "choose a model for classification, or another column.",
        )


def _class_findings(target: Column, label: str, rows: int) -> Iterator[Finding]:
    if target.distinct < 2:
        yield error(
            "/target",
            "one_class",
            f"'{target.name}' has the same value in every row: there is nothing to tell apart.",
        )
    elif target.dtype == "number" and target.distinct > MAX_REAL_CLASSES:
        yield error(
            "/target",
            "target_continuous",
            f"'{target.name}' holds {target.distinct} distinct real numbers, and {label} predicts classes: "
            "choose a model for regression, or another column.",
        )
    elif target.dtype == "datetime" or (target.distinct > MAX_REAL_CLASSES and target.distinct > rows / 2):
        yield error(
            "/target",
            "too_many_classes",
            f"'{target.name}' has {target.distinct} distinct values in {rows} rows, and {label} predicts "
            "classes: choose a column whose values repeat.",
        )


DATA_RULES = (
    dataset_is_connected,
    held_out_rows_stay_apart,
    validation_rows_leave_by_an_output,
    ports_have_rows_of_their_own,
    target_is_known,
    target_has_values,
    target_fits_problem,
)
