"""Runs the steps that come before the folds, once, over the rows that a search may see.

Which steps these are is decided in `shared.step_order`, what they are in `shared.step_contracts`. Picking
rows by splitters does not belong here (`shared.split_node`): test rows never get this far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from hyperparameter_tuning.shared.column_types import conform, infer_columns
from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import PreparedPath, build_steps, make_steps
from hyperparameter_tuning.shared.step_builders import first_line
from hyperparameter_tuning.shared.step_contracts import UnsafeStep
from hyperparameter_tuning.shared.step_order import positions_of
from hyperparameter_tuning.tasks.data_bundle import Array, SourceRow


@dataclass(frozen=True, slots=True)
class OnceRows:
    """Training and validation rows on their way through the steps.

    Attributes:
        train: Features of the training rows, indexed by their positions among those that came in.
        validation: The same of the validation rows, where there are any.
        y_train: Target of all training rows that came in, shape (n_rows,).
        y_validation: The same of the validation rows.
        columns: What is known of the features.
        source: A row as it reaches the first row-wise step of the tuned model; None where there is no such
            step.
    """

    train: pd.DataFrame
    validation: pd.DataFrame | None
    y_train: Array
    y_validation: Array | None
    columns: tuple[Column, ...]
    source: SourceRow | None = None

    @property
    def train_targets(self) -> Array:
        """Target of the rows in *train*."""
        found: Array = self.y_train[self.train.index]
        return found

    @property
    def validation_targets(self) -> Array | None:
        """Target of the rows in *validation*, where there are any."""
        if self.validation is None or self.y_validation is None:
            return None
        found: Array = self.y_validation[self.validation.index]
        return found


def run_once(rows: OnceRows, steps: Sequence[PlainStep], kinds: NodeKinds, problem_type: str) -> OnceRows:
    """Run the row-wise and unsafe steps before which nothing is fitted inside the folds.

    A row-wise step is fitted on one training row and sees no target. An unsafe one gets all rows and targets;
    the tuned model cannot repeat it, so that model takes rows as the last of them leaves them.

    Args:
        rows: Training and validation rows with a target.
        steps: A path of the plain form.
        kinds: Node kinds by type.
        problem_type: ``classification`` or ``regression``.

    Raises:
        DataError: a step failed, or gave what it must not; the sentence names it.
    """
    for index in positions_of("once", steps, kinds):
        path = build_steps(steps, rows.columns, kinds, only={index})
        wrong = next((finding for finding in path.findings if finding.severity == "error"), None)
        if wrong is not None:
            raise DataError(f"{_named(steps[index])}: {wrong.message}", code=wrong.code)
        try:
            rows = _run(rows, path, problem_type)
        except Exception as error:  # a stranger's code: the person gets a sentence, whatever it raises
            reason = error.message if isinstance(error, DataError) else f"it failed with {first_line(error)}."
            raise DataError(f"{_named(steps[index])}: {reason}", code="step_failed") from error
    return rows


def _run(rows: OnceRows, path: PreparedPath, problem_type: str) -> OnceRows:
    (step,) = path.steps
    if isinstance(step.answer, UnsafeStep):
        return _run_unsafe(rows, step.answer, path, problem_type)
    ((_, transformer),) = make_steps(path, problem_type)
    transformer.fit(rows.train)
    parts = [None if part is None else transformer.transform(part) for part in (rows.train, rows.validation)]
    for before, after in zip((rows.train, rows.validation), parts, strict=True):
        if after is not None and before is not None and not _has_rows(after, before):
            raise DataError("a row-wise step must give a pandas table with the rows that it got.")
    source = rows.source or SourceRow(rows.columns, rows.train.iloc[:1].reset_index(drop=True))
    return replace(_with_tables(rows, parts, path), source=source)


def _run_unsafe(rows: OnceRows, answer: UnsafeStep, path: PreparedPath, problem_type: str) -> OnceRows:
    parts, targets = [rows.train], [rows.train_targets]
    if rows.validation is not None and rows.validation_targets is not None:
        parts.append(rows.validation)
        targets.append(rows.validation_targets)
    together = pd.concat(parts, ignore_index=True)
    target = pd.Series(np.concatenate(targets))
    after = answer.run(together.copy(), target, problem_type)
    if (
        not isinstance(after, pd.DataFrame)
        or not after.index.isin(together.index).all()
        or after.index.has_duplicates
    ):
        raise DataError("it must give a pandas table whose index names rows that it got, each once.")
    after = after.sort_index()
    n_train = len(rows.train)
    train = after[after.index < n_train]
    train = train.set_index(rows.train.index[train.index])
    validation = None
    if rows.validation is not None:
        validation = after[after.index >= n_train]
        validation = validation.set_index(rows.validation.index[validation.index - n_train])
    return replace(_with_tables(rows, [train, validation], path), source=None)


def _has_rows(after: Any, before: pd.DataFrame) -> bool:
    return isinstance(after, pd.DataFrame) and after.index.equals(before.index)


def _with_tables(rows: OnceRows, parts: Sequence[pd.DataFrame | None], path: PreparedPath) -> OnceRows:
    train, validation = parts
    assert train is not None
    columns = _columns_of(train, path.remaining)
    return replace(
        rows,
        train=_conformed(train, columns),
        validation=None if validation is None else _conformed(validation, columns),
        columns=columns,
    )


def _columns_of(frame: pd.DataFrame, planned: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns that a step gave: as planned where it named them, else as they look."""
    named = {column.name: column for column in planned if not column.name.endswith("*")}
    lacking = next((name for name in named if name not in frame.columns), None)
    if lacking is not None:
        raise DataError(f"it was to give the column '{lacking}', and did not.")
    found = {column.name: column for column in infer_columns(frame.rename(columns=str))}
    return tuple(named.get(name, column) for name, column in found.items())


def _conformed(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    return conform(frame.rename(columns=str), columns).set_index(frame.index)


def _named(step: PlainStep) -> str:
    return f"The {step.kind} node '{step.node_id}'" if step.node_id else f"The {step.kind} step"
