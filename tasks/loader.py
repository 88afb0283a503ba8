"""The loader child: the host's dataset becomes the bundle that search and refit map.

It alone builds a host in a child, and it alone ever sees test rows. What a bundle is does not belong here
(`tasks.data_bundle`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hyperparameter_tuning.registry.node_kinds import node_kinds
from hyperparameter_tuning.shared.column_types import conform
from hyperparameter_tuning.shared.columns import Column, DataSummary
from hyperparameter_tuning.shared.data import FINGERPRINT
from hyperparameter_tuning.shared.errors import DataError
from hyperparameter_tuning.shared.host import Datasets, load_host
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainStep
from hyperparameter_tuning.shared.split_node import select_rows
from hyperparameter_tuning.shared.step_order import cautions, unsafe_steps
from hyperparameter_tuning.tasks.data_bundle import Array, TargetMeta, TrainingDataBundle, write_bundle
from hyperparameter_tuning.tasks.job_documents import JobDocuments
from hyperparameter_tuning.tasks.once_steps import OnceRows, run_once

if TYPE_CHECKING:
    import pandas as pd

    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.node_kinds import NodeKinds
    from hyperparameter_tuning.shared.settings import Settings
    from hyperparameter_tuning.tasks.child_channel import ChildChannel


def load(payload: Mapping[str, Any], settings: Settings, channel: ChildChannel) -> None:
    """Read the job's tables and write its bundle; the work of the loader child.

    Args:
        payload: ``documents`` (see `JobDocuments`) and ``folder`` of the bundle.
        settings: Names the host.
        channel: Told ``loaded`` with the number of rows, and of every row left out.
    """
    documents = JobDocuments.from_payload(payload["documents"])
    task = documents.task(settings)
    tables = asyncio.run(_open_tables(documents, settings))
    bundle = make_bundle(task, documents.plain, documents.summary, *tables)
    write_bundle(Path(payload["folder"]), bundle)
    for caution in cautions(unsafe_steps(documents.plain.model_dump(), node_kinds())):
        channel.send({"type": "log", "level": "warning", "message": f"The result {caution}."})
    if bundle.target_meta.dropped:
        message = f"{bundle.target_meta.dropped} rows have no value in '{task.target}' and were left out."
        channel.send({"type": "log", "level": "info", "message": message})
    n_validation = 0 if bundle.X_validation is None else len(bundle.X_validation)
    channel.send({"type": "loaded", "rows": len(bundle.X_train), "validation_rows": n_validation})


def make_bundle(
    task: TuningTask,
    plain: PlainForm,
    summary: DataSummary,
    table: pd.DataFrame,
    validation_table: pd.DataFrame | None = None,
    *,
    kinds: NodeKinds | None = None,
) -> TrainingDataBundle:
    """Take the rows that a search may see out of a table.

    Args:
        task: What is tuned, and for which target.
        plain: Names the splitters on the way, and the steps that run once.
        summary: Columns as they were seen at submit; the table is read by them, not inferred again.
        table: The whole dataset.
        validation_table: The dataset of the validation port, where it is another.
        kinds: Node kinds; absent: the registry's.

    Returns:
        Training and validation rows that have a target, after the steps that run once; test rows are in no
        part of it.

    Raises:
        DataError: no rows, no columns or no second class are left, the table lacks a column, or a step
            failed.
    """
    known = node_kinds() if kinds is None else kinds
    frame = conform(table, summary.columns)
    train, dropped = _with_target(_rows(frame, plain.steps, task, known), task.target)
    other = frame if validation_table is None else conform(validation_table, summary.columns)
    validation = _validation_rows(other, plain, task, known)
    given = _given(task, summary, train, validation)
    _check_enough(given.y_train, task)
    rows = run_once(given, plain.steps, known, task.problem_type)
    _check_enough(rows.train_targets, task)
    if rows.validation is not None:
        _check_validation(rows.validation, task)
    cv, kept = task.cross_validation, train.iloc[rows.train.index]
    return TrainingDataBundle(
        X_train=rows.train.reset_index(drop=True),
        y_train=rows.train_targets,
        X_validation=None if rows.validation is None else rows.validation.reset_index(drop=True),
        y_validation=rows.validation_targets,
        feature_columns=rows.columns,
        target_meta=TargetMeta(task.target, _target_kind(summary, task), dropped),
        groups=_role(kept, cv, "group_k_fold"),
        times=_role(kept, cv, "time_series"),
        source=rows.source,
    )


def _validation_rows(
    frame: pd.DataFrame, plain: PlainForm, task: TuningTask, kinds: NodeKinds
) -> pd.DataFrame | None:
    if plain.validation is None:
        return None
    return _with_target(_rows(frame, plain.validation.steps, task, kinds), task.target)[0]


def _given(
    task: TuningTask, summary: DataSummary, train: pd.DataFrame, validation: pd.DataFrame | None
) -> OnceRows:
    """Part features and target of the rows that the splitters let through."""
    columns, kind = _feature_columns(summary, task), _target_kind(summary, task)
    return OnceRows(
        train=_features(train, columns),
        validation=None if validation is None else _features(validation, columns),
        y_train=_target_values(train, task.target, kind),
        y_validation=None if validation is None else _target_values(validation, task.target, kind),
        columns=columns,
    )


def _target_kind(summary: DataSummary, task: TuningTask) -> str:
    target = summary.column(task.target)
    return "number" if target is None else target.dtype


async def _open_tables(
    documents: JobDocuments, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    plain = documents.plain
    host = load_host(settings)
    try:
        table = await _open(host.datasets, plain.dataset or {}, documents.summary.fingerprint)
        own = plain.validation.dataset if plain.validation is not None else None
        validation = (
            None if own is None else await _open(host.datasets, own, documents.validation_fingerprint)
        )
    finally:
        await host.close()
    return table, validation


async def _open(datasets: Datasets, ref: Mapping[str, Any], expected: str | None) -> pd.DataFrame:
    table: Any = datasets.open(ref)
    frame: pd.DataFrame = table.to_pandas() if hasattr(table, "to_pandas") else table
    # Our own tables say what was read; asking again would read them again, and later.
    found = frame.attrs.get(FINGERPRINT) or await datasets.fingerprint(ref)
    if expected and found != expected:
        raise DataError(
            "The dataset has changed since the job was submitted. Run the node again to tune on it.",
            code="dataset_changed",
        )
    return frame


def _rows(
    frame: pd.DataFrame, steps: tuple[PlainStep, ...], task: TuningTask, kinds: NodeKinds
) -> pd.DataFrame:
    positions = select_rows(frame, steps, kinds, target=task.target, problem_type=task.problem_type)
    return frame.iloc[positions]


def _with_target(frame: pd.DataFrame, target: str) -> tuple[pd.DataFrame, int]:
    if target not in frame.columns:
        raise DataError(f"The dataset has no column '{target}', which is the target.", code="target_unknown")
    kept = frame[frame[target].notna()]
    return kept, len(frame) - len(kept)


def _feature_columns(summary: DataSummary, task: TuningTask) -> tuple[Column, ...]:
    apart = {task.target, *task.feature_exclusions}
    columns = tuple(column for column in summary.columns if column.name not in apart)
    if not columns:
        raise DataError(
            "The dataset has no column besides the target: there is nothing to learn from.",
            code="no_features",
        )
    return columns


def _features(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    return frame[[column.name for column in columns]].reset_index(drop=True)


def _target_values(frame: pd.DataFrame, target: str, kind: str) -> Array:
    values = frame[target].to_numpy()
    # Whole numbers become floats where some are missing; without those rows they are whole again.
    return values.astype(np.int64) if kind in ("integer", "boolean") else values


def _role(frame: pd.DataFrame, cv: Any, kind: str) -> Array | None:
    column = getattr(cv, "column", None)
    if cv.kind != kind or column is None:
        return None
    if column not in frame.columns:
        raise DataError(
            f"The dataset has no column '{column}', which the folds go by.", code="group_column_missing"
        )
    return np.asarray(frame[column].to_numpy())


def _check_validation(validation: pd.DataFrame, task: TuningTask) -> None:
    cv: Any = task.cross_validation
    if cv.kind == "validation_port" and not len(validation):
        raise DataError(
            f"No row at the validation port has a value in '{task.target}'.", code="too_few_validation_rows"
        )


def _check_enough(y: Array, task: TuningTask) -> None:
    if not len(y):
        raise DataError(f"No training row has a value in '{task.target}'.", code="too_few_rows")
    if task.problem_type == "classification" and len(set(y.tolist())) < 2:
        raise DataError(
            f"All training rows have the same value in '{task.target}': there is nothing to tell apart.",
            code="one_class",
        )
