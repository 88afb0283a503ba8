"""Asking a strategy's plan, which may be another package's code.

What the built-in plans answer does not belong here (`registry.plans`).
"""

import logging

from hyperparameter_tuning.registry.base import StrategySpec
from hyperparameter_tuning.registry.search_context import Plan, SearchContext
from hyperparameter_tuning.shared.errors import TuningError, UserError
from hyperparameter_tuning.shared.import_paths import load_by_path, one_line

logger = logging.getLogger(__name__)


def call_plan(spec: StrategySpec, path: str, context: SearchContext) -> Plan:
    """Return what a strategy's plan answers.

    Args:
        spec: The strategy.
        path: Import path of its plan.
        context: What it is told.

    Raises:
        UserError: the plan refuses, and the code says why; or it cannot be asked, code
            ``strategy_unavailable``.
    """
    try:
        plan = load_by_path(path)(context)
    except UserError:
        raise
    except TuningError as error:
        raise _unavailable(spec, error.message) from error
    except Exception as error:
        logger.exception("The plan of the strategy '%s' failed.", spec.value)
        raise _unavailable(spec, f"its plan failed with {one_line(error)}.") from error
    if not isinstance(plan, Plan):
        raise _unavailable(spec, f"its plan answers {type(plan).__name__} instead of Plan.")
    return plan


def _unavailable(spec: StrategySpec, reason: str) -> UserError:
    return UserError(
        f"The strategy '{spec.value}' cannot be used: {reason}",
        code="strategy_unavailable",
        pointer="/strategy/name",
    )
