"""The scorers behind the metrics; loaded in the worker alone."""

import numpy as np
from sklearn.metrics import make_scorer, recall_score


def g_mean(y_true, y_pred) -> float:
    """Return the geometric mean over the classes of the share that is found."""
    recalls = recall_score(y_true, y_pred, average=None, labels=np.unique(y_true), zero_division=0.0)
    return float(np.prod(recalls) ** (1 / len(recalls)))


def error_90(y_true, y_pred) -> float:
    """Return the 90th percentile of the absolute errors, in the target's unit."""
    return float(np.quantile(np.abs(np.asarray(y_true) - np.asarray(y_pred)), 0.9))


def make_g_mean():
    """Make the scorer: greater is better."""
    return make_scorer(g_mean)


ERROR_90 = make_scorer(error_90, greater_is_better=False)
