"""When racing over folds can be asked for. How candidates race is in `tasks.searchers.racing`."""

from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.shared.errors import UserError

FIRST_FOLDS = 2
"""Folds that every candidate is scored on: a spread of differences needs two."""


def check_racing(context: SearchContext) -> bool:
    """Say whether candidates race.

    Raises:
        UserError: code ``too_few_folds_to_race``, or ``racing_with_pruner``.
    """
    if not getattr(context.options, "racing", False):
        return False
    if context.n_splits <= FIRST_FOLDS:
        raise UserError(
            f"Racing decides after {FIRST_FOLDS} folds, and there are {context.n_splits}: "
            "use more folds, or turn it off.",
            code="too_few_folds_to_race",
            pointer="/strategy/racing",
        )
    if getattr(context.options, "pruner", "none") != "none":
        raise UserError(
            "Racing and a pruner would both end candidates: choose one of them.",
            code="racing_with_pruner",
            pointer="/strategy/racing",
        )
    return True
