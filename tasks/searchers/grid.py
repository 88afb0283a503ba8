"""Grid search as a strategy: every combination, once.

Sampling does not belong here (`random`), nor rounds (`halving`).
"""

from hyperparameter_tuning.registry.plans import plan_grid
from hyperparameter_tuning.registry.racing import check_racing
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.searchers.candidates import grid_candidates
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.schedules import ask_all, ask_racing


class GridProposer:
    """Asks for every combination of finite dimensions, in scikit-learn's order."""

    def propose(self, context: SearchContext) -> Proposals:
        """Yield one list with the whole grid, or one per fold where candidates race.

        Raises:
            UserError: the grid is unbounded or larger than the budget.
        """
        plan_grid(context)
        candidates = grid_candidates(context.space)
        yield from ask_racing(candidates, context) if check_racing(context) else ask_all(candidates)
