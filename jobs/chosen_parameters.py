"""Which parameters a trial stands for, whole: a candidate is scored together with the fixed ones.

How they are written does not belong here (`jobs.patch_operations`).
"""

from collections.abc import Mapping
from typing import Any

from hyperparameter_tuning.jobs.patch_operations import Parameters
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.registry.models import get_model
from hyperparameter_tuning.registry.space import candidate_key
from hyperparameter_tuning.registry.values import default_params, number_types_of, typed_params


def chosen_parameters(
    job: JobRecord, params: Mapping[str, Any], number_types: Mapping[str, str], origin: str
) -> Parameters:
    """Return what a model node must hold to be the model that was scored.

    Args:
        job: Whose trial it is.
        params: The trial's own parameters.
        number_types: Theirs.
        origin: Of the trial; only candidates of the search stand on the configuration's fixed parameters.
    """
    own = Parameters(params, number_types)
    return own.over(fixed_parameters(job)) if origin == "search" else own


def fixed_parameters(job: JobRecord) -> Parameters:
    """Return the configuration's overrides of the model node's parameters."""
    rows = job.config.get("fixed_params") or ()
    if not rows:
        return Parameters()
    model = get_model(job.model_type)
    given_types = {row["name"]: row["number_type"] for row in rows if row.get("number_type")}
    typed = typed_params(model, {row["name"]: row["value"] for row in rows}, given_types)
    return Parameters(typed, number_types_of(model, typed))


def target_parameters(job: JobRecord) -> dict[str, Parameters]:
    """Return what each model node held at submit, by node id in their order."""
    return {
        target["node_id"]: Parameters(target.get("params") or {}, target.get("number_types") or {})
        for target in job.plain.get("targets") or ()
    }


def model_identity(job: JobRecord, held: Parameters) -> str:
    """Return a text that is the same for parameters that make the same model, defaults left out or not.

    Args:
        job: Says the model and the seed.
        held: Parameters of a node or of a trial.
    """
    model = get_model(job.model_type)
    return candidate_key(
        default_params(model, job.seed) | typed_params(model, held.values, held.number_types)
    )
