"""The first contract's fields as a configuration and a plain form of today, and pointers back.

Reading the graph does not belong here (`node.compat_run`), nor judging the result (`registry.validation`).
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.node.compat_cross_validation import parse_cross_validation
from hyperparameter_tuning.node.compat_requests import OldJobRequest
from hyperparameter_tuning.node.compat_search_space import read_object, read_search_space
from hyperparameter_tuning.registry.base import ModelSpec
from hyperparameter_tuning.registry.migrations.origin_config import migrate_origin_config
from hyperparameter_tuning.registry.migrations.origin_params import migrate_params
from hyperparameter_tuning.registry.values import typed_params
from hyperparameter_tuning.shared.errors import UserError
from hyperparameter_tuning.shared.findings import Finding
from hyperparameter_tuning.shared.plain_form import PlainForm, PlainModel
from hyperparameter_tuning.shared.sample_names import sample_target

_BASELINE = "baseline_hyperparameters"
_FOLD_SETTINGS = ("enabled", "strategy", "folds", "shuffle", "random_state")

POINTERS: Mapping[str, str] = {
    "/strategy": "/search_strategy",
    "/objective": "/scoring",
    "/model": "/model_types",
    "/search_space": "/search_space",
    "/fixed_params": "/baseline_hyperparameters",
    "/cross_validation": "/cross_validation",
    "/budget": "/n_iterations",
    "/execution": "/random_state",
    "/target": "/metadata/target_column",
    "/problem_type": "/metadata/problem_type",
}
"""Section of a configuration to the field of the old body that it was made from."""


def old_config(
    request: OldJobRequest, model: ModelSpec, saved: Mapping[str, Any] | None, has_validation: bool
) -> dict[str, Any]:
    """Return the configuration of the job for one of the models.

    Args:
        request: The body; what it leaves out is what the node has saved, or the first contract's default.
        model: The model.
        saved: Configuration that the tuning node has on the canvas, of the present version.
        has_validation: Whether rows arrive at the validation port; without any there is nothing to refit on
            but the training rows, whatever was asked: canvases of that time always asked.

    Raises:
        UserError: search space, parameters or cross-validation cannot be read.
    """
    kept = dict(saved or {})
    if kept.get("model") not in (None, model.key):
        # Its rows are another model's.
        kept = {name: value for name, value in kept.items() if name not in ("search_space", "fixed_params")}
    found = dict(migrate_origin_config(_words(request, model, kept)).document)
    left_out = {
        "strategy": request.search_strategy is None,
        "budget": request.n_iterations is None,
        "objective": not (request.scoring or "").strip(),
    }
    given = {name: value for name, value in found.items() if not (left_out.get(name) and name in kept)}
    if has_validation and request.cross_validation is not None:
        given["selection"] = {"refit_on": parse_cross_validation(request.cross_validation).refit_on}
    return {**kept, **given, "model": model.key}


def _words(request: OldJobRequest, model: ModelSpec, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body as a configuration of that time, every value checked."""
    saved = kept.get("strategy")
    words: dict[str, Any] = {
        "model_type": model.key,
        "problem_type": request.meta("problem_type"),
        "target_column": request.meta("target_column", "targetColumn"),
        "search_strategy": request.search_strategy
        or (saved.get("name") if isinstance(saved, dict) else saved),
        "search_space": read_search_space(request.search_space),
        "n_iterations": request.n_iterations,
        "scoring": request.scoring,
        "random_state": request.random_state,
        "baseline_hyperparameters": read_object(request.baseline_hyperparameters, _BASELINE),
    }
    if request.cross_validation is not None:
        folds = parse_cross_validation({"enabled": True, **request.cross_validation})
        words["cross_validation"] = {name: getattr(folds, name) for name in _FOLD_SETTINGS}
        if request.random_state is None:
            words["random_state"] = folds.random_state
    return {name: value for name, value in words.items() if value is not None}


def old_baseline(request: OldJobRequest, model: ModelSpec) -> PlainModel:
    """Return the model with the parameters of trial 0 as the body gives them.

    Raises:
        UserError: they cannot be read, or the model does not take them.
    """
    found = migrate_params(model, read_object(request.baseline_hyperparameters, _BASELINE))
    try:
        typed_params(model, found.values, found.number_types)
    except UserError as error:
        error.pointer = f"/{_BASELINE}"
        raise
    return PlainModel(type=model.key, params=found.values, number_types=dict(found.number_types))


def old_plain_form(plain: PlainForm, request: OldJobRequest, model: ModelSpec, is_target: bool) -> PlainForm:
    """Return the graph as the job for one of the models sees it.

    Args:
        plain: As the canvas was read.
        request: The body.
        model: The model.
        is_target: Whether the model nodes behind the tuning node hold this model: then they are what the
            result is proposed to, ``target_node_id`` alone where it is one of them.
    """
    if is_target:
        chosen = [target for target in plain.targets if target.node_id == request.target_node_id]
        return plain.model_copy(update={"targets": tuple(chosen) or plain.targets})
    return plain.model_copy(update={"model": old_baseline(request, model), "targets": ()})


def old_dataset(source_id: str) -> dict[str, Any]:
    """Return the dataset that a bare ``dataset_source_id`` stands for: a sample table, else a file.

    The ``Datasets`` port of a host gets it like any other dataset and may read the path as an id of its own.
    """
    if sample_target(source_id) is not None:
        return {"source": "sample", "name": source_id}
    return {"source": "file", "path": source_id}


def old_finding(finding: Finding) -> Finding:
    """Return a finding on the configuration with its pointer into the old body."""
    section = "/" + finding.pointer.removeprefix("/").partition("/")[0]
    return Finding(POINTERS.get(section, ""), finding.code, finding.severity, finding.message)
