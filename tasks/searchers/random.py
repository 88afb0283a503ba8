"""Random search as a strategy: distinct independent draws.

How one dimension is drawn does not belong here (`draws`).
"""

from hyperparameter_tuning.registry.free_prefixes import free_prefixes
from hyperparameter_tuning.registry.plans import plan_random
from hyperparameter_tuning.registry.search_context import SearchContext
from hyperparameter_tuning.tasks.searchers.candidates import draw_candidates
from hyperparameter_tuning.tasks.searchers.proposer import Proposals
from hyperparameter_tuning.tasks.searchers.schedules import ask_all

_BATCH_PER_JOB = 16
"""Candidates per list and unit in work, where the number of draws is open: enough to keep workers busy."""


class RandomProposer:
    """Asks for distinct random draws from the space."""

    def propose(self, context: SearchContext) -> Proposals:
        """Yield one list with ``max_trials`` draws, or batches for as long as the search lasts.

        Raises:
            UserError: shorter fits are asked for, and the space has no length.
        """
        limit, path = plan_random(context).candidates, free_prefixes(context)
        batch_size = None if limit is not None else _BATCH_PER_JOB * max(1, context.n_jobs)
        space = context.space if path is None else path.rest
        yield from ask_all(draw_candidates(space, limit, context.seed), batch_size, path)
