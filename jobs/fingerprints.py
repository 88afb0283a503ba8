"""What a result depends on, as one text, and whether a result is still of the present graph.

How JSON becomes a hash does not belong here: `shared.fingerprints` does that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.jobs.effective_parameters import differing_names
from hyperparameter_tuning.jobs.parameters import Parameters
from hyperparameter_tuning.registry.models import get_model
from hyperparameter_tuning.shared.errors import UnknownNameError
from hyperparameter_tuning.shared.fingerprints import fingerprint, integral_numbers

# How a result is written back does not change it, nor does what it is called.
_NOT_OF_THE_RESULT = ("write_back",)

PARTS: Mapping[str, tuple[str, ...]] = {
    "config": ("config",),
    "data": ("data", "validation_data"),
    "upstream": ("dataset", "steps", "validation", "target"),
    "model": ("model_type",),
    "parameters": ("unsearched",),
}
"""What a run depends on, in words, and the keys of its content that each word stands for."""


@dataclass(frozen=True, slots=True)
class RunContent:
    """What the fingerprint of a run is made of; see `run_fingerprint`."""

    config: Mapping[str, Any]
    plain: Mapping[str, Any]
    data_fingerprint: str
    validation_fingerprint: str | None = None


def run_fingerprint(
    config: Mapping[str, Any],
    plain: Mapping[str, Any],
    data_fingerprint: str,
    validation_fingerprint: str | None = None,
) -> str:
    """Return the fingerprint of a run (DESIGN.md section 3, `execute`).

    It covers the configuration, the data, the upstream graph, the model type, and those parameters of the
    targets that the search does not set: searched ones only define trial 0, so applying a result does not
    make it stale. A default that is written out is the same run as one that is left out.

    Args:
        config: Normalised and completed configuration.
        plain: The plain form as JSON.
        data_fingerprint: ``sha256:...`` of the dataset.
        validation_fingerprint: Likewise of the validation port's own dataset, where it has one.
    """
    return fingerprint(_covered(RunContent(config, plain, data_fingerprint, validation_fingerprint)))


def changed_parts(before: RunContent, after: RunContent) -> tuple[str, ...]:
    """Return which parts of a run's fingerprint differ, as names of `PARTS` in their order."""
    old, new = (
        {part: fingerprint([covered.get(key) for key in keys]) for part, keys in PARTS.items()}
        for covered in (_covered(before), _covered(after))
    )
    return tuple(part for part in PARTS if old[part] != new[part])


def _covered(run: RunContent) -> dict[str, Any]:
    """Return everything that `run_fingerprint` covers, under the keys that `PARTS` groups."""
    config, plain = run.config, run.plain
    model = plain.get("model") or {}
    searched, seed = searched_names(config), (config.get("execution") or {}).get("seed")
    held = [_held(item) for item in plain.get("targets") or [model]]
    covered = {
        "config": {key: value for key, value in config.items() if key not in _NOT_OF_THE_RESULT},
        "data": run.data_fingerprint,
        "dataset": plain.get("dataset"),
        "steps": [_without_names(step) for step in plain.get("steps") or ()],
        "validation": _validation(plain.get("validation")),
        "target": plain.get("target"),
        "model_type": model.get("type"),
        "unsearched": sorted(
            (_unsearched(item, searched, str(model.get("type")), seed) for item in held), key=fingerprint
        ),
    }
    if run.validation_fingerprint is not None:
        covered["validation_data"] = run.validation_fingerprint
    # A browser writes 1.0 as 1; where the two are different models, a number type beside them says so.
    whole: dict[str, Any] = integral_numbers(covered)
    return whole


def searched_names(config: Mapping[str, Any]) -> frozenset[str]:
    """Return the parameters that the enabled rows of *config* search."""
    rows = config.get("search_space") or ()
    return frozenset(row["name"] for row in rows if row.get("enabled", True))


def is_stale(result: Mapping[str, Any] | None, present: str) -> bool:
    """Say whether *result*, as it stands on the tuning node, is of another graph than the present one.

    Args:
        result: ``data.result`` of the node; absent is not stale, there is nothing to mark.
        present: `run_fingerprint` of the present graph.
    """
    if not result:
        return False
    # Applying a result may set parameters that were not searched; that does not make it stale.
    return present not in (result.get("fingerprint"), result.get("applied_fingerprint"))


def _without_names(step: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key != "node_id"}


def _validation(validation: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if validation is None:
        return None
    steps = [_without_names(step) for step in validation.get("steps") or ()]
    return {"dataset": validation.get("dataset"), "steps": steps}


def _held(item: Mapping[str, Any]) -> Parameters:
    return Parameters(item.get("params") or {}, item.get("number_types") or {})


def _unsearched(
    held: Parameters, searched: frozenset[str], model_type: str, seed: int | None
) -> dict[str, Any]:
    kept = held.only(_named(held, model_type, seed) - searched)
    return {"params": dict(kept.values), "number_types": dict(kept.number_types)}


def _named(held: Parameters, model_type: str, seed: int | None) -> frozenset[str]:
    """Return the parameters for which the model gets something else than its default."""
    try:
        model = get_model(model_type)
    except UnknownNameError:
        # Of a model that is not known (any more), every value may make a difference.
        return frozenset(held.values)
    return differing_names(model, seed, held, Parameters())
