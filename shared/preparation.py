"""The steps before a model as one unfitted scikit-learn pipeline, fitted again inside every fold.

What a step does is in `shared.preparation_steps`, or in a host's own builder; which steps run once before the
folds is in `shared.step_order`. Nothing is fitted here, and scikit-learn is loaded only when a pipeline is
built: planning a path is what the editor's checks need.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.shared.columns import NUMERIC_KINDS, Column
from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.splitter_outputs import unknown_output
from hyperparameter_tuning.shared.step_builders import planned_step
from hyperparameter_tuning.shared.step_contracts import Answer, PreparedStep, SamplerStep, StepBuilder
from hyperparameter_tuning.shared.step_order import misplaced, places

__all__ = [
    "MODEL_STEP",
    "PathStep",
    "PreparedPath",
    "PreparedStep",
    "StepBuilder",
    "build_pipeline",
    "build_steps",
    "make_steps",
    "unprepared",
    "without_samplers",
]

MODEL_STEP = "model"


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a planned path.

    Attributes:
        name: In the pipeline.
        policy: Its fold policy.
        answer: What its builder said.
        node_id: Its node, where there is one.
    """

    name: str
    policy: str
    answer: Answer
    node_id: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedPath:
    """A planned path of steps.

    Attributes:
        steps: In order.
        remaining: Columns that reach the model.
        findings: Pointers into the plain form: ``/steps/2/config/columns``.
    """

    steps: tuple[PathStep, ...]
    remaining: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def node_ids(self) -> tuple[str, ...]:
        """Nodes of the steps, where they have one."""
        return tuple(step.node_id for step in self.steps if step.node_id is not None)


def build_steps(
    steps: Sequence[PlainStep],
    columns: Sequence[Column],
    kinds: NodeKinds,
    only: Collection[int] | None = None,
) -> PreparedPath:
    """Plan the steps of a path, tracking the columns through it.

    Args:
        steps: A path of the plain form; splitters are passed over.
        columns: Feature columns as inferred; without target, group and time column.
        kinds: Node kinds by type.
        only: Positions of the steps to plan, where the others have run already or do not concern: then
            *columns* are those that reach the first of these.

    Returns:
        The path. It can be built only when no finding is an error.
    """
    tracked = tuple(columns)
    planned: list[PathStep] = []
    findings = [] if only is not None else [*_empty_columns(tracked), *misplaced(steps, kinds)]
    number = 0
    for index, (step, runs) in enumerate(zip(steps, places(steps, kinds), strict=True)):
        kind = kinds.get(step.kind)
        number += runs is not None
        if only is not None and index not in only:
            continue
        if runs is None:
            findings += unknown_output(step, kind, "steps", index)
            continue
        answer, found = planned_step(step, kind, tracked)
        findings += [_below(index, finding) for finding in found]
        if answer is None or kind is None:
            continue
        name = _step_name(step.kind, number)
        planned.append(PathStep(name, kind.fold_policy, answer, step.node_id))
        tracked = tracked if isinstance(answer, SamplerStep) else answer.columns_after
    return PreparedPath(tuple(planned), tracked, tuple(findings))


def build_pipeline(path: PreparedPath, estimator: Any) -> Any:
    """Put an estimator behind the steps of a path.

    Args:
        path: Without errors among its findings. Unsafe steps have no part in a pipeline: they cannot be
            fitted again.
        estimator: Unfitted scikit-learn classifier or regressor.

    Returns:
        An unfitted `sklearn.pipeline.Pipeline` whose last step is called ``model``; the steps pass pandas
        tables on, so that each finds its columns by name.
    """
    from sklearn.base import is_regressor
    from sklearn.pipeline import Pipeline

    problem_type = "regression" if is_regressor(estimator) else "classification"
    steps = [*make_steps(path, problem_type), (MODEL_STEP, estimator)]
    if not any(step.policy == "sampler" for step in path.steps):
        return Pipeline(steps)
    from hyperparameter_tuning.shared.resampling import ResamplingPipeline

    return ResamplingPipeline(steps)


def make_steps(path: PreparedPath, problem_type: str) -> list[tuple[str, Any]]:
    """Return new unfitted steps of a path with their names, all but the unsafe ones."""
    return [(step.name, _made(step, problem_type)) for step in path.steps if step.policy != "unsafe"]


def without_samplers(steps: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return fitted steps as they are stored: without samplers, row-wise steps as their own transformer.

    What is left holds classes of scikit-learn and of the builders only.
    """
    from hyperparameter_tuning.shared.resampling import Resampler
    from hyperparameter_tuning.shared.row_wise import RowWise

    return [
        (name, step.transformer_ if isinstance(step, RowWise) else step)
        for name, step in steps
        if not isinstance(step, Resampler)
    ]


def _made(step: PathStep, problem_type: str) -> Any:
    answer = step.answer
    if isinstance(answer, SamplerStep):
        from hyperparameter_tuning.shared.resampling import Resampler

        return Resampler(answer.make_sampler(problem_type))
    assert isinstance(answer, PreparedStep)
    transformer = answer.make_transformer(problem_type)
    if hasattr(transformer, "set_output"):
        transformer.set_output(transform="pandas")
    if step.policy != "row_wise":
        return transformer
    from hyperparameter_tuning.shared.row_wise import RowWise

    return RowWise(transformer)


_REASONS = {"category": "it holds texts", "text": "it holds texts", "datetime": "it holds dates"}


def unprepared(tracked: Sequence[Column], accepts_missing: bool) -> list[tuple[str, str]]:
    """Return (column, reason) for every column that a model cannot take.

    Args:
        tracked: Columns that reach the model.
        accepts_missing: Whether the model takes gaps itself.
    """
    found: list[tuple[str, str]] = []
    for column in tracked:
        if column.dtype not in NUMERIC_KINDS:
            found.append((column.name, _REASONS[column.dtype]))
        elif column.missing and not accepts_missing:
            found.append((column.name, "it has rows without a value"))
    return found


def _empty_columns(columns: Sequence[Column]) -> list[Finding]:
    return [
        Finding(
            json_pointer("dataset"),
            "empty_column",
            "error",
            f"Column '{column.name}' has no value in any row: take it out of the table.",
        )
        for column in columns
        if column.missing and not column.distinct
    ]


def _below(index: int, finding: Finding) -> Finding:
    pointer = json_pointer("steps", index) + finding.pointer
    return Finding(pointer, finding.code, finding.severity, finding.message, finding.fix)


def _step_name(kind: str, number: int) -> str:
    # scikit-learn keeps "__" for nested parameters.
    return re.sub(r"[^A-Za-z0-9]+", "_", kind).strip("_") + f"_{number}"
