"""Rules about metrics: that they fit the model and the problem.

Which metrics there are does not belong here (`registry.metrics`).
"""

from collections.abc import Iterator

from hyperparameter_tuning.registry.config_sections import AUTO_METRIC
from hyperparameter_tuning.registry.metrics import auto_metric, get_metric, unfit_reason
from hyperparameter_tuning.registry.rule_findings import error, patch_fix, warning
from hyperparameter_tuning.registry.tuning_case import TuningCase
from hyperparameter_tuning.shared.findings import Finding, json_pointer


def metric_fits_model(case: TuningCase) -> Iterator[Finding]:
    """The deciding metric can score the model."""
    key, model = case.config.objective.metric, case.model
    if model is None or key == AUTO_METRIC:
        return
    reason = unfit_reason(get_metric(key), model, case.n_classes)
    if reason is not None:
        better, _ = auto_metric(model.problem_type, case.n_classes, model.has_scores, model.has_probabilities)
        fix = patch_fix(f"Use {better.label}", ("replace", "/objective/metric", better.key))
        yield error("/objective/metric", "metric_mismatch", reason, fix)


def additional_metrics_fit_model(case: TuningCase) -> Iterator[Finding]:
    """So can each of those that are only reported."""
    for index, key in enumerate(case.config.objective.additional_metrics):
        place = json_pointer("objective", "additional_metrics", index)
        reason = None if case.model is None else unfit_reason(get_metric(key), case.model, case.n_classes)
        if reason is not None:
            yield error(place, "metric_mismatch", reason, patch_fix("Remove it", ("remove", place)))


def direction_follows_metric(case: TuningCase) -> Iterator[Finding]:
    """A direction in the document has no effect, since the metric has its own."""
    given, decided = case.config.objective.direction, case.metric
    if given is None or decided is None or case.config.objective.metric == AUTO_METRIC:
        return
    if given != decided[0].direction:
        yield warning(
            "/objective/direction",
            "direction_derived",
            f"The direction follows from the metric: {decided[0].label} is to {decided[0].direction}.",
        )


OBJECTIVE_RULES = (metric_fits_model, additional_metrics_fit_model, direction_follows_metric)
