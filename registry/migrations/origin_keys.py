"""Which keys of the origin's tuning configuration are read, and what is said of the others.

What they become is in `registry.migrations.origin_config`.
"""

from collections.abc import Iterable, Iterator

from hyperparameter_tuning.shared.findings import nearest_name

CROSS_VALIDATION_KEYS = (
    *("enabled", "strategy", "folds", "shuffle", "random_state"),
    *("time_column", "group_column", "gap"),
)
"""Of the object ``cross_validation``; each may stand alone, with ``cv_`` before it."""

READ_KEYS = frozenset(
    {"search_strategy", "strategy", "strategy_params", "search_space", "baseline_hyperparameters"}
    | {"search_iterations", "n_iterations", "n_iter", "n_trials", "n_jobs"}
    | {"search_random_state", "random_state", "scoring_metric", "scoring", "metric"}
    | {"model_type", "model_types", "algorithm", "problem_type", "target_column", "targetColumn"}
    | {"tuning_config", "cross_validation", "cv_type", "cv_refit_strategy", "tune_threshold"}
    | {f"cv_{key}" for key in CROSS_VALIDATION_KEYS}
)
"""Every key that counts, of both eras and of the job payload."""
_OWN = frozenset({"id", "label"})
_OWN_START = "__"
"""Keys that the origin's canvas kept for itself: nothing is lost with them."""
_SHOWN = 80


def unread_notes(keys: Iterable[object]) -> Iterator[str]:
    """Yield a sentence for each key that is not read.

    Args:
        keys: Of one configuration, its parts laid over each other.
    """
    for key in map(str, keys):
        if key not in READ_KEYS and key not in _OWN and not key.startswith(_OWN_START):
            nearest = nearest_name(key, READ_KEYS)
            hint = f" Did you mean '{nearest}'?" if nearest else ""
            yield f"'{key[:_SHOWN]}' is no setting of a search of that version: it is left out.{hint}"
