"""Which parameters matter, told at the end of a search from its own trials.

The computation is Optuna's (`tasks.optuna_support`); who shows it does not belong here (`jobs.report`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from hyperparameter_tuning.registry.space import Space
    from hyperparameter_tuning.tasks.trial_messages import Standing

NEEDED = 20
"""Fewer comparable trials tell nothing: their best tenth is a single one."""

_log = structlog.get_logger(__name__)


def importances_message(space: Space, searched: Mapping[float, Mapping[int, Standing]]) -> dict[str, Any]:
    """Return the message ``search.importances``.

    Scores of different shares of the rows are never compared: the share with the most trials is taken, of
    two such the greater one.

    Args:
        space: What was searched.
        searched: Complete trials of the strategy by share of the rows and by number.

    Returns:
        ``state`` is ``ready`` with ``values``, the greatest first; ``too_few_trials``; or ``unavailable``
        where they could not be computed. ``needed`` and ``have`` count trials, ``resource`` is their share.
    """
    resource, trials = max(searched.items(), key=lambda item: (len(item[1]), item[0]), default=(1.0, {}))
    scored = [
        (trials[number].params, trials[number].value)
        for number in sorted(trials)
        if math.isfinite(trials[number].value)
    ]
    told = {"type": "search.importances", "resource": resource, "needed": NEEDED, "have": len(scored)}
    if len(scored) < NEEDED:
        return {**told, "state": "too_few_trials"}
    from hyperparameter_tuning.tasks.optuna_support import TARGET_QUANTILE, parameter_importances

    try:
        shares = parameter_importances(space, scored)
    except Exception:
        # A remark on a search must not cost the search.
        _log.exception("importances_failed")
        return {**told, "state": "unavailable"}
    values = [{"parameter": name, "importance": share} for name, share in shares.items()]
    return {
        **told,
        "state": "ready",
        "method": "ped_anova",
        "target_quantile": TARGET_QUANTILE,
        "values": values,
    }
