"""Rules about the way from the dataset to the model: that every column arrives as the model can take it.

What steps do does not belong here (`shared.preparation_steps`); nothing is prepared silently. A finding on
a node upstream points at the whole configuration and names the node.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.node_configurations import configuration_findings
from hyperparameter_tuning.registry.rule_findings import Fix, error, insert_fix, warning
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.shared.columns import NUMERIC_KINDS, Column
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.node_kinds import NodeKindSpec
from hyperparameter_tuning.shared.plain_form import PlainStep
from hyperparameter_tuning.shared.preparation import PreparedPath, unprepared
from hyperparameter_tuning.shared.step_order import cautions, unsafe_steps

MAX_NAMED = 5
"""Columns that one sentence names; the rest are counted."""


def columns_arrive(case: TuningCase) -> Iterator[Finding]:
    """The nodes upstream are configured, fit the columns that reach them, and leave what the model takes."""
    misconfigured = list(_nodes_findings(case))
    yield from misconfigured
    path = None if misconfigured else case.prepared_path
    if path is None:
        return
    for finding in path.findings:
        yield Finding("", finding.code, finding.severity, _named(case, finding), finding.fix)
    if not any(finding.severity == "error" for finding in path.findings):
        yield from _optimistic(case)
    if case.model is not None and not any(finding.severity == "error" for finding in path.findings):
        yield from _model_findings(case, path, case.model)


def _optimistic(case: TuningCase) -> Iterator[Finding]:
    """Say what an unsafe step upstream does to the scores."""
    for caution in cautions(unsafe_steps(case.plain.model_dump(), case.kinds)):
        yield warning(
            "",
            "unsafe_upstream",
            f"The result {caution}. It cannot be fitted again in every fold, so it learns from the rows "
            "that judge; parameters are not written onto the graph without a person.",
        )


def _nodes_findings(case: TuningCase) -> Iterator[Finding]:
    """Each node upstream has a configuration that its kind understands."""
    for index, step in enumerate(case.plain.steps):
        kind = case.kinds.get(step.kind)
        if kind is not None:
            yield from _configuration_findings(_step_name(index, step), kind, step.config)
    dataset = case.kinds.get(case.plain.dataset_kind or "dataset")
    if case.plain.dataset is not None and dataset is not None:
        yield from _configuration_findings("The dataset node", dataset, case.plain.dataset)


def _model_findings(case: TuningCase, path: PreparedPath, model: ModelSpec) -> Iterator[Finding]:
    """What reaches the model is numbers, without gaps unless it takes them."""
    unfit = unprepared(path.remaining, model.accepts_missing)
    if not path.remaining:
        yield error(
            "", "no_features", "No column is left to predict from: connect a table with more columns."
        )
    elif unfit:
        yield error(
            "", "unprepared_columns", _unprepared_message(model, unfit), _unprepared_fix(case, path, unfit)
        )
    else:
        yield from _sign_findings(case, path, model)


def _sign_findings(case: TuningCase, path: PreparedPath, model: ModelSpec) -> Iterator[Finding]:
    scaled = any(step.kind == "scale" and step.config.get("method") == "minmax" for step in case.plain.steps)
    numeric = any(column.dtype in ("integer", "number") for column in path.remaining)
    if model.requires_non_negative and numeric and not scaled:
        yield warning(
            "",
            "needs_non_negative",
            f"{model.label} refuses negative numbers: scale to the range 0 to 1 where there may be some.",
            insert_fix("Insert a scale node", [_new_step(case, "scale", {"method": "minmax"})]),
        )


def _configuration_findings(name: str, kind: NodeKindSpec, config: Mapping[str, Any]) -> Iterator[Finding]:
    for finding in configuration_findings(kind, config):
        yield error("", finding.code, f"{name} is misconfigured: {finding.message}")


def _named(case: TuningCase, finding: Finding) -> str:
    parts = finding.pointer.split("/")
    if len(parts) < 3 or parts[1] != "steps":
        return finding.message
    index = int(parts[2])
    return f"{_step_name(index, case.plain.steps[index])}: {finding.message}"


def _step_name(index: int, step: PlainStep) -> str:
    return f"The {step.kind} node '{step.node_id}'" if step.node_id else f"Step {index + 1} ({step.kind})"


def _unprepared_message(model: ModelSpec, unfit: Sequence[tuple[str, str]]) -> str:
    named = "; ".join(f"'{name}': {reason}" for name, reason in unfit[:MAX_NAMED])
    more = f"; and {len(unfit) - MAX_NAMED} more" if len(unfit) > MAX_NAMED else ""
    dates = any("dates" in reason for _, reason in unfit)
    advice = "take columns of dates out of the table" if dates else "impute and encode before this node"
    return f"{model.label} cannot take these columns ({named}{more}): {advice}."


def _unprepared_fix(case: TuningCase, path: PreparedPath, unfit: Sequence[tuple[str, str]]) -> Fix | None:
    """Name the nodes that help; dates have none."""
    names = {name for name, _ in unfit}
    columns = [column for column in path.remaining if column.name in names]
    kinds = [
        kind for kind, helps in (("impute", _has_gaps), ("encode", _is_text)) if any(map(helps, columns))
    ]
    if not kinds or any(column.dtype == "datetime" for column in columns):
        return None
    return insert_fix(f"Insert {' and '.join(kinds)}", [_new_step(case, kind, {}) for kind in kinds])


def _has_gaps(column: Column) -> bool:
    return column.missing > 0 and column.dtype in NUMERIC_KINDS


def _is_text(column: Column) -> bool:
    return column.dtype in ("category", "text")


def _new_step(case: TuningCase, kind: str, config: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    known = case.kinds.get(kind)
    return kind, {**(known.default_config if known is not None else {}), **config}


FEATURE_RULES = (columns_arrive,)
