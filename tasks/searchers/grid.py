"""Grid search as a strategy: every combination, once.

Sampling does not belong here (`random`), nor rounds (`halving`).
"""

from hyperparameter_tuning.registry.plans import plan_grid
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.searchers.candidates import grid_candidates
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.schedules import ask_all


class GridProposer:
    """Asks for every combination of finite dimensions, in scikit-learn's order."""

    def propose(self, context: SearchContext) -> Proposals:
        """Yield one list with the whole grid.

        Raises:
            UserError: the grid is unbounded or larger than the budget.
        """
        plan_grid(context)
        yield from ask_all(grid_candidates(context.space))
