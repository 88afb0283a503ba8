"""Looking metrics up, and choosing one where a configuration leaves it to us.

Entries do not belong here, nor the rule for more than two classes: see `registry.metric_entries`.
"""

from functools import lru_cache

from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec, ProblemType
from hyperparameter_tuning.registry.metric_entries import METRICS
from hyperparameter_tuning.registry.names import NameIndex
from hyperparameter_tuning.registry.outside import METRICS as METRIC_GROUP
from hyperparameter_tuning.registry.outside import Registered, registered

_BUILT_IN = {spec.key: spec for spec in METRICS}


def registered_metrics() -> Registered[MetricSpec]:
    """Return every metric here: the built-ins and those of other packages."""
    return registered(METRIC_GROUP, _built_in)


def _built_in() -> tuple[MetricSpec, ...]:
    return METRICS


@lru_cache(maxsize=1)
def _index(known: Registered[MetricSpec]) -> NameIndex:
    return NameIndex("metric", {spec.key: spec.aliases for spec in known.specs})


def metric_specs() -> dict[str, MetricSpec]:
    """Return every metric by its key, our own first, and of those the ones for classification."""
    return {spec.key: spec for spec in registered_metrics().specs}


def get_metric(key: str) -> MetricSpec:
    """Return the metric called *key*, in any case and by any alias.

    Raises:
        UnknownNameError: nothing is called so; the message names the nearest and all known ones.
    """
    known = registered_metrics()
    canonical = _index(known).resolve(key)
    return next(spec for spec in known.specs if spec.key == canonical)


def scorer_name(metric: MetricSpec, n_classes: int) -> str:
    """Return scikit-learn's scorer name of *metric* for *n_classes* classes (0 for regression)."""
    if n_classes > 2 and metric.multiclass_scorer is not None:
        return metric.multiclass_scorer
    return metric.scorer


def auto_metric(
    problem_type: ProblemType, n_classes: int, has_scores: bool, has_probabilities: bool | None = None
) -> tuple[MetricSpec, str]:
    """Choose the metric where a configuration leaves it to us (DESIGN.md section 3, objective).

    Args:
        problem_type: What is predicted.
        n_classes: Distinct target values; 0 for regression.
        has_scores: Whether the model ranks rows.
        has_probabilities: Whether it gives probabilities; absent: as *has_scores*.

    Returns:
        The metric and one sentence that says why.
    """
    probabilities = has_scores if has_probabilities is None else has_probabilities
    if problem_type == "regression":
        return _BUILT_IN[
            "rmse"
        ], "Root mean squared error: the usual choice for regression, in the target's unit."
    if n_classes <= 2 and has_scores:
        return _BUILT_IN[
            "roc_auc"
        ], "ROC AUC: two classes, and the model ranks rows, so no threshold is needed."
    if n_classes > 2 and probabilities:
        return _BUILT_IN["log_loss"], "Log loss: more than two classes, and the model gives probabilities."
    reason = "ranks no rows" if n_classes <= 2 else "gives no probabilities"
    return _BUILT_IN[
        "balanced_accuracy"
    ], f"Balanced accuracy: the model {reason}, and rare classes count in full."


def unfit_reason(metric: MetricSpec, model: ModelSpec, n_classes: int = 0) -> str | None:
    """Say why *metric* cannot score *model*, or None when it can.

    Args:
        metric: The metric asked for.
        model: The model to be scored.
        n_classes: Distinct target values; 0 for regression or where unknown.
    """
    if model.problem_type not in metric.problem_types:
        kinds = " and ".join(metric.problem_types)
        return f"{metric.label} is for {kinds}, but {model.label} is a model for {model.problem_type}."
    if _lacks_probabilities(metric, model, n_classes):
        return f"{metric.label} needs probabilities{_for(metric)}, and {model.label} gives none."
    if metric.needs_scores and not model.has_scores:
        return f"{metric.label} needs a ranking of the rows, and {model.label} gives none."
    return None


def _lacks_probabilities(metric: MetricSpec, model: ModelSpec, n_classes: int) -> bool:
    needed = metric.needs_probabilities == "always" or (
        metric.needs_probabilities == "multiclass" and n_classes > 2
    )
    return needed and not model.has_probabilities


def _for(metric: MetricSpec) -> str:
    return " for more than two classes" if metric.needs_probabilities == "multiclass" else ""
