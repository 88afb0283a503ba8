"""The metrics that candidates are scored by, and the one rule for more than two classes.

Scorers are named, never built here (`shared.metrics` builds them), so that listing metrics loads nothing.

The rule: with more than two classes a metric is averaged over the classes, each weighted by its number of
rows (scikit-learn's ``weighted``; for roc_auc one class against the rest). average_precision alone is the
plain mean over the classes, since scikit-learn's scorer knows no other.
"""

from hyperparameter_tuning.registry.base import MetricSpec, ModelSpec, ProblemType
from hyperparameter_tuning.registry.names import NameIndex

_CLASSIFICATION: tuple[ProblemType, ...] = ("classification",)
_REGRESSION: tuple[ProblemType, ...] = ("regression",)

_METRICS: tuple[MetricSpec, ...] = (
    MetricSpec(
        "accuracy",
        "Accuracy",
        "maximize",
        _CLASSIFICATION,
        "accuracy",
        description="Share of rows classified rightly.",
    ),
    MetricSpec(
        "balanced_accuracy",
        "Balanced accuracy",
        "maximize",
        _CLASSIFICATION,
        "balanced_accuracy",
        description="Mean over the classes of the share classified rightly; fair to rare classes.",
    ),
    MetricSpec(
        "f1",
        "F1",
        "maximize",
        _CLASSIFICATION,
        "f1",
        "f1_weighted",
        aliases=("f1_score", "f1_weighted"),
        description="Harmonic mean of precision and recall of the second class; weighted over many classes.",
    ),
    MetricSpec(
        "precision",
        "Precision",
        "maximize",
        _CLASSIFICATION,
        "precision",
        "precision_weighted",
        aliases=("precision_weighted",),
        description="Share of rows called the second class that are of it; weighted over many classes.",
    ),
    MetricSpec(
        "recall",
        "Recall",
        "maximize",
        _CLASSIFICATION,
        "recall",
        "recall_weighted",
        aliases=("recall_weighted", "sensitivity"),
        description="Share of the second class's rows that are found; weighted over many classes.",
    ),
    MetricSpec(
        "roc_auc",
        "ROC AUC",
        "maximize",
        _CLASSIFICATION,
        "roc_auc",
        "roc_auc_ovr_weighted",
        needs_scores=True,
        needs_probabilities="multiclass",
        aliases=("auc", "roc_auc_ovr", "roc_auc_ovr_weighted", "roc_auc_weighted"),
        description="Chance that a row of the class is ranked above another; weighted over many classes.",
    ),
    MetricSpec(
        "average_precision",
        "Average precision",
        "maximize",
        _CLASSIFICATION,
        "average_precision",
        "average_precision",
        needs_scores=True,
        aliases=("pr_auc",),
        description="Area under precision over recall; the plain mean over many classes.",
    ),
    MetricSpec(
        "log_loss",
        "Log loss",
        "minimize",
        _CLASSIFICATION,
        "neg_log_loss",
        needs_scores=True,
        needs_probabilities="always",
        aliases=("neg_log_loss", "cross_entropy"),
        description="Mean negative logarithm of the probability given to the true class.",
    ),
    MetricSpec(
        "matthews_corrcoef",
        "Matthews correlation",
        "maximize",
        _CLASSIFICATION,
        "matthews_corrcoef",
        aliases=("mcc",),
        description="Correlation of true and predicted classes, from -1 to 1.",
    ),
    MetricSpec(
        "rmse",
        "Root mean squared error",
        "minimize",
        _REGRESSION,
        "neg_root_mean_squared_error",
        aliases=("neg_root_mean_squared_error", "root_mean_squared_error"),
        description="Typical error in the unit of the target; large errors weigh more.",
    ),
    MetricSpec(
        "mse",
        "Mean squared error",
        "minimize",
        _REGRESSION,
        "neg_mean_squared_error",
        aliases=("neg_mean_squared_error", "mean_squared_error"),
        description="Mean of the squared errors.",
    ),
    MetricSpec(
        "mae",
        "Mean absolute error",
        "minimize",
        _REGRESSION,
        "neg_mean_absolute_error",
        aliases=("neg_mean_absolute_error", "mean_absolute_error"),
        description="Mean size of the errors, in the unit of the target.",
    ),
    MetricSpec(
        "median_absolute_error",
        "Median absolute error",
        "minimize",
        _REGRESSION,
        "neg_median_absolute_error",
        aliases=("neg_median_absolute_error",),
        description="Size of the middle error; outliers do not count.",
    ),
    MetricSpec(
        "r2",
        "R2",
        "maximize",
        _REGRESSION,
        "r2",
        aliases=("r2_score",),
        description="Share of the target's variance that is explained; 0 is as good as the mean.",
    ),
    MetricSpec(
        "mape",
        "Mean absolute percentage error",
        "minimize",
        _REGRESSION,
        "neg_mean_absolute_percentage_error",
        aliases=("neg_mean_absolute_percentage_error", "mean_absolute_percentage_error"),
        description="Mean size of the errors as a fraction of the target; meaningless for targets near 0.",
    ),
    MetricSpec(
        "explained_variance",
        "Explained variance",
        "maximize",
        _REGRESSION,
        "explained_variance",
        description="As R2, but a constant offset of all predictions does not count.",
    ),
    MetricSpec(
        "max_error",
        "Largest error",
        "minimize",
        _REGRESSION,
        "neg_max_error",
        aliases=("neg_max_error",),
        description="Size of the worst error, in the unit of the target.",
    ),
)

_BY_KEY = {spec.key: spec for spec in _METRICS}
_INDEX = NameIndex("metric", {spec.key: spec.aliases for spec in _METRICS})


def metric_specs() -> dict[str, MetricSpec]:
    """Return every metric by its key, those for classification first."""
    return dict(_BY_KEY)


def get_metric(key: str) -> MetricSpec:
    """Return the metric called *key*, in any case and by any alias.

    Raises:
        UnknownNameError: nothing is called so; the message names the nearest and all known ones.
    """
    return _BY_KEY[_INDEX.resolve(key)]


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
        return _BY_KEY[
            "rmse"
        ], "Root mean squared error: the usual choice for regression, in the target's unit."
    if n_classes <= 2 and has_scores:
        return _BY_KEY[
            "roc_auc"
        ], "ROC AUC: two classes, and the model ranks rows, so no threshold is needed."
    if n_classes > 2 and probabilities:
        return _BY_KEY["log_loss"], "Log loss: more than two classes, and the model gives probabilities."
    reason = "ranks no rows" if n_classes <= 2 else "gives no probabilities"
    return _BY_KEY[
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
