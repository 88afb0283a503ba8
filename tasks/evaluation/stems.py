"""Stems: candidates whose steps before the model differ only in the path of one step have one fit of it.

Which steps have a path is in `step_paths.table`; fitting is done elsewhere (`fold_preparation`).
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hyperparameter_tuning.tasks.evaluation.division import PIPELINES, with_params
from hyperparameter_tuning.tasks.evaluation.setting_keys import setting_key
from hyperparameter_tuning.tasks.evaluation.step_paths.rule import StepPath
from hyperparameter_tuning.tasks.evaluation.step_paths.table import step_rule_of


@dataclass(frozen=True, slots=True)
class Stem:
    """What a candidate shares up to a step, the path of that step apart.

    Attributes:
        step: Name of the step.
        rule: Its rule.
        path: Values of the rule's parameters, by the step's own names.
        key: Equal for candidates that have their step from one fit.
        is_costly: That fit may cost more than one of the model.
    """

    step: str
    rule: StepPath
    path: Mapping[str, Any]
    key: Hashable
    is_costly: bool

    @property
    def length(self) -> float:
        """How far the step must be fitted for this candidate."""
        return self.rule.length(self.path)


def stems_of(estimator: Any, before: Mapping[str, Any], off: frozenset[str]) -> tuple[Stem, ...]:
    """Return the stems of a candidate, in the order of their steps.

    Args:
        estimator: Whose steps before the final one are shareable with *before*.
        before: The candidate's parameters of these steps, by full name.
        off: Names of rules that are not to be used.

    Raises:
        ValueError: a step has no such parameter.
    """
    if type(estimator) not in PIPELINES:
        return ()
    return tuple(_stems(estimator, before, off))


def _stems(estimator: Any, before: Mapping[str, Any], off: frozenset[str]) -> Iterator[Stem]:
    upto: dict[str, Any] = {}
    for name, step in estimator.steps[:-1]:
        own = _of_step(name, before)
        rule = step_rule_of(step)
        if rule is not None and rule.name not in off and not own.keys().isdisjoint(rule.params):
            common = {key: value for key, value in own.items() if key not in rule.params}
            path = {param: own.get(param, getattr(step, param)) for param in rule.params}
            unfitted = with_params(step, common)
            if rule.allows(unfitted) and rule.has(path):
                key = (name, rule.name, setting_key({**upto, **_full(name, common)}))
                yield Stem(name, rule, path, key, rule.is_costly(unfitted))
        upto.update(_full(name, own))


def _of_step(name: str, params: Mapping[str, Any]) -> dict[str, Any]:
    start = f"{name}__"
    return {key[len(start) :]: value for key, value in params.items() if key.startswith(start)}


def _full(name: str, own: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{name}__{key}": value for key, value in own.items()}
