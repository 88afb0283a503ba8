"""The steps before a model as one unfitted scikit-learn pipeline, fitted again inside every fold.

What a step does is in `shared.preparation_steps`, or in a host's own builder. Nothing is fitted here, and
scikit-learn is loaded only when a pipeline is built: planning a path is what the editor's checks need.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from hyperparameter_tuning.shared.columns import NUMERIC_KINDS, Column
from hyperparameter_tuning.shared.findings import Finding, json_pointer
from hyperparameter_tuning.shared.node_kinds import NodeKinds
from hyperparameter_tuning.shared.plain_form import PlainStep

MODEL_STEP = "model"


@dataclass(frozen=True, slots=True)
class PreparedStep:
    """What a builder answers: how to make the transformer, and what is known of the columns after it.

    Attributes:
        make_transformer: Called with the problem type (``classification`` or ``regression``); returns an
            unfitted scikit-learn transformer made of scikit-learn's own classes.
        columns_after: Columns that the step gives; a name ending in ``*`` stands for columns whose names
            are known only once the step is fitted.
        findings: What is wrong with the configuration for these columns; pointers below the step.
    """

    make_transformer: Callable[[str], Any]
    columns_after: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()


StepBuilder = Callable[[Mapping[str, Any], Sequence[Column]], PreparedStep]


@dataclass(frozen=True, slots=True)
class PreparedPath:
    """A planned path of steps.

    Attributes:
        steps: Name in the pipeline and step, in order.
        remaining: Columns that reach the model.
        findings: Pointers into the plain form: ``/steps/2/config/columns``.
        node_ids: Node of each step, where there is one.
    """

    steps: tuple[tuple[str, PreparedStep], ...]
    remaining: tuple[Column, ...]
    findings: tuple[Finding, ...] = ()
    node_ids: tuple[str | None, ...] = ()

    def transformers(self, problem_type: str) -> list[tuple[str, Any]]:
        """Return new unfitted transformers with their names, for one problem type."""
        return [(name, step.make_transformer(problem_type)) for name, step in self.steps]


def build_steps(steps: Sequence[PlainStep], columns: Sequence[Column], kinds: NodeKinds) -> PreparedPath:
    """Plan the steps of a path, tracking the columns through it.

    Args:
        steps: A path of the plain form; splitters are passed over.
        columns: Feature columns as inferred; without target, group and time column.
        kinds: Node kinds by type.

    Returns:
        The path. It can be built only when no finding is an error.
    """
    tracked = tuple(columns)
    planned: list[tuple[str, PreparedStep]] = []
    node_ids: list[str | None] = []
    findings = _empty_columns(tracked)
    for index, step in enumerate(steps):
        kind = kinds.get(step.kind)
        if kind is not None and kind.fold_policy == "splitter":
            continue
        if kind is None or kind.builder is None:
            findings.append(_no_builder(index, step))
            continue
        prepared = _builder(kind.builder)(step.config, tracked)
        findings += [_below(index, finding) for finding in prepared.findings]
        planned.append((_step_name(step.kind, len(planned) + 1), prepared))
        node_ids.append(step.node_id)
        tracked = prepared.columns_after
    return PreparedPath(tuple(planned), tracked, tuple(findings), tuple(node_ids))


def build_pipeline(path: PreparedPath, estimator: Any) -> Any:
    """Put an estimator behind the steps of a path.

    Args:
        path: Without errors among its findings.
        estimator: Unfitted scikit-learn classifier or regressor.

    Returns:
        An unfitted `sklearn.pipeline.Pipeline` whose last step is called ``model``; the steps pass pandas
        tables on, so that each finds its columns by name.
    """
    from sklearn.base import is_regressor
    from sklearn.pipeline import Pipeline

    problem_type = "regression" if is_regressor(estimator) else "classification"
    steps = path.transformers(problem_type)
    for _, transformer in steps:
        transformer.set_output(transform="pandas")
    return Pipeline([*steps, (MODEL_STEP, estimator)])


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


def _no_builder(index: int, step: PlainStep) -> Finding:
    return Finding(
        json_pointer("steps", index),
        "unsupported_step",
        "error",
        f"A '{step.kind}' node lies between the dataset and the search, and it cannot be fitted again in "
        "every fold here: move it after the model, or use one of the preparation nodes.",
    )


def _below(index: int, finding: Finding) -> Finding:
    pointer = json_pointer("steps", index) + finding.pointer
    return Finding(pointer, finding.code, finding.severity, finding.message, finding.fix)


def _step_name(kind: str, number: int) -> str:
    # scikit-learn keeps "__" for nested parameters.
    return re.sub(r"[^A-Za-z0-9]+", "_", kind).strip("_") + f"_{number}"


@lru_cache(maxsize=256)
def _builder(path: str) -> StepBuilder:
    module_name, _, function_name = path.partition(":")
    builder: StepBuilder = getattr(import_module(module_name), function_name)
    return builder
