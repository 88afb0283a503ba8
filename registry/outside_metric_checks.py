"""What a metric of another package must be before it is offered.

Whether its scorer works does not belong here: nothing is imported to list it.
"""

from collections.abc import Iterator
from typing import get_args

from hyperparameter_tuning.registry.base import Direction, MetricSpec, ProblemType
from hyperparameter_tuning.registry.config_sections import AUTO_METRIC
from hyperparameter_tuning.registry.outside_names import name_faults, path_faults

_PROBABILITIES = ("never", "multiclass", "always")


def metric_faults(spec: MetricSpec) -> Iterator[str]:
    """Yield a sentence per thing that is wrong with *spec*, the most basic first."""
    yield from name_faults(spec.key, spec.aliases)
    if spec.key == AUTO_METRIC:
        yield f"The name '{AUTO_METRIC}' is taken."
    if spec.direction not in get_args(Direction):
        yield f"Its direction must be maximize or minimize, not {spec.direction!r}."
    if not spec.problem_types or not set(spec.problem_types) <= set(get_args(ProblemType)):
        yield "Its problem_types must be classification, regression, or both."
    if spec.needs_probabilities not in _PROBABILITIES:
        yield f"Its needs_probabilities must be one of {', '.join(_PROBABILITIES)}."
    yield from _scorer_faults("scorer", spec.scorer)
    if spec.multiclass_scorer is not None:
        yield from _scorer_faults("multiclass_scorer", spec.multiclass_scorer)


def _scorer_faults(field: str, scorer: object) -> Iterator[str]:
    if not isinstance(scorer, str) or not scorer:
        yield f"Its {field} must be the name of a scikit-learn scorer or an import path."
    elif ":" in scorer:
        yield from path_faults(field, scorer)
