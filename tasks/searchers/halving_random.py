"""Successive halving over random draws as a strategy.

The arithmetic of the rounds does not belong here (`registry.plans`), nor who survives one (`schedules`).
"""

from hyperparameter_tuning.registry.plans import plan_halving_random
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.searchers.candidates import draw_candidates
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.schedules import ask_in_rounds


class HalvingRandomProposer:
    """Asks for random draws on few rows, then for the best of them on more."""

    def propose(self, context: SearchContext) -> Proposals:
        """Yield one list per round.

        Raises:
            UserError: the rows do not allow the first round, or the number of draws cannot be told.
        """
        plan = plan_halving_random(context)
        draws = draw_candidates(context.space, plan.candidates, context.seed)
        yield from ask_in_rounds(draws, plan.rungs, context)
