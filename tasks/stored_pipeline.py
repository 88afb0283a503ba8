"""The tuned model as it is stored: what it repeats on new rows, what it cannot, and the types it holds.

Fitting it does not belong here (`tasks.refit`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hyperparameter_tuning.shared import artifacts
from hyperparameter_tuning.shared.preparation import make_steps, without_samplers
from hyperparameter_tuning.shared.step_order import positions_of, repeated_positions
from hyperparameter_tuning.tasks.job_model import repeated_path

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.task import TuningTask
    from hyperparameter_tuning.shared.node_kinds import NodeKinds
    from hyperparameter_tuning.shared.plain_form import PlainForm
    from hyperparameter_tuning.tasks.data_bundle import TrainingDataBundle


def stored_pipeline(
    task: TuningTask, fitted: Any, bundle: TrainingDataBundle, plain: PlainForm, kinds: NodeKinds
) -> Any:
    """Return a fitted pipeline with the row-wise steps that ran before it, and without its samplers.

    Args:
        task: Names the problem type.
        fitted: Pipeline of the steps inside the folds and the model, fitted on the bundle's rows.
        bundle: Has a row as it was before the row-wise steps, where there are any.
        plain: Its steps are the path.
        kinds: Node kinds by type.

    Returns:
        A fitted `sklearn.pipeline.Pipeline` that takes rows with the columns of `input_columns`.
    """
    from sklearn.pipeline import Pipeline

    first: list[tuple[str, Any]] = []
    repeated = repeated_path(bundle, plain, kinds)
    if repeated is not None and bundle.source is not None:
        row = bundle.source.row
        for name, step in make_steps(repeated, task.problem_type):
            first.append((name, step))
            row = step.fit_transform(row)
    return Pipeline(without_samplers([*first, *fitted.steps]))


def input_columns(bundle: TrainingDataBundle) -> tuple[dict[str, str], ...]:
    """Return ``{name, dtype}`` of each column that the stored pipeline takes, in order."""
    columns = bundle.feature_columns if bundle.source is None else bundle.source.columns
    return tuple({"name": column.name, "dtype": column.dtype} for column in columns)


def divided_steps(plain: PlainForm, kinds: NodeKinds) -> dict[str, tuple[str, ...]]:
    """Return the node ids of the ``steps`` that the stored pipeline stands for, and of ``steps_before`` it.

    Samplers count among the first: they did their work, and prediction has none for them.
    """
    inside = {*repeated_positions(plain.steps, kinds), *positions_of("folds", plain.steps, kinds)}
    before = {*positions_of("once", plain.steps, kinds)} - inside

    def ids(positions: set[int]) -> tuple[str, ...]:
        found = (plain.steps[index].node_id for index in sorted(positions))
        return tuple(node_id for node_id in found if node_id is not None)

    return {"steps": ids(inside), "steps_before": ids(before)}


def write_models(
    pipeline: Any, folder: Path, task: TuningTask, plain: PlainForm, kinds: NodeKinds
) -> tuple[Path, Path | None]:
    """Write a stored pipeline and, where it has steps, its last one alone.

    Raises:
        TuningError: it holds a type that no kind or model names, so that nobody could open it.
    """
    trusted = trusted_types(task, plain, kinds)
    whole = artifacts.dump(pipeline, folder / "model.skops", trusted)
    if len(pipeline.steps) == 1:
        return whole, None
    return whole, artifacts.dump(pipeline.steps[-1][1], folder / "prepared_model.skops", trusted)


def trusted_types(task: TuningTask, plain: PlainForm, kinds: NodeKinds) -> tuple[str, ...]:
    """Return the types of other packages that the fitted pipeline may hold, as their registrations say."""
    steps = [kinds[step.kind].trusted_types for step in plain.steps if step.kind in kinds]
    return tuple(dict.fromkeys(name for names in (task.model.trusted_types, *steps) for name in names))
