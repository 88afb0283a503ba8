"""Which parameters a trial stands for, whole: a candidate is scored together with the fixed ones.

How they are written does not belong here (`jobs.patch_operations`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from hyperparameter_tuning.jobs.effective_parameters import differing_names, effective_parameters
from hyperparameter_tuning.jobs.parameters import Parameters
from hyperparameter_tuning.jobs.records import JobRecord
from hyperparameter_tuning.registry.models import get_model
from hyperparameter_tuning.registry.space import candidate_key
from hyperparameter_tuning.registry.values import number_types_of, typed_params


@dataclass(frozen=True, slots=True)
class ChosenParameters:
    """The parameters of a trial, and what of them a node must be given.

    Attributes:
        whole: What a model node must come to, to be the model that was scored.
        is_candidate: Whether the search proposed them. Others are what a node had or the library's defaults,
            with every parameter of the model.
        model: Registry key.
        seed: Of the run.
    """

    whole: Parameters
    is_candidate: bool
    model: str
    seed: int

    def only(self, names: frozenset[str] | None) -> "ChosenParameters":
        """Return the part with these names; all for None."""
        return replace(self, whole=self.whole.only(names))

    def for_node(self, *held: Parameters) -> Parameters:
        """Return what to write onto a node.

        A candidate is written as it is: each of its values was looked for. Of complete parameters only those
        are written that make a difference; the others would bury them.

        Args:
            held: What the node holds, or may hold: a difference to any of them counts.
        """
        if self.is_candidate:
            return self.whole
        model = get_model(self.model)
        names = (differing_names(model, self.seed, self.whole, state) for state in held)
        return self.whole.only(frozenset().union(*names))


def chosen_parameters(
    job: JobRecord, params: Mapping[str, Any], number_types: Mapping[str, str], origin: str
) -> ChosenParameters:
    """Return the parameters of a trial with those that it was scored together with.

    Args:
        job: Whose trial it is.
        params: The trial's own parameters.
        number_types: Theirs.
        origin: Of the trial; only candidates of the search stand on the configuration's fixed parameters.
    """
    own, is_candidate = Parameters(params, number_types), origin == "search"
    whole = own.over(fixed_parameters(job)) if is_candidate else own
    return ChosenParameters(whole, is_candidate, job.model_type, job.seed)


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
    return candidate_key(effective_parameters(get_model(job.model_type), job.seed, held))
