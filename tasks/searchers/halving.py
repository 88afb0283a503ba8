"""Successive halving over a grid as a strategy.

The arithmetic of the rounds does not belong here (`registry.plans`), nor who survives one (`schedules`).
"""

from hyperparameter_tuning.registry.plans import plan_halving
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.searchers.candidates import grid_candidates
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.schedules import ask_in_rounds


class HalvingProposer:
    """Asks for every combination on few rows, then for the best of them on more."""

    def propose(self, context: SearchContext) -> Proposals:
        """Yield one list per round.

        Raises:
            UserError: the grid is unbounded or too large, or the rows do not allow the first round.
        """
        rungs = plan_halving(context).rungs
        yield from ask_in_rounds(grid_candidates(context.space), rungs, context)
