"""Scorers of metrics: scikit-learn's own, told which class is the positive one; other packages' as they are.

Which metrics exist, and which fits a problem, is in `registry.metrics`.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from inspect import Parameter, signature
from typing import Any, Protocol

from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    get_scorer,
    jaccard_score,
    log_loss,
    make_scorer,
    precision_score,
    recall_score,
)

from hyperparameter_tuning.shared.absent_classes import (
    AllClassesScorer,
    Completed,
    mean_average_precision,
    weighted_roc_auc,
)
from hyperparameter_tuning.shared.import_paths import ImportPathError, load_by_path, one_line

Scorer = Callable[[Any, Any, Any], float]


class ScoredMetric(Protocol):
    """What must be known of a metric to score by it (`registry.base.MetricSpec` has it)."""

    @property
    def key(self) -> str:
        """Name in configurations and results."""

    @property
    def scorer(self) -> str:
        """For two classes and for regression: scikit-learn's name of a scorer, or its import path."""

    @property
    def multiclass_scorer(self) -> str | None:
        """The same for more than two classes, where it is another."""


# scikit-learn's scorers of these names take the label 1 as the positive class, which fails for texts.
# zero_division=0 is the value that scikit-learn gives with a warning.
_OF_POSITIVE_CLASS: Mapping[str, Callable[..., Any]] = {
    "f1": partial(make_scorer, f1_score, zero_division=0.0),
    "precision": partial(make_scorer, precision_score, zero_division=0.0),
    "recall": partial(make_scorer, recall_score, zero_division=0.0),
    "jaccard": partial(make_scorer, jaccard_score, zero_division=0.0),
    "average_precision": partial(
        make_scorer, average_precision_score, response_method=("decision_function", "predict_proba")
    ),
    "neg_brier_score": partial(
        make_scorer, brier_score_loss, greater_is_better=False, response_method="predict_proba"
    ),
}

# pos_label=None, as scikit-learn's own scorers of these names: a fold may hold two of the classes only.
_AVERAGED = {
    f"{name}_{average}": partial(make_scorer, function, average=average, pos_label=None, zero_division=0.0)
    for name, function in {"f1": f1_score, "precision": precision_score, "recall": recall_score}.items()
    for average in ("macro", "micro", "weighted")
}


def _log_loss_of_all(y: Any, columns: Any, classes: Sequence[Any]) -> float:
    return float(log_loss(y, columns, labels=list(classes)))


# With more than two classes: what gives a fold that lacks one its score, and whether its rows count, too.
_OF_ALL_CLASSES: Mapping[str, tuple[Completed, bool]] = {
    "neg_log_loss": (_log_loss_of_all, False),
    "roc_auc_ovr_weighted": (weighted_roc_auc, True),
    "average_precision": (mean_average_precision, True),
}


def make_scorers(
    metrics: Sequence[ScoredMetric], n_classes: int = 0, classes: Sequence[Any] = ()
) -> dict[str, Scorer]:
    """Make one scorer per metric, in scikit-learn's sign: greater is better.

    Args:
        metrics: Metrics to score by; each once.
        n_classes: Distinct target values; 0 for regression.
        classes: The classes in sorted order; of two, the second is the positive one.

    Returns:
        Scorers by metric key, called as ``scorer(estimator, X, y)``.

    Raises:
        ImportPathError: the package behind a metric does not load, or has no such scorer.
    """
    return {metric.key: _scorer(_name(metric, n_classes), n_classes, classes) for metric in metrics}


def _name(metric: ScoredMetric, n_classes: int) -> str:
    return metric.multiclass_scorer if n_classes > 2 and metric.multiclass_scorer else metric.scorer


def _scorer(name: str, n_classes: int, classes: Sequence[Any]) -> Scorer:
    if ":" in name:
        return _outside_scorer(name)
    usual = _usual_scorer(name, n_classes, classes)
    if len(classes) > 2 and name in _OF_ALL_CLASSES:
        completed, of_rows = _OF_ALL_CLASSES[name]
        return AllClassesScorer(usual, classes, completed, of_rows=of_rows)
    return usual


def _outside_scorer(path: str) -> Scorer:
    """Load a scorer, or call what makes one: that takes no arguments, and a scorer takes three."""
    found = load_by_path(path)
    try:
        made = found() if _takes_nothing(found) else found
    except Exception as error:
        raise ImportPathError(f"The scorer '{path}' cannot be made: {one_line(error)}.") from error
    if not callable(made):
        raise ImportPathError(f"'{path}' is no scorer: it cannot be called with estimator, X and y.")
    scorer: Scorer = made
    return scorer


def _takes_nothing(found: Any) -> bool:
    if not callable(found):
        return False
    needed = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    parameters = signature(found).parameters.values()
    return not any(item.kind in needed and item.default is Parameter.empty for item in parameters)


def _usual_scorer(name: str, n_classes: int, classes: Sequence[Any]) -> Scorer:
    scorer: Scorer
    if n_classes == 2 and len(classes) == 2 and name in _OF_POSITIVE_CLASS:
        scorer = _OF_POSITIVE_CLASS[name](pos_label=classes[1])
    elif name == "neg_log_loss" and len(classes):
        # Without the labels a fold that lacks a class is refused, although its loss is defined.
        scorer = make_scorer(
            log_loss, greater_is_better=False, response_method="predict_proba", labels=list(classes)
        )
    elif name in _AVERAGED:
        scorer = _AVERAGED[name]()
    else:
        scorer = get_scorer(name)
    return scorer
