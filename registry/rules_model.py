"""Rules about the model: which it is, what it holds now, what is fixed, and where the result goes.

Rows of the search space do not belong here (`registry.rules_space`).
"""

from collections.abc import Iterator
from dataclasses import replace

from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.models.catalog import is_parameter
from hyperparameter_tuning.registry.offer import missing_reason
from hyperparameter_tuning.registry.rule_findings import error, patch_fix, refused, todo, warning
from hyperparameter_tuning.registry.task import baseline_params, fixed_params
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.findings import Finding, json_pointer


def model_is_known(case: TuningCase) -> Iterator[Finding]:
    """A model is connected or chosen, registered, and its package installed."""
    if case.model_refusal is not None:
        yield refused(case.model_refusal, "/model")
    elif case.model is None:
        yield todo(
            "/model",
            "choose_model",
            "Connect the output 'Best parameters' to a model node, or choose a model.",
        )
    else:
        reason = missing_reason(case.model)
        if reason is not None:
            yield error("/model", "model_unavailable", reason)


def connected_model_wins(case: TuningCase) -> Iterator[Finding]:
    """A chosen model that differs from the connected one has no effect."""
    chosen, model = case.config.model, case.model
    if case.plain.model is None or model is None or chosen in (None, model.key):
        return
    yield warning(
        "/model",
        "model_differs",
        f"The connected model node holds {model.label}, which is tuned; the chosen '{chosen}' is not.",
        patch_fix(f"Choose {model.label}", ("replace", "/model", model.key)),
    )


def problem_fits_model(case: TuningCase) -> Iterator[Finding]:
    """A declared problem type is the model's."""
    declared, model = case.config.problem_type, case.model
    if model is not None and declared not in ("auto", model.problem_type):
        yield error(
            "/problem_type",
            "problem_type_mismatch",
            f"{model.label} is a model for {model.problem_type}, not {declared}.",
            patch_fix(f"Use {model.problem_type}", ("replace", "/problem_type", model.problem_type)),
        )


def current_parameters_are_valid(case: TuningCase) -> Iterator[Finding]:
    """What the model node holds now can be scored as trial 0."""
    if case.model is None:
        return
    try:
        baseline_params(case, case.model)
    except UserError as refusal:
        message = f"The model node holds a wrong parameter: {refusal.message}"
        yield error("/model", refusal.code, message)


def fixed_parameters_are_valid(case: TuningCase) -> Iterator[Finding]:
    """Each fixed parameter is one of the model's, stands once, is not searched, and has a value it takes."""
    searched = {row["name"] for _, row in case.rows}
    seen: set[str] = set()
    for index, row in enumerate(case.config.fixed_params):
        place = json_pointer("fixed_params", index)
        if row.name in seen:
            yield error(
                f"{place}/name",
                "duplicate_parameter",
                f"'{row.name}' is fixed twice; keep one value.",
                patch_fix("Remove this one", ("remove", place)),
            )
        elif row.name in searched and case.config.search_space:
            yield error(
                f"{place}/name",
                "fixed_and_searched",
                f"'{row.name}' is fixed and searched; remove it here or in the search space.",
                patch_fix("Remove the fixed value", ("remove", place)),
            )
        elif case.model is not None:
            try:
                fixed_params([row], case.model)
            except UserError as refusal:
                yield _fixed_finding(case.model, row.name, place, refusal)
        seen.add(row.name)


def _fixed_finding(model: ModelSpec, name: str, place: str, refusal: UserError) -> Finding:
    if refusal.code != "unknown_parameter":
        return refused(refusal, f"{place}/value")
    remove = patch_fix("Remove the fixed value", ("remove", place))
    if is_parameter(name):
        message = f"'{name}' is not in {model.label}: the value was fixed for another model."
        return error(f"{place}/name", "parameter_not_in_model", message, remove)
    finding = refused(refusal, f"{place}/name")
    return replace(finding, fix=finding.fix or remove, alternatives=(remove,) if finding.fix else ())


def result_has_a_place(case: TuningCase) -> Iterator[Finding]:
    """Somebody downstream takes the result, and trains on the data that was searched."""
    if case.plain.node_id is not None and case.plain.model is None and case.model is not None:
        yield warning(
            "/write_back",
            "no_target",
            "No model node is connected to best_params: the result is stored, but written nowhere else.",
        )
    for target in case.plain.targets:
        if target.path_differs:
            yield warning(
                "/write_back",
                "path_differs",
                f"The data reaches the model node '{target.node_id}' by another path than this node: "
                "the best parameters may not be the best there.",
            )


MODEL_RULES = (
    model_is_known,
    connected_model_wins,
    problem_fits_model,
    current_parameters_are_valid,
    fixed_parameters_are_valid,
    result_has_a_place,
)
