"""Rules about the rows of the search space.

What a strategy needs of them does not belong here (`registry.rules_strategy`); what a value must be is in
`registry.values`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models.catalog import is_parameter
from hyperparameter_tuning.registry.rule_findings import error, patch_fix, refused, row_pointer
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.registry.values import dimension_from_row
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.findings import Finding


def something_is_searched(case: TuningCase) -> Iterator[Finding]:
    """At least one row is on."""
    if case.rows or case.model is None:
        return
    if case.config.search_space:
        message = "Every row is switched off; switch one on, or remove all to search the suggested space."
        fix = patch_fix("Search the suggested space", ("replace", "/search_space", []))
        yield error("/search_space", "nothing_to_search", message, fix)
    else:
        message = "Every parameter of the suggested space is fixed; add a row to search."
        yield error("/search_space", "nothing_to_search", message)


def names_are_unique(case: TuningCase) -> Iterator[Finding]:
    """Each parameter has one row that is on."""
    seen: set[str] = set()
    for index, row in case.rows:
        if row["name"] in seen:
            yield error(
                row_pointer(index, "name"),
                "duplicate_parameter",
                f"'{row['name']}' stands in two rows; each parameter has one.",
                patch_fix("Remove this row", ("remove", row_pointer(index))),
            )
        seen.add(row["name"])


def rows_fit_model(case: TuningCase) -> Iterator[Finding]:
    """Each row that is on names a parameter of the model and gives values it takes."""
    for index, row in case.rows:
        if index is None:
            continue
        try:
            if case.model is None:
                yield from _range_findings(index, row)
            else:
                dimension_from_row(case.model, row, row_pointer(index))
        except UserError as refusal:
            yield _row_finding(case, index, refusal)


def _row_finding(case: TuningCase, index: int, refusal: UserError) -> Finding:
    finding = refused(refusal, row_pointer(index))
    if refusal.code not in ("unknown_parameter", "not_searchable") or case.model is None:
        return finding
    remove = patch_fix("Remove this row", ("remove", row_pointer(index)))
    suggested = patch_fix(
        "Replace by suggested", ("replace", "/search_space", _rows_of_model(case, case.model))
    )
    name = case.config.search_space[index].name
    if refusal.code == "unknown_parameter" and is_parameter(name):
        message = f"'{name}' is not in {case.model.label}: the row is of another model."
        place, code = finding.pointer, "parameter_not_in_model"
        return Finding(place, code, "error", message, remove, (suggested,))
    if finding.fix is None:
        return replace(finding, fix=remove, alternatives=(suggested,))
    return replace(finding, alternatives=(remove, suggested))


def _rows_of_model(case: TuningCase, model: ModelSpec) -> list[dict[str, Any]]:
    """Return the author's rows that the model can be searched by, and the suggested ones for the rest."""
    kept = [row.model_dump(mode="json") for row in case.config.search_space if model.field(row.name)]
    apart = {row["name"] for row in kept} | {row.name for row in case.config.fixed_params}
    return kept + [dict(row) for row in case.suggested_rows if row["name"] not in apart]


def _range_findings(index: int, row: Mapping[str, Any]) -> Iterator[Finding]:
    """What can be said of a row while no model is known."""
    if row["kind"] == "categorical":
        return
    name, low, high = row["name"], row["low"], row["high"]
    if low >= high:
        message = f"The range of '{name}' is empty: {low:g} must be below {high:g}."
        yield error(row_pointer(index, "low"), "range_order", message)
    elif row["log"] and low <= 0:
        message = f"A logarithmic range starts above 0, but '{name}' starts at {low:g}."
        yield error(row_pointer(index, "low"), "log_needs_positive", message)


SPACE_RULES = (something_is_searched, names_are_unique, rows_fit_model)
