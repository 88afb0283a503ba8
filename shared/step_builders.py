"""Loads the builder of a node kind and asks it about one step; whatever it does wrong is a finding.

What builders answer is in `shared.step_contracts`; paths of steps are planned in `shared.preparation`.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from hyperparameter_tuning.shared.columns import Column
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.import_paths import ImportPathError, load_by_path
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.step_contracts import ANSWERS, Answer


def planned_step(
    step: PlainStep, kind: NodeKindSpec | None, columns: Sequence[Column]
) -> tuple[Answer | None, tuple[Finding, ...]]:
    """Ask the builder of a step what it does to the columns.

    Args:
        step: Any step but a splitter.
        kind: Its kind; None where it is unknown.
        columns: Columns that reach it.

    Returns:
        What the builder answered, None where it gave no usable answer, and findings below the step.
    """
    if kind is None or kind.builder is None or kind.fold_policy not in ANSWERS:
        return None, (_no_builder(step),)
    wanted = ANSWERS[kind.fold_policy]
    try:
        answer = load_builder(kind.builder)(step.config, columns)
    except ImportPathError as error:
        why = error.__cause__ or error
        return None, (_failed(f"the builder '{kind.builder}' cannot be used", why),)
    except Exception as error:  # a stranger's code: whatever it raises, the graph must open
        return None, (_failed("its builder failed", error),)
    if not isinstance(answer, wanted):
        sentence = f"This node cannot run here: the builder of a {kind.fold_policy} kind answers a "
        found = f"{wanted.__name__}, and '{kind.builder}' answered a {type(answer).__name__}."
        return None, (Finding("", "builder_failed", "error", sentence + found),)
    return answer, answer.findings


@lru_cache(maxsize=256)
def load_builder(path: str) -> Any:
    """Return what stands at an import path ``package.module:function``.

    Raises:
        ImportPathError: there is no such module or function.
    """
    return load_by_path(path)


def first_line(error: BaseException) -> str:
    """Return an error as one line for a person: its class and the first line of what it says."""
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _failed(what: str, error: BaseException) -> Finding:
    message = f"This node cannot run here: {what} ({first_line(error)})."
    return Finding("", "builder_failed", "error", message)


def _no_builder(step: PlainStep) -> Finding:
    return Finding(
        "",
        "unsupported_step",
        "error",
        f"A '{step.kind}' node lies between the dataset and the search, and it cannot be fitted again in "
        "every fold here: move it after the model, or use one of the preparation nodes.",
    )
